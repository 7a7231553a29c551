"""Makes the environments in which rooms are tested: each lacks what its rooms must not know.

They are laid out from the same lock as .venv, by hard links, so even the one with torch costs little.
"""

import hashlib
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

from tools.talk import say
from tools.uv import uv

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
FOLDER = ROOT / ".venvs"
# What the rooms of an environment may import; what these need comes along.
PACKAGES = {
    "pure": {"pytest", "hypothesis"},
    "engine": {
        "pytest", "hypothesis",
        "torch", "torchvision", "torchinfo", "safetensors", "scikit-learn", "numpy", "pillow",
        "graphviz", "pygraphviz", "onnx", "onnxscript", "onnxruntime", "timm",
    },
    "ui": {
        "pytest", "hypothesis",
        "pytest-qt", "pyside6-essentials", "pyqtgraph", "qtawesome", "numpy", "pillow",
    },
}  # fmt: skip
ENVIRONMENT_OF = {
    "design": "pure",
    "analysis": "pure",
    "runs": "pure",
    "bootstrap": "pure",
    "engine": "engine",
    "ui": "ui",
}
_one_at_a_time = threading.Lock()


def python_for(room: str) -> Path:
    """Return the interpreter that tests a room, its environment made or renewed where need be.

    A room without an environment of its own (the command line, end to end) is tested in the full one.
    """
    if room not in ENVIRONMENT_OF:
        return Path(sys.executable)
    with _one_at_a_time:
        return _environment(ENVIRONMENT_OF[room])


def _environment(name: str) -> Path:
    venv = FOLDER / name
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    locked = extract(LOCK.read_text(encoding="utf-8"), PACKAGES[name])
    stamp = venv / "set-up-complete"
    wanted = hashlib.sha256(f"{locked}\0{sys.version}\0{ROOT}".encode()).hexdigest()
    if not (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted and python.exists()):
        _lay_out(name, venv=venv, python=python, locked=locked)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _lay_out(name: str, *, venv: Path, python: Path, locked: str) -> None:
    say(f"the environment {name}, for tests that must not know the rest")
    FOLDER.mkdir(exist_ok=True)
    lock = FOLDER / f"{name}.lock"
    lock.write_text(locked, encoding="utf-8")
    uv("venv", "--quiet", "--clear", "--python", str(Path(sys.executable)), str(venv))
    uv("pip", "sync", "--quiet", "--python", str(python), "--require-hashes", str(lock))
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run([python, "-Ic", ask], capture_output=True, text=True, check=True).stdout.strip()
    (Path(packages) / "resnet-studio-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")


def extract(lock: str, wanted: set[str]) -> str:
    """Return the part of a compiled lock that holds the wanted packages and all that they need.

    The compiler writes under each package who needs it ("# via"), which is the dependency graph, reversed.
    """
    blocks = [block for block in re.split(r"\n(?=[a-z0-9])", lock) if re.match("[a-z0-9]", block)]
    needed_by: dict[str, set[str]] = {}
    for block in blocks:  # a package has several where its version depends on that of Python
        users = re.findall(r"#\s+(?:via )?([a-z0-9][a-z0-9._-]*)", block)
        needed_by.setdefault(_name(block), set()).update(users)
    kept = wanted & set(needed_by)
    while more := {name for name, users in needed_by.items() if users & kept} - kept:
        kept |= more
    return "".join(f"{block.rstrip()}\n" for block in blocks if _name(block) in kept)


def _name(block: str) -> str:
    return re.split(r"[=\s\[]", block, maxsplit=1)[0]

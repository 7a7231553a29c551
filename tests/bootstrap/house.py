"""A copy of the set-up files in a folder of its own, with a uv that only pretends; knows nothing of the program."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BASE_PYTHON = os.path.realpath(getattr(sys, "_base_executable", sys.executable))

# Writes down what it is asked, makes an environment that is the base interpreter, and fails or dies on request.
FAKE_UV = f"""#!{BASE_PYTHON} -IS
import os, pathlib, signal, sys
here = pathlib.Path(__file__).parent
words = sys.argv[1:]
if words == ["--version"]:
    print("uv 0.13.9 (pretending)"); sys.exit()
with (here / "calls").open("a") as calls:
    calls.write(" ".join(word for word in words if not word.startswith("-"))[:40] + "\\n")
step = "venv" if words[0] == "venv" else words[1]
if (here / f"kill-in-{{step}}").exists():
    os.kill(os.getppid(), signal.SIGKILL); os._exit(1)
if (here / f"fail-in-{{step}}").exists():
    print("uv: no such package", file=sys.stderr); sys.exit(3)
if step == "venv":
    bin = pathlib.Path(words[-1]) / "bin"
    if bin.exists():
        (bin / "python").unlink()
    bin.mkdir(parents=True, exist_ok=True)
    (bin / "python").symlink_to("{BASE_PYTHON}")
"""
PROGRAM = "import os, sys; print('started', sys.argv[1:], os.getcwd())\n"


class House:
    """A checkout whose set-up can be run, broken and watched."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a house"
        self.fake = folder / "bin"
        self.fake.mkdir(parents=True)
        shutil.copytree(ROOT / "tools", self.root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("bootstrap.py", "run", "test", "requirements.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, self.root / name)
        (self.root / "main.py").write_text(PROGRAM)
        (self.root / "tools" / "checks.py").write_text(PROGRAM)
        self.write_program("uv", FAKE_UV)

    def write_program(self, name: str, text: str) -> None:
        """Put a program on the PATH of the house."""
        path = self.fake / name
        path.write_text(text)
        path.chmod(0o755)

    def no_system_needs(self) -> None:
        """Pretend that the system lacks nothing."""
        path = self.root / "tools" / "system_packages.py"
        path.write_text(
            path.read_text().replace("missing: list[str] = [", "return []\n    missing: list[str] = [")
        )

    def start(
        self, word: str, *arguments: str, cwd: Path | None = None, **env: str
    ) -> subprocess.CompletedProcess[str]:
        """Start `./run` or `./test` as a user does."""
        path = f"{self.fake}:{Path(BASE_PYTHON).parent}:/usr/bin:/bin"
        return subprocess.run(
            [str(self.root / word), *arguments],
            cwd=cwd or self.root,
            env={"HOME": str(self.fake), "PATH": path, "LC_ALL": "C.UTF-8", **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def calls(self) -> list[str]:
        """Return what uv was asked since the last look."""
        path = self.fake / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return [" ".join(line.split()[:2]) if line.startswith("pip") else line.split()[0] for line in lines]

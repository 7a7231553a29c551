"""Sets up what is missing, then starts ResNet Studio (`run`) or its checks (`test`); needs only Python 3.11.

`./run` and `./test` call this file; on Windows: `python bootstrap.py run`. When nothing is missing it starts at once,
so whatever only set-up needs lives in tools/set_up.py, which is imported when set-up begins.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # the file is started by whatever Python there is
    sys.exit("ResNet Studio needs Python 3.11 or newer; this is Python " + sys.version.split()[0])

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))  # an isolated start (python -I) leaves it out
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "set-up-complete"  # the fingerprint, then the purposes for which the system is complete too
TARGETS = {"run": ROOT / "main.py", "test": ROOT / "tools" / "checks.py"}


def base_python() -> str:
    """Return the interpreter that runs this file, or the one that its virtual environment stands on."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def fingerprint() -> str:
    """Return what the environment depends on: the lock, the metadata, the interpreter, the place."""
    digest = hashlib.sha256()
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    digest.update("\0".join([sys.version, base_python(), str(ROOT)]).encode())
    return digest.hexdigest()


def completed() -> list[str]:
    """Return for which purposes an earlier set-up ended well, and nothing it depends on has changed since."""
    try:
        kept, *purposes = STAMP.read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return []
    return ["command", *purposes] if kept == fingerprint() and PYTHON.exists() else []


def purpose_of(word: str, rest: list[str]) -> str:
    """Return what must be complete: a window needs more of the system than a command of the command line."""
    opens_window = not rest or Path(rest[0]).exists()
    return "command" if word == "run" and not opens_window else word


def set_up(purpose: str) -> int:
    """Do all that is missing; return 0, or the exit status after one clear message."""
    from tools.set_up import set_up_or_explain

    return set_up_or_explain(purpose)


def start(command: list[str]) -> int:
    """Become the program where the system can; else run it as a child."""
    if os.name != "nt":
        os.execv(command[0], command)
    import subprocess

    return subprocess.run(command, check=False).returncode


def main(arguments: list[str]) -> int:
    """Set up what is missing, then hand over."""
    if not arguments or arguments[0] not in TARGETS:
        print("usage: python bootstrap.py run|test [arguments]", file=sys.stderr)
        return 2
    word, *rest = arguments
    purpose = purpose_of(word, rest)
    if purpose not in completed() and (status := set_up(purpose)):
        return status
    return start([str(PYTHON), str(TARGETS[word]), *rest])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

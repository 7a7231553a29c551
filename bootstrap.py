"""Sets up what is missing, then starts ResNet Studio (`run`) or its checks (`test`); needs only Python 3.11.

`./run` and `./test` call this file; on Windows: `python bootstrap.py run`. When nothing is missing it starts at once,
so whatever only set-up needs is imported when set-up begins.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # the file is started by whatever Python there is
    sys.exit("ResNet Studio needs Python 3.11 or newer; this is Python " + sys.version.split()[0])

import contextlib
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))  # an isolated start (python -I) leaves it out
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
TOOLS = ROOT / ".tools"
STAMP = VENV / "set-up-complete"  # the fingerprint, then the purposes for which the system is complete too
UNFINISHED = TOOLS / "unfinished"
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


def write_stamp(purposes: list[str]) -> None:
    """Write the stamp last and whole: a set-up that was interrupted has none."""
    temporary = STAMP.with_suffix(".tmp")
    temporary.write_text("\n".join([fingerprint(), *purposes]), encoding="utf-8")
    temporary.replace(STAMP)


def set_up(purpose: str) -> None:
    """Do all that is missing for `test`, for `run` (a window) or for a `command` (no window)."""
    from tools.system_packages import set_up_system
    from tools.talk import SetupError, say

    with only_one():
        if purpose in completed():
            return  # the set-up waited for has done it
        request = set_up_system(for_tests=purpose == "test")
        if request and purpose == "test":
            say(request + "\n    Until then the tests that need a real window are skipped.")
        if "command" not in completed():
            set_up_environment()
        enough = {"test": ["run", "test"], "run": ["run"], "command": ["run"]}
        write_stamp([] if request else enough[purpose])
    if request and purpose == "run":
        raise SetupError(request)
    say("done")


def set_up_environment() -> None:
    """Bring .venv to exactly what the lock says, and the project into it."""
    from tools.talk import SetupError, say
    from tools.uv import uv

    free = shutil.disk_usage(ROOT).free
    if free < 1e9 and not VENV.exists():
        raise SetupError(
            f"{free / 1e9:.1f} GB are free at {ROOT}; set-up needs 8. Make room, then start again."
        )
    if UNFINISHED.exists() or not stands_on_this_python():
        say("a fresh .venv")
        uv("venv", "--quiet", "--clear", "--python", base_python(), str(VENV))
    UNFINISHED.touch()
    say("packages into .venv, as locked (the first time some 3 GB are fetched, mostly torch)")
    uv("pip", "sync", "--python", str(PYTHON), "--require-hashes", "--compile-bytecode", str(LOCK))
    say("ResNet Studio into .venv")
    place = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    uv("pip", "install", "--quiet", "--python", str(PYTHON), *place)
    UNFINISHED.unlink()


def stands_on_this_python() -> bool:
    """Tell whether .venv exists, runs, and stands on the interpreter that runs this file."""
    ask = "import os, sys; print(os.path.realpath(sys._base_executable), sys.version, sep='|')"
    try:
        answer = subprocess.run([PYTHON, "-ISc", ask], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.strip() == f"{base_python()}|{sys.version}"


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Let a second set-up in the same folder wait for the first (not on Windows, where nobody has asked for it)."""
    TOOLS.mkdir(exist_ok=True)
    try:
        import fcntl
    except ImportError:
        yield
        return
    from tools.talk import say

    with (TOOLS / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up is at work in this folder; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def set_up_or_explain(purpose: str) -> int:
    """Set up; return 0, or the exit status after one clear message."""
    from tools.talk import SetupError, say

    try:
        set_up(purpose)
    except SetupError as error:
        say(str(error))
    except KeyboardInterrupt:
        say("stopped. Start again to go on.")
        return 130
    except OSError as error:
        say(f"{error}. Check the folder's permissions and the free space on the disk, then start again.")
    else:
        return 0
    return 1


def purpose_of(word: str, rest: list[str]) -> str:
    """Return what must be complete: a window needs more of the system than a command of the command line."""
    opens_window = not rest or rest[0] == "gui" or Path(rest[0]).exists()
    return "command" if word == "run" and not opens_window else word


def main(arguments: list[str]) -> int:
    """Set up what is missing, then become the program."""
    if not arguments or arguments[0] not in TARGETS:
        print("usage: python bootstrap.py run|test [arguments]", file=sys.stderr)
        return 2
    word, *rest = arguments
    purpose = purpose_of(word, rest)
    if purpose not in completed() and (status := set_up_or_explain(purpose)):
        return status
    command = [str(PYTHON), str(TARGETS[word]), *rest]
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

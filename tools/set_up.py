"""Does all that is missing before the program or its checks can start; can be interrupted anywhere and started again."""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator

from bootstrap import LOCK, PYTHON, ROOT, STAMP, VENV, base_python, completed, fingerprint
from tools.system_packages import set_up_system
from tools.talk import SetupError, say
from tools.uv import HOME, uv

UNFINISHED = HOME / "unfinished"
ENOUGH_FOR = {"test": ["run", "test"], "run": ["run"], "command": ["run"]}


def set_up_or_explain(purpose: str) -> int:
    """Set up; return 0, or the exit status after one clear message."""
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


def set_up(purpose: str) -> None:
    """Do all that is missing for `test`, for `run` (a window) or for a `command` (no window).

    Raises SetupError where only the user can go on.
    """
    HOME.mkdir(exist_ok=True)
    with only_one():
        if purpose in completed():
            return  # the set-up waited for has done it
        request = set_up_system(for_tests=purpose == "test")
        if request and purpose == "test":
            say(request + "\n    Until then the tests that need a real window are skipped.")
        if request and purpose == "command":
            say(request + "\n    Until then the window and the diagram may not work; all else does.")
        renew = "command" not in completed()
        if renew:
            set_up_environment()
        write_stamp([] if request else ENOUGH_FOR[purpose])
    if request and purpose == "run":
        raise SetupError(request)
    if renew:
        say("done")


def set_up_environment() -> None:
    """Bring .venv to exactly what the lock says, and the project into it."""
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


def write_stamp(purposes: list[str]) -> None:
    """Write the stamp last and whole: a set-up that was interrupted has none."""
    temporary = STAMP.with_suffix(".tmp")
    temporary.write_text("\n".join([fingerprint(), *purposes]), encoding="utf-8")
    temporary.replace(STAMP)


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Let a second set-up in the same folder wait for the first; Windows has no such lock and goes without."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (HOME / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up is at work in this folder; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield

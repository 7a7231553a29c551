"""Brings a screen for tests with real windows: Xvfb and a window manager, both gone at the end."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

SECONDS_TO_START = 20


def can_bring() -> bool:
    """Tell whether this machine has what a screen needs."""
    return sys.platform.startswith("linux") and all(map(shutil.which, ("Xvfb", "openbox")))


@contextlib.contextmanager
def screen(size: str = "1920x1080x24") -> Iterator[dict[str, str]]:
    """Yield the environment variables of a new screen with a window manager on it.

    Raises RuntimeError where one of the two does not come up.
    """
    with (
        tempfile.TemporaryDirectory(prefix="resnet-studio-screen-") as folder,
        contextlib.ExitStack() as stack,
    ):
        log = stack.enter_context((Path(folder) / "log").open("w+"))
        display = stack.enter_context(_xvfb(size, log.fileno()))
        env = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "XDG_SESSION_TYPE": "x11", "HOME": folder}
        ready = Path(folder) / "ready"
        command = ["openbox", "--sm-disable", "--startup", f"touch {ready}"]
        manager = subprocess.Popen(command, env={**os.environ, **env}, stdout=log, stderr=log)
        stack.callback(_end, manager)
        _wait_until(ready.exists, process=manager, log=Path(log.name))
        del env["HOME"]  # only the window manager must not read the user's settings
        yield env


@contextlib.contextmanager
def _xvfb(size: str, log: int) -> Iterator[str]:
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stdout=log, stderr=log)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()  # empty when the server has ended
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number}"
    finally:
        _end(server)


def _wait_until(done: Callable[[], bool], *, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not done():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the window manager did not start: " + log.read_text(errors="replace")[-500:])
        time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

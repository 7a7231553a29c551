"""The child processes that the engine has started, and that none outlives it. Knows nothing of what they do."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from resnet_studio.runs.exit_code import ExitCode

_PR_SET_PDEATHSIG = 1
_lock = threading.Lock()
_alive: set[subprocess.Popen[bytes]] = set()


@contextmanager
def watched(child: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Remember a child for the time of the block; it is dead and reaped at its end."""
    with _lock:
        _alive.add(child)
    try:
        yield child
    finally:
        _end(child)
        with _lock:
            _alive.discard(child)


def end_with_parent() -> None:
    """Called by a child: the system ends it when its parent ends, however that ends. On Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def end_with_stdin() -> None:
    """Called by a child whose stdin is a pipe that its parent holds: the pipe's end means that the parent is gone. Anywhere."""

    def listen() -> None:
        sys.stdin.buffer.read()
        os._exit(ExitCode.ORPHANED)

    threading.Thread(target=listen, daemon=True).start()


def end_all() -> None:
    """Kill every child that is left."""
    with _lock:
        left = list(_alive)
    for child in left:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.kill()
    child.wait()
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream is not None:
            stream.close()

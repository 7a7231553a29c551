"""One run, one writer: a lock on the run's folder that ends with the process that holds it, however it ends.

Not a pid in a file: a pid can be another program's by the time somebody looks.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resnet_studio.design.errors import StudioError

_PATIENCE_SECONDS = 2.0


def _try_lock(descriptor: int) -> bool:
    if os.name == "nt":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether some process, this one included, holds the lock."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:  # never held, or not ours to look at
        return False
    try:
        return not _try_lock(descriptor)
    except OSError:  # a disk without locks, on which nobody can hold one
        return False
    finally:
        os.close(descriptor)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock.

    Raises:
        StudioError: another process holds it, or the folder cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StudioError(
            f"{path.parent} cannot be written ({error.strerror}).", "Choose another place for the run."
        ) from error
    try:
        try:
            _wait(descriptor, path)
        except OSError as error:
            raise StudioError(
                f"The run {path.parent} could not be locked ({error.strerror}).",
                "Its disk may know no locks: put the run on another one.",
            ) from error
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path) -> None:
    # Somebody who only looks (is_held) has the lock for microseconds; a run that trains has it for long.
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _try_lock(descriptor):
        if time.monotonic() > deadline:
            raise StudioError(
                f"The run {path.parent} is training already.", "Stop it first, or start another run."
            )
        time.sleep(0.02)

"""One run, one writer: a lock on the run's folder that ends with the process that holds it, however it ends.

Not a pid in a file: a pid can be another program's by the time somebody looks. What the file says of its holder counts
only while the lock is held.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr

_PATIENCE_SECONDS = 2.0


# Where nobody writes: on Windows a locked byte cannot be read by others.
_LOCKED_BYTE = 1 << 30
_MAX_NOTE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds a lock: a process and its machine. `pid` is 0 where the holder could not say."""

    pid: int = 0
    host: str = ""

    @property
    def is_here(self) -> bool:
        """Whether its process is one of this machine."""
        return bool(self.pid) and self.host == socket.gethostname()


def _try_lock(descriptor: int, *, shared: bool = False) -> bool:
    if os.name == "nt":
        import msvcrt

        try:
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
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
        # Shared: two that only look must not take each other for the holder.
        return not _try_lock(descriptor, shared=True)
    except OSError:  # a disk without locks, on which nobody can hold one
        return False
    finally:
        os.close(descriptor)


def holder(path: Path) -> Holder | None:
    """Who holds the lock, as far as it says; None where nobody does."""
    if not is_held(path):
        return None
    try:
        value = json.loads(path.read_bytes()[:_MAX_NOTE])
    except (OSError, ValueError, RecursionError):
        return Holder()
    if not isinstance(value, dict) or type(value.get("pid")) is not int or value["pid"] <= 1:
        return Holder()
    return Holder(pid=value["pid"], host=str(value.get("host", "")))


def _sign(descriptor: int) -> None:
    """Say who holds it. Only for people and for those who must be firm: where the disk takes nothing, nobody is named."""
    note = json.dumps({"pid": os.getpid(), "host": socket.gethostname()}).encode()
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, note)


@contextmanager
def held(
    path: Path, *, busy: StudioError | None = None, patience: float = _PATIENCE_SECONDS
) -> Iterator[None]:
    """Hold the lock.

    Args:
        path: its file.
        busy: what to say where another process holds it; by default that the run trains already.
        patience: seconds to wait for that other process.

    Raises:
        StudioError: another process holds it, or the folder cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StudioError(
            tr("{folder} cannot be written ({reason}).", folder=path.parent, reason=error.strerror),
            tr("Choose another place for the run."),
        ) from error
    try:
        try:
            _wait(descriptor, busy or _trains_already(path), patience)
        except OSError as error:
            raise StudioError(
                tr(
                    "The run {folder} could not be locked ({reason}).",
                    folder=path.parent,
                    reason=error.strerror,
                ),
                tr("Its disk may know no locks: put the run on another one."),
            ) from error
        _sign(descriptor)
        yield
    finally:
        os.close(descriptor)


def _trains_already(path: Path) -> StudioError:
    return StudioError(
        tr("The run {run} is training already.", run=path.parent), tr("Stop it first, or start another run.")
    )


def _wait(descriptor: int, busy: StudioError, patience: float) -> None:
    # Somebody who only looks (is_held) has the lock for microseconds; a run that trains has it for long.
    deadline = time.monotonic() + patience
    while not _try_lock(descriptor):
        if time.monotonic() > deadline:
            raise busy
        time.sleep(0.02)

"""What a run does when the disk takes nothing: ask whoever watches, or wait for room, and try again. Knows no window and no torch."""

from __future__ import annotations

import errno
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs import requests
from resnet_studio.runs.events import Event, Failed
from resnet_studio.runs.folder import RunFolder

T = TypeVar("T")
# Told what could not be written; True once it is to be tried again, False when nobody can help.
Ask = Callable[[StudioError], bool]

# A limit on files' sizes is one that can be raised, like a quota.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LONGEST_PAUSE_SECONDS = 32.0
# More room is heeded so much sooner than the next try for its own sake.
_HASTE = 8


class OnFullDisk(StrEnum):
    """What a process that trains does when the disk is full; a matter of how it was started, not of the run."""

    ASK = "ask"
    WAIT = "wait"
    STOP = "stop"


class Patience(Protocol):
    """Whom a run asks, and who hears that it goes on."""

    def ask(self, error: StudioError) -> bool:
        """As `Ask`."""

    def goes_on(self) -> None:
        """The run has written something; called however often."""


def nobody(_error: StudioError) -> bool:
    """Whom a run without a window can ask."""
    return False


class NoPatience:
    """The run ends."""

    def ask(self, error: StudioError) -> bool:
        """No."""
        return nobody(error)

    def goes_on(self) -> None:
        """It never waited."""


class WaitsForRoom:
    """Tries again by itself as soon as there is more room on a full disk; where more room would not help, the run ends.

    Room is not all: a quota is told by no call, so it tries from time to time whatever the disk says, ever more seldom.

    Args:
        folder: on the disk.
        wait: returns True when what it is given has come to hold, False when the run is to stop instead.
        tell: says to whoever reads, once, that the run waits, and once that it goes on.
        clock: seconds, of a clock that only goes forward.
    """

    def __init__(
        self,
        folder: Path,
        wait: Callable[[Callable[[], bool]], bool],
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._wait = wait
        self._tell = tell
        self._clock = clock
        self._since: float | None = None
        self._pause = 1.0

    def ask(self, error: StudioError) -> bool:
        """Wait for room; True when it is worth another try."""
        if not is_full(error):
            return False
        now = self._clock()
        if self._since is None:
            self._since, self._pause = now, 1.0
            self._tell(
                tr("{what} The run waits until there is room.", what=f"{error.what} {room(self._folder)}")
            )
        late, soon = now + self._pause, now + self._pause / _HASTE
        before = free_bytes(self._folder)
        self._pause = min(2 * self._pause, _LONGEST_PAUSE_SECONDS)

        def worth_it() -> bool:
            time_is = self._clock()
            return time_is >= late or (time_is >= soon and free_bytes(self._folder) > before)

        return self._wait(worth_it)

    def goes_on(self) -> None:
        """Say so, if it waited."""
        if self._since is not None:
            waited = timedelta(seconds=round(self._clock() - self._since))
            self._since = None
            self._tell(tr("There is room: the run goes on. It waited {time}.", time=waited))


def told_to(patience: Patience, emit: Callable[[Event], None]) -> Callable[[Event], None]:
    """Give events on to `emit`, and let `patience` know by them that the run goes on."""

    def take(event: Event) -> None:
        if not isinstance(event, Failed):
            patience.goes_on()
        emit(event)

    return take


def log(words: str) -> None:
    """A line on stderr, if it takes one: the log may lie on the very disk that is full."""
    with suppress(OSError):
        print(words, file=sys.stderr, flush=True)


def seen(run: RunFolder, ask: Ask) -> Ask:
    """`ask`, and whoever follows the run sees that it waits."""

    def asks(error: StudioError) -> bool:
        with requests.paused(run):
            return ask(error)

    return asks


def is_full(error: StudioError) -> bool:
    """Whether more room would help."""
    return isinstance(error.__cause__, OSError) and error.__cause__.errno in _FULL


def free_bytes(folder: Path) -> int:
    """Room on the folder's disk; 0 where it cannot be asked."""
    with suppress(OSError):
        return shutil.disk_usage(folder).free
    return 0


def room(folder: Path) -> str:
    """The same in words."""
    return tr("Its disk has {megabytes} MB free.", megabytes=f"{free_bytes(folder) / 1e6:,.1f}")


def persist(work: Callable[[], T], ask: Ask) -> T:
    """What `work` gives, tried again for as long as `ask` wants.

    Raises:
        StudioError: `work` failed, and nobody wants another try.
    """
    while True:
        try:
            return work()
        except StudioError as error:
            if not ask(error):
                raise

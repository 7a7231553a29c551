"""The queue as the window knows it: read when its file is another, changed in a thread. Works nothing off, knows no widget."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.child import child_environment, program
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.queue import (
    Entry,
    Queue,
    Turn,
    added,
    change_queue,
    cleared,
    moved,
    queue_path,
    read_queue,
    removed,
)
from resnet_studio.ui.background import Background

_LOOK_MS = 700


class QueueWatch(QObject):
    """Watches the queue, which other windows, the command line and its worker change too.

    Signals:
        changed(): `queue` is another.
        looked(): a moment has passed while the queue is busy: its runs may have got on.
        ended(object): this Entry has ended since the last look.
        failed(object): a StudioError; the queue is as it was.
    """

    changed = Signal()
    looked = Signal()
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.queue = Queue()
        self._seen: tuple[int, int] | None = None
        self._background = Background(self)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    # --- looking ------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Read the queue where its file is another than at the last look."""
        seen = _stamp()
        if seen != self._seen:
            first, self._seen = self._seen is None, seen
            self._read(first=first)
        if self.queue.is_busy:
            self.looked.emit()

    def _read(self, *, first: bool) -> None:
        try:
            after = read_queue()
        except StudioError as error:
            self.failed.emit(error)
            return
        before, self.queue = self.queue, after
        if after != before:
            self.changed.emit()
        for entry in after.of(Turn.ENDED):
            old = before.entry(entry.run)
            # What had ended before the window came is told by the list.
            if not first and old is not None and old.turn is not Turn.ENDED:
                self.ended.emit(entry)

    # --- doing --------------------------------------------------------------------------------------------------------

    def add(self, run: RunFolder, *, start: bool = False) -> None:
        """Put a run at the end; `start` lets the queue go on by itself from now on."""
        self._do(lambda queue: added(queue, run), start=start)

    def move(self, entry: Entry, to: int) -> None:
        """Give a run that waits another place among those that wait."""
        self._do(lambda queue: moved(queue, entry.run, to))

    def remove(self, entry: Entry) -> None:
        """Take a run out."""
        self._do(lambda queue: removed(queue, entry.run))

    def clear(self) -> None:
        """Forget those that have ended."""
        self._do(cleared)

    def start(self) -> None:
        """Let the queue be worked off, by a process that goes on without the window."""
        self._do(lambda queue: queue, start=True)

    def pause(self) -> None:
        """Begin no other run; what trains goes on."""
        self._do(lambda queue: replace(queue, going=False))

    def _do(self, change: Callable[[Queue], Queue], *, start: bool = False) -> None:
        def work() -> None:
            change_queue(change)
            if start:
                _start()

        self._background.run(work, lambda _: self.look(), self.failed.emit)


def _stamp() -> tuple[int, int]:
    try:
        found = queue_path().stat()
    except OSError:
        return 0, 0
    # The file is replaced at every change, and so is its number.
    return found.st_mtime_ns, found.st_ino


def _start() -> None:
    """By the command line, which leaves the worker to itself: it is nobody's child then."""
    done = subprocess.run(
        # Nobody may be there to ask when the disk is full: it waits, the window tells of it, and Stop is one click away.
        program("queue", "start", "--on-full-disk", "wait"), env=child_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.strip().splitlines() or [tr("it said nothing")]
        raise StudioError(tr("The queue could not be started: {why}", why=said[-1]))

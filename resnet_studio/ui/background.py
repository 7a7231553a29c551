"""Work that would hold the window up, done in a pooled thread; the answer comes back in the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from shiboken6 import Shiboken

from resnet_studio.design.errors import StudioError

T = TypeVar("T")
_under_way: set[QObject] = set()


def _end(carrier: QObject) -> None:
    # Deleted in this thread, not in whichever happens to collect garbage.
    _under_way.discard(carrier)
    carrier.deleteLater()


class _Carrier(QObject):
    """Carries what the work gave from its thread to the window's."""

    done = Signal(object)
    failed = Signal(object)


class _Work(QRunnable):
    def __init__(self, work: Callable[[], object], carrier: _Carrier) -> None:
        super().__init__()
        self._work, self._carrier = work, carrier

    def run(self) -> None:
        try:
            self._carrier.done.emit(self._work())
        except StudioError as error:
            self._carrier.failed.emit(error)


class Background(QObject):
    """Runs one piece of work at a time for its owner; a newer one makes the older one's answer unwanted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest: _Carrier | None = None

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[StudioError], None] | None = None,
    ) -> None:
        """Do `work` elsewhere, then call `done` (or `failed`) here, unless something newer was asked for."""
        # Not our child: the thread may still need it when the owner is gone. It lives until its word has come.
        carrier = _Carrier()
        _under_way.add(carrier)
        self._newest = carrier

        def hand_over(value: T) -> None:
            _end(carrier)
            if Shiboken.isValid(self) and self._newest is carrier:
                done(value)

        def give_up(error: StudioError) -> None:
            _end(carrier)
            if Shiboken.isValid(self) and self._newest is carrier and failed is not None:
                failed(error)

        carrier.done.connect(hand_over)
        carrier.failed.connect(give_up)
        QThreadPool.globalInstance().start(_Work(work, carrier))

    def forget(self) -> None:
        """Want no answer any more."""
        self._newest = None

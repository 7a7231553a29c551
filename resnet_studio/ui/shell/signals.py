"""Ends the window in order when the system or a terminal asks for it: SIGTERM, SIGINT, SIGHUP. Knows no view.

Nobody is there to answer questions: the drawing is autosaved, and offered again at the next start.
"""

from __future__ import annotations

import os
import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal

_ENDING = ("SIGTERM", "SIGINT", "SIGHUP")


class EndSignals(QObject):
    """Turns the system's signals into a Qt signal. Python's own handlers would wait until Qt runs Python code again.

    Signals:
        asked: the process is to end.
    """

    asked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._before: dict[int, object] = {}
        self._mine, self._theirs = socket.socketpair()
        self._mine.setblocking(False)
        self._theirs.setblocking(False)
        self._notifier = QSocketNotifier(self._mine.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)

    def install(self) -> None:
        """Begin."""
        signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        for name in _ENDING:
            number = getattr(signal, name, None)
            # A signal that is ignored on purpose (nohup) stays ignored.
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, _only_wake)

    def remove(self) -> None:
        """End; whoever handled the signals before does so again."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        self._before.clear()
        self._mine.close()
        self._theirs.close()

    def _wake(self) -> None:
        self._mine.recv(64)
        self.asked.emit()


def _only_wake(number: int, frame: FrameType | None) -> None:
    """The byte in the socket has said it; this stands here so that the process is not ended at once."""


def supported() -> bool:
    """Whether this system has a socket pair that signals can write to."""
    return os.name == "posix"

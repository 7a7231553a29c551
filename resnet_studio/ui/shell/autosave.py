"""Writes the unsaved drawing to the state folder: 2 s after the last change, at most every 10 s. Knows no widget.

The disk is waited for on a thread of its own, one write at a time; everything else happens in the window's thread.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from resnet_studio.design.errors import StudioError
from resnet_studio.ui.document import Document
from resnet_studio.ui.shell.files import FileKeeper

if TYPE_CHECKING:
    from resnet_studio.ui.shell.recovery import AutosaveFile

QUIET_MS = 2_000
BETWEEN_MS = 10_000


class _Write(threading.Thread):
    """One write, with what became of it; `done` is called on this thread."""

    def __init__(self, work: Callable[[], None], done: Callable[[_Write], None]) -> None:
        super().__init__(name="autosave")
        self._work, self._done = work, done
        self.fault: Exception | None = None

    def run(self) -> None:
        try:
            self._work()
        except Exception as error:  # noqa: BLE001 - raised again, or told, in the window's thread
            self.fault = error
        self._done(self)


class Autosave(QObject):
    """Follows the Document.

    Signals:
        written: a copy was made; `written_at` (of time.monotonic) is new, None when there is none.
        failed(StudioError): the copy could not be written.
    """

    written = Signal()
    failed = Signal(StudioError)
    _ended = Signal(object)

    def __init__(
        self,
        document: Document,
        files: FileKeeper,
        parent: QObject,
        *,
        quiet_ms: int = QUIET_MS,
        between_ms: int = BETWEEN_MS,
    ) -> None:
        super().__init__(parent)
        self._document, self._files = document, files
        self._quiet, self._between = quiet_ms / 1000, between_ms / 1000
        self._file: AutosaveFile | None = None
        self._first_change: float | None = None
        self._last_write = -1e9
        self.written_at: float | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._write_soon)
        self._write: _Write | None = None
        self._again = self._unwanted = False
        self._ended.connect(self._settle)
        document.changed.connect(self._changed)
        document.clean_changed.connect(self._clean_changed)
        files.opened.connect(self._changed)

    def _changed(self) -> None:
        if self._document.is_clean:
            self._forget()
            return
        now = time.monotonic()
        self._first_change = self._first_change or now
        # Somebody who never pauses is written down all the same, every ten seconds.
        quiet = min(now + self._quiet, self._first_change + self._between)
        due = max(quiet, self._last_write + self._between)
        self._timer.start(max(0, round((due - now) * 1000)))

    def _clean_changed(self, clean: bool) -> None:
        if clean:
            self._forget()
        else:
            self._changed()

    # --- writing ------------------------------------------------------------------------------------------------------

    def write_now(self) -> None:
        """Write the copy at once, if there is something to lose; returns when it lies there, or `failed` has come."""
        self._timer.stop()
        self._finish()
        if not self._document.is_clean:
            self._begin()
            self._finish()

    def _write_soon(self) -> None:
        if self._write is not None:
            # The disk is slow: the newest drawing is written when this one is done.
            self._again = True
        elif not self._document.is_clean:
            self._begin()

    def _begin(self) -> None:
        # A change that still waits for its pause is written with this one.
        self._timer.stop()
        design, path, known = self._document.design, self._document.path, self._files.stamp

        def work() -> None:
            from resnet_studio.ui.shell import recovery

            self._file = self._file or recovery.AutosaveFile()
            self._file.write(design, path, known)

        self._first_change, self._again, self._unwanted = None, False, False
        self._write = _Write(work, self._ended.emit)
        self._write.start()

    def _finish(self) -> None:
        """Wait for the write that is under way; none follows it."""
        self._again = False
        if self._write is not None:
            self._write.join()
            self._settle(self._write)

    def _settle(self, write: _Write) -> None:
        # Whoever has waited for it has dealt with it; its signal comes all the same.
        if write is not self._write:
            return
        write.join()
        self._write = None
        again, unwanted = self._again, self._unwanted
        self._again = self._unwanted = False
        if unwanted:
            self._clear()
        elif write.fault is None:
            self._last_write = self.written_at = time.monotonic()
            self.written.emit()
        if again:
            self._write_soon()
        if isinstance(write.fault, StudioError):
            self.failed.emit(write.fault)
        elif write.fault is not None:
            raise write.fault

    # --- when there is nothing to lose --------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._timer.stop()
        self._first_change = None
        self._again = False
        if self._write is not None:
            # What is being written just now goes as soon as it is there.
            self._unwanted = True
        else:
            self._clear()
        if self.written_at is not None:
            self.written_at = None
            self.written.emit()

    def _clear(self) -> None:
        if self._file is not None:
            self._file.clear()

    def close(self, *, keep: bool = False) -> None:
        """The window closes: the copy goes, unless it is kept for the next start."""
        self._timer.stop()
        self._finish()
        if self._file is not None:
            self._file.close(keep=keep and not self._document.is_clean)
            self._file = None

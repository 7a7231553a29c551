"""Writes the unsaved drawing to the state folder: 2 s after the last change, at most every 10 s. Knows no widget."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from resnet_studio.design.errors import StudioError
from resnet_studio.ui.document import Document
from resnet_studio.ui.shell.files import FileKeeper

if TYPE_CHECKING:
    from resnet_studio.ui.shell.recovery import AutosaveFile

QUIET_MS = 2_000
BETWEEN_MS = 10_000


class Autosave(QObject):
    """Follows the Document.

    Signals:
        written: a copy was made; `written_at` (of time.monotonic) is new, None when there is none.
        failed(StudioError): the copy could not be written.
    """

    written = Signal()
    failed = Signal(StudioError)

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
        self._timer.timeout.connect(self.write_now)
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

    def write_now(self) -> None:
        """Write the copy at once, if there is something to lose."""
        self._timer.stop()
        if self._document.is_clean:
            return

        from resnet_studio.ui.shell import recovery

        try:
            self._file = self._file or recovery.AutosaveFile()
            self._file.write(self._document.design, self._document.path, self._files.stamp)
        except StudioError as error:
            self.failed.emit(error)
            return
        self._first_change = None
        self._last_write = self.written_at = time.monotonic()
        self.written.emit()

    def _forget(self) -> None:
        self._timer.stop()
        self._first_change = None
        if self._file is not None:
            self._file.clear()
        if self.written_at is not None:
            self.written_at = None
            self.written.emit()

    def close(self, *, keep: bool = False) -> None:
        """The window closes: the copy goes, unless it is kept for the next start."""
        self._timer.stop()
        if self._file is not None:
            self._file.close(keep=keep and not self._document.is_clean)
            self._file = None

"""Catches what is a fault of ours: log, autosave, one dialog; the window goes on. Knows the windows only by their autosave."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from resnet_studio.language import tr
from resnet_studio.runs.home import state_root
from resnet_studio.ui.shell.windows import Windows


def log_file() -> Path:
    """Where faults of ours are written down."""
    return state_root() / "errors.log"


class BugCatcher(QObject):
    """Stands in for sys.excepthook while the windows live; exceptions in slots come here, from any thread."""

    _caught = Signal(str, str)

    def __init__(self, windows: Windows) -> None:
        super().__init__(windows)
        self._windows = windows
        self._told = False
        self._before = sys.excepthook
        self.log = log_file()
        self._caught.connect(self._tell)

    def install(self) -> None:
        """Begin."""
        sys.excepthook = self._hook

    def remove(self) -> None:
        """End."""
        sys.excepthook = self._before

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before(kind, error, trace)
            return
        import traceback

        text = "".join(traceback.format_exception(kind, error, trace))
        self._write(text)
        self._caught.emit(f"{kind.__name__}: {error}"[:300], text)

    def _write(self, text: str) -> None:
        from resnet_studio.ui.shell import dialogs

        try:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            with self.log.open("a", encoding="utf-8") as file:
                file.write(f"{dialogs.versions()}\n{text}\n")
        except OSError as error:
            import logging

            logging.getLogger(__name__).error(
                "An error could not be written to %s (%s):\n%s", self.log, error, text
            )

    def _tell(self, summary: str, text: str) -> None:
        for window in self._windows.open:
            window.autosave.write_now()
        front = self._windows.front
        if self._told or front is None:
            return
        self._told = True
        from resnet_studio.ui.shell import dialogs

        report = front.doings.report(tr("Something went wrong: {summary}", summary=summary), text)
        dialogs.show_bug(front, summary, report, self.log).finished.connect(self._may_tell_again)

    def _may_tell_again(self) -> None:
        self._told = False

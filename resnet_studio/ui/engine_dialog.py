"""A dialog that asks the engine one thing at a time, and gives that up when it is closed. Knows not what is asked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QWidget

from resnet_studio.ui.engine_client import Engine


class EngineDialog(QDialog):
    """Whoever derives from it keeps the number of what is asked in `_asked`, and None while nothing is."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._engine = engine
        self._asked: int | None = None

    def _give_up(self) -> None:
        """No answer is wanted any more."""
        if self._asked is not None:
            self._engine.cancel(self._asked)
            self._engine.forget(self._asked)
            self._asked = None

    def done(self, result: int) -> None:
        """Closing gives up what is asked."""
        self._give_up()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The title bar's button closes like Escape."""
        self.done(0)
        super().closeEvent(event)

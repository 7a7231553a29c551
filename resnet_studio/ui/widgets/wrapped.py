"""Words in as many lines as they need, which are never cut: whoever holds the label scrolls. Knows nothing else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget


class WrappedLabel(QLabel):
    """Plain text. What a QLabel needs at its width, it only likes: a low dock would cut its last lines."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def setText(self, text: str) -> None:
        """Say something else."""
        super().setText(text)
        self._keep()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another height."""
        super().resizeEvent(event)
        self._keep()

    def showEvent(self, event: QShowEvent) -> None:
        """Seen: the lines need their room."""
        super().showEvent(event)
        self._keep()

    def hideEvent(self, event: QHideEvent) -> None:
        """Not seen: no page asks for room because of words on another one."""
        super().hideEvent(event)
        self._keep()

    def changeEvent(self, event: QEvent) -> None:
        """Other letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._keep()

    def _keep(self) -> None:
        self.setMinimumHeight(0)  # or what it needs could only grow: Qt answers with no less than that
        if self.isVisible():
            self.setMinimumHeight(max(self.heightForWidth(self.width()), 0))

"""The rubber band, in the theme's colours. Knows no selection."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from resnet_studio.ui.theme import Theme, color


class RubberBand(QWidget):
    """A thin frame over a faint ground: the cards under it stay readable. The platform's own is opaque on some."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("rubberBand")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._theme = theme

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(color(self._theme.accent))
        painter.setBrush(color(self._theme.accent, 0.10))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

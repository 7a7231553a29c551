"""A frame around a thing that the tour speaks of. Lets everything through: clicks, drags, drops. Knows no tour."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from resnet_studio.ui.theme import ThemeManager, color

# Rows and cards stand four to six pixels apart: the line takes three of them, and the rest can be seen through.
_HALO = 2
_LINE = 2
_AIR = 1
_ROUND = 6


class Ring(QWidget):
    """An accent frame with a thin halo to see through, outside of what it frames.

    Only its band belongs to it, by a mask: what changes inside is not painted twice.
    """

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tourRing")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._themes = themes
        self._line = QRect()
        themes.changed.connect(self.update)
        self.hide()

    def frame(self, window: QWidget, box: QRect) -> None:
        """Stand around a box of a window: the program's, or that of a dock that floats."""
        if self.parentWidget() is not window:
            self.setParent(window)
        # At the window's edge the line stands on that edge.
        line = _grown(box, _LINE + _AIR).intersected(window.rect())
        if line.isEmpty():
            self.hide()
            return
        outer = _grown(line, _HALO).intersected(window.rect())
        at = line.translated(-outer.topLeft())
        if outer != self.geometry() or at != self._line:
            self._line = at
            self.setGeometry(outer)
            inside = _grown(at, -_LINE)
            self.setMask(
                QRegion(self.rect()).subtracted(QRegion(inside)) if inside.isValid() else QRegion(self.rect())
            )
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(self._line)
        half = _HALO / 2
        painter.setPen(QPen(color(theme.accent, 0.22), _HALO))
        painter.drawRoundedRect(box.adjusted(-half, -half, half, half), _ROUND + half, _ROUND + half)
        half = _LINE / 2
        painter.setPen(QPen(color(theme.accent), _LINE))
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), _ROUND - half, _ROUND - half)
        painter.end()


def _grown(box: QRect, by: int) -> QRect:
    return box.adjusted(-by, -by, by, by)

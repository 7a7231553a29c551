"""A frame around a thing that the tour speaks of. Lets everything through: clicks, drags, drops. Knows no tour."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from resnet_studio.ui.theme import ThemeManager, color

_HALO = 5
_AIR = 2
_LINE = 2
_ROUND = 7


class Ring(QWidget):
    """An accent frame with a soft halo, outside of what it frames.

    Only its band belongs to it, by a mask: what changes inside is not painted twice.
    """

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tourRing")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._themes = themes
        themes.changed.connect(self.update)
        self.hide()

    def frame(self, window: QWidget, box: QRect) -> None:
        """Stand around a box of a window: the program's, or that of a dock that floats."""
        if self.parentWidget() is not window:
            self.setParent(window)
        # A thing at the window's edge is framed inside of it.
        out = _HALO + _LINE + _AIR
        outer = box.adjusted(-out, -out, out, out).intersected(window.rect())
        if outer.isEmpty():
            self.hide()
            return
        if outer != self.geometry():
            self.setGeometry(outer)
            band = _HALO + _LINE
            inside = self.rect().adjusted(band, band, -band, -band)
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
        box = QRectF(self.rect())
        half = _HALO / 2
        painter.setPen(QPen(color(theme.accent, 0.22), _HALO))
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), _ROUND, _ROUND)
        edge = _HALO - _LINE / 2 + 1
        painter.setPen(QPen(color(theme.accent), _LINE))
        painter.drawRoundedRect(box.adjusted(edge, edge, -edge, -edge), _ROUND - 2, _ROUND - 2)
        painter.end()

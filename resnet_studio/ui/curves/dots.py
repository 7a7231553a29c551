"""Dots at values of a plot, all painted at once: pyqtgraph paints each of its scattered points by a call of its own. Knows no curve."""

from __future__ import annotations

from math import isfinite
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from resnet_studio.ui.curves.reduce import Floats

_DOT, _RIM = 5, 1  # pixels


class Dots(QGraphicsObject):
    """Round dots with a rim in the colour of the ground, by which they stand off the curve.

    Args:
        box: the pyqtgraph ViewBox in whose values the places are.
    """

    def __init__(self, box: Any) -> None:
        super().__init__()
        self._box = box
        self._places: list[QPointF] = []
        self._pens: list[QPen] = []
        # What is seen is all that is painted: it has another place when the range is another.
        box.sigRangeChanged.connect(self.prepareGeometryChange)

    def stand_at(self, x: Floats, y: Floats) -> None:
        """Take these places; what is not finite has no place."""
        self._places = [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True) if isfinite(b)]
        self.update()

    def dress(self, ink: QColor, ground: QColor) -> None:
        """Take these colours."""
        self._pens = [_pen(ground, _DOT + 2 * _RIM), _pen(ink, _DOT)]
        self.update()

    def boundingRect(self) -> QRectF:
        """All that is seen of the plot."""
        return QRectF(self._box.viewRect())

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """All rims, then all dots."""
        seen = self._box.viewRect()
        places = [place for place in self._places if seen.left() <= place.x() <= seen.right()]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Mapped here, and not by a cosmetic pen: that would count a fine screen's pixels, and a saved picture's.
        mapped = painter.transform().map(QPolygonF(places))
        painter.resetTransform()
        for pen in self._pens:
            painter.setPen(pen)
            painter.drawPoints(mapped)


def _pen(ink: QColor, width: int) -> QPen:
    return QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)

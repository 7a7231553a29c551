"""The small drawings of the three blocks: layers, the arc around them, the circled plus. Knows no widget."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from resnet_studio.design.types import BlockKind
from resnet_studio.ui.theme import Theme, color

WIDTH, HEIGHT = 26.0, 46.0
# (width, groups) of the layers from top to bottom, as the papers draw them.
_LAYERS: dict[BlockKind, tuple[tuple[float, int], ...]] = {
    BlockKind.RESIDUAL: ((15, 1), (15, 1)),
    BlockKind.BOTTLENECK: ((15, 1), (8, 1), (15, 1)),
    BlockKind.RESNEXT: ((15, 1), (15, 4), (15, 1)),
}


def block_drawing(painter: QPainter, theme: Theme, kind: BlockKind, origin: QPointF) -> None:
    """Draw a block, WIDTH by HEIGHT, from its upper left corner."""
    painter.save()
    painter.translate(origin)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    token = theme.kind(kind)
    x, plus = 9.0, QPointF(9.0, HEIGHT - 7)
    painter.setPen(QPen(color(token), 1.3))
    painter.drawLine(QPointF(x, 0), QPointF(x, plus.y() - 5))
    path = QPainterPath(QPointF(x, 3))
    path.lineTo(20, 3)
    path.quadTo(24, 3, 24, 7)
    path.lineTo(24, plus.y() - 4)
    path.quadTo(24, plus.y(), 20, plus.y())
    path.lineTo(x + 5, plus.y())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    _layers(painter, theme, kind, x)
    painter.setPen(QPen(color(token), 1.3))
    painter.setBrush(color(theme.card))
    painter.drawEllipse(plus, 5, 5)
    painter.drawLine(QPointF(x - 2.6, plus.y()), QPointF(x + 2.6, plus.y()))
    painter.drawLine(QPointF(x, plus.y() - 2.6), QPointF(x, plus.y() + 2.6))
    painter.restore()


def _layers(painter: QPainter, theme: Theme, kind: BlockKind, x: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(theme.kind(kind)))
    rows = _LAYERS[kind]
    top, space = 7.5, (HEIGHT - 7 - 5 - 7.5) / len(rows)
    for row, (wide, groups) in enumerate(rows):
        y = top + space * row + (space - 5.5) / 2
        each = wide / groups
        for group in range(groups):
            gap = 0.5 if groups > 1 else 0.0
            box = QRectF(x - wide / 2 + each * group + gap, y, each - 2 * gap, 5.5)
            painter.drawRoundedRect(box, 1.4, 1.4)


def stage_drawing(painter: QPainter, theme: Theme, origin: QPointF) -> None:
    """Draw what a new stage does: a large map, and behind it a map of half the size, twice as deep."""
    painter.save()
    painter.translate(origin)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color(theme.neutral), 1.3))
    painter.setBrush(color(theme.card))
    painter.drawRoundedRect(QRectF(0, 6, 12, 18), 2, 2)
    for depth in (2, 1, 0):
        painter.drawRoundedRect(QRectF(15 + depth * 3, 12 - depth * 1.5, 6, 9), 1.5, 1.5)
    painter.restore()

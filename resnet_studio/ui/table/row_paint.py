"""Paints the layer table's rows, each as a whole. Knows rows, their looks and where columns stand; chooses and opens nothing."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF, QRegion
from PySide6.QtWidgets import QHeaderView

from resnet_studio.analysis.plan import HEAD, STEM
from resnet_studio.ui.face import LEFT, RIGHT
from resnet_studio.ui.table.model import LayerModel
from resnet_studio.ui.table.rows import WORDS, Column, Row

PAD = 4  # beside a cell's words
NAMES = 20  # left of a name: there is the mark of what can be opened
_LAYERS = 10  # left of a layer's name, beyond its indentation
_BEHIND = 3  # right of a name
_OPEN = QPolygonF([QPointF(-4, -2), QPointF(4, -2), QPointF(0, 3)])
_CLOSED = QPolygonF([QPointF(-2, -4), QPointF(-2, 4), QPointF(3, 0)])


def name_room(indent: int) -> int:
    """What a layer's name needs beside its letters."""
    return 2 * indent + _LAYERS + _BEHIND


class RowPaint:
    """What the style sheet's way with each cell takes ten times as long for."""

    def __init__(self, layers: LayerModel) -> None:
        self._layers = layers
        self._exposed: QRegion | None = None  # what is to be painted, None for all of it
        self._cells: list[tuple[Column, int, int]] = []
        self._joined: Column | None = None

    def begin(self, header: QHeaderView, exposed: QRegion | None) -> None:
        """A picture begins: these columns, and of them only what is exposed; None for all."""
        self._exposed = exposed
        self._cells = [
            (column, header.sectionViewportPosition(column), header.sectionSize(column))
            for column in Column
            if not header.isSectionHidden(column)
        ]
        self._joined = Column.KERNEL if header.isSectionHidden(Column.STRIDE) else None

    def draw(
        self, painter: QPainter, box: QRect, row: Row, *, chosen: bool, is_open: bool, indent: int
    ) -> None:
        """A row in its box, but for what is not to be painted."""
        looks = self._layers.looks
        if chosen:
            painter.fillRect(box, looks.chosen)
        painter.setPen(looks.hairline)
        painter.drawLine(box.left(), box.bottom(), box.right(), box.bottom())
        top, high, exposed = box.top(), box.height(), self._exposed
        for column, left, wide in self._cells:
            if exposed is not None and not exposed.intersects(QRect(left, top, wide, high)):
                continue
            if column == Column.NAME:
                self._draw_name(painter, QRect(left, top, wide, high), row, is_open=is_open, indent=indent)
                continue
            text = row.cells.kernel_and_stride if column == self._joined else self._layers.text(row, column)
            if text:
                painter.setPen(looks.ink(row, column, text))
                cell = QRectF(left + PAD, top, wide - 2 * PAD, high)
                looks.plain.write(painter, cell, text, LEFT if column in WORDS else RIGHT)

    def frame(self, painter: QPainter, box: QRect) -> None:
        """Around the row that the keyboard stands on."""
        painter.setPen(self._layers.looks.focus)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0, 0, -1, -1))

    def _draw_name(self, painter: QPainter, cell: QRect, row: Row, *, is_open: bool, indent: int) -> None:
        looks = self._layers.looks
        depth = 0 if row.parent is None or row.parent.parent is None else 1 if row.layer is None else 2
        if row.layer is not None and row.parent is not None and row.parent.unit_id in (STEM, HEAD):
            depth = 1
        left = cell.left() + depth * indent
        if row.children is None or row.shown:
            self._draw_mark(painter, left + 9, cell.center().y() + 1, is_open=is_open)
        painter.setPen(looks.ink(row, Column.NAME, ""))
        # What can never be opened needs no room for the mark, and still stands behind the name above it.
        start = left + (NAMES if row.layer is None else _LAYERS)
        words = QRectF(start, cell.top(), cell.right() + 1 - start - _BEHIND, cell.height())
        (looks.plain if depth else looks.strong).write(painter, words, row.cells.name)

    def _draw_mark(self, painter: QPainter, x: int, y: int, *, is_open: bool) -> None:
        """The triangle that says whether there is more inside."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._layers.looks.mark)
        painter.drawPolygon((_OPEN if is_open else _CLOSED).translated(x, y))
        # One painter draws all rows: what stays set fills the next frame.
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

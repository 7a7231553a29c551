"""Paints the inside of a unit: convolutions, norms and activations in their order, shapes below, the shortcut above to a
circled plus. Reads a Part; knows no selection.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from resnet_studio.analysis.conventions import PAPERS, Convention
from resnet_studio.analysis.layers import LayerKind, Shape
from resnet_studio.analysis.parts import Part
from resnet_studio.design.types import BlockSpec, ShortcutKind
from resnet_studio.ui.format import shape
from resnet_studio.ui.inspector.picture_layout import (
    CIRCLES,
    Cell,
    arrange,
    attention_words,
    has_attention,
    layer_words,
    shortcut_words,
    spoken,
)
from resnet_studio.ui.layer_words import ATTENTION_WORDS, box_words, chip_words
from resnet_studio.ui.theme import Theme, ThemeManager, color, font, px, text_scale

_ARC, _BOX, _TEXT = 30.0, 40.0, 17.0
# Above the row and under the arc: the attention's own line, and the height of its box.
_ASIDE, _ASIDE_BOX = 24.0, 18.0


class PartPicture(QWidget):
    """The inside of one unit, painted."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._part: Part | None = None
        self._spec: BlockSpec | None = None
        self._by = PAPERS
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setObjectName("inspectorPicture")
        themes.changed.connect(self.update)

    def show_part(self, part: Part | None, spec: BlockSpec | None) -> None:
        """Another unit; `spec` is the block's, None for stem and head."""
        if part is self._part and spec == self._spec:
            return
        high = self.sizeHint()
        self._part, self._spec = part, spec
        self.setAccessibleName("" if part is None else spoken(part, spec))
        if high != self.sizeHint():
            self.updateGeometry()
        self.update()

    def count_by(self, by: Convention) -> None:
        """What counts as work in the tooltips."""
        self._by = by

    def sizeHint(self) -> QSize:
        """The arc above, the row, the shapes below."""
        return QSize(px(240), px(self._top() + _BOX + _TEXT + 6))

    def minimumSizeHint(self) -> QSize:
        """As high as painted; the width gives way."""
        return QSize(px(160), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """A layer under the mouse tells its name, shapes and cost."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._part is not None:
            QToolTip.showText(event.globalPos(), self.words_at(event.pos()), self)
            return True
        return super().event(event)

    def words_at(self, point: QPoint) -> str:
        """What there is to tell of the layer at a place; above the row it is the shortcut's."""
        if self._part is None:
            return ""
        at = QPointF(point) / text_scale()
        cells = arrange(self._part, self._width())
        weighed = next((cell for cell in cells if cell.inner), None)
        if weighed is not None and self._spec is not None:
            circle = QRectF(weighed.left - 2, self._top(), weighed.width + 4, _BOX)
            if circle.contains(at) or self._aside(cells).contains(at):
                return attention_words(self._spec, weighed.inner, self._by)
        if at.y() < self._top() - 2:
            return "\n".join(layer_words(layer, self._by) for layer in self._part.shortcut)
        hit = next((c for c in cells if c.left - 2 <= at.x() <= c.right + 2), None)
        return layer_words(hit.layer, self._by) if hit is not None else ""

    def _width(self) -> float:
        """The room at 100 %: everything is laid out for that, and painted as large as the text."""
        return self.width() / text_scale()

    def _top(self) -> float:
        if self._spec is None:
            return 4.0
        return _ARC + (_ASIDE if self._part is not None and has_attention(self._part) else 0.0)

    def _aside(self, cells: list[Cell]) -> QRectF:
        """The attention's box, above its circled times; empty where there is none."""
        times = next((cell for cell in cells if cell.inner), None)
        if times is None or self._spec is None:
            return QRectF()
        wide = 14.0 + 8.0 * len(ATTENTION_WORDS[self._spec.attention])
        right = times.right + 1
        return QRectF(right - wide, self._top() - _ASIDE_BOX - 8, wide, _ASIDE_BOX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Wire, cells, arc, shapes."""
        if self._part is None:
            return
        theme = self._themes.theme
        ink = theme.kind(self._spec.kind if self._spec is not None else None)
        cells = arrange(self._part, self._width())
        painter = QPainter(self)
        painter.scale(text_scale(), text_scale())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self._top() + _BOX / 2
        painter.setPen(QPen(color(theme.line_strong), 1.5))
        painter.drawLine(QPointF(0, middle), QPointF(min(cells[-1].right + 12, self._width()), middle))
        self._paint_arc(painter, theme, cells)
        self._paint_attention(painter, theme, ink, cells)
        for cell in cells:
            self._paint_cell(painter, theme, ink, cell)
        self._paint_shapes(painter, theme, cells)
        painter.end()

    def _paint_cell(self, painter: QPainter, theme: Theme, ink: str, cell: Cell) -> None:
        if cell.layer.kind in CIRCLES:
            self._paint_circle(painter, theme, cell, ink)
        elif not cell.is_box:
            self._paint_chip(painter, theme, cell)
        else:
            self._paint_box(painter, theme, ink, cell)

    def _paint_chip(self, painter: QPainter, theme: Theme, cell: Cell) -> None:
        """Norms stand back, activations in front; what training leaves out now and then has a dashed edge."""
        layer = cell.layer
        tall = QRectF(cell.left, self._top(), cell.width, _BOX).adjusted(0.5, 1, -0.5, -1)
        dropping = layer.kind in (LayerKind.DROPOUT, LayerKind.DROP_PATH)
        pen = QPen(color(theme.warn if not layer.sound else theme.line_strong), 1)
        if dropping:
            pen.setDashPattern([2.5, 2.0])
        painter.setPen(pen)
        painter.setBrush(color(theme.card if layer.kind is LayerKind.ACTIVATION else theme.field))
        painter.drawRoundedRect(tall, 4, 4)
        painter.save()
        painter.translate(tall.center())
        painter.rotate(-90)
        painter.setFont(font(9 if dropping or cell.width < 13 else 10, grows=False))
        painter.setPen(color(theme.text if layer.kind is LayerKind.ACTIVATION else theme.text_soft))
        painter.drawText(QRectF(-_BOX, -8, 2 * _BOX, 16), Qt.AlignmentFlag.AlignCenter, chip_words(layer))
        painter.restore()

    def _paint_box(self, painter: QPainter, theme: Theme, ink: str, cell: Cell) -> None:
        what, more = box_words(cell.layer)
        box = QRectF(cell.left, self._top(), cell.width, _BOX)
        painter.setBrush(color(theme.card))
        painter.setPen(QPen(color(ink if cell.layer.sound else theme.warn), 1.5))
        painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)
        painter.setFont(font(10, grows=False))
        small = painter.fontMetrics()
        lines = [" ".join(more)]
        if len(more) > 1 and small.horizontalAdvance(lines[0]) > cell.width - 4:
            half = (len(more) + 1) // 2
            lines = [" ".join(more[:half]), " ".join(more[half:])]
        lift = 6 * (len(lines) - 1)
        painter.setPen(color(theme.text_soft))
        for number, line in enumerate(lines):
            # The last resort of a narrow panel: a bottleneck with all that there is.
            tight = small.horizontalAdvance(line) > cell.width - 4
            painter.setFont(font(9 if tight else 10, grows=False))
            room = QRectF(box.left() - 2, box.top() + 21 - 1.2 * lift + 9.5 * number, box.width() + 4, 14)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, line)
        painter.setPen(color(theme.text))
        painter.setFont(font(12 if not lift else 11, bold=True, grows=False))
        if painter.fontMetrics().horizontalAdvance(what) > cell.width - 3:
            painter.setFont(font(10, bold=True, grows=False))
        painter.drawText(
            box.adjusted(-2, 5 - lift / 2, 2, -17 - lift / 2), Qt.AlignmentFlag.AlignCenter, what
        )

    def _paint_attention(self, painter: QPainter, theme: Theme, ink: str, cells: list[Cell]) -> None:
        """One box beside the wire: the branch goes in behind its last layer and comes out as weights at the circled times."""
        at = next((index for index, cell in enumerate(cells) if cell.inner), None)
        if at is None or self._spec is None:
            return
        times, box, middle = cells[at], self._aside(cells), self._top() + _BOX / 2
        taken = (cells[at - 1].right + times.left) / 2
        painter.setPen(QPen(color(ink), 1.3))
        painter.drawLine(QPointF(taken, middle), QPointF(taken, box.bottom()))
        painter.drawLine(QPointF(times.middle, box.bottom()), QPointF(times.middle, middle))
        painter.setBrush(color(theme.card))
        painter.setPen(QPen(color(ink), 1.5))
        painter.drawRoundedRect(box, 5, 5)
        painter.setFont(font(10, bold=True, grows=False))
        painter.setPen(color(theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, ATTENTION_WORDS[self._spec.attention])

    def _ink_of_plus(self, theme: Theme) -> str:
        assert self._spec is not None
        assert self._part is not None
        wrong = any(fault.code == "shortcut" for fault in self._part.faults)
        return theme.warn if wrong else theme.kind(self._spec.kind)

    def _paint_circle(self, painter: QPainter, theme: Theme, cell: Cell, ink: str) -> None:
        """A plus for the addition, a times for the attention's weights."""
        adds = cell.layer.kind is LayerKind.ADD
        centre, half = QPointF(cell.middle, self._top() + _BOX / 2), cell.width / 2
        painter.setBrush(color(theme.window))
        painter.setPen(QPen(color(self._ink_of_plus(theme) if adds else ink), 1.8 if adds else 1.4))
        painter.drawEllipse(centre, half, half)
        arm = half - 4
        first, second = (
            (QPointF(arm, 0), QPointF(0, arm))
            if adds
            else (QPointF(arm, arm) * 0.8, QPointF(arm, -arm) * 0.8)
        )
        painter.drawLine(centre - first, centre + first)
        painter.drawLine(centre - second, centre + second)

    def _paint_arc(self, painter: QPainter, theme: Theme, cells: list[Cell]) -> None:
        part, spec = self._part, self._spec
        plus = next((cell for cell in cells if cell.layer.kind is LayerKind.ADD), None)
        if part is None or spec is None or plus is None:
            return
        start = 5.0
        if part.shortcut_from_pre:
            start = (cells[len(part.pre) - 1].right + cells[len(part.pre)].left) / 2
        top, middle, end = 10.0, self._top() + _BOX / 2, plus.middle
        path = QPainterPath(QPointF(start, middle))
        path.lineTo(start, top + 7)
        path.quadTo(start, top, start + 7, top)
        path.lineTo(end - 7, top)
        path.quadTo(end, top, end, top + 7)
        path.lineTo(end, middle - plus.width / 2)
        ink = self._ink_of_plus(theme)
        pen = QPen(color(ink), 1.8)
        if spec.shortcut is ShortcutKind.IDENTITY:
            pen.setDashPattern([3.0, 2.2])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        self._paint_label(painter, theme, ink, QPointF((start + end) / 2, top))

    def _paint_label(self, painter: QPainter, theme: Theme, ink: str, centre: QPointF) -> None:
        assert self._spec is not None
        words = shortcut_words(self._spec.shortcut, self._spec.stride)
        painter.setFont(font(11, grows=False))
        half = painter.fontMetrics().horizontalAdvance(words) / 2 + 9
        box = QRectF(centre.x() - half, centre.y() - 9, 2 * half, 18)
        painter.setPen(QPen(color(ink, 0.55), 1))
        painter.setBrush(color(theme.window))
        painter.drawRoundedRect(box, 9, 9)
        painter.setPen(color(theme.text_soft))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_shapes(self, painter: QPainter, theme: Theme, cells: list[Cell]) -> None:
        """The shape that arrives, and each that a box makes, under where it first is; what would collide is left out."""
        assert self._part is not None
        painter.setFont(font(10, grows=False))
        painter.setPen(color(theme.text_soft))
        metrics = painter.fontMetrics()
        wires = [(0.0, self._part.input), *self._wires(cells)]
        line = self._top() + _BOX + 4
        taken = -6.0
        for x, value in wires:
            words = shape(value)
            size = metrics.horizontalAdvance(words)
            left = max(0.0, min(max(taken + 6, x - size / 2), self._width() - size - 1.0))
            if left >= taken + 3:
                painter.drawText(QRectF(left, line, size + 2, _TEXT), Qt.AlignmentFlag.AlignLeft, words)
                taken = left + size

    @staticmethod
    def _wires(cells: list[Cell]) -> list[tuple[float, Shape]]:
        """Behind each box the middle of the way to the next one, with the shape that goes there."""
        boxes = [cell for cell in cells if cell.is_box]
        found = []
        for cell, following in zip(boxes, [*boxes[1:], None], strict=True):
            end = following.left if following is not None else max(cells[-1].right, cell.right + 24)
            found.append(((cell.right + end) / 2, cell.layer.output))
        return found

"""Paints the profile of a whole drawing: the map's size as height and the channels as width, from stem to head. Reads a Plan."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import log2

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_studio.analysis.layers import Shape
from resnet_studio.analysis.plan import Plan
from resnet_studio.design.types import BlockKind
from resnet_studio.language import tr
from resnet_studio.ui.format import shape
from resnet_studio.ui.theme import ThemeManager, color, font, px, text_scale

_HEIGHT, _TEXT, _GAP = 64.0, 26.0, 6.0


@dataclass(frozen=True, slots=True)
class Slab:
    """What leaves the stem, a stage or the head: its shape, its blocks' kind where they share one, how many they are."""

    shape: Shape
    kind: BlockKind | None
    blocks: int


def slabs(plan: Plan) -> tuple[Slab, ...]:
    """One for the stem and each stage with blocks. Pure."""
    found = [Slab(plan.units[0].part.output, None, 0)]
    for index, stage in enumerate(plan.design.stages):
        if stage.blocks:
            last = next(unit for unit in reversed(plan.units) if unit.stage == index)
            kinds = {block.spec.kind for block in stage.blocks}
            found.append(Slab(last.part.output, kinds.pop() if len(kinds) == 1 else None, len(stage.blocks)))
    return tuple(found)


class ProfilePicture(QWidget):
    """Maps shrink, channels grow: the shape of a network at a glance."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._slabs: tuple[Slab, ...] = ()
        self._input: Shape = ()
        self.setObjectName("inspectorProfile")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def show_plan(self, plan: Plan) -> None:
        """Another drawing."""
        found = slabs(plan)
        if (found, plan.design.input.shape) != (self._slabs, self._input):
            self._slabs, self._input = found, plan.design.input.shape
            words = ", ".join(shape(slab.shape) for slab in found)
            self.setAccessibleName(tr("Shapes behind stem and stages: {shapes}", shapes=words))
            self.update()

    def sizeHint(self) -> QSize:
        """The slabs and a line of text below."""
        return QSize(px(240), px(_HEIGHT + _TEXT))

    def _width(self) -> float:
        """The room at 100 %: everything is laid out for that, and painted as large as the text."""
        return self.width() / text_scale()

    def boxes(self, width: float) -> list[QRectF]:
        """Where the slabs stand: as high as the logarithm of the map, as wide as that of the channels."""
        tallest = log2(max(2, *self._input[1:])) + 1
        weights = [log2(slab.shape[0]) + 2 for slab in self._slabs]
        unit = (width - _GAP * (len(weights) - 1)) / sum(weights)
        found, x = [], 0.0
        for slab, weight in zip(self._slabs, weights, strict=True):
            tall = max(4.0, _HEIGHT * (log2(max(slab.shape[1:])) + 1) / tallest)
            found.append(QRectF(x, (_HEIGHT - tall) / 2, weight * unit, tall))
            x += weight * unit + _GAP
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """Slabs on a wire, their shapes below."""
        if not self._slabs:
            return
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(text_scale(), text_scale())
        boxes = self.boxes(self._width())
        painter.setPen(QPen(color(theme.line_strong), 1.5))
        for left, right in pairwise(boxes):
            painter.drawLine(QPointF(left.right(), _HEIGHT / 2), QPointF(right.left(), _HEIGHT / 2))
        free = -4.0
        for slab, box in zip(self._slabs, boxes, strict=True):
            ink = theme.kind(slab.kind)
            painter.setPen(QPen(color(ink), 1.5))
            painter.setBrush(color(ink, 0.14))
            painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), 4, 4)
            if slab.blocks and box.width() > 24:
                painter.setFont(font(12, bold=True, grows=False))
                painter.setPen(color(theme.text))
                row = QRectF(box.left(), _HEIGHT / 2 - 10, box.width(), 20)
                painter.drawText(row, Qt.AlignmentFlag.AlignCenter, f"×{slab.blocks}")
            free = self._paint_shape(painter, slab, box, free)
        painter.end()

    def _paint_shape(self, painter: QPainter, slab: Slab, box: QRectF, free: float) -> float:
        """The shape below its slab, unless it would run into the one before; where the next may begin."""
        painter.setFont(font(10, grows=False))
        words = shape(slab.shape)
        size = painter.fontMetrics().horizontalAdvance(words)
        left = max(0.0, min(box.center().x() - size / 2, self._width() - size - 1.0))
        if left < free + 4:
            return free
        painter.setPen(color(self._themes.theme.text_soft))
        painter.drawText(QRectF(left, _HEIGHT + 2, size + 2, 16), Qt.AlignmentFlag.AlignLeft, words)
        return left + size

"""Paints the inside of a unit: convolutions, norms and activations in their order, shapes below, the shortcut above to a
circled plus. Reads a Part; knows no selection.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from resnet_studio.analysis.layers import Layer, LayerKind, Shape
from resnet_studio.analysis.parts import Part
from resnet_studio.design.types import Activation, BlockSpec, ShortcutKind
from resnet_studio.ui.format import shape, si, thousands
from resnet_studio.ui.inspector.fields import activation_words
from resnet_studio.ui.theme import Theme, ThemeManager, color, font

_SHORT = {Activation.LEAKY_RELU: "Leaky", Activation.HARDSWISH: "HSwish"}
_ARC, _BOX, _TEXT = 30.0, 40.0, 17.0
_CHIP, _PLUS, _LEAD, _MOST_BOX = 14.0, 16.0, 11.0, 64.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One layer's place along the row, in points."""

    layer: Layer
    left: float
    width: float

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + self.width

    @property
    def middle(self) -> float:
        """Its centre."""
        return self.left + self.width / 2


def _natural(layer: Layer) -> float:
    if layer.kind is LayerKind.ADD:
        return _PLUS
    return _CHIP if layer.kind in (LayerKind.NORM, LayerKind.ACTIVATION) else 0.0


def _needed(layer: Layer) -> float:
    """Points that a box's words take, roughly; the same on every machine, so that the arrangement is testable."""
    return max(len(words) for words in box_words(layer)) * 6.0 + 12


def arrange(part: Part, width: float) -> list[Cell]:
    """Every layer of the main path in order from left to right, as wide as there is room. Pure."""
    plus = () if part.add is None else (part.add,)
    row = part.pre + part.body + plus + part.after
    needed = [_natural(layer) or _needed(layer) for layer in row]
    boxes = [index for index, layer in enumerate(row) if not _natural(layer)]
    gaps = max(1, len(row) - 1)
    free = width - 2 * _LEAD - sum(needed)
    # Half of what is left makes boxes wider, the rest lets the wire show; a narrow panel squeezes the boxes.
    share = (free - 3.0 * gaps) / len(boxes) if free < 3.0 * gaps else free / 2 / len(boxes)
    for index in boxes:
        needed[index] = max(24.0, min(needed[index] + share, _MOST_BOX))
    gap = max(1.5, min((width - 2 * _LEAD - sum(needed)) / gaps, 30.0))
    cells, x = [], _LEAD
    for layer, size in zip(row, needed, strict=True):
        cells.append(Cell(layer, x, size))
        x += size + gap
    return cells


def box_words(layer: Layer) -> tuple[str, str]:
    """(what, more) in a layer's box."""
    if layer.kind is LayerKind.CONV:
        more = [f"/{layer.stride}"] if layer.stride > 1 else []
        more += [f"g{layer.groups}"] if layer.groups > 1 else []
        return f"{layer.kernel}×{layer.kernel}", " ".join(more) or str(layer.output[0])
    if layer.kind is LayerKind.MAX_POOL:
        return "pool", f"{layer.kernel}×{layer.kernel} /{layer.stride}"
    if layer.kind is LayerKind.GLOBAL_POOL:
        return "pool", "average"
    return "linear", str(layer.output[0])


def chip_words(layer: Layer) -> str:
    """What stands upright in a norm's or activation's chip."""
    if layer.activation is None:
        return "BN"
    return _SHORT.get(layer.activation) or activation_words(layer.activation)


def shortcut_words(kind: ShortcutKind, stride: int) -> str:
    """What stands on the arc."""
    strided = f", stride {stride}" if stride > 1 else ""
    return {
        ShortcutKind.IDENTITY: "identity",
        ShortcutKind.PROJECTION: f"1×1{strided}",
        ShortcutKind.ZERO_PAD: f"zero padding{strided}",
        ShortcutKind.POOL_PROJECTION: f"average {stride}×{stride}, 1×1" if stride > 1 else "1×1",
        ShortcutKind.NONE: "",
    }[kind]


def layer_words(layer: Layer) -> str:
    """A layer's tooltip."""
    counted = (
        f"\n{thousands(layer.params)} parameters, {si(layer.macs)} multiply-adds" if layer.params else ""
    )
    return f"{layer.name}\n{shape(layer.input)} → {shape(layer.output)}{counted}"


class PartPicture(QWidget):
    """The inside of one unit, painted."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._part: Part | None = None
        self._spec: BlockSpec | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setObjectName("inspectorPicture")
        themes.changed.connect(self.update)

    def show_part(self, part: Part | None, spec: BlockSpec | None) -> None:
        """Another unit; `spec` is the block's, None for stem and head."""
        if part is self._part and spec == self._spec:
            return
        taller = (spec is None) != (self._spec is None)
        self._part, self._spec = part, spec
        self.setAccessibleName(self._words())
        if taller:
            self.updateGeometry()
        self.update()

    def _words(self) -> str:
        if self._part is None:
            return ""
        steps = [chip_words(c.layer) if _natural(c.layer) and c.layer.kind is not LayerKind.ADD else
                 "add" if c.layer.kind is LayerKind.ADD else " ".join(box_words(c.layer))
                 for c in arrange(self._part, 400)]  # fmt: skip
        return ", ".join(steps)

    def sizeHint(self) -> QSize:
        """The arc above, the row, the shapes below."""
        arc = _ARC if self._spec is not None else 4
        return QSize(240, int(arc + _BOX + _TEXT + 6))

    def minimumSizeHint(self) -> QSize:
        """As high as painted; the width gives way."""
        return QSize(160, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """A layer under the mouse tells its name, shapes and cost."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._part is not None:
            cells = arrange(self._part, self.width())
            hit = next((c for c in cells if c.left - 2 <= event.pos().x() <= c.right + 2), None)
            above = event.pos().y() < self._top() - 2
            shortcut = "\n".join(layer_words(layer) for layer in self._part.shortcut)
            QToolTip.showText(
                event.globalPos(), shortcut if above else layer_words(hit.layer) if hit else "", self
            )
            return True
        return super().event(event)

    def _top(self) -> float:
        return _ARC if self._spec is not None else 4.0

    def paintEvent(self, event: QPaintEvent) -> None:
        """Wire, cells, arc, shapes."""
        if self._part is None:
            return
        theme = self._themes.theme
        ink = theme.kind(self._spec.kind if self._spec is not None else None)
        cells = arrange(self._part, self.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self._top() + _BOX / 2
        painter.setPen(QPen(color(theme.line_strong), 1.5))
        painter.drawLine(QPointF(0, middle), QPointF(min(cells[-1].right + 12, self.width()), middle))
        self._paint_arc(painter, theme, ink, cells)
        for cell in cells:
            self._paint_cell(painter, theme, ink, cell)
        self._paint_shapes(painter, theme, cells)
        painter.end()

    def _paint_cell(self, painter: QPainter, theme: Theme, ink: str, cell: Cell) -> None:
        top = self._top()
        box = QRectF(cell.left, top, cell.width, _BOX)
        layer = cell.layer
        if layer.kind is LayerKind.ADD:
            self._paint_plus(painter, theme, cell)
        elif _natural(layer):
            tall = box.adjusted(0.5, 1, -0.5, -1)
            painter.setPen(QPen(color(theme.line_strong), 1))
            painter.setBrush(color(theme.field if layer.kind is LayerKind.NORM else theme.card))
            painter.drawRoundedRect(tall, 4, 4)
            painter.save()
            painter.translate(tall.center())
            painter.rotate(-90)
            painter.setFont(font(10))
            painter.setPen(color(theme.text_soft if layer.kind is LayerKind.NORM else theme.text))
            painter.drawText(QRectF(-_BOX / 2, -8, _BOX, 16), Qt.AlignmentFlag.AlignCenter, chip_words(layer))
            painter.restore()
        else:
            what, more = box_words(layer)
            painter.setBrush(color(theme.card))
            painter.setPen(QPen(color(ink if layer.sound else theme.warn), 1.5))
            painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)
            painter.setPen(color(theme.text))
            painter.setFont(font(12, bold=True))
            painter.drawText(box.adjusted(0, 5, 0, -18), Qt.AlignmentFlag.AlignCenter, what)
            painter.setPen(color(theme.text_soft))
            painter.setFont(font(10))
            painter.drawText(box.adjusted(0, 20, 0, -4), Qt.AlignmentFlag.AlignCenter, more)

    def _ink_of_plus(self, theme: Theme) -> str:
        assert self._spec is not None
        assert self._part is not None
        wrong = any(fault.code == "shortcut" for fault in self._part.faults)
        return theme.warn if wrong else theme.kind(self._spec.kind)

    def _paint_plus(self, painter: QPainter, theme: Theme, cell: Cell) -> None:
        centre = QPointF(cell.middle, self._top() + _BOX / 2)
        painter.setBrush(color(theme.window))
        painter.setPen(QPen(color(self._ink_of_plus(theme)), 1.8))
        painter.drawEllipse(centre, _PLUS / 2, _PLUS / 2)
        arm = _PLUS / 2 - 4
        painter.drawLine(centre - QPointF(arm, 0), centre + QPointF(arm, 0))
        painter.drawLine(centre - QPointF(0, arm), centre + QPointF(0, arm))

    def _paint_arc(self, painter: QPainter, theme: Theme, ink: str, cells: list[Cell]) -> None:
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
        path.lineTo(end, middle - _PLUS / 2)
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
        painter.setFont(font(11))
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
        painter.setFont(font(10))
        painter.setPen(color(theme.text_soft))
        metrics = painter.fontMetrics()
        wires = [(0.0, self._part.input), *self._wires(cells)]
        line = self._top() + _BOX + 4
        taken = -6.0
        for x, value in wires:
            words = shape(value)
            size = metrics.horizontalAdvance(words)
            left = max(0.0, min(max(taken + 6, x - size / 2), self.width() - size - 1.0))
            if left >= taken + 3:
                painter.drawText(QRectF(left, line, size + 2, _TEXT), Qt.AlignmentFlag.AlignLeft, words)
                taken = left + size

    @staticmethod
    def _wires(cells: list[Cell]) -> list[tuple[float, Shape]]:
        """Behind each box the middle of the way to the next one, with the shape that goes there."""
        boxes = [cell for cell in cells if not _natural(cell.layer)]
        found = []
        for cell, following in zip(boxes, [*boxes[1:], None], strict=True):
            end = following.left if following is not None else max(cells[-1].right, cell.right + 24)
            found.append(((cell.right + end) / 2, cell.layer.output))
        return found

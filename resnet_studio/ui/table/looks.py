"""How the layer table's rows are written and coloured. Knows rows, tokens and conventions, and no tree."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from resnet_studio.analysis.plan import Plan
from resnet_studio.language import tr
from resnet_studio.ui.face import Face
from resnet_studio.ui.format import shape, si, thousands
from resnet_studio.ui.table.confirmation import ABSENT, PARTLY, SKIPPED, WAITING, YES
from resnet_studio.ui.table.figures import COUNTED, Figures, words
from resnet_studio.ui.table.rows import Column, Row
from resnet_studio.ui.theme import ThemeManager, color
from resnet_studio.ui.view_state import ViewState

TITLES = (
    tr("Layer"),
    tr("Kind"),
    tr("Kernel"),
    tr("Stride"),
    tr("Groups"),
    tr("Input"),
    tr("Output"),
    tr("Parameters"),
    tr("Mult-adds"),
    tr("Activations"),
    tr("Memory"),
    tr("Receptive"),
    tr("Eff. stride"),
    tr("FLOPs/byte"),
    "torchinfo",
)
_TIPS = (
    tr("The layer's name in the state_dict, as torchvision names it."),
    tr("What it is."),
    tr(
        "Kernel size, d2 for a dilation of 2 (Yu et al. 2017, arXiv:1705.09914); behind a slash the stride, where it has no column of its own."
    ),
    tr("Stride of a convolution or pooling."),
    tr(
        "Groups of a convolution (Xie et al. 2016, arXiv:1611.05431) or of a group norm (Wu & He 2018, arXiv:1803.08494)."
    ),
    tr("Shape that arrives: channels · height × width."),
    tr("Shape that leaves."),
    tr("Learned numbers, biases included."),
    tr(
        "Multiply-adds of convolutions and classifier, batch 1; papers print them as FLOPs (He et al. 2015, arXiv:1512.03385, Table 1)."
    ),
    tr(
        "Activation elements: of all convolution outputs, batch 1 (Radosavovic et al. 2020, arXiv:2003.13678)."
    ),
    tr("Memory kept for the backward pass: float32 bytes that autograd keeps of one image, block by block."),
    tr(
        "Receptive field of a block's output: the edge of the input window that one pixel sees, in pixels (Luo et al. 2017, arXiv:1701.04128)."
    ),
    tr("Effective stride of a block's output: input pixels between two neighbouring pixels."),
    tr(
        "Arithmetic intensity: floating-point operations for each byte moved, layer by layer in float32 (Williams et al. 2009, the roofline model)."
    ),
    tr("✓: torchinfo counts the same parameters, multiply-adds (in its own convention) and output shape."),
)
_SHORT = {
    WAITING: tr("has not answered yet"),
    SKIPPED: tr("skips blocks that cannot be built"),
    PARTLY: tr("agrees on all that can be built here"),
}
_QUIET = (ABSENT, WAITING, SKIPPED, PARTLY)


class Looks:
    """Words, colours and fonts of cells; the colours follow the theme."""

    def __init__(self, themes: ThemeManager, state: ViewState) -> None:
        self._themes, self._state = themes, state
        self.figures = Figures()
        self._take_colours()
        themes.changed.connect(self._take_colours)

    def _take_colours(self) -> None:
        theme = self._themes.theme
        self._soft, self._text = color(theme.text_soft), color(theme.text)
        self._good, self._warn = color(theme.good), color(theme.warn)
        self.ground, self.chosen = color(theme.window), color(theme.accent_soft)
        self.hairline, self.focus, self.mark = color(theme.grid), color(theme.accent), color(theme.text_faint)
        # Numbers are never shortened; of a long name, beginning and end say most.
        middle = Qt.TextElideMode.ElideMiddle
        self.plain, self.strong = Face(13, elide=middle), Face(13, bold=True, elide=middle)

    def title(self, column: int) -> str:
        """A column's title; the work's names its convention."""
        return self._state.work_label if column == Column.MACS else TITLES[column]

    def column_tip(self, column: int) -> str:
        """What a column means."""
        return self._state.work_words if column == Column.MACS else _TIPS[column]

    def text(self, row: Row, column: int) -> str:
        """What a cell says, but for torchinfo's; zeros of layers without anything to learn or compute stay blank."""
        cells = row.cells
        if column in (Column.NAME, Column.KIND):
            return cells.name if column == Column.NAME else cells.kind
        if column == Column.KERNEL:
            return cells.kernel_words
        if column in (Column.STRIDE, Column.GROUPS):
            value = cells.stride if column == Column.STRIDE else cells.groups
            return str(value) if value else ""
        if column in COUNTED:
            return words(self.figures.value(row, Column(column)), Column(column))
        if column in (Column.INPUT, Column.OUTPUT):
            sizes = cells.input if column == Column.INPUT else cells.output
            return shape(sizes) if sizes else ""
        counted = cells.params if column == Column.PARAMS else self.work(row)
        if not counted and row.layer is not None:
            return ""
        return thousands(counted) if column == Column.PARAMS else si(counted)

    def total_text(self, plan: Plan, column: Column) -> str:
        """What a cell of the whole drawing's row says."""
        if column in COUNTED:
            return words(self.figures.total(column), column)
        known = {
            Column.NAME: tr("Total"),
            Column.INPUT: shape(plan.design.input.shape),
            Column.OUTPUT: shape(plan.output),
            Column.PARAMS: thousands(plan.totals.params),
            Column.MACS: si(self.total_work(plan)),
        }
        return known.get(column, "")

    def total_work(self, plan: Plan) -> int:
        """The whole drawing's work in the convention in force."""
        return self._state.of_plan(plan)

    def work(self, row: Row) -> int:
        """A layer's, unit's or stage's work in the convention in force."""
        if row.layer is not None:
            return self._state.of_layer(row.layer)
        if row.unit is not None:
            return self._state.of_part(row.unit.part)
        return sum(map(self._state.of_part, row.source[2])) if row.source is not None else 0

    def ink(self, row: Row, column: int, text: str) -> QColor:
        """A cell's colour."""
        if column == Column.TORCHINFO:
            return self._good if text == YES else self._soft if text in _QUIET else self._warn
        if row.layer is not None and not row.layer.sound:
            return self._warn
        return self._soft if column == Column.KIND else self._text

    def tip(self, row: Row, column: int, verdict: str) -> str | None:
        """What a cell says in full."""
        if column == Column.NAME:
            return row.cells.name
        if column == Column.MACS:
            return f"{thousands(self.work(row))} {self._state.work_text}"
        if column in COUNTED:
            value = self.figures.value(row, Column(column))
            return (
                None
                if value is None
                else f"{value:,.6g}"
                if column == Column.INTENSITY
                else thousands(int(value))
            )
        if column != Column.TORCHINFO or verdict in ("", YES):
            return None
        return tr("torchinfo {verdict}", verdict=_SHORT.get(verdict, verdict))

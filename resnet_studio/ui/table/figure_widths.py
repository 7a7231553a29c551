"""How wide a Plan's longest figure is in each column of the layer table, so that none is cut. Knows no header and no tree."""

from __future__ import annotations

from collections.abc import Iterable

from resnet_studio.analysis.layers import Shape
from resnet_studio.analysis.parts import Part
from resnet_studio.analysis.plan import Plan, Unit
from resnet_studio.ui.face import Face
from resnet_studio.ui.format import shape, si, size, thousands
from resnet_studio.ui.table.rows import Column, layer_cells

# A smaller number may be longer in SI units ("999 M" and "1 G"): of these every row could hold the longest.
_LONG = [1.11 * 10**power for power in (0, 3, 6, 9, 12)]
_LONG_COUNTS, _LONG_SIZES = tuple(map(si, _LONG)), tuple(map(size, _LONG))
_BY_LAYER = (Column.KERNEL, Column.GROUPS, Column.INPUT, Column.OUTPUT)


class FigureWidths:
    """Of one Plan, in pixels at the size of the text in force. Rows that nobody has opened count, too: no column jumps."""

    def __init__(self) -> None:
        self._face = Face(13)
        self._plan: Plan | None = None
        self._of_parts: dict[int, tuple[Part, tuple[float, ...]]] = {}
        self._widths: dict[Column, float] = {}

    def of(self, column: Column) -> float:
        """The longest figure's width; 0 where a column holds words, or figures that are never longer than its head."""
        return self._widths.get(column, 0)

    def width(self, text: str) -> float:
        """How wide the rows write a text."""
        return self._face.width(text)

    def follow_text(self) -> None:
        """Take the size of the text in force."""
        if self._face.follow_text() and self._plan is not None:
            self._of_parts.clear()
            self.show_plan(self._plan)

    def show_plan(self, plan: Plan) -> bool:
        """Another plan; whether a column needs another width."""
        before, self._plan = self._widths, plan
        self._widths = self._of_layers(plan) | self._of_sums(plan)
        return self._widths != before

    def _of_layers(self, plan: Plan) -> dict[Column, float]:
        # By identity, as the analysis remembers parts: an edit makes few new ones, and hundreds of blocks share one.
        known, parts = self._of_parts, [unit.part for unit in plan.units]
        units = dict(zip(map(id, parts), plan.units, strict=True))
        self._of_parts = {
            key: known.get(key) or (unit.part, self._of_unit(unit)) for key, unit in units.items()
        }
        longest = map(max, zip(*(widths for _, widths in self._of_parts.values()), strict=True))
        return dict(zip(_BY_LAYER, longest, strict=True))

    def _of_unit(self, unit: Unit) -> tuple[float, ...]:
        part = unit.part
        layers = part.layers()
        arriving: set[Shape] = {part.input, *(layer.input for layer in layers)}
        leaving: set[Shape] = {part.output, *(layer.output for layer in layers)}
        return (
            # Where the stride has no column of its own, it stands behind the kernel.
            self._longest(layer_cells(unit, layer).kernel_and_stride for layer in layers if layer.kernel),
            self._longest([str(max((layer.groups for layer in layers), default=0))]),
            self._longest(map(shape, arriving)),
            self._longest(map(shape, leaving)),
        )

    def _of_sums(self, plan: Plan) -> dict[Column, float]:
        """No row has more than all of them together; how far the last block sees, none before it does."""
        totals, last = plan.totals, plan.units[-1]
        texts = {
            Column.PARAMS: (thousands(totals.params),),
            Column.MACS: (si(totals.flops), *_LONG_COUNTS),
            Column.ACTIVATIONS: (si(totals.activations), *_LONG_COUNTS),
            Column.MEMORY: (size(totals.backward_bytes), *_LONG_SIZES),
            Column.RECEPTIVE: (thousands(last.receptive),),
            Column.JUMP: (thousands(last.jump),),
        }
        return {column: self._longest(some) for column, some in texts.items()}

    def _longest(self, texts: Iterable[str]) -> float:
        return max(map(self._face.width, texts), default=0.0)

"""What rows cost beyond parameters and work: activations, memory, sight, intensity. Counts when asked; knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence

from resnet_studio.analysis.conventions import layer_work, part_work
from resnet_studio.analysis.costs import kept_of
from resnet_studio.analysis.intensity import layer_bytes, part_bytes
from resnet_studio.analysis.layers import LayerKind, elements
from resnet_studio.analysis.plan import Plan, Unit
from resnet_studio.ui.format import si, size, thousands
from resnet_studio.ui.table.rows import Column, Row

COUNTED = (Column.ACTIVATIONS, Column.MEMORY, Column.RECEPTIVE, Column.JUMP, Column.INTENSITY)


class Figures:
    """Of one Plan. Some of them depend on what stands before or behind a row, so none outlives the Plan."""

    def __init__(self) -> None:
        self._plan: Plan | None = None
        self._places: dict[str, int] = {}
        self._known: dict[tuple[int, Column], float | None] = {}

    def show_plan(self, plan: Plan) -> None:
        """Another plan."""
        self._plan = plan
        self._places.clear()
        self._known.clear()

    def value(self, row: Row, column: Column) -> float | None:
        """A row's figure; None where it has none."""
        asked = row.number, column
        if asked not in self._known:
            self._known[asked] = self._counted(row, column)
        return self._known[asked]

    def total(self, column: Column) -> float | None:
        """The whole drawing's."""
        return None if self._plan is None else self._of_units(self._plan.units, column)

    def _counted(self, row: Row, column: Column) -> float | None:
        if row.layer is not None:
            return _of_layer(row, column)
        # By id: a row whose part is the same may still hold the unit of an earlier Plan.
        rows = [row] if row.unit is not None else row.children or []
        return self._of_units([self._unit(each.unit_id) for each in rows], column)

    def _unit(self, unit_id: str) -> Unit:
        assert self._plan is not None
        return self._plan.units[self._place(unit_id)]

    def _place(self, unit_id: str) -> int:
        assert self._plan is not None
        if not self._places:
            self._places = {known.id: index for index, known in enumerate(self._plan.units)}
        return self._places[unit_id]

    def _of_units(self, units: Sequence[Unit], column: Column) -> float | None:
        if not units:
            return None
        if column is Column.ACTIVATIONS:
            return sum(unit.part.activations for unit in units)
        if column is Column.MEMORY:
            return sum(map(self._memory, units))
        if column is Column.INTENSITY:
            moved = sum(part_bytes(unit.part) for unit in units)
            return sum(part_work(unit.part).operations for unit in units) / moved if moved else None
        return units[-1].receptive if column is Column.RECEPTIVE else units[-1].jump

    def _memory(self, unit: Unit) -> int:
        assert self._plan is not None
        return kept_of(self._plan, self._place(unit.id))


def _of_layer(row: Row, column: Column) -> float | None:
    """What autograd keeps and how far one sees is a question of the whole block."""
    layer = row.layer
    assert layer is not None
    if column is Column.ACTIVATIONS:
        return elements(layer.output) if layer.kind is LayerKind.CONV and layer.sound else None
    if column is Column.INTENSITY:
        moved = layer_bytes(layer)
        return layer_work(layer).operations / moved if moved else None
    return None


def words(value: float | None, column: Column) -> str:
    """A figure as the table writes it."""
    if value is None:
        return ""
    if column is Column.INTENSITY:
        return f"{value:.1f}"
    if column is Column.MEMORY:
        return size(value)
    return si(value) if column is Column.ACTIVATIONS else thousands(int(value))

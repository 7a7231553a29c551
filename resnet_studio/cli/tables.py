"""The tables of `summary`: by layer, by block, and folded, in a chosen convention and with chosen columns. Counts nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from resnet_studio.analysis.conventions import Convention, layer_work
from resnet_studio.analysis.costs import Cost, together, unit_costs
from resnet_studio.analysis.plan import Plan, Unit, place_words
from resnet_studio.cli import text
from resnet_studio.cli.words import block_words, layer_words
from resnet_studio.design.folding import runs_of_equal


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of units: where, what, its last unit, and what all of them cost."""

    place: str
    what: str
    unit: Unit
    cost: Cost


COLUMNS: dict[str, tuple[str, Callable[[Row], str]]] = {
    "activations": ("activations", lambda row: f"{row.cost.activations:,}"),
    "memory": ("kept", lambda row: text.size(row.cost.kept)),
    "receptive": ("sees", lambda row: f"{row.unit.receptive:,}"),
    "stride": ("stride", lambda row: str(row.unit.jump)),
    "intensity": ("FLOPs/byte", lambda row: f"{row.cost.intensity:.1f}"),
}


def layers(plan: Plan, by: Convention) -> list[str]:
    """Every layer with its shapes, parameters and work."""
    rows = []
    for name, layer, _ in plan.layers():
        work = layer_work(layer).counted(by)
        counted = (f"{layer.params:,}" if layer.params else "-", f"{work:,}" if work else "-")
        if not layer.sound:
            counted = ("broken", "broken")
        rows.append((name, layer_words(layer), text.shape(layer.input), text.shape(layer.output), *counted))
    return text.table(("layer", "kind", "input", "output", "params", head(by)), rows, left=2)


def head(by: Convention) -> str:
    """The work's column title."""
    return "FLOPs" if by.flops else "MACs"


def units(plan: Plan, by: Convention, *, fold: bool, columns: tuple[str, ...] = ()) -> list[str]:
    """One line for each block, or for each run of equal ones."""
    costs = dict(zip((id(unit) for unit in plan.units), unit_costs(plan), strict=True))
    rows = [
        (
            row.place,
            row.what,
            text.shape(row.unit.part.output),
            f"{row.cost.params:,}",
            f"{row.cost.work.counted(by):,}",
            *(COLUMNS[name][1](row) for name in columns),
        )
        for row in _rows(plan, costs, fold=fold)
    ]
    titles = (
        "unit",
        "blocks, shortcut",
        "output",
        "params",
        head(by),
        *(COLUMNS[name][0] for name in columns),
    )
    return text.table(titles, rows, left=2)


def _rows(plan: Plan, costs: dict[int, Cost], *, fold: bool) -> Iterator[Row]:
    known = {unit.id: unit for unit in plan.units}
    yield Row("Stem", "", plan.units[0], costs[id(plan.units[0])])
    for stage in plan.design.stages:
        runs = runs_of_equal(stage.blocks) if fold else ((index, 1) for index in range(len(stage.blocks)))
        for start, count in runs:
            block = stage.blocks[start]
            same = [known[other.id] for other in stage.blocks[start : start + count]]
            place = place_words(known[block.id])
            if count > 1:
                place = f"{place.replace('block', 'blocks')}-{start + count}"
            what = block_words(block.spec, count, stage.blocks[start + count - 1].spec.drop_path)
            # Equal specs cost the same only where the same shape arrives, so the run is summed, not multiplied.
            yield Row(place, what, same[-1], together([costs[id(unit)] for unit in same]))
    if plan.design.head is not None:
        yield Row("Head", "", plan.units[-1], costs[id(plan.units[-1])])

"""Which blocks share a card, and how much is shown before a layout takes too long. Knows no DOT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from resnet_studio.analysis.plan import Plan, Unit
from resnet_studio.design.folding import runs_of_equal
from resnet_studio.design.types import Block, Stage
from resnet_studio.engine.diagram.look import Look
from resnet_studio.language import tr

# Layout time grows faster than the number of nodes; these still answer within about a second (ResNet-152 by layers: 514).
MAX_LAYERS, MAX_BLOCKS = 520, 80
# Of a stage with too many different blocks, so many are shown at either end.
ENDS = 30


@dataclass(frozen=True, slots=True)
class Run:
    """One or more equal neighbours that are drawn as one; `last` is the drop path of the last of them."""

    unit: Unit
    block: Block
    count: int
    ids: tuple[str, ...]
    last: float


def affordable(plan: Plan, look: Look) -> tuple[Look, list[tuple[Run, ...]], list[str]]:
    """Fold, then leave out layers, until the layout answers in time."""
    notes: list[str] = []
    runs = _runs(plan, fold=look.fold)
    folded = _runs(plan, fold=True)
    if not look.fold and too_much(runs, look):
        look, runs = replace(look, fold=True), folded
        notes.append(tr("Equal neighbours are folded: the drawing is too deep to show each one."))
    if look.detail == "layers" and too_much(runs, look):
        look = replace(look, detail="blocks")
        notes.append(tr("Blocks are shown instead of layers: there are too many to show."))
    return look, runs, notes


def too_much(runs: Iterable[Sequence[Run]], look: Look) -> bool:
    """Whether the layout would take longer than one waits."""
    return _weight(runs, look) > _limit(look)


def _limit(look: Look) -> int:
    return MAX_LAYERS if look.detail == "layers" else MAX_BLOCKS


def _weight(runs: Iterable[Sequence[Run]], look: Look) -> int:
    flat = [run for lane in runs for run in lane]
    return sum(map(_nodes, flat)) if look.detail == "layers" else len(flat)


def _nodes(run: Run) -> int:
    """The layers that are drawn: an attention's are one node and a circled times."""
    rows = run.unit.part.layers()
    aside = sum(row.aside for row in rows)
    return len(rows) - aside + (2 if aside else 0)


def _runs(plan: Plan, *, fold: bool) -> list[tuple[Run, ...]]:
    units = {unit.id: unit for unit in plan.units}
    lanes: list[tuple[Run, ...]] = []
    for stage in plan.design.stages:
        spans = runs_of_equal(stage.blocks) if fold else tuple((i, 1) for i in range(len(stage.blocks)))
        lanes.append(tuple(run for start, count in spans for run in _span(plan, units, stage, start, count)))
    return lanes


def _span(plan: Plan, units: dict[str, Unit], stage: Stage, start: int, count: int) -> Iterator[Run]:
    """A run, cut where equal specs still mean different things: the first that strides, or has another input."""
    first = start
    for index in range(start, start + count + 1):
        ended = index == start + count
        if not ended and units[stage.blocks[index].id].part.input == units[stage.blocks[first].id].part.input:
            continue
        ids = tuple(block.id for block in stage.blocks[first:index])
        last = stage.blocks[index - 1].spec.drop_path
        yield Run(units[ids[0]], stage.blocks[first], len(ids), ids, last)
        first = index

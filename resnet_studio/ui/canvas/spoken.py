"""The canvas in words, for whoever cannot see it: what is drawn, what is selected and what it costs, what is wrong. Knows no Qt."""

from __future__ import annotations

from collections.abc import Collection

from resnet_studio.analysis.conventions import part_work
from resnet_studio.analysis.plan import Plan, Unit
from resnet_studio.design.types import Design
from resnet_studio.language import tr, trn
from resnet_studio.ui.format import si
from resnet_studio.ui.view_state import ViewState

_MOST = 5  # names that are read out


def canvas_words(design: Design, plan: Plan, chosen: Collection[str], card: str, view: ViewState) -> str:
    """What a screen reader says of the canvas; `card` is what is known of the card under the keyboard."""
    units = _units(design, plan, chosen)
    lines = []
    if not units:
        lines.append(_whole(design, plan, view))
        lines.append(tr("Nothing is selected."))
    if card:
        lines.append(card)
    if len(units) > 1:
        lines.append(_several(units, view))
    problems = len(plan.problems)
    if problems == 1:
        lines.append(tr("The drawing has one problem."))
    elif problems:
        lines.append(tr("The drawing has {number} problems.", number=problems))
    return "\n".join(lines)


def _units(design: Design, plan: Plan, chosen: Collection[str]) -> list[Unit]:
    wanted = set(chosen)
    for stage in design.stages:
        if stage.id in wanted:
            wanted.update(block.id for block in stage.blocks)
    return [unit for unit in plan.units if unit.id in wanted]


def _cost(params: int, work: int, view: ViewState) -> str:
    values = {"params": si(params), "work": si(work)}
    if view.flops:
        return tr("{params} parameters, {work} FLOPs", **values)
    return tr("{params} parameters, {work} multiply-adds", **values)


def _whole(design: Design, plan: Plan, view: ViewState) -> str:
    blocks = sum(len(stage.blocks) for stage in design.stages)
    return tr(
        "{design}: {stages}, {blocks}, {cost}.",
        design=design.name,
        stages=trn("{count} stage", "{count} stages", len(design.stages)),
        blocks=trn("{count} block", "{count} blocks", blocks),
        cost=_cost(plan.totals.params, view.of_plan(plan), view),
    )


def _several(units: list[Unit], view: ViewState) -> str:
    names = [unit.name for unit in units]
    listed = ", ".join(names[:_MOST])
    if len(names) > _MOST:
        listed = tr("{names} and {number} more", names=listed, number=len(names) - _MOST)
    params = sum(unit.part.params for unit in units)
    work = sum(part_work(unit.part).counted(view.convention) for unit in units)
    return tr(
        "{number} selected ({names}), together {cost}.",
        number=len(units),
        names=listed,
        cost=_cost(params, work, view),
    )

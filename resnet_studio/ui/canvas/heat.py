"""What each card costs by the chosen heat, and its share. Knows no painting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

from resnet_studio.analysis.conventions import PAPERS, Convention, layer_work, part_work, plan_work
from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.plan import Plan
from resnet_studio.ui.canvas.shapes import Card, Role
from resnet_studio.ui.view_state import Heat


@dataclass(frozen=True, slots=True)
class Share:
    """A card's cost: how long its bar is (0 to 1), and the words beside it."""

    length: float = 0.0
    words: str = ""


def shares(plan: Plan, cards: Sequence[Card], heat: Heat, by: Convention = PAPERS) -> list[Share]:
    """The share of each card, bars on one scale that the dearest one nearly fills; words are the part of the whole, or pixels seen."""
    costs = [_cost(card, heat, by) for card in cards]
    top = _scale(max(costs, default=0))
    whole = _whole(plan, heat, by) or 1
    made: dict[float, Share] = {}
    for cost in costs:
        if cost not in made:
            words = f"{cost:.0f} px" if heat is Heat.RECEPTIVE else _percent(cost / whole)
            made[cost] = Share(_coarse(cost / top), words)
    return [made[cost] for cost in costs]


def _scale(top: float) -> float:
    """The next larger of ten steps a decade: the bars of all cards would jump if each edit of the dearest one moved it."""
    return 10 ** (ceil(log10(top) * 10 - 1e-9) / 10) if top > 0 else 1.0


def _coarse(value: float) -> float:
    # Bars are about 80 pixels long: finer steps would only repaint cards that look the same.
    return round(value * 200) / 200


def _percent(value: float) -> str:
    if value == 0:
        return "0 %"
    if value < 0.001:
        return "<0.1 %"
    return f"{value * 100:.1f} %" if value < 0.0995 else f"{value * 100:.0f} %"


def _whole(plan: Plan, heat: Heat, by: Convention) -> int:
    if heat is Heat.MACS:
        return plan_work(plan).counted(by) if by.items else plan.totals.macs
    return plan.totals.params if heat is Heat.PARAMS else plan.totals.backward_bytes


def _cost(card: Card, heat: Heat, by: Convention) -> float:
    if card.unit is None:
        return 0
    if card.layer is not None:
        return _layer_cost(card, heat, by)
    part = card.unit.part
    if heat is Heat.MACS:
        return (part_work(part).counted(by) if by.items else part.macs) * card.count
    if heat is Heat.PARAMS:
        return part.params * card.count
    if heat is Heat.MEMORY:
        kept = part.kept
        return (kept.inside + (kept.output if kept.keeps_output else 0)) * card.count
    grown = (part_growth(card) if card.count > 1 else 0) * (card.count - 1)
    return card.unit.receptive + grown


def part_growth(card: Card) -> int:
    """Pixels by which one more block of a folded run widens what is seen: its strides are 1, or it would not fold."""
    if card.unit is None:
        return 0
    rows = card.unit.part.pre + card.unit.part.body + card.unit.part.after
    convs = (row for row in rows if row.kind is LayerKind.CONV and not row.aside)
    return sum((row.kernel - 1) * row.dilation * card.unit.jump for row in convs)


def _layer_cost(card: Card, heat: Heat, by: Convention) -> float:
    layer, unit = card.layer, card.unit
    if layer is None or unit is None:
        return 0
    if heat is Heat.MACS:
        return layer_work(layer).counted(by) if by.items else layer.macs
    if heat is Heat.PARAMS:
        return layer.params
    if heat is Heat.MEMORY:
        # What autograd keeps is known for the whole stem or head: it stands on the first card.
        kept = unit.part.kept
        return kept.inside + (kept.output if kept.keeps_output else 0) if card.first else 0
    return layer.kernel if card.role is Role.STEM and card.first else unit.receptive

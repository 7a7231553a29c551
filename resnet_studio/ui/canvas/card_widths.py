"""How wide a Plan's cards must be so that no shape on them is cut. Knows the ink's letters, and no scene."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import ceil

from resnet_studio.analysis.plan import HEAD, STEM, Plan
from resnet_studio.ui.canvas.facts import block_pair, layer_pair
from resnet_studio.ui.canvas.ink import INSIDE, Ink
from resnet_studio.ui.canvas.shapes import Sizes

_BETWEEN = 8


def fitted(ink: Ink, plan: Plan) -> Sizes:
    """The ink's sizes, with cards that are wider where a long strip or five digits of channels ask for it."""
    base = ink.base
    ends = [unit.part for unit in (plan.units[0], plan.units[-1]) if unit.id in (STEM, HEAD)]
    # Hundreds of blocks of a deep network share few parts, and those few shapes.
    parts = [unit.part for unit in plan.units[1:]]
    shared = dict(zip(map(id, parts), parts, strict=True)).values()
    shapes = {(part.input[0], part.output) for part in shared if part is not ends[-1]}
    wide = _longest(ink, (block_pair(*each) for each in shapes))
    narrow = _longest(ink, (layer_pair(layer) for part in ends for layer in part.layers()))
    if wide <= base.card and narrow <= base.narrow:
        return base
    return replace(base, card=max(base.card, wide), narrow=max(base.narrow, narrow))


def _longest(ink: Ink, pairs: Iterable[tuple[str, str]]) -> float:
    """As wide as a card is whose words on both sides of a line have room."""
    width = ink.body.width
    return ceil(max((width(left) + _BETWEEN + width(right) for left, right in pairs), default=0)) + INSIDE

"""All that decides how a card looks, and from how near what is shown of it. Knows values only, and no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from resnet_studio.design.types import BlockKind
from resnet_studio.ui.canvas.facts import Facts
from resnet_studio.ui.canvas.heat import Share
from resnet_studio.ui.canvas.shapes import Card, Role

# From these zooms on a card shows its layers, all its words, a few of them; below it is a block of colour.
NEAR, FULL, MIDDLE = 2.0, 0.52, 0.26


@dataclass(slots=True, kw_only=True)
class Look:
    """All that decides how a card looks, but for theme and zoom. Never changed; not frozen, for speed, like Card.

    `chosen` is 0 for no, 1 for some of a run, 2 for all; `chosen_count` how many.
    """

    card: Card
    facts: Facts | None
    share: Share
    kind: BlockKind | None
    work_label: str = ""
    chosen: int = 0
    chosen_count: int = 0
    cursor: bool = False
    hover: bool = False
    dragged: bool = False


def shows_inside(look: Look) -> bool:
    """Whether there is an inside to show from near by: a sound block's. What is wrong with one matters more."""
    card = look.card
    return card.role is Role.BLOCK and card.unit is not None and card.problem is None

"""Where the arrow keys go on a Layout. Knows no Qt."""

from __future__ import annotations

from resnet_studio.ui.canvas.layout import Layout, columns
from resnet_studio.ui.canvas.shapes import Card, Lane


def ids_of(layout: Layout, key: str) -> tuple[str, ...]:
    """What is selected when a card's or stage's key is gone to."""
    for lane in layout.lanes:
        if lane.key == key and lane.stage is not None:
            return (key,)
        for card in lane.cards:
            if card.key == key:
                return card.ids
    return ()


def step(layout: Layout, key: str | None, across: int, down: int) -> str | None:
    """The key reached from another by one arrow key; from nowhere it is the first card."""
    found = None if key is None else _find(layout, key)
    if found is None:
        return next((card.key for card in layout.cards()), None)
    index, card = found
    lane = layout.lanes[index]
    if across:
        if card is not None and 0 <= (beside := lane.cards.index(card) + across * lane.rows) < len(
            lane.cards
        ):
            return lane.cards[beside].key
        target = index + across
        return _beside(layout.lanes[target], card, across) if 0 <= target < len(layout.lanes) else key
    return _along(lane, card, down)


def _find(layout: Layout, key: str) -> tuple[int, Card | None] | None:
    for index, lane in enumerate(layout.lanes):
        for card in lane.cards:
            if card.key == key:
                return index, card
        if lane.key == key and lane.stage is not None:
            return index, None
    return None


def _along(lane: Lane, card: Card | None, down: int) -> str:
    at = (lane.cards.index(card) if card is not None else -1) + down
    if at < 0:
        return lane.key if lane.stage is not None else lane.cards[0].key
    return lane.cards[min(at, len(lane.cards) - 1)].key


def _beside(lane: Lane, card: Card | None, across: int) -> str:
    if card is None:
        return lane.key if lane.stage is not None else lane.cards[0].key
    column = columns(lane)[0 if across > 0 else -1]
    return min(column, key=lambda other: abs(other.rect.cy - card.rect.cy)).key


def between(layout: Layout, one: str | None, other: str) -> tuple[str, ...]:
    """The ids on all cards from one to the other, both included, in order of computation: what Shift selects."""
    cards = list(layout.cards())
    keys = [card.key for card in cards]
    if one not in keys or other not in keys:
        return ids_of(layout, other)
    low, high = sorted((keys.index(one), keys.index(other)))
    return tuple(i for card in cards[low : high + 1] for i in card.ids)

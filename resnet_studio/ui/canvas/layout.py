"""A Layout: where everything on the canvas stands, and what may be asked of it: hits, and drop places.

Knows no Qt and no plan; `placing` makes it. Units are the scene's, 1 to a pixel at 100 %.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from resnet_studio.ui.canvas.shapes import (
    SPINE,
    STYLE,
    BlockPlace,
    Card,
    Hit,
    Lane,
    Rect,
    Role,
    Spot,
    StagePlace,
)

NO_STAGE = "no-stage"


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole canvas as rectangles. Lanes stand from left to right, cards in them from top to bottom; `content` is how far down the cards reach."""

    lanes: tuple[Lane, ...]
    bounds: Rect
    content: float

    def cards(self) -> Iterator[Card]:
        """Every card, in order of computation."""
        for lane in self.lanes:
            yield from lane.cards

    @property
    def stages(self) -> tuple[Lane, ...]:
        """The lanes of stages."""
        return tuple(lane for lane in self.lanes if lane.stage is not None)

    def card_of(self, unit_id: str) -> Card | None:
        """The card that a block, STEM or HEAD is drawn on."""
        return next((card for card in self.cards() if unit_id in card.ids), None)

    # --- what lies where ------------------------------------------------------------------------------------------

    def hit(self, x: float, y: float) -> Hit:
        """What lies under a point."""
        lane = next((lane for lane in self.lanes if lane.rect.contains(x, y)), None)
        if lane is None:
            return Hit(Spot.NOTHING)
        if lane.header.contains(x, y):
            return Hit(Spot.HEADER, lane)
        column = _column(lane, x)
        at = bisect_right(column, y, key=lambda card: card.rect.y) - 1
        card = column[at] if at >= 0 else None
        if card is None or not card.rect.contains(x, y):
            return Hit(Spot.LANE, lane)
        for spot, part in ((Spot.BADGE, card.badge), (Spot.BUTTON, card.button)):
            if part is not None and part.moved(card.rect.x, card.rect.y).contains(x, y):
                return Hit(spot, lane, card)
        if card.grip and _on_grip(card, x - card.rect.x, y - card.rect.y):
            return Hit(Spot.GRIP, lane, card)
        return Hit(Spot.CARD, lane, card)

    def cards_in(self, area: Rect) -> list[Card]:
        """The cards that an area touches."""
        return [card for card in self.cards() if card.rect.overlaps(area)]

    # --- where things may be dropped ------------------------------------------------------------------------------

    def block_place(self, x: float, y: float) -> BlockPlace | None:
        """Where a block dropped at a point goes: every point has a place, unless there is no stage."""
        stages = self.stages
        if not stages:
            return None
        lane = min(stages, key=lambda lane: max(lane.rect.x - x, x - lane.rect.right, 0.0))
        places = _places(lane, _column(lane, x))
        return next((place for middle, place in places if y < middle), places[-1][1])

    def block_places(self) -> list[BlockPlace]:
        """Every place where a block may go, between folded runs."""
        found = [
            place for lane in self.stages for column in columns(lane) for _, place in _places(lane, column)
        ]
        return list(dict.fromkeys(found))

    def stage_place(self, x: float) -> StagePlace:
        """Where a stage dropped at x goes: before the first stage whose middle lies right of it."""
        stages = self.stages
        index = sum(lane.rect.cx <= x for lane in stages)
        if stages:
            edge = stages[index].rect.x if index < len(stages) else stages[-1].rect.right + STYLE.gap
            return StagePlace(index, edge - STYLE.gap / 2, stages[0].rect.y, stages[0].rect.h)
        ghost = next(lane for lane in self.lanes if lane.key == NO_STAGE)
        return StagePlace(0, ghost.rect.cx, ghost.header.bottom, ghost.rect.h - ghost.header.h)


def _on_grip(card: Card, x: float, y: float) -> bool:
    """The lower edge, and the lower right corner."""
    below, right = card.rect.h - y, card.rect.w - x
    return below <= STYLE.edge or (below <= STYLE.grip and right <= STYLE.grip)


def columns(lane: Lane) -> list[Sequence[Card]]:
    """A lane's cards column by column: many unfolded cards stand in several columns."""
    return [lane.cards[start : start + lane.rows] for start in range(0, len(lane.cards), lane.rows)]


def _column(lane: Lane, x: float) -> Sequence[Card]:
    """The column under x, or the nearest."""
    found = columns(lane)
    return found[max(0, bisect_right(found, x, key=lambda column: column[0].rect.x - STYLE.pad) - 1)]


def _places(lane: Lane, column: Sequence[Card]) -> list[tuple[float, BlockPlace]]:
    """(lower bound of y, place) down a column; whatever lies below the last card is behind it."""
    stage = lane.stage if lane.stage is not None else -1
    found: list[tuple[float, BlockPlace]] = []
    first = column[0].rect
    end, count = first.y - 7, 0
    for card in column:
        if card.role is Role.BLOCK:
            place = BlockPlace(stage, card.position, card.rect.x, card.rect.y - 7, card.rect.w)
            found.append((card.rect.cy, place))
            end, count = card.rect.bottom + (SPINE + 8 if card.arc else 10), card.position + card.count
    found.append((float("inf"), BlockPlace(stage, count, first.x, end, first.w)))
    return found


def stretched(made: Layout, height: float, header: float = 1.0) -> Layout:
    """The same cards in lanes that are at least so high, when the cards leave room, under headers of a part of their height.

    Lower headers stay above their cards: the lanes begin further down, and so does the drawing.
    """
    high = STYLE.header * header
    up = STYLE.header - high
    top, bottom = STYLE.margin + up, max(made.content, up + height) - STYLE.margin
    lanes = tuple(
        replace(
            lane,
            rect=Rect(lane.rect.x, top, lane.rect.w, bottom - top),
            header=Rect(lane.header.x, top, lane.header.w, high),
        )
        for lane in made.lanes
    )
    bounds = Rect(made.bounds.x, up, made.bounds.w, bottom + STYLE.margin - up)
    return Layout(lanes, bounds, made.content)

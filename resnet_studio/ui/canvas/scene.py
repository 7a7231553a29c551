"""Keeps the scene's items equal to a Layout, touching only what looks different. Knows no gestures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from resnet_studio.analysis.conventions import Convention
from resnet_studio.analysis.parts import Part
from resnet_studio.analysis.plan import Plan
from resnet_studio.design.types import BlockKind, BlockSpec
from resnet_studio.ui.canvas.facts import Facts, block_facts, layer_facts
from resnet_studio.ui.canvas.heat import Share, shares
from resnet_studio.ui.canvas.ink import Ink
from resnet_studio.ui.canvas.items import CardItem, DropItem, HeaderItem, LaneItem
from resnet_studio.ui.canvas.layout import Layout
from resnet_studio.ui.canvas.look import Look
from resnet_studio.ui.canvas.shapes import BlockPlace, Card, Lane, StagePlace
from resnet_studio.ui.view_state import ViewState

# (spec, part, count, in FLOPs) by identity -> both, and what their card says.
Memo = dict[tuple[int, int, int, Convention], tuple[BlockSpec, Part, Facts]]
Item = TypeVar("Item", bound=QGraphicsItem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is marked on the canvas: the selection, the keyboard's card, the hovered one, those being dragged."""

    chosen: Collection[str] = ()
    cursor: str | None = None
    hover: str | None = None
    dragged: Collection[str] = ()


class CanvasScene(QGraphicsScene):
    """Lanes, cards and the insertion line."""

    def __init__(self, ink: Ink) -> None:
        super().__init__()
        self.ink = ink
        self.cards: dict[str, CardItem] = {}
        self.lanes: dict[str, LaneItem] = {}
        self.headers: dict[str, HeaderItem] = {}
        self.drop = DropItem(ink)
        self.addItem(self.drop)
        self._bare: list[Look] = []
        self._facts: Memo = {}
        self._layout: Layout | None = None
        self._keeps = False
        # A screen full of cards at 100 % is about 6 MB; the default of 10 MB is shared by all pixmaps of the program.
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), 64 * 1024))

    @property
    def looks(self) -> list[Look]:
        """Every card as it is shown, in order of computation, without its marks."""
        return self._bare

    def show_layout(self, layout: Layout, plan: Plan, state: ViewState, marks: Marks) -> None:
        """Make the items equal to a layout."""
        cards = list(layout.cards())
        self._facts = _facts(cards, plan, state, self._facts)
        costs = shares(plan, cards, state.heat, state.convention)
        self._bare = _looks(cards, plan, state, costs, self._facts)
        self._set_layout(layout)
        self._drop_gone(self.cards, {card.key for card in cards})
        self._drop_gone(self.lanes, {lane.key for lane in layout.lanes})
        self._drop_gone(self.headers, {lane.key for lane in layout.lanes})
        self.show_marks(marks)

    def show_stretched(self, layout: Layout, marks: Marks) -> None:
        """Show the same cards in lanes of another height."""
        self._set_layout(layout)
        for lane in layout.lanes:
            self._show_lane(lane, frozenset(marks.chosen), marks)

    def _set_layout(self, layout: Layout) -> None:
        self._layout, bounds = layout, layout.bounds
        area = QRectF(bounds.x, bounds.y, bounds.w, bounds.h)
        if area != self.sceneRect():
            self.setSceneRect(area)

    def show_marks(self, marks: Marks) -> None:
        """Show other marks on the same layout."""
        if self._layout is None:
            return
        chosen, dragged = frozenset(marks.chosen), frozenset(marks.dragged)
        for lane in self._layout.lanes:
            self._show_lane(lane, chosen, marks)
        for bare in self._bare:
            look = _marked(bare, chosen, dragged, marks)
            item = self.cards.get(look.card.key)
            if item is None:
                item = self.cards[look.card.key] = CardItem(self.ink, look)
                item.keep_pixels(self._keeps)
                self.addItem(item)
            else:
                item.show_look(self.ink, look)

    def _show_lane(self, lane: Lane, chosen: frozenset[str], marks: Marks) -> None:
        if lane.key not in self.lanes:
            self.lanes[lane.key] = LaneItem(self.ink, lane)
            self.headers[lane.key] = HeaderItem(self.ink, lane)
            self.addItem(self.lanes[lane.key])
            self.addItem(self.headers[lane.key])
        picked = lane.stage is not None and lane.key in chosen
        self.lanes[lane.key].show_lane(self.ink, lane, chosen=picked)
        self.headers[lane.key].show_lane(self.ink, lane, chosen=picked, cursor=marks.cursor == lane.key)

    def pin_headers(self, left: float, top: float) -> None:
        """Keep the headers in sight when what is seen begins there."""
        for header in self.headers.values():
            header.pin(left, top)

    def _drop_gone(self, items: dict[str, Item], keys: set[str]) -> None:
        for key in [key for key in items if key not in keys]:
            self.removeItem(items.pop(key))

    def keep_pixels(self, on: bool) -> None:
        """Keep the pixels of cards between paints: worth it for detailed cards, and while nobody zooms."""
        if on != self._keeps:
            self._keeps = on
            for item in self.cards.values():
                item.keep_pixels(on)

    def point_at(self, place: BlockPlace | StagePlace | None) -> None:
        """Show where a drop would go."""
        self.drop.point_at(self.ink, place)


def _marked(bare: Look, chosen: frozenset[str], dragged: frozenset[str], marks: Marks) -> Look:
    card = bare.card
    count = sum(i in chosen for i in card.ids) if chosen else 0
    cursor, hover = marks.cursor == card.key, marks.hover == card.key
    carried = bool(dragged) and card.ids[:1] != () and all(i in dragged for i in card.ids)
    if not (count or cursor or hover or carried):
        return bare
    return Look(
        card=card,
        facts=bare.facts,
        share=bare.share,
        kind=bare.kind,
        work_label=bare.work_label,
        chosen=0 if not count else 2 if count == len(card.ids) else 1,
        chosen_count=count,
        cursor=cursor,
        hover=hover,
        dragged=carried,
    )


def _facts(cards: Sequence[Card], plan: Plan, state: ViewState, before: Memo) -> Memo:
    """What blocks' cards say. Blocks of a run share spec and part, and an edit leaves most as they were: made once."""
    memo: Memo = {}
    for card in cards:
        spec = spec_of(card, plan)
        if spec is None or card.unit is None:
            continue
        key = (id(spec), id(card.unit.part), card.count, state.convention)
        if key not in memo:
            known = before.get(key)
            # They are told by identity: only while the memo itself holds them does no other object have their ids.
            memo[key] = known or (
                spec,
                card.unit.part,
                block_facts(spec, card.unit.part, card.count, by=state.convention),
            )
    return memo


def _looks(
    cards: Sequence[Card], plan: Plan, state: ViewState, costs: Sequence[Share], memo: Memo
) -> list[Look]:
    looks: list[Look] = []
    for card, share in zip(cards, costs, strict=True):
        kind, facts = None, None
        spec = spec_of(card, plan)
        if spec is not None and card.unit is not None:
            facts = memo[id(spec), id(card.unit.part), card.count, state.convention][2]
            kind = spec.kind
        elif card.layer is not None:
            facts = layer_facts(card.layer, by=state.convention)
        looks.append(Look(card=card, facts=facts, share=share, kind=kind, work_label=state.card_label))
    return looks


def spec_of(card: Card, plan: Plan) -> BlockSpec | None:
    """The spec of a block's card; None for the others."""
    unit = card.unit
    if unit is None or unit.stage is None or unit.position is None:
        return None
    return plan.design.stages[unit.stage].blocks[unit.position].spec


def kind_of(card: Card, plan: Plan) -> BlockKind | None:
    """The kind of a block's card; None for the others."""
    spec = spec_of(card, plan)
    return None if spec is None else spec.kind

"""Where everything on the canvas stands, as a pure function of Plan and folding; hit-testing and drop places ask it.

Knows no Qt: what depends on the font comes in as `Sizes` and `Wrap`. Units are the scene's, 1 to a pixel at 100 %.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.plan import HEAD, STEM, Plan, Problem, Unit
from resnet_studio.design.folding import runs_of_equal
from resnet_studio.design.types import ShortcutKind, Stage
from resnet_studio.ui.canvas.facts import tags
from resnet_studio.ui.canvas.shapes import (
    SPINE,
    STYLE,
    BlockPlace,
    Card,
    Hit,
    Lane,
    Rect,
    Role,
    Sizes,
    Spot,
    StagePlace,
    Wrap,
)

NO_STAGE = "no-stage"
_SHOWN = (LayerKind.CONV, LayerKind.MAX_POOL, LayerKind.GLOBAL_POOL, LayerKind.LINEAR)
_TOP = STYLE.margin + STYLE.header + STYLE.above


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
        at = bisect_right(lane.cards, y, key=lambda card: card.rect.y) - 1
        card = lane.cards[at] if at >= 0 else None
        if card is None or not card.rect.contains(x, y):
            return Hit(Spot.LANE, lane)
        for spot, part in ((Spot.BADGE, card.badge), (Spot.BUTTON, card.button)):
            if part is not None and part.moved(card.rect.x, card.rect.y).contains(x, y):
                return Hit(spot, lane, card)
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
        return next(
            (place for card, place in _places(lane) if card is not None and y < card.rect.cy),
            _places(lane)[-1][1],
        )

    def block_places(self) -> list[BlockPlace]:
        """Every place where a block may go, between folded runs."""
        return [place for lane in self.stages for _, place in _places(lane)]

    def stage_place(self, x: float) -> StagePlace:
        """Where a stage dropped at x goes: before the first stage whose middle lies right of it."""
        stages = self.stages
        index = sum(lane.rect.cx <= x for lane in stages)
        if stages:
            edge = stages[index].rect.x if index < len(stages) else stages[-1].rect.right + STYLE.gap
            return StagePlace(index, edge - STYLE.gap / 2, stages[0].rect.y, stages[0].rect.h)
        ghost = next(lane for lane in self.lanes if lane.key == NO_STAGE)
        return StagePlace(0, ghost.rect.cx, ghost.header.bottom, ghost.rect.h - ghost.header.h)


def _places(lane: Lane) -> list[tuple[Card | None, BlockPlace]]:
    """(card behind the place, place) from top to bottom; the last has no card behind it."""
    stage = lane.stage if lane.stage is not None else -1
    found: list[tuple[Card | None, BlockPlace]] = []
    end, count = lane.header.bottom + STYLE.above / 2, 0
    for card in lane.cards:
        if card.role is Role.BLOCK:
            found.append((card, BlockPlace(stage, card.position, card.rect.x, card.rect.y - 7, card.rect.w)))
            end, count = card.rect.bottom + _tail(card), card.position + card.count
    card_x, card_w = lane.cards[0].rect.x, lane.cards[0].rect.w
    found.append((None, BlockPlace(stage, count, card_x, end, card_w)))
    return found


def _tail(card: Card) -> float:
    return SPINE + 8 if card.arc else 10


# --- making it --------------------------------------------------------------------------------------------------------


def layout(plan: Plan, opened: Collection[str], sizes: Sizes, wrap: Wrap) -> Layout:
    """Lay a Plan out.

    Args:
        plan: the drawing and its meaning.
        opened: ids of blocks whose run of equals is shown one by one; the other runs are folded.
        sizes: what the font needs.
        wrap: breaks a text to lines of a width, at most so many.
    """
    maker = _Maker(plan, opened, sizes, wrap)
    lanes = [maker.stem()]
    for index, stage in enumerate(plan.design.stages):
        lanes.append(maker.stage(index, stage))
    if not plan.design.stages:
        lanes.append(maker.no_stage())
    lanes.append(maker.head())
    bounds = Rect(0, 0, lanes[-1].rect.right + STYLE.margin, max(maker.ends) + STYLE.margin)
    return stretched(Layout(tuple(lanes), bounds, bounds.h), 0)


def stretched(made: Layout, height: float) -> Layout:
    """The same layout with lanes that reach down to a height, when the cards leave room."""
    bottom = max(made.content, height) - STYLE.margin
    lanes = tuple(replace(lane, rect=replace(lane.rect, h=bottom - lane.rect.y)) for lane in made.lanes)
    return Layout(lanes, replace(made.bounds, h=bottom + STYLE.margin), made.content)


def _split(units: Sequence[Unit]) -> list[list[Unit]]:
    """Equal specs on unlike shapes (a projection, then the same behind it) must be seen one by one."""
    rows = [[units[0]]]
    for unit in units[1:]:
        before = rows[-1][-1].part
        if unit.part is before or unit.part == before:
            rows[-1].append(unit)
        else:
            rows.append([unit])
    return rows


class _Maker:
    """Puts lanes side by side and cards below one another."""

    def __init__(self, plan: Plan, opened: Collection[str], sizes: Sizes, wrap: Wrap) -> None:
        self.plan = plan
        self.opened = frozenset(opened)
        self.sizes = sizes
        self.wrap = wrap
        self.x = STYLE.margin
        self.y = _TOP
        self.ends: list[float] = []
        self.units = {unit.id: unit for unit in plan.units}
        self.problems: dict[str, Problem] = {}
        for problem in reversed(plan.problems):
            self.problems[problem.where] = problem

    # --- lanes ----------------------------------------------------------------------------------------------------

    def stem(self) -> Lane:
        unit = self.units[STEM]
        return self._lane(STEM, "Stem", self._layers(unit, Role.STEM, STEM), last=unit)

    def head(self) -> Lane:
        unit = self.units.get(HEAD)
        if unit is not None:
            return self._lane(HEAD, "Head", self._layers(unit, Role.HEAD, HEAD), last=unit)
        card = self._inviting("head/add", Role.NO_HEAD, (), self.problems.get(HEAD), self.sizes.narrow)
        return self._lane(HEAD, "Head", [card])

    def stage(self, index: int, stage: Stage) -> Lane:
        cards = self._stage_cards(stage)
        last = self.units[stage.blocks[-1].id] if stage.blocks else None
        problem = self.problems.get(stage.id)
        if not cards:
            cards = [self._inviting(f"empty/{stage.id}", Role.EMPTY, (stage.id,), problem, self.sizes.card)]
        return self._lane(stage.id, stage.name, cards, last=last, stage=index, problem=problem)

    def no_stage(self) -> Lane:
        card = self._inviting(NO_STAGE, Role.EMPTY, (), None, self.sizes.card)
        return self._lane(NO_STAGE, "No stage yet", [card])

    def _lane(
        self,
        key: str,
        title: str,
        cards: Sequence[Card],
        *,
        last: Unit | None = None,
        stage: int | None = None,
        problem: Problem | None = None,
    ) -> Lane:
        wide = cards[0].rect.w
        room = STYLE.arc if key not in (STEM, HEAD) else 0
        rect = Rect(self.x, STYLE.margin, STYLE.pad * 2 + wide + room, 0)
        header = Rect(rect.x, rect.y, rect.w, STYLE.header)
        self.x = rect.right + STYLE.gap
        self.ends.append(self.y + STYLE.below)
        self.y = _TOP
        return Lane(
            key=key,
            title=title,
            stage=stage,
            rect=rect,
            header=header,
            cards=tuple(cards),
            last=last,
            problem=problem,
        )

    # --- cards ----------------------------------------------------------------------------------------------------

    def _stage_cards(self, stage: Stage) -> list[Card]:
        cards: list[Card] = []
        for start, count in runs_of_equal(stage.blocks):
            units = [self.units[block.id] for block in stage.blocks[start : start + count]]
            for alike in _split(units):
                ids = tuple(unit.id for unit in alike)
                if len(ids) == 1 or self.opened.isdisjoint(ids):
                    cards.append(self._block(alike[0], ids, len(ids), 0))
                else:
                    cards += [self._block(unit, (unit.id,), len(ids), n) for n, unit in enumerate(alike)]
        return [replace(cards[0], first=True), *cards[1:]] if cards else []

    def _block(self, unit: Unit, ids: tuple[str, ...], run: int, index: int) -> Card:
        block = self.plan.design.stages[unit.stage or 0].blocks[unit.position or 0]
        spec = block.spec
        words, problem, wide = tags(spec), self.problems.get(unit.id), self.sizes.card
        high = self._height(tagged=bool(words))
        message, button, high = self._problem_part(problem, wide, high)
        badge = None
        if len(ids) > 1 or (run > 1 and index == 0):
            badge = Rect(wide - 46, 2, 44, STYLE.inner + self.sizes.title - 2)
        card = Card(
            key=unit.id,
            role=Role.BLOCK,
            ids=ids,
            rect=Rect(self.x + STYLE.pad, self.y, wide, high),
            unit=unit,
            count=len(ids),
            run=run,
            index=index,
            position=unit.position or 0,
            tags=words,
            message=message,
            problem=problem,
            badge=badge,
            button=button,
            arc=spec.shortcut is not ShortcutKind.NONE,
        )
        self.y = card.rect.bottom + (SPINE + STYLE.above if card.arc else STYLE.above + 4)
        return card

    def _height(self, *, tagged: bool) -> float:
        s = self.sizes
        return STYLE.inner * 2 + s.title + s.row + (s.small + 1 if tagged else 0) + 3 * s.small + 5

    def _problem_part(
        self, problem: Problem | None, wide: float, high: float
    ) -> tuple[tuple[str, ...], Rect | None, float]:
        """(wrapped message, button, height of the card with both)."""
        if problem is None:
            return (), None, high
        left = STYLE.stripe + STYLE.inner
        lines = self.wrap(problem.message, wide - left - STYLE.inner, 4)
        high += 2 + len(lines) * self.sizes.small
        if problem.repair is None:
            return lines, None, high
        button = Rect(left, high - 2, wide - left - STYLE.inner, self.sizes.button)
        return lines, button, high + self.sizes.button + 6

    def _layers(self, unit: Unit, role: Role, owner: str) -> list[Card]:
        cards: list[Card] = []
        rows = [row for row in unit.part.layers() if row.kind in _SHOWN or row.name == "norm"]
        for row in rows:
            problem = self.problems.get(owner) if not cards else None
            high = self._height(tagged=False)
            message, button, high = self._problem_part(problem, self.sizes.narrow, high)
            cards.append(
                Card(
                    key=f"{owner}/{row.name}",
                    role=role,
                    ids=(owner,),
                    rect=Rect(self.x + STYLE.pad, self.y, self.sizes.narrow, high),
                    unit=unit,
                    layer=row,
                    message=message,
                    problem=problem,
                    button=button,
                    first=not cards,
                )
            )
            self.y += high + 20
        return cards

    def _inviting(
        self, key: str, role: Role, ids: tuple[str, ...], problem: Problem | None, wide: float
    ) -> Card:
        lines = 3 * self.sizes.small
        button = None
        high = lines + 2 * STYLE.inner + 10
        if problem is not None and problem.repair is not None:
            button = Rect(STYLE.inner, high, wide - 2 * STYLE.inner, self.sizes.button)
            high += self.sizes.button + STYLE.inner
        rect = Rect(self.x + STYLE.pad, self.y, wide, high)
        self.y += high
        return Card(key=key, role=role, ids=ids, rect=rect, problem=problem, button=button, first=True)

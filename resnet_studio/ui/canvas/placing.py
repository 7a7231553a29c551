"""Makes the Layout of a Plan: lanes side by side, cards below one another, runs of equals folded. A pure function.

Knows no Qt: what depends on the font comes in as `Sizes` and `Wrap`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.plan import HEAD, STEM, Plan, Problem, Unit
from resnet_studio.design.folding import runs_of_equal
from resnet_studio.design.types import BlockSpec, ShortcutKind, Stage
from resnet_studio.language import tr
from resnet_studio.ui.canvas.facts import layer_marks, marks, tags
from resnet_studio.ui.canvas.layout import NO_STAGE, Layout, stretched
from resnet_studio.ui.canvas.shapes import SPINE, STYLE, Card, Lane, Rect, Role, Sizes, Wrap

# A block with one of these, at stride 1, can follow itself.
_REPEATS = (ShortcutKind.IDENTITY, ShortcutKind.NONE)
_SHOWN = (LayerKind.CONV, LayerKind.MAX_POOL, LayerKind.GLOBAL_POOL, LayerKind.LINEAR)
_TOP = STYLE.margin + STYLE.header + STYLE.above
# A lane breaks into columns of this many cards, or of more where the whole would become wider than about two to one.
_ROWS, _SHAPE = 10, 0.7


def layout(plan: Plan, opened: Collection[str], sizes: Sizes, wrap: Wrap) -> Layout:
    """Lay a Plan out.

    Args:
        plan: the drawing and its meaning.
        opened: ids of blocks whose run of equals is shown one by one; the other runs are folded.
        sizes: what the font needs.
        wrap: breaks a text to lines of a width, at most so many.
    """
    maker = _Maker(plan, sizes, wrap)
    rows = [_entries(maker, stage, frozenset(opened)) for stage in plan.design.stages]
    most = max(_ROWS, ceil(sqrt(sum(map(len, rows)) * _SHAPE)))
    lanes = [maker.stem()]
    for index, stage in enumerate(plan.design.stages):
        lanes.append(maker.stage(index, stage, rows[index], most))
    if not plan.design.stages:
        lanes.append(maker.no_stage())
    lanes.append(maker.head())
    bounds = Rect(0, 0, lanes[-1].rect.right + STYLE.margin, max(maker.ends) + STYLE.margin)
    return stretched(Layout(tuple(lanes), bounds, bounds.h), 0)


def _split(units: Sequence[Unit]) -> list[list[Unit]]:
    """Equal specs on unlike shapes (a projection, then the same behind it) must be seen one by one."""
    rows = [[units[0]]]
    for unit in units[1:]:
        before = rows[-1][-1].part
        # Equal specs on equal shapes are equal parts, but for the rates of a drop path.
        if unit.part is before or unit.part.input == before.input:
            rows[-1].append(unit)
        else:
            rows.append([unit])
    return rows


@dataclass(frozen=True, slots=True)
class _Entry:
    """A card to be: its unit, the blocks it stands for, the length of its run and its number in it."""

    unit: Unit
    ids: tuple[str, ...]
    run: int = 1
    index: int = 0


def _entries(maker: _Maker, stage: Stage, opened: frozenset[str]) -> list[_Entry]:
    found: list[_Entry] = []
    for start, count in runs_of_equal(stage.blocks):
        units = [maker.units[block.id] for block in stage.blocks[start : start + count]]
        for alike in _split(units):
            ids = tuple(unit.id for unit in alike)
            if len(ids) == 1 or opened.isdisjoint(ids):
                found.append(_Entry(alike[0], ids, len(ids)))
            else:
                found += [_Entry(unit, (unit.id,), len(ids), n) for n, unit in enumerate(alike)]
    return found


class _Maker:
    """Puts lanes side by side and cards below one another."""

    def __init__(self, plan: Plan, sizes: Sizes, wrap: Wrap) -> None:
        self.plan = plan
        self.sizes = sizes
        self.wrap = wrap
        self.x = STYLE.margin
        self.y = _TOP
        self.ends: list[float] = []
        self.units = {unit.id: unit for unit in plan.units}
        self.badge = Rect(sizes.card - 46, 2, 44, STYLE.inner + sizes.title - 2)
        # Hundreds of blocks have few different ones.
        maps = [out for out in {unit.part.output for unit in plan.units} if len(out) == 3]
        self.largest = (
            max((max(out[1:]) for out in maps), default=1),
            max((out[0] for out in maps), default=1),
        )
        # By identity: the specs live in the drawing, which outlives this object.
        self.tagged: dict[tuple[int, float], tuple[str, tuple[str, ...], float]] = {}
        self.problems: dict[str, Problem] = {}
        for problem in reversed(plan.problems):
            self.problems[problem.where] = problem

    # --- lanes ----------------------------------------------------------------------------------------------------

    def stem(self) -> Lane:
        unit = self.units[STEM]
        return self._lane(STEM, tr("Stem"), self._layers(unit, Role.STEM, STEM), last=unit)

    def head(self) -> Lane:
        unit = self.units.get(HEAD)
        if unit is not None:
            return self._lane(HEAD, tr("Head"), self._layers(unit, Role.HEAD, HEAD), last=unit)
        card = self._inviting("head/add", Role.NO_HEAD, (), self.problems.get(HEAD), self.sizes.narrow)
        return self._lane(HEAD, tr("Head"), [card])

    def stage(self, index: int, stage: Stage, entries: Sequence[_Entry], most: int) -> Lane:
        problem = self.problems.get(stage.id)
        if not entries:
            card = self._inviting(f"empty/{stage.id}", Role.EMPTY, (stage.id,), problem, self.sizes.card)
            return self._lane(stage.id, stage.name, [card], stage=index)
        rows = ceil(len(entries) / ceil(len(entries) / most))
        cards: list[Card] = []
        left, end = self.x, 0.0
        for number, entry in enumerate(entries):
            if number and number % rows == 0:
                self.x += self.sizes.card + STYLE.arc + STYLE.gap
                self.y = _TOP
            cards.append(self._block(entry, first=number % rows == 0))
            end = max(end, self.y)
        self.x, self.y = left, end
        last = self.units[stage.blocks[-1].id]
        return self._lane(stage.id, stage.name, cards, last=last, stage=index, rows=rows)

    def no_stage(self) -> Lane:
        card = self._inviting(NO_STAGE, Role.EMPTY, (), None, self.sizes.card)
        return self._lane(NO_STAGE, tr("No stage yet"), [card])

    def _lane(
        self,
        key: str,
        title: str,
        cards: Sequence[Card],
        *,
        last: Unit | None = None,
        stage: int | None = None,
        rows: int | None = None,
    ) -> Lane:
        room = STYLE.arc if key not in (STEM, HEAD) else 0
        right = cards[-1].rect.right + STYLE.pad + room
        rect = Rect(self.x, STYLE.margin, right - self.x, 0)
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
            rows=rows or len(cards),
            form=self._form(last),
        )

    def _form(self, last: Unit | None) -> tuple[float, float]:
        out = last.part.output if last is not None else ()
        return (max(out[1:]) / self.largest[0], out[0] / self.largest[1]) if len(out) == 3 else (0.0, 0.0)

    # --- cards ----------------------------------------------------------------------------------------------------

    def _block(self, entry: _Entry, *, first: bool) -> Card:
        unit, ids = entry.unit, entry.ids
        spec = self.plan.design.stages[unit.stage or 0].blocks[unit.position or 0].spec
        words, added, high = self._tagged(spec, self._last(entry))
        problem, wide = self.problems.get(unit.id), self.sizes.card
        message: tuple[str, ...] = ()
        button: Rect | None = None
        if problem is not None:
            message, button, high = self._problem_part(problem, wide, high)
        foldable = len(ids) > 1 or (entry.run > 1 and entry.index == 0)
        arc = spec.shortcut is not ShortcutKind.NONE
        y = self.y
        self.y = y + high + (SPINE + STYLE.above if arc else STYLE.above + 4)
        return Card(
            key=unit.id,
            role=Role.BLOCK,
            ids=ids,
            rect=Rect(self.x + STYLE.pad, y, wide, high),
            unit=unit,
            count=len(ids),
            run=entry.run,
            index=entry.index,
            first=first,
            position=unit.position or 0,
            tags=words,
            marks=added,
            message=message,
            problem=problem,
            badge=self.badge if foldable else None,
            button=button,
            arc=arc,
            grip=problem is None and len(ids) == entry.run and spec.stride == 1 and spec.shortcut in _REPEATS,
        )

    def _last(self, entry: _Entry) -> float:
        """The drop path of an entry's last block."""
        unit = entry.unit
        blocks = self.plan.design.stages[unit.stage or 0].blocks
        return blocks[(unit.position or 0) + len(entry.ids) - 1].spec.drop_path

    def _tagged(self, spec: BlockSpec, last: float) -> tuple[str, tuple[str, ...], float]:
        """(tags, marks, height of a card with them); kept, for most blocks of a deep net share one spec."""
        key = id(spec), last
        found = self.tagged.get(key)
        if found is None:
            words, added = tags(spec), self._marked(marks(spec, last), self.sizes.card)
            high = self._height(tagged=bool(words), marked=len(added))
            found = self.tagged[key] = words, added, high
        return found

    def _marked(self, words: str, wide: float) -> tuple[str, ...]:
        return self.wrap(words, wide - STYLE.stripe - 2 * STYLE.inner, 2) if words else ()

    def _height(self, *, tagged: bool, marked: int = 0) -> float:
        s = self.sizes
        lines = 3 + marked
        return STYLE.inner * 2 + s.title + s.row + (s.small + 1 if tagged else 0) + lines * s.small + 5

    def _problem_part(
        self, problem: Problem | None, wide: float, high: float
    ) -> tuple[tuple[str, ...], Rect | None, float]:
        """(wrapped message, button, height of the card with both)."""
        if problem is None:
            return (), None, high
        left = STYLE.stripe + STYLE.inner
        lines = self.wrap(problem.message, wide - left - STYLE.inner, 5)
        high += 2 + len(lines) * self.sizes.small
        if problem.repair is None:
            return lines, None, high
        button = Rect(left, high - 2, wide - left - STYLE.inner, self.sizes.button)
        return lines, button, high + self.sizes.button + 6

    def _layers(self, unit: Unit, role: Role, owner: str) -> list[Card]:
        cards: list[Card] = []
        # The head's norm and activation share a card; without a norm it is the activation's.
        own = "norm" if any(row.name == "norm" for row in unit.part.body) else "act"
        rows = [row for row in unit.part.layers() if row.kind in _SHOWN or row.name == own]
        for row in rows:
            problem = self.problems.get(owner) if not cards else None
            added = self._marked(layer_marks(unit.part, row), self.sizes.narrow)
            high = self._height(tagged=False, marked=len(added))
            message, button, high = self._problem_part(problem, self.sizes.narrow, high)
            cards.append(
                Card(
                    key=f"{owner}/{row.name}",
                    role=role,
                    ids=(owner,),
                    rect=Rect(self.x + STYLE.pad, self.y, self.sizes.narrow, high),
                    unit=unit,
                    layer=row,
                    marks=added,
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
        button = None
        high = self.sizes.title + self.sizes.small + 2 * STYLE.inner + 6
        if problem is not None and problem.repair is not None:
            button = Rect(STYLE.inner, high, wide - 2 * STYLE.inner, self.sizes.button)
            high += self.sizes.button + STYLE.inner
        rect = Rect(self.x + STYLE.pad, self.y, wide, high)
        self.y += high
        return Card(key=key, role=role, ids=ids, rect=rect, problem=problem, button=button, first=True)

"""Two drawings side by side, as values: rows with a left and a right side, what differs in words, what it costs. Compares nothing.

The right one is told as seen from the left one: what only the right has was added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from resnet_studio.analysis.costs import Cost, together
from resnet_studio.analysis.layers import Shape
from resnet_studio.analysis.plan import Plan
from resnet_studio.design.folding import alike
from resnet_studio.design.types import BlockSpec, Head, InputSpec, Stage, Stem
from resnet_studio.language import tr, trn

Value = InputSpec | Stem | Stage | BlockSpec | Head


class Sign(StrEnum):
    """How the two sides of a row stand to each other."""

    EQUAL = "equal"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class RowKind(StrEnum):
    """What a row lays side by side."""

    INPUT = "input"
    STEM = "stem"
    STAGE = "stage"
    BLOCK = "block"
    HEAD = "head"


_SIGNS = {Sign.ADDED: tr("added"), Sign.REMOVED: tr("removed")}
# What became of a part ("head"), of some ("2 blocks"), or of so many more ("3").
_HOW = {
    "changed": tr("{part} changed"),
    "added": tr("{part} added"),
    "removed": tr("{part} removed"),
    "moved": tr("{part} moved"),
}
_PARTS = {RowKind.INPUT: tr("input"), RowKind.STEM: tr("stem"), RowKind.HEAD: tr("head")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One drawing's part of a row.

    Args:
        ids: the ids of its blocks; a stage's own id; STEM, HEAD; none for the input.
        stage: number of its stage from 1, or 0 where it is in none.
        first, last: numbers of its blocks in the stage from 1, or 0.
        value: what is drawn there; of a folded row the first block.
        end: the last block of a folded row, whose stochastic depth may be another.
        cost: what it costs.
        receptive: receptive field at its end.
        output: shape that leaves it.
    """

    ids: tuple[str, ...]
    stage: int = 0
    first: int = 0
    last: int = 0
    value: Value
    end: Value
    cost: Cost
    receptive: int
    output: Shape

    @property
    def count(self) -> int:
        """How many blocks."""
        return self.last - self.first + 1

    @property
    def short(self) -> str:
        """Its place within its stage: "Block 3", "Blocks 3-6"; or what it is."""
        if isinstance(self.value, BlockSpec):
            if self.count == 1:
                return tr("Block {number}", number=self.first)
            return tr("Blocks {first}-{last}", first=self.first, last=self.last)
        if isinstance(self.value, Stage):
            return tr("Stage {number}", number=self.stage)
        return {InputSpec: tr("Input"), Stem: tr("Stem"), Head: tr("Head")}[type(self.value)]

    @property
    def place(self) -> str:
        """Its place in the drawing: "Stage 2, blocks 3-6"."""
        if not isinstance(self.value, BlockSpec):
            return self.short
        if self.count == 1:
            return tr("Stage {stage}, block {block}", stage=self.stage, block=self.first)
        return tr("Stage {stage}, blocks {first}-{last}", stage=self.stage, first=self.first, last=self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that is another.

    Args:
        field: its name in the drawing ("width").
        left, right: its two values in words.
        words: both in one ("width 128 instead of 64").
    """

    field: str
    left: str
    right: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What stands beside what.

    Args:
        kind: what it is.
        sign: how the sides stand to each other. A stage is changed where anything in it is.
        left, right: the two sides; None where one has nothing there.
        changes: the fields that differ.
        moved: the place where the other drawing has the same block or stage, where it stands elsewhere.
        rows: of a stage, its blocks.
    """

    kind: RowKind
    sign: Sign
    left: Side | None
    right: Side | None
    changes: tuple[Change, ...] = ()
    moved: str = ""
    rows: tuple[Row, ...] = ()

    @property
    def side(self) -> Side:
        """The right side where there is one, else the left."""
        side = self.right or self.left
        assert side is not None, "a row has at least one side"
        return side

    @property
    def what(self) -> str:
        """The difference in words; empty where there is none."""
        words = [change.words for change in self.changes]
        if self.moved and self.sign is Sign.REMOVED:
            return tr("moved to {place}", place=self.moved)
        if self.moved:
            words.insert(0, tr("moved from {place}", place=self.moved))
        elif self.sign in (Sign.ADDED, Sign.REMOVED):
            words.insert(0, _SIGNS[self.sign])
        return ", ".join(words)

    @property
    def differs(self) -> bool:
        """Whether drawing or cost differ. The receptive field alone does not count: it changes all that comes behind."""
        if self.sign is not Sign.EQUAL:
            return True
        return self.left is not None and self.right is not None and self.left.cost != self.right.cost

    def delta(self, measure: Measure) -> int:
        """What the right side has more; a side that is not there has nothing, and no receptive field that could differ."""
        if measure is receptive and (self.left is None or self.right is None):
            return 0
        right = 0 if self.right is None else measure(self.right)
        return right - (0 if self.left is None else measure(self.left))


Measure = Callable[[Side], int]


def receptive(side: Side) -> int:
    """The receptive field at a side's end; of all measures the one that does not add up."""
    return side.receptive


MEASURES: dict[str, Measure] = {
    "params": lambda side: side.cost.params,
    "macs": lambda side: side.cost.work.macs,
    "activations": lambda side: side.cost.activations,
    "memory": lambda side: side.cost.kept,
    "receptive": receptive,
}


def totals_of(plan: Plan) -> dict[str, int]:
    """The whole drawing by the same measures."""
    totals = plan.totals
    return {
        "params": totals.params, "macs": totals.macs, "activations": totals.activations,
        "memory": totals.backward_bytes, "receptive": totals.receptive,
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two drawings side by side.

    Args:
        left, right: their meanings.
        rows: input, stem, stages with their blocks, head.
    """

    left: Plan
    right: Plan
    rows: tuple[Row, ...]

    def walk(self) -> Iterator[Row]:
        """Every row: those of a stage behind it."""
        for row in self.rows:
            yield row
            yield from row.rows

    @property
    def same(self) -> bool:
        """Whether they are one drawing, but for its name."""
        return all(row.sign is Sign.EQUAL for row in self.rows)

    @property
    def deltas(self) -> dict[str, int]:
        """What the right drawing has more."""
        left, right = totals_of(self.left), totals_of(self.right)
        return {name: right[name] - left[name] for name in left}

    @property
    def words(self) -> str:
        """One sentence: "input and head changed; 2 blocks changed, 1 added, 3 removed"."""
        if self.same:
            return tr("no difference")
        outer = [
            row for row in self.rows if row.kind not in (RowKind.STAGE, RowKind.BLOCK) and row.sign is not Sign.EQUAL
        ]  # fmt: skip
        parts = [_HOW[row.sign.value].format(part=_PARTS[row.kind]) for row in outer]
        stages = [row for row in self.rows if row.kind is RowKind.STAGE]
        renamed = [replace(row, sign=Sign.CHANGED) for row in stages if row.changes]
        parts += _counted([row for row in stages if row.sign is not Sign.CHANGED] + renamed, "stage")
        parts += _counted([row for stage in stages for row in stage.rows], "block")
        return "; ".join(parts)


def _many(count: int, noun: str) -> str:
    if noun == "stage":
        return trn("{count} stage", "{count} stages", count)
    return trn("{count} block", "{count} blocks", count)


def _counted(rows: list[Row], noun: str) -> list[str]:
    found: Counter[str] = Counter()
    for row in rows:
        # What was moved stands in two rows, and is one.
        if row.moved and row.sign is Sign.REMOVED:
            continue
        found["moved" if row.moved else row.sign.value] += 1 if noun == "stage" else row.side.count
    told = [(how, found[how]) for how in _HOW if found[how]]
    words = [
        _HOW[how].format(part=count if index else _many(count, noun))
        for index, (how, count) in enumerate(told)
    ]
    return [", ".join(words)] if words else []


# --- folding ----------------------------------------------------------------------------------------------------------


def folded(comparison: Comparison) -> Comparison:
    """The same with neighbouring blocks in one row where both sides and the difference are equal."""
    return replace(
        comparison, rows=tuple(replace(row, rows=tuple(_folded(row.rows))) for row in comparison.rows)
    )


def _folded(rows: tuple[Row, ...]) -> Iterator[Row]:
    run: list[Row] = []
    for row in rows:
        if run and not _alike(run[-1], row):
            yield _merged(run)
            run = []
        run.append(row)
    if run:
        yield _merged(run)


def _alike(one: Row, other: Row) -> bool:
    return (
        one.sign is other.sign
        and one.changes == other.changes
        and not one.moved
        and not other.moved
        and _follows(one.left, other.left)
        and _follows(one.right, other.right)
    )


def _follows(one: Side | None, other: Side | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.value is other.value:
        return other.first == one.last + 1
    assert isinstance(one.value, BlockSpec)
    assert isinstance(other.value, BlockSpec)
    return other.first == one.last + 1 and alike((one.value, other.value))


def _merged(run: list[Row]) -> Row:
    if len(run) == 1:
        return run[0]
    return replace(
        run[0], left=_together([row.left for row in run]), right=_together([row.right for row in run])
    )


def _together(sides: list[Side | None]) -> Side | None:
    there = [side for side in sides if side is not None]
    if not there:
        return None
    end = there[-1]
    return replace(
        there[0], ids=tuple(i for side in there for i in side.ids), last=end.last, end=end.end,
        cost=together([side.cost for side in there]), receptive=end.receptive, output=end.output,
    )  # fmt: skip

"""Lays two drawings side by side: which stage and block stands beside which, and what differs there. Knows no view.

What has a permanent id in both drawings is the same individual there and stands in one row, unless it was moved. Where two
drawings share no ids, blocks are laid side by side as the recogniser does it, with the fewest and smallest differences.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace

from resnet_studio.analysis.comparison import Change, Comparison, Row, RowKind, Side, Sign, Value, folded
from resnet_studio.analysis.costs import Cost, together, unit_costs
from resnet_studio.analysis.layers import Shape
from resnet_studio.analysis.plan import HEAD, STEM, Plan, Unit, analyse
from resnet_studio.analysis.recognition.align import Pair, align
from resnet_studio.analysis.recognition.words import change_words, value_words
from resnet_studio.design.types import Block, Design, Stage

__all__ = ["Comparison", "Row", "RowKind", "Side", "Sign", "compare", "compare_plans", "folded"]

_NOT_COMPARED = ("id", "blocks")


def compare(left: Design, right: Design) -> Comparison:
    """Two drawings side by side; the right one as seen from the left one."""
    return compare_plans(analyse(left), analyse(right))


def compare_plans(left: Plan, right: Plan) -> Comparison:
    """The same where their meanings are known."""
    mine, theirs = _Half(left), _Half(right)
    rows = [
        _row(RowKind.INPUT, mine.input(), theirs.input()),
        _row(RowKind.STEM, mine.unit(STEM), theirs.unit(STEM)),
    ]
    stages = _stage_pairs(left.design.stages, right.design.stages)
    rows += [_stage_row(mine, theirs, pair) for pair in stages]
    if left.design.head is not None or right.design.head is not None:
        rows.append(_row(RowKind.HEAD, mine.unit(HEAD), theirs.unit(HEAD)))
    return Comparison(left=left, right=right, rows=tuple(_moved(rows)))


# --- one drawing's part -----------------------------------------------------------------------------------------------


class _Half:
    """One drawing, asked for the sides of rows."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.design = plan, plan.design
        costs = unit_costs(plan)
        self._units: dict[str, tuple[Unit, Cost]] = {
            unit.id: (unit, cost) for unit, cost in zip(plan.units, costs, strict=True)
        }

    def input(self) -> Side:
        spec = self.design.input
        return Side(ids=(), value=spec, end=spec, cost=together([]), receptive=1, output=spec.shape)

    def unit(self, unit_id: str) -> Side | None:
        """The stem's or the head's; None where there is no head."""
        value = self.design.stem if unit_id == STEM else self.design.head
        if value is None:
            return None
        unit, cost = self._units[unit_id]
        return Side(
            ids=(unit_id,),
            value=value,
            end=value,
            cost=cost,
            receptive=unit.receptive,
            output=unit.part.output,
        )

    def block(self, stage: int, position: int) -> Side:
        block = self.design.stages[stage].blocks[position]
        unit, cost = self._units[block.id]
        return Side(
            ids=(block.id,), stage=stage + 1, first=position + 1, last=position + 1, value=block.spec, end=block.spec,
            cost=cost, receptive=unit.receptive, output=unit.part.output,
        )  # fmt: skip

    def stage(self, index: int) -> Side:
        stage = self.design.stages[index]
        known = [self._units[block.id] for block in stage.blocks]
        receptive, output = self._end(index)
        return Side(
            ids=(stage.id,), stage=index + 1, value=stage, end=stage, cost=together([cost for _, cost in known]),
            receptive=receptive, output=output,
        )  # fmt: skip

    def _end(self, index: int) -> tuple[int, Shape]:
        """Receptive field and shape behind a stage; an empty one passes on what arrives."""
        before = [stage.blocks[-1].id for stage in self.design.stages[: index + 1] if stage.blocks]
        unit, _ = self._units[before[-1] if before else STEM]
        return unit.receptive, unit.part.output


# --- rows -------------------------------------------------------------------------------------------------------------


def _row(kind: RowKind, left: Side | None, right: Side | None, rows: tuple[Row, ...] = ()) -> Row:
    if left is None or right is None:
        sign = Sign.ADDED if left is None else Sign.REMOVED
        return Row(kind=kind, sign=sign, left=left, right=right, rows=rows)
    changes = _changes(left.value, right.value)
    differs = changes or any(row.sign is not Sign.EQUAL for row in rows)
    sign = Sign.CHANGED if differs else Sign.EQUAL
    return Row(kind=kind, sign=sign, left=left, right=right, changes=changes, rows=rows)


def _changes(left: Value, right: Value) -> tuple[Change, ...]:
    # Stages hold hundreds of blocks, which are compared one by one elsewhere.
    if left is right or (not isinstance(left, Stage) and left == right):
        return ()
    names = [field.name for field in fields(left) if field.name not in _NOT_COMPARED]
    values = [(name, getattr(left, name), getattr(right, name)) for name in names]
    return tuple(
        Change(field=name, left=value_words(a), right=value_words(b), words=change_words(name, b, a))
        for name, a, b in values
        if a != b
    )


def _stage_row(mine: _Half, theirs: _Half, pair: Pair) -> Row:
    a, b = pair
    left = () if a is None else mine.design.stages[a].blocks
    right = () if b is None else theirs.design.stages[b].blocks
    rows = [
        _row(
            RowKind.BLOCK,
            None if a is None or i is None else mine.block(a, i),
            None if b is None or j is None else theirs.block(b, j),
        )
        for i, j in _block_pairs(left, right)
    ]
    return _row(
        RowKind.STAGE,
        None if a is None else mine.stage(a),
        None if b is None else theirs.stage(b),
        tuple(rows),
    )


def _moved(rows: list[Row]) -> Iterable[Row]:
    """The rows, with those marked whose individual stands elsewhere in the other drawing."""
    alone = [row for top in rows for row in (top, *top.rows) if row.left is None or row.right is None]
    left = {row.left.ids: row.left for row in alone if row.left is not None}
    right = {row.right.ids: row.right for row in alone if row.right is not None}
    both = left.keys() & right.keys()

    def marked(row: Row) -> Row:
        if row.side.ids in both and (row.left is None or row.right is None):
            here, there = left[row.side.ids], right[row.side.ids]
            place = here.place if row.left is None else there.place
            row = replace(row, moved=place, changes=_changes(here.value, there.value))
        return replace(row, rows=tuple(map(marked, row.rows))) if row.rows else row

    return map(marked, rows) if both else rows


# --- what stands beside what ------------------------------------------------------------------------------------------


def _block_pairs(left: Sequence[Block], right: Sequence[Block]) -> list[Pair]:
    """By id where any is shared: then what is not shared is another individual, however alike. By specs otherwise."""
    anchors = _kept([block.id for block in left], [block.id for block in right])
    if anchors is not None:
        return _filled(anchors, (len(left), len(right)), _apart)
    return align([block.spec for block in left], [block.spec for block in right])[1]


def _stage_pairs(left: Sequence[Stage], right: Sequence[Stage]) -> list[Pair]:
    anchors = _kept([stage.id for stage in left], [stage.id for stage in right])
    if anchors is None:
        anchors = _alike(left, right)
    return _filled(anchors, (len(left), len(right)), _apart)


def _apart(left: range, right: range) -> list[Pair]:
    return [*((i, None) for i in left), *((None, j) for j in right)]


def _filled(
    anchors: list[tuple[int, int]], sizes: tuple[int, int], fill: Callable[[range, range], list[Pair]]
) -> list[Pair]:
    """The anchors, and between them what `fill` makes of the rest."""
    pairs: list[Pair] = []
    i = j = 0
    for a, b in anchors:
        pairs += [*fill(range(i, a), range(j, b)), (a, b)]
        i, j = a + 1, b + 1
    return pairs + fill(range(i, sizes[0]), range(j, sizes[1]))


def _kept(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]] | None:
    """The most pairs of equal ids that keep their order; None where no id is shared."""
    places = {own: index for index, own in enumerate(right)}
    shared = [(index, places[own]) for index, own in enumerate(left) if own in places]
    return _rising(shared) if shared else None


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest chain whose second numbers rise, by patience sorting (Schensted 1961)."""
    tops: list[int] = []  # the smallest end of a chain of each length
    ends: list[int] = []  # its index among the pairs
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        tops[pile : pile + 1] = [place]
        ends[pile : pile + 1] = [index]
        before.append(ends[pile - 1] if pile else -1)
    chain: list[tuple[int, int]] = []
    index = ends[-1]
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _alike(left: Sequence[Stage], right: Sequence[Stage]) -> list[tuple[int, int]]:
    """The stages whose blocks lie side by side most often when all of them are aligned, as pairs that keep their order."""
    places = [(s, block.spec) for s, stage in enumerate(left) for block in stage.blocks]
    others = [(s, block.spec) for s, stage in enumerate(right) for block in stage.blocks]
    votes: dict[tuple[int, int], int] = {}
    for i, j in align([spec for _, spec in places], [spec for _, spec in others])[1]:
        if i is not None and j is not None:
            pair = (places[i][0], others[j][0])
            # A stage of one kind of block beside another kind has a vote too, but a small one.
            votes[pair] = votes.get(pair, 0) + (4 if places[i][1] == others[j][1] else 1)
    return _heaviest(votes, len(left), len(right))


def _heaviest(votes: dict[tuple[int, int], int], rows: int, columns: int) -> list[tuple[int, int]]:
    """The chain of pairs with the most votes, and of those the longest."""
    best: list[list[tuple[int, list[tuple[int, int]]]]] = [[(0, [])] * (columns + 1)]
    for i in range(rows):
        line: list[tuple[int, list[tuple[int, int]]]] = [(0, [])]
        for j in range(columns):
            weight, chain = best[i][j]
            taken = (weight + 1 + 1000 * votes.get((i, j), 0), [*chain, (i, j)])
            line.append(max(taken, best[i][j + 1], line[j], key=lambda entry: entry[0]))
        best.append(line)
    return best[rows][columns][1]

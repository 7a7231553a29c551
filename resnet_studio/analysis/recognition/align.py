"""Lays the blocks of two networks side by side with the least cost. Knows no presets and no words.

A missing or additional block costs 1, a changed one between 0 and 1 by how much of it is another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache

from resnet_studio.design.types import BlockSpec

# Pairs of blocks that are compared one with each other; beyond, blocks are compared by their place.
_MOST_PAIRS = 6_000
_FIELDS = tuple(field.name for field in fields(BlockSpec))
# Of one field that differs; the least that a changed block costs.
LEAST = 0.25
_WEIGHTS = {"kind": 0.6, "channels": 0.4, "groups": 0.4, "stride": 0.4, "shortcut": 0.3}

Pair = tuple[int | None, int | None]


@lru_cache(maxsize=16384)
def distance(one: BlockSpec, other: BlockSpec) -> float:
    """How unlike two blocks are, from 0 to 1."""
    if one == other:
        return 0.0
    return min(1.0, sum(_WEIGHTS.get(name, LEAST) for name in changed(one, other)))


def changed(one: BlockSpec, other: BlockSpec) -> tuple[str, ...]:
    """The fields in which two blocks differ."""
    return tuple(name for name in _FIELDS if getattr(one, name) != getattr(other, name))


def align(mine: Sequence[BlockSpec], theirs: Sequence[BlockSpec]) -> tuple[float, list[Pair]]:
    """(cost, pairs of indices) of the cheapest way to lay one beside the other; None stands for a block that is not there."""
    before = 0
    while before < min(len(mine), len(theirs)) and mine[before] == theirs[before]:
        before += 1
    behind = 0
    while behind < min(len(mine), len(theirs)) - before and mine[-1 - behind] == theirs[-1 - behind]:
        behind += 1
    inner = (mine[before : len(mine) - behind], theirs[before : len(theirs) - behind])
    small = len(inner[0]) * len(inner[1]) <= _MOST_PAIRS
    cost, pairs = _cheapest(*inner) if small else _by_place(*inner)
    shifted = [(None if a is None else a + before, None if b is None else b + before) for a, b in pairs]
    same: list[Pair] = [(index, index) for index in range(before)]
    tail: list[Pair] = [(len(mine) - left, len(theirs) - left) for left in range(behind, 0, -1)]
    return cost, same + shifted + tail


def _by_place(mine: Sequence[BlockSpec], theirs: Sequence[BlockSpec]) -> tuple[float, list[Pair]]:
    shared = min(len(mine), len(theirs))
    cost = sum(distance(mine[i], theirs[i]) for i in range(shared)) + max(len(mine), len(theirs)) - shared
    pairs: list[Pair] = [(i, i) for i in range(shared)]
    pairs += [(i, None) for i in range(shared, len(mine))]
    pairs += [(None, i) for i in range(shared, len(theirs))]
    return cost, pairs


def _cheapest(mine: Sequence[BlockSpec], theirs: Sequence[BlockSpec]) -> tuple[float, list[Pair]]:
    """The edit distance by Wagner and Fischer (1974), with the path."""
    costs = [[float(j) for j in range(len(theirs) + 1)]]
    for i, one in enumerate(mine, start=1):
        above, row = costs[-1], [float(i)]
        for j, other in enumerate(theirs, start=1):
            kept = above[j - 1] + distance(one, other)
            row.append(min(kept, above[j] + 1.0, row[j - 1] + 1.0))
        costs.append(row)
    i, j = len(mine), len(theirs)
    pairs: list[Pair] = []
    while i or j:
        here = costs[i][j]
        if i and j and here == costs[i - 1][j - 1] + distance(mine[i - 1], theirs[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif i and here == costs[i - 1][j] + 1.0:
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return costs[-1][-1], pairs[::-1]

"""Runs of equal neighbours, which views fold to one card "x6". Knows nothing of how they are shown.

Blocks that differ in nothing but how often training leaves them out fold too: a schedule of stochastic depth gives each block
a rate of its own, and the network that it is drawn over stays the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from itertools import groupby
from operator import attrgetter

from resnet_studio.design.types import Block, BlockSpec


def runs_of_equal(blocks: Sequence[Block]) -> tuple[tuple[int, int], ...]:
    """(start, count) of each run of neighbours with equal specs, in order; the counts sum to len(blocks)."""
    runs: list[tuple[int, int]] = []
    start = 0
    for _, same in groupby(blocks, key=lambda block: _folded(block.spec)):
        count = sum(1 for _ in same)
        runs.append((start, count))
        start += count
    return tuple(runs)


# Not `replace`, which takes thirty times as long: views fold at every edit.
_SHARED = attrgetter(*(field.name for field in fields(BlockSpec) if field.name != "drop_path"))


def _folded(spec: BlockSpec) -> object:
    """What equal blocks share: all of the spec, but of a drop path only that there is one."""
    return _SHARED(spec) if spec.drop_path else spec


def alike(specs: Sequence[BlockSpec]) -> bool:
    """Whether blocks of these specs are equal in a run."""
    return len({_folded(spec) for spec in specs}) == 1

"""Runs of equal neighbours, which views fold to one card "x6". Knows nothing of how they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from resnet_studio.design.types import Block


def runs_of_equal(blocks: Sequence[Block]) -> tuple[tuple[int, int], ...]:
    """(start, count) of each run of neighbours with equal specs, in order; the counts sum to len(blocks)."""
    runs: list[tuple[int, int]] = []
    start = 0
    for _, same in groupby(blocks, key=lambda block: block.spec):
        count = sum(1 for _ in same)
        runs.append((start, count))
        start += count
    return tuple(runs)

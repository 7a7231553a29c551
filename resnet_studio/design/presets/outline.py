"""A network in outline: stem, runs of equal blocks, head. Cheap to make, to compare and to draw out; knows no names.

The deepest preset has 600 blocks and three outlines' stages of two runs: recognition compares outlines, never blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from resnet_studio.design.types import Block, BlockSpec, Design, Head, InputSpec, Stage, Stem


@dataclass(frozen=True, slots=True)
class BlockRun:
    """So many equal blocks, one behind the other."""

    spec: BlockSpec
    count: int


Lane = tuple[BlockRun, ...]


class Outline(NamedTuple):
    """What a drawing is, apart from names, ids and who is who among equal blocks."""

    input: InputSpec
    stem: Stem
    lanes: tuple[Lane, ...]
    head: Head | None

    def design(self, name: str) -> Design:
        """The drawing, with block ids s<stage>b<block>: a preset is the same value every time."""
        stages = tuple(_stage(number, lane) for number, lane in enumerate(self.lanes, start=1))
        return Design(name=name, input=self.input, stem=self.stem, stages=stages, head=self.head)

    def blocks(self) -> int:
        """How many blocks it has."""
        return sum(run.count for lane in self.lanes for run in lane)


def lane(first: BlockSpec, rest: BlockSpec, count: int) -> Lane:
    """A stage of `count` blocks, the first of them another than the rest."""
    if first == rest:
        return (BlockRun(rest, count),)
    return (BlockRun(first, 1), BlockRun(rest, count - 1)) if count > 1 else (BlockRun(first, 1),)


def outline_of(design: Design) -> Outline:
    """The outline of any drawing."""
    lanes = tuple(tuple(runs([block.spec for block in stage.blocks])) for stage in design.stages)
    return Outline(input=design.input, stem=design.stem, lanes=lanes, head=design.head)


def runs(specs: Sequence[BlockSpec]) -> Iterator[BlockRun]:
    """Equal neighbours as runs. Neighbours are mostly one object: asking that first makes deep nets ten times faster."""
    start = 0
    for index in range(1, len(specs) + 1):
        if index < len(specs):
            one, other = specs[start], specs[index]
            if one is other or one == other:
                continue
        yield BlockRun(specs[start], index - start)
        start = index


def _stage(number: int, lane: Lane) -> Stage:
    specs = [run.spec for run in lane for _ in range(run.count)]
    blocks = tuple(Block(f"s{number}b{index}", spec) for index, spec in enumerate(specs, start=1))
    return Stage(id=f"s{number}", name=f"Stage {number}", blocks=blocks)

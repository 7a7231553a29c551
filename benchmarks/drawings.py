"""What the benchmarks draw: edits that no memo has seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from resnet_studio.design import edits
from resnet_studio.design.types import Design


def fresh_edits(design: Design) -> Iterator[Design]:
    """The same drawing again and again, each time with another width inside one block of its middle."""
    stage = design.stages[len(design.stages) // 2]
    block = stage.blocks[len(stage.blocks) // 2]
    width = block.spec.width
    while True:
        width += 1
        yield edits.replace_spec(design, block_id=block.id, spec=replace(block.spec, width=width))

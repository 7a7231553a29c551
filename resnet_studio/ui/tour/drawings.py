"""The small drawings that the tour makes for itself, with ids that its steps know. Knows no widget."""

from __future__ import annotations

from resnet_studio.design import edits
from resnet_studio.design.types import Block, BlockKind, BlockSpec, Design, Head, InputSpec, Stage, Stem

WIDE = 256


def _one_block(name: str, spec: BlockSpec) -> Design:
    """A stem of 256 channels at 32x32, one stage with this block, a head of ten classes."""
    return Design(
        name=name,
        input=InputSpec(height=32, width=32),
        stem=Stem(channels=WIDE, kernel=3, stride=1, pool=False),
        stages=(Stage(id="s1", name="Stage 1", blocks=(Block("s1b1", spec),)),),
        head=Head(classes=10),
    )


def basic_block() -> Design:
    """One residual block of two 3x3 from 256 to 256 channels."""
    return _one_block("The bottleneck", edits.make_spec(BlockKind.RESIDUAL, WIDE))


def bottleneck_block() -> Design:
    """One bottleneck of 256 channels, 64 inside."""
    return _one_block("ResNeXt at equal cost", edits.make_spec(BlockKind.BOTTLENECK, WIDE))

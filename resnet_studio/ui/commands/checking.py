"""What every command asks before it changes a drawing: whether a file could hold the next one. Knows no command."""

from __future__ import annotations

from resnet_studio.design import limits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.written import thousands


def checked(design: Design) -> Design:
    """Refuse what no file could hold."""
    if sum(len(stage.blocks) for stage in design.stages) > limits.MAX_BLOCKS:
        most_blocks = thousands(limits.MAX_BLOCKS)
        raise StudioError(
            tr("A design may hold {count} blocks.", count=most_blocks), tr("Delete some first.")
        )
    if len(design.stages) > limits.MAX_STAGES:
        raise StudioError(
            tr("A design may hold {count} stages.", count=limits.MAX_STAGES), tr("Delete one first.")
        )
    most = max((max(b.spec.channels, b.spec.width) for b in design.blocks()), default=0)
    if most > limits.MAX_CHANNELS:
        raise StudioError(
            tr(
                "That block would have {count} channels; {most} are the most.",
                count=thousands(most),
                most=thousands(limits.MAX_CHANNELS),
            ),
            tr("Make the block before it narrower."),
        )
    return design

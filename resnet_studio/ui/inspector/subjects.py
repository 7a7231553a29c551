"""Finds what a selection is about, and refuses what no file could hold. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from resnet_studio.analysis.plan import HEAD, STEM, Plan
from resnet_studio.design import limits
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.ui.format import thousands
from resnet_studio.ui.inspector.block_subjects import Blocks, StageSubject
from resnet_studio.ui.inspector.other_subjects import DesignSubject, HeadSubject, StemSubject
from resnet_studio.ui.inspector.subject import Subject


def refusal(design: Design) -> str:
    """Why a drawing made of single valid values is still none that a file could hold; empty when all is well."""
    widest = max((block.spec.width for block in design.blocks()), default=0)
    if widest > limits.MAX_CHANNELS:
        return tr(
            "The inner width would be {width}; {most} is the most",
            width=thousands(widest),
            most=thousands(limits.MAX_CHANNELS),
        )
    count = sum(len(stage.blocks) for stage in design.stages)
    if count > limits.MAX_BLOCKS:
        return tr(
            "That would make {blocks} blocks; {most} are the most",
            blocks=thousands(count),
            most=thousands(limits.MAX_BLOCKS),
        )
    return ""


def subject_of(plan: Plan, selection: Sequence[str]) -> Subject:
    """What a selection is about: its blocks (with those of its stages), else its one stage, stem or head, else everything."""
    chosen = set(selection)
    stages = [stage for stage in plan.design.stages if stage.id in chosen]
    loose = [block.id for block in plan.design.blocks() if block.id in chosen]
    inside = {block.id for stage in stages for block in stage.blocks}
    if len(stages) == 1 and inside.issuperset(loose):
        return StageSubject(stages[0].id)
    ids = tuple(b.id for b in plan.design.blocks() if b.id in chosen or b.id in inside)
    makers: tuple[tuple[bool, Callable[[], Subject]], ...] = (
        (bool(ids), lambda: Blocks(ids)),
        (STEM in chosen, StemSubject),
        (HEAD in chosen and plan.design.head is not None, HeadSubject),
    )
    return next((make() for applies, make in makers if applies), DesignSubject())

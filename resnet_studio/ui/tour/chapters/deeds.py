"""How the tour does a task for the user: the program's own commands, one undoable step each. Knows no step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.types import BlockKind, Design
from resnet_studio.ui import commands
from resnet_studio.ui.tour.step import Hands

Deed = Callable[[Hands], object]
_ROUNDS = 64


def set_fields(text: str, ids: Iterable[str] | None = None, **fields: Any) -> Deed:
    """Set the same properties of these blocks, or of all."""
    chosen = None if ids is None else tuple(ids)

    def do(hands: Hands) -> None:
        design = hands.document.design
        blocks = [block.id for block in design.blocks()] if chosen is None else chosen
        hands.document.end_gesture()
        hands.document.apply(edits.change_blocks(design, blocks, **fields), text)

    return do


def convert(text: str, block_id: str, kind: BlockKind) -> Deed:
    """Make another kind of a block."""

    def do(hands: Hands) -> None:
        design = hands.document.design
        block = design.block(block_id)
        if block is not None:
            after = edits.replace_spec(design, block_id=block_id, spec=edits.convert(block.spec, kind))
            hands.document.end_gesture()
            hands.document.apply(after, text)

    return do


def resize_stage(text: str, stage_id: str, count: int) -> Deed:
    """Let a stage have so many blocks, as its property does."""

    def do(hands: Hands) -> None:
        from resnet_studio.ui.inspector.block_subjects import StageSubject

        document = hands.document
        document.end_gesture()
        document.apply(StageSubject(stage_id).write(document.design, "count", count), text)

    return do


def insert(kind: BlockKind, stage_id: str, position: int) -> Deed:
    """Put a fitting block into a stage."""

    def do(hands: Hands) -> None:
        stages = hands.document.design.stages
        at = next((index for index, stage in enumerate(stages) if stage.id == stage_id), len(stages) - 1)
        commands.insert_kind_at(hands.document, kind, at, min(position, len(stages[at].blocks)))

    return do


def repair_all(text: str, *, advice: bool = False) -> Deed:
    """Make one repair after another until none is left, as one step."""

    def do(hands: Hands) -> None:
        hands.document.end_gesture()
        hands.document.apply(mended(hands.document.design, advice=advice), text)

    return do


def mended(design: Design, *, advice: bool = False) -> Design:
    """A drawing with its problems, or its advice too, repaired."""
    for _ in range(_ROUNDS):
        plan = analyse(design)
        found = plan.problems + (plan.advice if advice else ())
        repair = next((problem.repair for problem in found if problem.repair is not None), None)
        if repair is None:
            break
        design = repair.apply(design)
    return design

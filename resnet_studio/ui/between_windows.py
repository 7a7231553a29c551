"""Commands that bring blocks and stages of one window's drawing into another's: one undo step in each. Knows no view."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from resnet_studio.design import edits
from resnet_studio.design.types import Block, BlockSpec, Stage, new_id
from resnet_studio.language import tr
from resnet_studio.ui.commands import checked
from resnet_studio.ui.document import Document
from resnet_studio.ui.step_words import words


def take_blocks(
    document: Document, specs: Sequence[BlockSpec], stage: int, position: int, *, moved: bool
) -> None:
    """Put new blocks of these specs at a place, and select them."""
    blocks = [Block(new_id(), spec) for spec in specs]
    after = edits.insert_blocks(document.design, stage, position, blocks)
    document.apply(checked(after), _taken(words(specs), moved=moved), select=[block.id for block in blocks])


def take_stage(
    document: Document, name: str, specs: Sequence[BlockSpec], index: int, *, moved: bool = False
) -> None:
    """Put a new stage of these blocks before `index`, and select it."""
    lane = Stage(id=new_id(), name=name, blocks=tuple(Block(new_id(), spec) for spec in specs))
    after = edits.renumber_stages(edits.insert_stage(document.design, index, lane))
    document.apply(checked(after), _taken(name, moved=moved), select=(lane.id,))


def give_blocks(document: Document, ids: Collection[str]) -> None:
    """Take out the blocks that another window has now."""
    gone = [block.spec for block in document.design.blocks() if block.id in set(ids)]
    if gone:
        after = edits.remove_blocks(document.design, ids)
        document.apply(after, _given(words(gone)))


def give_stage(document: Document, stage_id: str) -> None:
    """Take out the stage that another window has now."""
    name = next((stage.name for stage in document.design.stages if stage.id == stage_id), "")
    if name:
        document.apply(edits.remove_stage(document.design, stage_id=stage_id), _given(name))


def _taken(what: str, *, moved: bool) -> str:
    return tr("Move {parts} here", parts=what) if moved else tr("Copy {parts} here", parts=what)


def _given(what: str) -> str:
    return tr("Move {parts} to another window", parts=what)

"""Copies of blocks and stages: by the clipboard, by a copying drag, by Duplicate. Knows what is selected, and no view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtGui import QGuiApplication

from resnet_studio.design import edits
from resnet_studio.design.types import Block, BlockSpec, Design, Stage, new_id, with_new_id
from resnet_studio.language import tr
from resnet_studio.ui.block_text import from_text, to_text
from resnet_studio.ui.commands.checking import checked
from resnet_studio.ui.commands.deleting import delete
from resnet_studio.ui.commands.inserting import place_after_selection
from resnet_studio.ui.document import Document
from resnet_studio.ui.step_words import specs_of, words


def chosen_blocks(document: Document) -> list[BlockSpec]:
    """The selected blocks' specs, those of selected stages included, in the drawing's order."""
    chosen = set(document.selection)
    return [
        block.spec
        for stage in document.design.stages
        for block in stage.blocks
        if block.id in chosen or stage.id in chosen
    ]


def copy(document: Document) -> None:
    """Put the selected blocks on the clipboard, as readable JSON."""
    specs = chosen_blocks(document)
    if specs:
        QGuiApplication.clipboard().setText(to_text(specs))


def cut(document: Document) -> None:
    """Copy, then delete."""
    if chosen_blocks(document):
        copy(document)
        delete(document, cut=True)


def paste(document: Document) -> None:
    """Put the clipboard's blocks behind the selection.

    Raises:
        StudioError: the clipboard holds no blocks, or more than fit.
    """
    specs = from_text(QGuiApplication.clipboard().text())
    put_specs(document, specs, tr("Paste {blocks}", blocks=words(specs)))


def insert_specs(document: Document, specs: Sequence[BlockSpec]) -> None:
    """Put new blocks of these specs behind the selection: what a drop without a place does."""
    put_specs(document, specs, tr("Insert {blocks}", blocks=words(specs)))


def put_specs(document: Document, specs: Sequence[BlockSpec], text: str) -> None:
    """Put new blocks of these specs behind the selection, as a step of these words."""
    design = document.design
    if not design.stages:
        design = edits.insert_stage(design, 0, Stage(id=new_id(), name="Stage 1"))
        place = (0, 0)
    else:
        place = place_after_selection(document)
    _put(document, design, specs, place=place, text=text)


def put_specs_at(document: Document, specs: Sequence[BlockSpec], stage: int, position: int) -> None:
    """Put new blocks of these specs at a place: what a copying drag does."""
    text = tr("Copy {blocks}", blocks=words(specs))
    _put(document, document.design, specs, place=(stage, position), text=text)


def _put(
    document: Document, design: Design, specs: Iterable[BlockSpec], *, place: tuple[int, int], text: str
) -> None:
    blocks = [Block(new_id(), spec) for spec in specs]
    after = edits.insert_blocks(design, place[0], place[1], blocks)
    document.apply(checked(after), text, select=[block.id for block in blocks])


def duplicate(document: Document) -> None:
    """Put copies behind the selected blocks, and behind selected stages; the copies are selected."""
    design, made = document.design, list[str]()
    if document.selected_blocks:
        design, copies = edits.duplicate_blocks(design, document.selected_blocks)
        what = words(specs_of(document.design, document.selected_blocks))
        made += copies
    else:
        stages = [stage for stage in design.stages if stage.id in document.selection]
        what = ", ".join(stage.name for stage in stages)
        for stage in stages:
            at = next(i for i, lane in enumerate(design.stages) if lane.id == stage.id)
            blocks = tuple(Block(new_id(), edits.as_follower(block.spec)) for block in stage.blocks)
            lane = replace(stage, id=new_id(), blocks=blocks)
            design = edits.renumber_stages(edits.insert_stage(design, at + 1, lane))
            made.append(lane.id)
    document.apply(checked(design), tr("Duplicate {parts}", parts=what), select=made)


def copy_stage(document: Document, stage_id: str, index: int) -> None:
    """Put a copy of a stage, as it stands, before `index`: what a copying drag does."""
    stage = next((stage for stage in document.design.stages if stage.id == stage_id), None)
    if stage is None:
        return
    lane = replace(stage, id=new_id(), blocks=tuple(with_new_id(block) for block in stage.blocks))
    after = edits.renumber_stages(edits.insert_stage(document.design, index, lane))
    document.apply(checked(after), tr("Copy {blocks}", blocks=stage.name), select=(lane.id,))

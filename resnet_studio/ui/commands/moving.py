"""Selecting all, and moving blocks and stages: to a place, one place on, to the neighbour. Makes and deletes nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from resnet_studio.design import edits
from resnet_studio.design.types import Block
from resnet_studio.language import tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.step_words import specs_of, words


def select_all(document: Document) -> None:
    """Select every block."""
    document.select(block.id for block in document.design.blocks())


def move(document: Document, ids: Collection[str], stage: int, position: int) -> None:
    """Move blocks before a position of a stage, counted before the move; they are selected."""
    after = edits.move_blocks(document.design, ids, stage, position)
    blocks, there = words(specs_of(document.design, ids)), after.stages[stage].name
    afar = any((place := document.design.find(i)) is not None and place[0] != stage for i in ids)
    text = tr("Move {blocks} to {stage}", blocks=blocks, stage=there) if afar else _moved(blocks)
    document.apply(after, text, select=ids)


def _moved(what: str) -> str:
    return tr("Move {blocks}", blocks=what)


def move_up(document: Document) -> None:
    """Move the selected blocks one place up in their stages; a selected stage one place to the left."""
    _nudge(document, -1)


def move_down(document: Document) -> None:
    """Move the selected blocks one place down in their stages; a selected stage one place to the right."""
    _nudge(document, 1)


def _nudge(document: Document, step: int) -> None:
    chosen = set(document.selected_blocks)
    if not chosen:
        _nudge_stage(document, step)
        return
    lanes = tuple(
        replace(stage, blocks=_nudged(stage.blocks, chosen, step)) for stage in document.design.stages
    )
    after = replace(document.design, stages=lanes)
    blocks = words(specs_of(after, chosen))
    document.apply(
        after, tr("Move {blocks} up", blocks=blocks) if step < 0 else tr("Move {blocks} down", blocks=blocks)
    )


def _nudged(blocks: tuple[Block, ...], chosen: Collection[str], step: int) -> tuple[Block, ...]:
    """Each chosen block changes places with an unchosen neighbour, so that gaps between chosen ones stay."""
    row = list(blocks if step < 0 else reversed(blocks))
    for at in range(1, len(row)):
        if row[at].id in chosen and row[at - 1].id not in chosen:
            row[at - 1], row[at] = row[at], row[at - 1]
    return tuple(row if step < 0 else reversed(row))


def move_to_neighbour(document: Document, step: int) -> None:
    """Move the selected blocks to the stage on the left (-1) or right (1): to its end, or to its beginning."""
    ids = document.selected_blocks
    if not ids:
        _nudge_stage(document, step)
        return
    places = [place[0] for i in ids if (place := document.design.find(i)) is not None]
    stage = (min(places) if step < 0 else max(places)) + step
    if 0 <= stage < len(document.design.stages):
        move(document, ids, stage, len(document.design.stages[stage].blocks) if step < 0 else 0)


def _nudge_stage(document: Document, step: int) -> None:
    stages = document.design.stages
    at = next((i for i, stage in enumerate(stages) if stage.id in document.selection), None)
    if at is not None and 0 <= at + step < len(stages):
        move_stage(document, stages[at].id, at + step + (step > 0))


def move_stage(document: Document, stage_id: str, index: int) -> None:
    """Move a stage before `index`, counted before the move."""
    name = next((stage.name for stage in document.design.stages if stage.id == stage_id), tr("stage"))
    document.apply(edits.move_stage(document.design, stage_id, index), _moved(name))

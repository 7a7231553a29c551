"""New blocks and stages, a head, and a Problem's repair: each one step, behind the selection or at a place. Knows no clipboard."""

from __future__ import annotations

from resnet_studio.analysis.plan import HEAD, STEM, Problem
from resnet_studio.design import edits
from resnet_studio.design.types import BlockKind, Head
from resnet_studio.language import tr
from resnet_studio.ui.commands.checking import checked
from resnet_studio.ui.document import Document
from resnet_studio.ui.step_words import KIND_WORDS


def place_after_selection(document: Document) -> tuple[int, int]:
    """(stage, position) behind the last selected block; the end of a selected stage; before all when the stem is chosen.

    Without a selection: the end of the last stage. The drawing must have a stage.
    """
    design, chosen = document.design, document.selection
    for unit_id in reversed(chosen):
        found = design.find(unit_id)
        if found is not None:
            return found[0], found[1] + 1
        for index, stage in enumerate(design.stages):
            if stage.id == unit_id:
                return index, len(stage.blocks)
    if chosen == (STEM,):
        return 0, 0
    last = len(design.stages) - 1
    return last, len(design.stages[last].blocks)


def insert_kind(document: Document, kind: BlockKind) -> None:
    """Put a fitting block of this kind behind the selection."""
    if not document.design.stages:
        insert_stage_at(document, 0, kind)
        return
    stage, position = place_after_selection(document)
    insert_kind_at(document, kind, stage, position)


def insert_kind_at(document: Document, kind: BlockKind, stage: int, position: int) -> None:
    """Put a fitting block of this kind at a place, and select it."""
    spec = edits.fitting_spec(document.design, stage, position, kind)
    design, made = edits.insert_spec(document.design, stage, position, spec)
    document.apply(checked(design), tr("Insert {block}", block=KIND_WORDS[kind]), select=(made,))


def insert_stage(document: Document) -> None:
    """Put a stage of one block behind the selection's stage."""
    design = document.design
    index = len(design.stages)
    if design.stages and document.selection:
        index = 0 if document.selection == (STEM,) else place_after_selection(document)[0] + 1
    insert_stage_at(document, index)


def insert_stage_at(document: Document, index: int, kind: BlockKind | None = None) -> None:
    """Put a stage of one block before `index`, and select its block."""
    design, lane = edits.new_stage(document.design, index, kind)
    document.apply(checked(design), tr("Insert stage"), select=[block.id for block in lane.blocks])


def add_head(document: Document) -> None:
    """Put the head back."""
    if document.design.head is None:
        document.apply(edits.set_head(document.design, head=Head()), tr("Add head"), select=(HEAD,))


def repair(document: Document, problem: Problem) -> None:
    """Make a Problem's repair, as one step with its own words."""
    if problem.repair is not None:
        text = f"{problem.repair.label} ({problem.place})"
        document.apply(checked(problem.repair.apply(document.design)), text)

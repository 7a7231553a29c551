"""The editing commands on a Document, one undo step each with its words: what menus, keys, drops and views share.

Knows no view. Commands that have nothing to do change nothing; what must not be is refused as a StudioError.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from PySide6.QtGui import QGuiApplication

from resnet_studio.analysis.plan import HEAD, STEM, Problem
from resnet_studio.design import edits, limits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Block, BlockKind, BlockSpec, Design, Head, Stage, new_id, with_new_id
from resnet_studio.language import tr
from resnet_studio.ui.block_text import from_text, to_text
from resnet_studio.ui.document import Document
from resnet_studio.ui.step_words import KIND_WORDS, deleted_words, specs_of, words
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


# --- where new things go ----------------------------------------------------------------------------------------------


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


# --- inserting --------------------------------------------------------------------------------------------------------


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


# --- taking away ------------------------------------------------------------------------------------------------------


def delete(document: Document, *, cut: bool = False) -> None:
    """Delete the selected blocks, stages and head; a stem always stays. What follows is selected next.

    Raises:
        StudioError: nothing but the stem is selected.
    """
    before, chosen = document.design, set(document.selection)
    if chosen == {STEM}:
        raise StudioError(
            tr("The stem stays."), tr("Every network begins with one; the inspector changes it.")
        )
    stages = [stage for stage in before.stages if stage.id in chosen]
    blocks = document.selected_blocks
    after = edits.remove_blocks(before, blocks)
    for stage in stages:
        after = edits.remove_stage(after, stage_id=stage.id)
    if HEAD in chosen:
        after = edits.set_head(after, head=None)
    if after != before:
        what = deleted_words(before, stages, blocks, head=HEAD in chosen)
        text = tr("Cut {parts}", parts=what) if cut else tr("Delete {parts}", parts=what)
        document.apply(after, text, select=_next_to(before, after, chosen))


def _next_to(before: Design, after: Design, gone: Collection[str]) -> tuple[str, ...]:
    """The block that comes into the place of the first deleted one, else the one before it."""
    left = {block.id for block in after.blocks()}
    order = [(s, b.id) for s, stage in enumerate(before.stages) for b in stage.blocks]
    at = next((i for i, (_, block) in enumerate(order) if block not in left), None)
    if at is None:
        return ()
    stage = order[at][0]
    behind = [block for s, block in order[at:] if s == stage and block in left]
    ahead = [block for s, block in order[:at] if s == stage and block in left]
    candidates = behind[:1] or ahead[-1:]
    return tuple(candidates) or (before.stages[stage].id,)


# --- clipboard --------------------------------------------------------------------------------------------------------


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


# --- selecting and moving ---------------------------------------------------------------------------------------------


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


def copy_stage(document: Document, stage_id: str, index: int) -> None:
    """Put a copy of a stage, as it stands, before `index`: what a copying drag does."""
    stage = next((stage for stage in document.design.stages if stage.id == stage_id), None)
    if stage is None:
        return
    lane = replace(stage, id=new_id(), blocks=tuple(with_new_id(block) for block in stage.blocks))
    after = edits.renumber_stages(edits.insert_stage(document.design, index, lane))
    document.apply(checked(after), tr("Copy {blocks}", blocks=stage.name), select=(lane.id,))


def move_stage(document: Document, stage_id: str, index: int) -> None:
    """Move a stage before `index`, counted before the move."""
    name = next((stage.name for stage in document.design.stages if stage.id == stage_id), tr("stage"))
    document.apply(edits.move_stage(document.design, stage_id, index), _moved(name))

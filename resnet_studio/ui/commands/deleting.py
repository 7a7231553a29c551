"""Deleting what is selected, and what is selected next. Knows no clipboard."""

from __future__ import annotations

from collections.abc import Collection

from resnet_studio.analysis.plan import HEAD, STEM
from resnet_studio.design import edits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.step_words import deleted_words


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

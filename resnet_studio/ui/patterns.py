"""The commands that change or select many blocks of a Document, one undo step each; they return what to tell. Know no view.

What a pattern would break in a sound drawing is mended in the same step.
"""

from __future__ import annotations

from collections.abc import Sequence

from resnet_studio.analysis.matching import convert_matched
from resnet_studio.analysis.mending import keep_sound
from resnet_studio.analysis.plan import Totals
from resnet_studio.design import patterns
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Block, BlockKind, Design, Stage
from resnet_studio.language import tr, trn
from resnet_studio.ui.commands import checked
from resnet_studio.ui.document import Document
from resnet_studio.ui.format import percent
from resnet_studio.ui.step_words import words

_KINDS = {
    BlockKind.RESIDUAL: tr("residual"),
    BlockKind.BOTTLENECK: tr("bottleneck"),
    BlockKind.RESNEXT: "ResNeXt",
}
# By the names of design.patterns.SETTINGS, "" for all of them.
_TO_ALL = {
    "": tr("Apply settings to all blocks"),
    "kernel and dilation": tr("Apply kernel and dilation to all blocks"),
    "order and activation": tr("Apply order and activation to all blocks"),
    "norm": tr("Apply norm to all blocks"),
    "attention": tr("Apply attention to all blocks"),
    "dropout and drop path": tr("Apply dropout and drop path to all blocks"),
}
_FACTORS = {patterns.DOUBLE: "×2", patterns.HALF_MORE: "×1.5", patterns.HALF: "×½"}


def _chosen(document: Document) -> list[Block]:
    """The selected blocks, those of selected stages included; all of them without a selection.

    Raises:
        StudioError: there is none.
    """
    marked = set(document.selection)
    stages = document.design.stages
    found = [b for stage in stages for b in stage.blocks if b.id in marked or stage.id in marked]
    if not found and marked:
        raise StudioError(tr("No block is selected."), tr("Select blocks or a stage."))
    if not found and not (found := list(document.design.blocks())):
        raise StudioError(tr("There is no block yet."), tr("Insert one first."))
    return found


def _stages(document: Document) -> list[Stage]:
    """The stages of the selection.

    Raises:
        StudioError: there is none.
    """
    lanes = patterns.stages_of(document.design, document.selection)
    if not lanes:
        raise StudioError(tr("No stage is selected."), tr("Select a stage, or a block in it."))
    return [stage for stage in document.design.stages if stage.id in lanes]


def _named(stages: Sequence[Stage]) -> str:
    return stages[0].name if len(stages) == 1 else trn("{count} stage", "{count} stages", len(stages))


def _apply(document: Document, after: Design, text: str) -> str:
    """One step; says by how much the whole drawing's cost has changed."""
    before = document.plan.totals
    document.end_gesture()
    document.apply(keep_sound(document.design, checked(after)), text)
    return f"{text}: {cost_words(before, document.plan.totals)}"


def cost_words(before: Totals, after: Totals) -> str:
    """ "mult-adds +0.7 %, params −1.2 %", of the whole drawing."""
    return tr(
        "multiply-adds {work}, params {params}",
        work=percent(after.macs, before.macs),
        params=percent(after.params, before.params),
    )


# --- selecting --------------------------------------------------------------------------------------------------------


def select_kind(document: Document) -> str:
    """Select every block of the selection's kind."""
    ids = [block.id for block in _chosen(document)]
    document.select(patterns.of_same_kind(document.design, ids))
    return _selected(document)


def select_stage(document: Document) -> str:
    """Select every block of the selection's stages."""
    _stages(document)
    document.select(patterns.of_same_stage(document.design, document.selection))
    return _selected(document)


def _selected(document: Document) -> str:
    return trn("{count} block selected", "{count} blocks selected", len(document.selection))


# --- widths and depth -------------------------------------------------------------------------------------------------


def scale_widths(document: Document, factor: patterns.Factor) -> str:
    """Double or halve the channels of stem and blocks."""
    text = tr("Double all widths") if factor[0] > factor[1] else tr("Halve all widths")
    return _apply(document, patterns.scale_widths(document.design, factor), text)


def widen(document: Document, factor: patterns.Factor) -> str:
    """Multiply the channels of the selection's stages; shortcuts behind them are repaired."""
    stages = _stages(document)
    named, times = _named(stages), _FACTORS[factor]
    text = (
        tr("Widen {stages} {factor}", stages=named, factor=times)
        if factor[0] > factor[1]
        else tr("Narrow {stages} {factor}", stages=named, factor=times)
    )
    after = patterns.widen_stages(document.design, {stage.id for stage in stages}, factor)
    return _apply(document, after, text)


def deepen(document: Document) -> str:
    """One more block in each of the selection's stages."""
    stages = [stage for stage in _stages(document) if stage.blocks]
    if not stages:
        raise StudioError(tr("This stage has no block to copy."), tr("Insert one first."))
    after = patterns.deepen_stages(document.design, {stage.id for stage in stages})
    return _apply(document, after, tr("Deepen {stages}", stages=_named(stages)))


def shallow(document: Document) -> str:
    """One block less in each of the selection's stages."""
    stages = [stage for stage in _stages(document) if len(stage.blocks) > 1]
    if not stages:
        raise StudioError(tr("A stage keeps its only block."), tr("Delete the stage instead."))
    after = patterns.shallow_stages(document.design, {stage.id for stage in stages})
    return _apply(document, after, tr("Shallow {stages}", stages=_named(stages)))


# --- kinds and settings -----------------------------------------------------------------------------------------------


def convert(document: Document, kind: BlockKind) -> str:
    """Make the selection (or all) of a kind that costs as many multiply-adds."""
    blocks = [block for block in _chosen(document) if block.spec.kind is not kind]
    if not blocks:
        raise StudioError(
            tr("Every block here is {kind} already.", kind=_KINDS[kind]), tr("Choose another kind.")
        )
    ids = [block.id for block in blocks]
    after = convert_matched(document.design, ids, kind)
    text = tr("Convert {blocks} to {kind}", blocks=words([block.spec for block in blocks]), kind=_KINDS[kind])
    told = _apply(document, after, text)
    made = dict.fromkeys(_inner(block) for block in document.design.blocks() if block.id in set(ids))
    return told if len(made) > 4 else told.replace(": ", f" {', '.join(made)}: ", 1)


def _inner(block: Block) -> str:
    """How papers write what is inside: 32×4d, or the width alone."""
    spec = block.spec
    resnext = spec.kind is BlockKind.RESNEXT and spec.width % spec.groups == 0
    return f"{spec.groups}×{spec.width // spec.groups}d" if resnext else str(spec.width)


def apply_to_all(document: Document, setting: str = "") -> str:
    """Copy a setting of the selected block (all of them by default) to every block."""
    if not document.selected_blocks:
        raise StudioError(tr("No block is selected."), tr("Select the block whose settings all shall have."))
    fields = patterns.SETTINGS[setting] if setting else patterns.EVERY_SETTING
    after = patterns.apply_to_all(document.design, document.selected_blocks[0], fields)
    return _apply(document, after, _TO_ALL[setting])

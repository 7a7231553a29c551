"""Changes to many blocks at once as pure functions: what belongs together, widths, depth, settings. Knows no shapes of maps.

Ids stay with their blocks. What a pattern breaks in a sound drawing (a shortcut that now changes the channels), the analysis
room mends: see `analysis.mending`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from resnet_studio.design import edits
from resnet_studio.design.types import Block, BlockSpec, Design, Stage, new_id

# By what widths are multiplied, and divided: exact, unlike a float.
Factor = tuple[int, int]
DOUBLE, HALF, HALF_MORE = (2, 1), (1, 2), (3, 2)

# What "apply to all" can copy, by the words of its menu: nothing that belongs to a block's place (channels, stride, shortcut).
SETTINGS: dict[str, tuple[str, ...]] = {
    "kernel and dilation": ("kernel", "dilation"),
    "order and activation": ("order", "activation", "zero_init"),
    "norm": ("norm", "norm_groups"),
    "attention": ("attention", "reduction"),
    "dropout and drop path": ("dropout", "drop_path"),
}
EVERY_SETTING = tuple(name for fields in SETTINGS.values() for name in fields)


# --- what belongs together --------------------------------------------------------------------------------------------


def of_same_kind(design: Design, ids: Collection[str]) -> tuple[str, ...]:
    """Every block of a kind that one of these blocks has."""
    chosen = set(ids)
    kinds = {block.spec.kind for block in design.blocks() if block.id in chosen}
    return tuple(block.id for block in design.blocks() if block.spec.kind in kinds)


def stages_of(design: Design, ids: Collection[str]) -> tuple[str, ...]:
    """The stages that are named, or in which one of these blocks stands."""
    chosen = set(ids)
    return tuple(
        stage.id
        for stage in design.stages
        if stage.id in chosen or any(block.id in chosen for block in stage.blocks)
    )


def of_same_stage(design: Design, ids: Collection[str]) -> tuple[str, ...]:
    """Every block of the stages of these blocks."""
    lanes = set(stages_of(design, ids))
    return tuple(block.id for stage in design.stages if stage.id in lanes for block in stage.blocks)


# --- widths -----------------------------------------------------------------------------------------------------------


def _times(number: int, factor: Factor) -> int:
    return max(1, number * factor[0] // factor[1])


def _wider(spec: BlockSpec, factor: Factor) -> BlockSpec:
    return replace(spec, channels=_times(spec.channels, factor), width=_times(spec.width, factor))


def _widened(stage: Stage, factor: Factor) -> Stage:
    return replace(stage, blocks=tuple(Block(b.id, _wider(b.spec, factor)) for b in stage.blocks))


def scale_widths(design: Design, factor: Factor) -> Design:
    """Multiply the channels of stem and blocks, rounded down; halving what was doubled gives the same drawing."""
    stem = replace(design.stem, channels=_times(design.stem.channels, factor))
    return replace(design, stem=stem, stages=tuple(_widened(stage, factor) for stage in design.stages))


def widen_stages(design: Design, stage_ids: Collection[str], factor: Factor) -> Design:
    """Multiply the channels of some stages only; the shortcuts at their borders may then no longer fit."""
    lanes = (_widened(stage, factor) if stage.id in stage_ids else stage for stage in design.stages)
    return replace(design, stages=tuple(lanes))


# --- depth ------------------------------------------------------------------------------------------------------------


def deepen_stages(design: Design, stage_ids: Collection[str]) -> Design:
    """Put a copy of each stage's last block behind it, as it follows itself. An empty stage stays empty."""
    lanes = tuple(
        replace(stage, blocks=(*stage.blocks, Block(new_id(), edits.as_follower(stage.blocks[-1].spec))))
        if stage.id in stage_ids and stage.blocks
        else stage
        for stage in design.stages
    )
    return replace(design, stages=lanes)


def shallow_stages(design: Design, stage_ids: Collection[str]) -> Design:
    """Take each stage's last block out that changes no shape, else its last one. The only block of a stage stays."""
    gone: list[str] = []
    for index, stage in enumerate(design.stages):
        if stage.id in stage_ids and len(stage.blocks) > 1:
            arriving = [design.channels_before(index, 0), *(b.spec.channels for b in stage.blocks)]
            spare = [
                block.id
                for block, channels in zip(stage.blocks, arriving, strict=False)
                if block.spec.stride == 1 and block.spec.channels == channels
            ]
            gone.append((spare or [stage.blocks[-1].id])[-1])
    return edits.remove_blocks(design, gone)


def repeat_run(design: Design, ids: Sequence[str], count: int, spare: Sequence[str]) -> Design:
    """Let a run of equal neighbours have so many blocks: copies come behind its last one, or its last ones go.

    Args:
        design: the drawing.
        ids: the run's blocks, in order; the first one always stays.
        count: how many there shall be.
        spare: ids for the copies, at least as many as are missing, so that a gesture gives the same copy the same id.
    """
    place = design.find(ids[-1])
    if place is None or count <= len(ids):
        return edits.remove_blocks(design, ids[max(1, count) :])
    stage, position = place
    spec = edits.as_follower(design.stages[stage].blocks[position].spec)
    copies = [Block(each, spec) for each in spare[: count - len(ids)]]
    return edits.insert_blocks(design, stage, position + 1, copies)


# --- settings ---------------------------------------------------------------------------------------------------------


def apply_to_all(design: Design, block_id: str, fields: Collection[str]) -> Design:
    """Give every block these settings of one block; the names are BlockSpec's."""
    source = design.block(block_id)
    if source is None:
        return design
    values = {name: getattr(source.spec, name) for name in fields}
    return edits.change_blocks(design, [block.id for block in design.blocks()], **values)

"""Edits as pure functions: a Design goes in, a new Design comes out. Knows no undo, no window, no shapes of maps.

Ids that are not in the drawing are ignored, so that a late gesture cannot fail.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from resnet_studio.design.types import (
    Block,
    BlockKind,
    BlockSpec,
    Design,
    Head,
    InputSpec,
    Order,
    ShortcutKind,
    Stage,
    Stem,
    new_id,
)


def _with_blocks(design: Design, stage: int, blocks: Iterable[Block]) -> Design:
    lanes = list(design.stages)
    lanes[stage] = replace(lanes[stage], blocks=tuple(blocks))
    return replace(design, stages=tuple(lanes))


# --- blocks -----------------------------------------------------------------------------------------------------------


def insert_blocks(design: Design, stage: int, position: int, blocks: Iterable[Block]) -> Design:
    """Put blocks before `position` of a stage (its length: at the end). Ids must be new to the drawing."""
    old = design.stages[stage].blocks
    return _with_blocks(design, stage, (*old[:position], *blocks, *old[position:]))


def insert_spec(design: Design, stage: int, position: int, spec: BlockSpec) -> tuple[Design, str]:
    """Put one new block there; returns the drawing and the new block's id."""
    block = Block(new_id(), spec)
    return insert_blocks(design, stage, position, (block,)), block.id


def remove_blocks(design: Design, ids: Collection[str]) -> Design:
    """Take blocks out; their stages stay, even when empty."""
    gone = set(ids)
    lanes = tuple(
        replace(stage, blocks=tuple(block for block in stage.blocks if block.id not in gone))
        for stage in design.stages
    )
    return replace(design, stages=lanes)


def move_blocks(design: Design, ids: Collection[str], stage: int, position: int) -> Design:
    """Move blocks, in the drawing's order, before `position` of a stage, counted before the move."""
    moving = set(ids)
    taken = tuple(block for block in design.blocks() if block.id in moving)
    ahead = sum(block.id in moving for block in design.stages[stage].blocks[:position])
    return insert_blocks(remove_blocks(design, moving), stage, position - ahead, taken)


def duplicate_blocks(design: Design, ids: Collection[str]) -> tuple[Design, tuple[str, ...]]:
    """Put a copy behind the last chosen block of each stage; returns the drawing and the copies' ids.

    A copy behind its original gets what the original gives, so a stride or a projection would not fit: see `as_follower`.
    """
    chosen, made = set(ids), list[str]()
    lanes: list[Stage] = []
    for stage in design.stages:
        at = [index for index, block in enumerate(stage.blocks) if block.id in chosen]
        copies = tuple(Block(new_id(), as_follower(stage.blocks[index].spec)) for index in at)
        made += [block.id for block in copies]
        cut = at[-1] + 1 if at else 0
        lanes.append(replace(stage, blocks=(*stage.blocks[:cut], *copies, *stage.blocks[cut:])))
    return replace(design, stages=tuple(lanes)), tuple(made)


def as_follower(spec: BlockSpec) -> BlockSpec:
    """The spec as it would follow itself: stride 1, and the identity where a shortcut had to change the shape."""
    changes_shape = (ShortcutKind.PROJECTION, ShortcutKind.POOL_PROJECTION, ShortcutKind.ZERO_PAD)
    shortcut = ShortcutKind.IDENTITY if spec.shortcut in changes_shape else spec.shortcut
    return replace(spec, stride=1, shortcut=shortcut)


def replace_spec(design: Design, *, block_id: str, spec: BlockSpec) -> Design:
    """Give one block another spec."""
    return replace_specs(design, {block_id: spec})


def replace_specs(design: Design, specs: Mapping[str, BlockSpec]) -> Design:
    """Give several blocks other specs, by id."""
    lanes = tuple(
        replace(
            stage,
            blocks=tuple(
                Block(block.id, specs[block.id]) if block.id in specs else block for block in stage.blocks
            ),
        )
        if any(block.id in specs for block in stage.blocks)
        else stage
        for stage in design.stages
    )
    return replace(design, stages=lanes)


def change_blocks(design: Design, ids: Collection[str], **fields: Any) -> Design:
    """Set the same fields of several blocks ("stride=2"); the names are BlockSpec's."""
    chosen = set(ids)
    specs = {block.id: replace(block.spec, **fields) for block in design.blocks() if block.id in chosen}
    return replace_specs(design, specs)


# --- stages, stem, head, input ----------------------------------------------------------------------------------------


def insert_stage(design: Design, index: int, stage: Stage) -> Design:
    """Put a stage before `index`."""
    return replace(design, stages=(*design.stages[:index], stage, *design.stages[index:]))


def new_stage(design: Design, index: int, kind: BlockKind | None = None) -> tuple[Design, Stage]:
    """A stage of one block that halves the resolution and doubles the channels, of the neighbours' kind by default."""
    before = [block for stage in design.stages[:index] for block in stage.blocks]
    if kind is None:
        kind = before[-1].spec.kind if before else BlockKind.RESIDUAL
    lane = Stage(id=new_id(), name=f"Stage {index + 1}")
    spec = fitting_spec(insert_stage(design, index, lane), index, 0, kind)
    lane = replace(lane, blocks=(Block(new_id(), spec),))
    return renumber_stages(insert_stage(design, index, lane)), lane


def remove_stage(design: Design, *, stage_id: str) -> Design:
    """Take a stage with all its blocks out."""
    return renumber_stages(
        replace(design, stages=tuple(stage for stage in design.stages if stage.id != stage_id))
    )


def move_stage(design: Design, stage_id: str, index: int) -> Design:
    """Move a stage before `index`, counted before the move."""
    at = next((i for i, stage in enumerate(design.stages) if stage.id == stage_id), None)
    if at is None:
        return design
    rest = [*design.stages[:at], *design.stages[at + 1 :]]
    rest.insert(index - (at < index), design.stages[at])
    return renumber_stages(replace(design, stages=tuple(rest)))


def renumber_stages(design: Design) -> Design:
    """Let "Stage N" follow the order; names that people gave stay."""
    lanes = tuple(
        replace(stage, name=f"Stage {index + 1}") if _is_numbered(stage.name) else stage
        for index, stage in enumerate(design.stages)
    )
    return replace(design, stages=lanes)


def _is_numbered(name: str) -> bool:
    return name.startswith("Stage ") and name[6:].isdecimal()


def rename_stage(design: Design, stage_id: str, name: str) -> Design:
    """Give a stage another name."""
    lanes = tuple(replace(stage, name=name) if stage.id == stage_id else stage for stage in design.stages)
    return replace(design, stages=lanes)


def set_stem(design: Design, stem: Stem) -> Design:
    """Another stem."""
    return replace(design, stem=stem)


def set_head(design: Design, *, head: Head | None) -> Design:
    """Another head, or none."""
    return replace(design, head=head)


def set_input(design: Design, spec: InputSpec) -> Design:
    """Another input."""
    return replace(design, input=spec)


def rename(design: Design, name: str) -> Design:
    """Another name for the whole drawing."""
    return replace(design, name=name)


def adapt(design: Design, *, spec: InputSpec, classes: int) -> Design:
    """Make the drawing fit a data set: its input, and a head with as many classes."""
    head = replace(design.head or Head(), classes=classes)
    return replace(design, input=spec, head=head)


# --- what fits --------------------------------------------------------------------------------------------------------


def fitting_spec(design: Design, stage: int, position: int, kind: BlockKind) -> BlockSpec:
    """A block of this kind that is right at that place.

    In a stage with blocks it keeps the shape that arrives, behind the first block's change of shape; as the first of an empty stage
    it halves the map and doubles the channels, with a projection (in the first stage, the stem has halved already).
    """
    arriving = design.channels_before(stage, position)
    blocks = design.stages[stage].blocks
    neighbour = blocks[min(position, len(blocks) - 1)].spec if blocks else _last_spec(design, stage)
    order = neighbour.order if neighbour is not None else Order.ORIGINAL
    if blocks:
        return make_spec(kind, arriving, order=order)
    first = all(not lane.blocks for lane in design.stages[:stage])
    if first and kind is BlockKind.RESIDUAL:
        return make_spec(kind, arriving, order=order)
    channels = arriving * 4 if first else arriving * 2
    stride = 1 if first else 2
    return make_spec(kind, channels, stride=stride, shortcut=ShortcutKind.PROJECTION, order=order)


def _last_spec(design: Design, stage: int) -> BlockSpec | None:
    before = [block for lane in design.stages[:stage] for block in lane.blocks]
    return before[-1].spec if before else None


def make_spec(
    kind: BlockKind,
    channels: int,
    *,
    stride: int = 1,
    shortcut: ShortcutKind = ShortcutKind.IDENTITY,
    order: Order = Order.ORIGINAL,
) -> BlockSpec:
    """The papers' proportions: a bottleneck is a quarter as wide inside; ResNeXt half as wide, in 32 groups."""
    width, groups = proportions(kind, channels)
    return BlockSpec(
        kind=kind, channels=channels, width=width, groups=groups, stride=stride, shortcut=shortcut, order=order
    )  # fmt: skip


def proportions(kind: BlockKind, channels: int) -> tuple[int, int]:
    """(inner width, groups) that the papers give a kind for these channels; the groups always divide the width."""
    if kind is BlockKind.RESIDUAL:
        return channels, 1
    if kind is BlockKind.BOTTLENECK:
        return max(1, channels // 4), 1
    groups = min(32, max(1, channels // 2))
    return max(groups, channels // 2 // groups * groups), groups


def convert(spec: BlockSpec, kind: BlockKind) -> BlockSpec:
    """The same block as another kind, by the papers' proportions; channels, stride, shortcut and order stay."""
    width, groups = proportions(kind, spec.channels)
    return replace(spec, kind=kind, width=width, groups=groups)

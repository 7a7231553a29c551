"""What undo steps call the blocks that they change: "bottleneck", "3 bottlenecks", "4 blocks". Knows no document."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from resnet_studio.design.types import BlockKind, BlockSpec, Design, Stage
from resnet_studio.language import tr, trn

KIND_WORDS = {
    BlockKind.RESIDUAL: tr("residual block"),
    BlockKind.BOTTLENECK: tr("bottleneck"),
    BlockKind.RESNEXT: tr("ResNeXt block"),
}


def words(blocks: Sequence[BlockSpec]) -> str:
    """How an undo step names blocks: "bottleneck", "3 bottlenecks", "4 blocks"."""
    kinds = {spec.kind for spec in blocks}
    count = len(blocks)
    if len(kinds) != 1:
        return trn("{count} block", "{count} blocks", count)
    kind = kinds.pop()
    if count == 1:
        return KIND_WORDS[kind]
    if kind is BlockKind.RESIDUAL:
        return trn("{count} residual block", "{count} residual blocks", count)
    if kind is BlockKind.BOTTLENECK:
        return trn("{count} bottleneck", "{count} bottlenecks", count)
    return trn("{count} ResNeXt block", "{count} ResNeXt blocks", count)


def specs_of(design: Design, ids: Collection[str]) -> list[BlockSpec]:
    """The specs of these blocks, in the drawing's order."""
    chosen = set(ids)
    return [block.spec for block in design.blocks() if block.id in chosen]


def deleted_words(design: Design, stages: Sequence[Stage], blocks: Collection[str], *, head: bool) -> str:
    """What a step takes away, by name as far as there is room."""
    parts = (
        [stage.name for stage in stages]
        if len(stages) < 3
        else [trn("{count} stage", "{count} stages", len(stages))]
    )
    inside = {block.id for stage in stages for block in stage.blocks}
    loose = specs_of(design, set(blocks) - inside)
    if loose:
        parts.append(words(loose))
    if head:
        parts.append(tr("head"))
    return ", ".join(parts)

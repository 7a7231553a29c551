"""What of a drawing makes it the network that it is: everything else is brought to one form. Knows no presets.

Names, ids, input size and classes are no structure; nor is what only training sees of an untouched forward pass (zero-init,
stochastic depth); nor a setting that nothing reads (the groups of a group norm where there is none).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from resnet_studio.design.presets.outline import BlockRun, Outline
from resnet_studio.design.types import (
    Activation,
    Attention,
    BlockKind,
    BlockSpec,
    Head,
    InputSpec,
    Norm,
    Stem,
    StemKind,
)

_GROUPS = 32
_REDUCTION = 16


@lru_cache(maxsize=4096)
def plain_spec(spec: BlockSpec) -> BlockSpec:
    """A block's spec with what does not matter at its default."""
    residual = spec.kind is BlockKind.RESIDUAL
    return replace(
        spec,
        # A ResNeXt block is a bottleneck in groups: the name alone makes no other network.
        kind=BlockKind.BOTTLENECK if spec.kind is BlockKind.RESNEXT else spec.kind,
        stride_first=spec.stride_first and spec.stride > 1 and not residual,
        norm_groups=spec.norm_groups if spec.norm is Norm.GROUP else _GROUPS,
        reduction=spec.reduction if spec.attention in (Attention.SE, Attention.CBAM) else _REDUCTION,
        zero_init=False,
        drop_path=0.0,
    )


def plain_stem(stem: Stem) -> Stem:
    """A stem with what does not matter at its default."""
    return replace(
        stem,
        kernel=stem.kernel if stem.kind is StemKind.PLAIN else 7,
        norm_groups=stem.norm_groups if stem.norm is Norm.GROUP else _GROUPS,
        activation=stem.activation if stem.activate or stem.kind is not StemKind.PLAIN else Activation.RELU,
        norm=stem.norm if stem.activate or stem.kind is not StemKind.PLAIN else Norm.BATCH,
    )


def plain_head(head: Head | None) -> Head | None:
    """A head with what does not matter at its default."""
    if head is None:
        return None
    return replace(
        head,
        classes=1,
        norm=head.norm if head.activate else Norm.BATCH,
        norm_groups=head.norm_groups if head.activate and head.norm is Norm.GROUP else _GROUPS,
        activation=head.activation if head.activate else Activation.RELU,
    )


def structure(outline: Outline) -> Outline:
    """The outline with all of that done: equal for two drawings that are the same network."""
    lanes: list[tuple[BlockRun, ...]] = []
    for lane in outline.lanes:
        merged: list[BlockRun] = []
        for run in lane:
            spec = plain_spec(run.spec)
            if merged and merged[-1].spec == spec:
                merged[-1] = BlockRun(spec, merged[-1].count + run.count)
            else:
                merged.append(BlockRun(spec, run.count))
        lanes.append(tuple(merged))
    return Outline(
        input=InputSpec(), stem=plain_stem(outline.stem), lanes=tuple(lanes), head=plain_head(outline.head)
    )


def specs(outline: Outline) -> list[tuple[int, int, BlockSpec]]:
    """(stage, block, spec) of every block, both counted from 1."""
    found: list[tuple[int, int, BlockSpec]] = []
    for stage, lane in enumerate(outline.lanes, start=1):
        flat = [run.spec for run in lane for _ in range(run.count)]
        found += [(stage, block, spec) for block, spec in enumerate(flat, start=1)]
    return found

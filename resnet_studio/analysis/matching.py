"""Makes blocks of another kind that cost as many multiply-adds: residual, bottleneck, ResNeXt. Knows no names and no undo.

The ResNeXt paper compares kinds so (Xie et al. 2016, arXiv:1611.05431, Sec. 3.3): a bottleneck of 64 becomes 32x4d.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from math import lcm

from resnet_studio.analysis.layers import Shape
from resnet_studio.analysis.parts import block_part
from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.limits import MAX_CHANNELS
from resnet_studio.design.types import BlockKind, BlockSpec, Design, Norm

# The paper's cardinality is kept where it comes as near as this; narrow blocks have fewer groups.
NEAR = 0.1
CARDINALITIES = (32, 16, 8, 4, 2)
# (spec, arriving shape, how many of them)
_Family = tuple[tuple[BlockSpec, Shape, int], ...]


def convert_matched(design: Design, ids: Collection[str], kind: BlockKind) -> Design:
    """Make these blocks of a kind, with the inner width (and cardinality) that keeps their multiply-adds nearest.

    Channels, strides and shortcuts stay, so what was sound stays sound. Blocks of one stage that are equal inside stay equal:
    what counts is their sum. A block whose groups do not divide has no cost to match: it gets the papers' proportions.
    """
    chosen = set(ids)
    drawn = {block.id: block.spec for block in design.blocks() if block.id in chosen}
    families: dict[tuple[object, ...], list[tuple[str, BlockSpec, Shape]]] = {}
    for unit in analyse(design).units:
        spec = drawn.get(unit.id)
        if spec is not None and spec.kind is not kind:
            families.setdefault((unit.stage, _inside(spec)), []).append((unit.id, spec, unit.part.input))
    specs: dict[str, BlockSpec] = {}
    for family in families.values():
        counts = Counter((spec, shape) for _, spec, shape in family)
        inner = _nearest(tuple((*each, count) for each, count in counts.items()), kind)
        for block_id, spec, _ in family:
            specs[block_id] = (
                edits.convert(spec, kind)
                if inner is None
                else replace(spec, kind=kind, width=inner[0], groups=inner[1])
            )
    return edits.replace_specs(design, specs)


def _inside(spec: BlockSpec) -> BlockSpec:
    """The spec without what belongs to a block's place in its stage."""
    plain = edits.as_follower(spec)
    return replace(plain, drop_path=0.0, stride_first=False)


def _nearest(family: _Family, kind: BlockKind) -> tuple[int, int] | None:
    """(inner width, groups) with which blocks of a kind cost together nearest to what these cost."""
    if any(fault.code == "groups" for spec, shape, _ in family for fault in block_part(spec, shape).faults):
        return None
    wanted = _cost(family)
    best: tuple[float, tuple[int, int]] | None = None
    for groups in CARDINALITIES if kind is BlockKind.RESNEXT else (1,):
        width = _width(family, kind, groups, wanted)
        off = abs(_cost(_turned(family, kind, width, groups)) - wanted) / max(1, wanted)
        if best is None or off < best[0]:
            best = off, (width, groups)
        if off <= NEAR:
            break
    return None if best is None else best[1]


def _width(family: _Family, kind: BlockKind, groups: int, wanted: int) -> int:
    """By halving, for a wider block always costs more."""
    normed = [spec.norm_groups for spec, _, _ in family if spec.norm is Norm.GROUP]
    unit = lcm(groups, *normed)

    def cost(times: int) -> int:
        return _cost(_turned(family, kind, unit * times, groups))

    low, high = 1, max(1, MAX_CHANNELS // unit)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if cost(middle) >= wanted else (middle + 1, high)
    times = low - 1 if low > 1 and wanted - cost(low - 1) <= cost(low) - wanted else low
    return unit * times


def _turned(family: _Family, kind: BlockKind, width: int, groups: int) -> _Family:
    return tuple(
        (replace(spec, kind=kind, width=width, groups=groups), shape, count) for spec, shape, count in family
    )


def _cost(family: _Family) -> int:
    return sum(block_part(spec, shape).macs * count for spec, shape, count in family)

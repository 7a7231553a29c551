"""Edits of every block at once: stochastic depth that grows with depth, attention and norm everywhere. Pure; knows no shapes of maps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import gcd

from resnet_studio.design import edits
from resnet_studio.design.types import (
    Attention,
    BlockSpec,
    Design,
    Norm,
    Order,
    ShortcutKind,
    Stem,
    StemKind,
)

# Ready-made group norms have 32 groups (Wu & He 2018); where they do not divide, the most that do.
GROUPS = 32
_DIGITS = 6


def linear_drop_path(design: Design, last: float) -> Design:
    """Drop path from 0 at the first block to `last` at the last one, in equal steps (Huang et al. 2016, Sec. 3; timm's count).

    Of a single block the last is meant. A block without a shortcut gets 0: where its branch is left out, nothing is left.
    """
    blocks = list(design.blocks())
    steps = max(1, len(blocks) - 1)
    specs = {
        block.id: replace(block.spec, drop_path=_rate(block.spec, last * (index if len(blocks) > 1 else 1) / steps))
        for index, block in enumerate(blocks)
    }  # fmt: skip
    return edits.replace_specs(design, specs)


def _rate(spec: BlockSpec, rate: float) -> float:
    return 0.0 if spec.shortcut is ShortcutKind.NONE else round(rate, _DIGITS)


def last_drop_path(design: Design) -> float:
    """The highest rate that a block has: what a linear schedule was made with."""
    return max((block.spec.drop_path for block in design.blocks()), default=0.0)


def attend_everywhere(design: Design, attention: Attention) -> Design:
    """The same attention for every block; each keeps its reduction."""
    return edits.change_blocks(design, [block.id for block in design.blocks()], attention=attention)


def normalise_everywhere(design: Design, norm: Norm) -> Design:
    """The same norm in stem, blocks and head; a group norm with the most groups up to 32 that divide each one's channels."""
    specs = {
        block_id: replace(spec, norm=norm, norm_groups=_groups(norm, spec.norm_groups, channels))
        for block_id, spec, channels in _normed(design)
    }
    design = edits.replace_specs(design, specs)
    stem = design.stem
    groups = _groups(norm, stem.norm_groups, _stem_channels(stem))
    design = edits.set_stem(design, replace(stem, norm=norm, norm_groups=groups))
    if design.head is None:
        return design
    leaving = _leaving(design)
    head = replace(design.head, norm=norm, norm_groups=_groups(norm, design.head.norm_groups, leaving))
    return edits.set_head(design, head=head)


def _normed(design: Design) -> Iterator[tuple[str, BlockSpec, int]]:
    """(id, spec, a number that divides the channels of each of its norms)."""
    arriving = design.stem.channels
    for block in design.blocks():
        spec = block.spec
        seen = gcd(spec.width, spec.channels)
        yield block.id, spec, gcd(seen, arriving) if spec.order is Order.FULL_PREACT else seen
        arriving = spec.channels


def _leaving(design: Design) -> int:
    channels = [block.spec.channels for block in design.blocks()]
    return channels[-1] if channels else design.stem.channels


def _stem_channels(stem: Stem) -> int:
    """A number that divides the channels behind each convolution of the stem."""
    if stem.kind is StemKind.PLAIN:
        return stem.channels
    half = max(1, stem.channels // 2)
    first = half if stem.kind is StemKind.DEEP else max(1, 3 * (half // 4))
    return gcd(first, half, stem.channels)


def _groups(norm: Norm, kept: int, channels: int) -> int:
    if norm is not Norm.GROUP:
        return kept
    return next(groups for groups in range(min(GROUPS, channels), 0, -1) if channels % groups == 0)

"""Outlines of the CIFAR networks: ResNet of any depth and order, wide ResNet, ResNeXt. Knows no names and no figures.

All have three stages at 32x32, 16x16 and 8x8, a 3x3 stem without pooling, and 10 classes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from resnet_studio.design.presets.outline import Lane, Outline, lane
from resnet_studio.design.types import (
    BlockKind,
    BlockSpec,
    Head,
    InputSpec,
    Order,
    ShortcutKind,
    Stem,
)


def _cifar(stem: int, count: int, make: Callable[[int], BlockSpec], shortcut: ShortcutKind) -> Outline:
    """Three stages of `count` blocks. `make(stage)` is the block that follows the first; the first one fits the shape."""
    lanes: list[Lane] = []
    arriving = stem
    for number in range(3):
        rest = make(number)
        stride = 1 if number == 0 else 2
        same = stride == 1 and arriving == rest.channels
        first = rest if same else replace(rest, stride=stride, shortcut=shortcut)
        lanes.append(lane(first, rest, count))
        arriving = rest.channels
    preact = make(0).order is Order.FULL_PREACT
    return Outline(
        input=InputSpec(channels=3, height=32, width=32),
        stem=Stem(channels=stem, kernel=3, stride=1, pool=False, activate=not preact),
        lanes=tuple(lanes),
        head=Head(classes=10, activate=preact),
    )


def resnet(
    depth: int,
    *,
    base: int = 16,
    shortcut: ShortcutKind = ShortcutKind.ZERO_PAD,
    order: Order = Order.ORIGINAL,
) -> Outline:
    """6n+2 layers of residual blocks, widths base, 2 base, 4 base (He et al. 2015, section 4.2; orders: He et al. 2016).

    Args:
        depth: 6n+2.
        base: channels of the first stage, 16 in the paper.
        shortcut: where the shape changes: ZERO_PAD (A, the paper), PROJECTION (B), or NONE everywhere (plain).
        order: where norm and activation stand.
    """
    inside = ShortcutKind.NONE if shortcut is ShortcutKind.NONE else ShortcutKind.IDENTITY

    def make(stage: int) -> BlockSpec:
        width = base * 2**stage
        return BlockSpec(kind=BlockKind.RESIDUAL, channels=width, width=width, order=order, shortcut=inside)

    return _cifar(base, (depth - 2) // 6, make, shortcut)


def bottleneck(depth: int, *, base: int = 16, order: Order = Order.ORIGINAL) -> Outline:
    """9n+2 layers of bottlenecks that leave four times their width (He et al. 2016, arXiv:1603.05027): 164, 1001."""

    def make(stage: int) -> BlockSpec:
        width = base * 2**stage
        return BlockSpec(kind=BlockKind.BOTTLENECK, channels=4 * width, width=width, order=order)

    return _cifar(base, (depth - 2) // 9, make, ShortcutKind.PROJECTION)


def wide_resnet(depth: int, *, widen: int, dropout: float = 0.0) -> Outline:
    """WRN-depth-widen: 6n+4 layers, full pre-activation, dropout between the convolutions (arXiv:1605.07146)."""

    def make(stage: int) -> BlockSpec:
        width = 16 * 2**stage * widen
        return BlockSpec(
            kind=BlockKind.RESIDUAL, channels=width, width=width, order=Order.FULL_PREACT, dropout=dropout
        )

    return _cifar(16, (depth - 4) // 6, make, ShortcutKind.PROJECTION)


def resnext(depth: int, *, cardinality: int, width: int) -> Outline:
    """ResNeXt of 9n+2 layers: `cardinality` groups of `width` channels, 64 from the stem, 256, 512, 1024 from the stages."""
    kind = BlockKind.RESNEXT if cardinality > 1 else BlockKind.BOTTLENECK

    def make(stage: int) -> BlockSpec:
        return BlockSpec(
            kind=kind, channels=256 * 2**stage, width=cardinality * width * 2**stage, groups=cardinality
        )

    return _cifar(64, (depth - 2) // 9, make, ShortcutKind.PROJECTION)

"""Outlines of the ImageNet networks: ResNet in its versions, ResNeXt, wide ResNet, plain nets. Knows no names and figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from resnet_studio.design.presets.outline import Lane, Outline, lane
from resnet_studio.design.types import (
    Attention,
    BlockKind,
    BlockSpec,
    Head,
    InputSpec,
    ShortcutKind,
    Stem,
    StemKind,
)

COUNTS = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
BASIC = (18, 34)


class Version(StrEnum):
    """What people mean by "ResNet-50".

    v1.5: torchvision's, a bottleneck strides in its 3x3. v1: the paper's, it strides in its first 1x1; nets of residual
    blocks have zero-padded shortcuts (A). C: deep stem; D: deep stem, and shortcuts pool before they project; T: tiered stem,
    shortcuts as D. Shortcut C: every shortcut is a projection. Plain: no shortcuts.
    """

    V15 = "v1.5"
    V1 = "v1"
    C = "C"
    D = "D"
    T = "T"
    SHORTCUT_C = "shortcut C"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blocks:
    """What all blocks of a network share."""

    kind: BlockKind
    version: Version = Version.V15
    base: int = 64
    group_width: int = 64
    groups: int = 1
    attention: Attention = Attention.NONE

    def spec(self, planes: int, *, stride: int, arriving: int) -> BlockSpec:
        """A block of this network; `arriving` channels come in."""
        residual = self.kind is BlockKind.RESIDUAL
        channels = planes if residual else 4 * planes
        return BlockSpec(
            kind=self.kind,
            channels=channels,
            width=planes if residual else planes * self.group_width // 64 * self.groups,
            groups=self.groups,
            stride=stride,
            stride_first=self.version is Version.V1 and not residual,
            shortcut=self._shortcut(same=arriving == channels and stride == 1),
            attention=self.attention,
        )

    def _shortcut(self, *, same: bool) -> ShortcutKind:
        if self.version is Version.PLAIN:
            return ShortcutKind.NONE
        if self.version is Version.SHORTCUT_C:
            return ShortcutKind.PROJECTION
        if same:
            return ShortcutKind.IDENTITY
        if self.version in (Version.D, Version.T):
            return ShortcutKind.POOL_PROJECTION
        if self.version is Version.V1 and self.kind is BlockKind.RESIDUAL:
            return ShortcutKind.ZERO_PAD
        return ShortcutKind.PROJECTION


_STEMS = {Version.C: StemKind.DEEP, Version.D: StemKind.DEEP, Version.T: StemKind.TIERED}


def _imagenet(counts: tuple[int, ...], blocks: _Blocks) -> Outline:
    lanes: list[Lane] = []
    arriving = blocks.base
    for number, count in enumerate(counts):
        planes = blocks.base * 2**number
        first = blocks.spec(planes, stride=1 if number == 0 else 2, arriving=arriving)
        arriving = first.channels
        lanes.append(lane(first, blocks.spec(planes, stride=1, arriving=arriving), count))
    stem = Stem(channels=blocks.base, kind=_STEMS.get(blocks.version, StemKind.PLAIN))
    return Outline(input=InputSpec(), stem=stem, lanes=tuple(lanes), head=Head())


def resnet(
    depth: int, *, version: Version = Version.V15, base: int = 64, attention: Attention = Attention.NONE
) -> Outline:
    """ResNet (He et al. 2015, arXiv:1512.03385, Table 1). `base` channels leave the stem, 64 in the paper."""
    kind = BlockKind.RESIDUAL if depth in BASIC else BlockKind.BOTTLENECK
    # A bottleneck is as wide as its planes, whatever the base: its width of 64 is not scaled twice.
    return _imagenet(COUNTS[depth], _Blocks(kind=kind, version=version, base=base, attention=attention))


def resnext(depth: int, *, cardinality: int, width: int, attention: Attention = Attention.NONE) -> Outline:
    """ResNeXt (Xie et al. 2016, arXiv:1611.05431): `cardinality` groups, `width` channels each in the first stage."""
    kind = BlockKind.RESNEXT if cardinality > 1 else BlockKind.BOTTLENECK
    blocks = _Blocks(kind=kind, groups=cardinality, group_width=width, attention=attention)
    return _imagenet(COUNTS[depth], blocks)


def wide_resnet(depth: int, *, widen: int) -> Outline:
    """torchvision's wide ResNet (arXiv:1605.07146): bottlenecks whose 3x3 is `widen` times as wide."""
    return _imagenet(COUNTS[depth], _Blocks(kind=BlockKind.BOTTLENECK, group_width=64 * widen))

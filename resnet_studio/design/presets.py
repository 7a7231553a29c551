"""Named networks from papers and libraries, as functions that make a Design. Knows no figures: the tests hold them.

Names are torchvision's where it has them. Block ids are s<stage>b<block>, so that a preset is the same value every time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import (
    Block,
    BlockKind,
    BlockSpec,
    Design,
    Head,
    InputSpec,
    ShortcutKind,
    Stage,
    Stem,
)

HE_2015 = "He et al. 2015, arXiv:1512.03385"
XIE_2016 = "Xie et al. 2016, arXiv:1611.05431"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A named network.

    Args:
        name: what the command line says.
        title: what people read.
        note: one line on what it is.
        source: where it comes from.
        make: makes the Design.
    """

    name: str
    title: str
    note: str
    source: str
    make: Callable[[], Design]


def _stage(number: int, count: int, first: BlockSpec, rest: BlockSpec) -> Stage:
    blocks = tuple(Block(f"s{number}b{index + 1}", rest if index else first) for index in range(count))
    return Stage(id=f"s{number}", name=f"Stage {number}", blocks=blocks)


def _imagenet(
    title: str, kind: BlockKind, counts: tuple[int, ...], *, groups: int = 1, base: int = 64
) -> Design:
    """torchvision's ResNet (v1.5: the 3x3 strides). `base` is its width_per_group."""
    stages: list[Stage] = []
    arriving = 64
    for number, count in enumerate(counts, start=1):
        planes = 32 * 2**number
        channels = planes if kind is BlockKind.RESIDUAL else 4 * planes
        width = planes * base // 64 * groups
        stride = 1 if number == 1 else 2
        same = arriving == channels and stride == 1
        shortcut = ShortcutKind.IDENTITY if same else ShortcutKind.PROJECTION
        first = BlockSpec(
            kind=kind, channels=channels, width=width, groups=groups, stride=stride, shortcut=shortcut
        )
        rest = BlockSpec(kind=kind, channels=channels, width=width, groups=groups)
        stages.append(_stage(number, count, rest if first == rest else first, rest))
        arriving = channels
    return Design(name=title, stages=tuple(stages))


def _residual_stages(count: int, widths: tuple[int, ...], shortcut: ShortcutKind) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    for number, width in enumerate(widths, start=1):
        rest = BlockSpec(kind=BlockKind.RESIDUAL, channels=width, width=width)
        halving = BlockSpec(kind=BlockKind.RESIDUAL, channels=width, width=width, stride=2, shortcut=shortcut)
        stages.append(_stage(number, count, rest if number == 1 else halving, rest))
    return tuple(stages)


def cifar_resnet(depth: int) -> Design:
    """The CIFAR net of 6n+2 layers, shortcut A, widths 16, 32, 64 (He et al. 2015, section 4.2).

    Raises:
        StudioError: the depth is not 6n+2.
    """
    n, rest = divmod(depth - 2, 6)
    if n < 1 or rest:
        raise StudioError(
            f"A CIFAR ResNet of depth {depth} does not exist.", "Take a depth of 6n+2: 20, 32, 44, 56..."
        )
    return Design(
        name=f"CIFAR ResNet-{depth}",
        input=InputSpec(channels=3, height=32, width=32),
        stem=Stem(channels=16, kernel=3, stride=1, pool=False),
        stages=_residual_stages(n, (16, 32, 64), ShortcutKind.ZERO_PAD),
        head=Head(classes=10),
    )


def _digits_starter() -> Design:
    """One block a stage at the digits' native 8x8: learns in seconds on a CPU."""
    return Design(
        name="Digits starter",
        input=InputSpec(channels=1, height=8, width=8),
        stem=Stem(channels=32, kernel=3, stride=1, pool=False),
        stages=_residual_stages(1, (32, 64), ShortcutKind.PROJECTION),
        head=Head(classes=10),
    )


def _resnet(depth: int, kind: BlockKind, counts: tuple[int, ...]) -> Preset:
    title = f"ResNet-{depth}"
    what = "two 3x3 a block" if kind is BlockKind.RESIDUAL else "bottlenecks, v1.5"
    note = f"{what}, stages of {', '.join(map(str, counts))}"
    return Preset(
        name=f"resnet{depth}", title=title, note=note, source=HE_2015, make=lambda: _imagenet(title, kind, counts)
    )  # fmt: skip


def _resnext(depth: int, groups: int, width: int, counts: tuple[int, ...]) -> Preset:
    title = f"ResNeXt-{depth} {groups}x{width}d"
    return Preset(
        name=f"resnext{depth}_{groups}x{width}d",
        title=title,
        note=f"{groups} groups of width {width}, stages of {', '.join(map(str, counts))}",
        source=XIE_2016,
        make=lambda: _imagenet(title, BlockKind.RESNEXT, counts, groups=groups, base=width),
    )


def _cifar(depth: int) -> Preset:
    return Preset(
        name=f"cifar_resnet{depth}",
        title=f"CIFAR ResNet-{depth}",
        note=f"3 stages of {(depth - 2) // 6}, zero-padded shortcuts",
        source=HE_2015,
        make=lambda: cifar_resnet(depth),
    )


_ALL = (
    Preset(
        name="digits_starter",
        title="Digits starter",
        note="small, for the bundled handwritten digits",
        source="scikit-learn's digits",
        make=_digits_starter,
    ),
    _resnet(18, BlockKind.RESIDUAL, (2, 2, 2, 2)),
    _resnet(34, BlockKind.RESIDUAL, (3, 4, 6, 3)),
    _resnet(50, BlockKind.BOTTLENECK, (3, 4, 6, 3)),
    _resnet(101, BlockKind.BOTTLENECK, (3, 4, 23, 3)),
    _resnet(152, BlockKind.BOTTLENECK, (3, 8, 36, 3)),
    _resnext(50, 32, 4, (3, 4, 6, 3)),
    _resnext(101, 32, 8, (3, 4, 23, 3)),
    _cifar(20),
    _cifar(56),
    _cifar(110),
    _cifar(1202),
)
PRESETS: dict[str, Preset] = {entry.name: entry for entry in _ALL}


def preset(name: str) -> Design:
    """The Design of a preset.

    Raises:
        StudioError: no preset has this name; the message offers near ones.
    """
    found = PRESETS.get(name)
    if found is not None:
        return found.make()
    from difflib import get_close_matches

    near = get_close_matches(name, PRESETS, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`resnet-studio presets` lists them."
    raise StudioError(f"No preset is called {name!r}.", hint)

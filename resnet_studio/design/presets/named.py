"""The list of presets, and the way from any member's name to its network. Knows no figures: the tests hold them."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import cifar_families, resnet_family, wide_families
from resnet_studio.design.presets.family import Family, Named, Preset
from resnet_studio.design.presets.outline import Outline, lane
from resnet_studio.design.types import (
    BlockKind,
    BlockSpec,
    Design,
    Head,
    InputSpec,
    ShortcutKind,
    Stem,
)

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        resnet_family.RESNET,
        wide_families.RESNEXT,
        wide_families.WIDE,
        cifar_families.RESNET,
        cifar_families.BOTTLENECK,
        cifar_families.WIDE,
        wide_families.CIFAR_RESNEXT,
    )
}

_GROUPS = {
    "torchvision": (
        "resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d resnext101_64x4d "
        "wide_resnet50_2 wide_resnet101_2"
    ),
    "The paper's v1": "resnet18_v1 resnet34_v1 resnet50_v1 resnet101_v1 resnet152_v1",
    "Variants": (
        "plain18 plain34 plain50 resnet34_shortcut_c resnet50_shortcut_c resnet50c resnet50d resnet101d resnet50t "
        "seresnet50 seresnext50_32x4d"
    ),
    "ResNeXt of equal complexity": (
        "resnext50_2x40d resnext50_4x24d resnext50_8x14d "
        "resnext101_2x40d resnext101_4x24d resnext101_8x14d resnext101_32x4d"
    ),
    "CIFAR": (
        "cifar_resnet20 cifar_resnet32 cifar_resnet44 cifar_resnet56 cifar_resnet110 cifar_resnet1202 "
        "cifar_resnet164_bottleneck cifar_plain20 cifar_plain56"
    ),
    "CIFAR, pre-activation": (
        "cifar_preact_resnet110 cifar_preact_resnet164_bottleneck cifar_preact_resnet1001_bottleneck"
    ),
    "CIFAR, wide and grouped": (
        "wrn_16_8 wrn_28_10 wrn_40_4 cifar_resnext29_8x64d cifar_resnext29_16x64d"
    ),
}  # fmt: skip
_FEATURED = {
    "resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
    "cifar_resnet20", "cifar_resnet56", "cifar_resnet110", "wrn_28_10",
}  # fmt: skip


def _digits_starter() -> Outline:
    """One block a stage at the digits' native 8x8: learns in seconds on a CPU."""
    first = BlockSpec(kind=BlockKind.RESIDUAL, channels=32, width=32)
    second = BlockSpec(
        kind=BlockKind.RESIDUAL, channels=64, width=64, stride=2, shortcut=ShortcutKind.PROJECTION
    )
    return Outline(
        input=InputSpec(channels=1, height=8, width=8),
        stem=Stem(channels=32, kernel=3, stride=1, pool=False),
        lanes=(lane(first, first, 1), lane(second, second, 1)),
        head=Head(classes=10),
    )


_STARTER = Preset(
    called=Named(
        name="digits_starter",
        title="Digits starter",
        formal="Digits starter",
        note="small, for the bundled handwritten digits",
        source="scikit-learn's digits",
    ),
    draw=_digits_starter,
    group="Starter",
    featured=True,
)


def find(name: str) -> Preset | None:
    """The preset of this name, listed or any other member of a family; None where it is no such name.

    Raises:
        StudioError: it is the name of a network that does not exist (a depth that is not 6n+2, say).
    """
    return PRESETS.get(name) or _member(name, group="", featured=False)


def _member(name: str, *, group: str, featured: bool) -> Preset | None:
    if len(name) > 80:
        return None
    for family in FAMILIES.values():
        values = family.parse(name)
        if values is not None:
            return family.preset(values, group=group, featured=featured)
    return None


def _listed() -> Iterator[Preset]:
    yield _STARTER
    for group, names in _GROUPS.items():
        for name in names.split():
            found = _member(name, group=group, featured=name in _FEATURED)
            assert found is not None, name
            yield found


PRESETS: dict[str, Preset] = {entry.name: entry for entry in _listed()}


def preset(name: str) -> Design:
    """The Design of a preset, or of any other member of a family ("wrn_22_3").

    Raises:
        StudioError: no network has this name; the message offers near ones.
    """
    found = find(name)
    if found is not None:
        return found.make()
    near = get_close_matches(name, PRESETS, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`resnet-studio presets` lists them."
    raise StudioError(f"No preset is called {name[:80]!r}.", hint)


def cifar_resnet(depth: int) -> Design:
    """The CIFAR net of 6n+2 layers, shortcut A, widths 16, 32, 64 (He et al. 2015, section 4.2).

    Raises:
        StudioError: the depth is not 6n+2.
    """
    return preset(f"cifar_resnet{depth}")

"""The list of presets, and the way from any member's name to its network. Knows no figures: the tests hold them."""

from __future__ import annotations

from collections.abc import Iterator

from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import cifar_families, resnet_family, wide_families
from resnet_studio.design.presets.family import Family, Named, Preset, Value
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
from resnet_studio.language import tr

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
        note=tr("small, for the bundled handwritten digits"),
        source="scikit-learn's digits",
    ),
    draw=_digits_starter,
    group=tr("Starter"),
    featured=True,
)


def find(name: str) -> Preset | None:
    """The preset of this name, listed or any other member of a family; None where it is no such name.

    Raises:
        StudioError: it is the name of a network that does not exist (a depth that is not 6n+2, say).
    """
    return PRESETS.get(name) or _member(name)


def _member(name: str) -> Preset | None:
    if len(name) > 80:
        return None
    for family in FAMILIES.values():
        values = family.parse(name)
        if values is not None:
            return family.preset(values)
    return None


_DEPTHS = (18, 34, 50, 101, 152)


def _members() -> Iterator[tuple[str, Family, tuple[dict[str, Value], ...]]]:
    """(heading, family, what differs from its first member) of all that are listed."""
    resnet, resnext, wide = resnet_family.RESNET, wide_families.RESNEXT, wide_families.WIDE
    small, deep = cifar_families.RESNET, cifar_families.BOTTLENECK
    heading = "torchvision"
    yield heading, resnet, tuple({"depth": depth} for depth in _DEPTHS)
    yield heading, resnext, tuple(_grouped(*of) for of in ((50, 32, 4), (101, 32, 8), (101, 64, 4)))
    yield heading, wide, ({"depth": 50}, {"depth": 101})
    yield tr("The paper's v1"), resnet, tuple({"depth": depth, "version": "v1"} for depth in _DEPTHS)
    heading = tr("Variants")
    yield heading, resnet, tuple({"depth": depth, "version": "plain"} for depth in (18, 34, 50))
    yield heading, resnet, tuple({"depth": depth, "version": "shortcut C"} for depth in (34, 50))
    tweaks = (50, "C"), (50, "D"), (101, "D"), (50, "T")
    yield heading, resnet, tuple({"depth": depth, "version": version} for depth, version in tweaks)
    yield heading, resnet, ({"depth": 50, "attention": "se"},)
    yield heading, resnext, ({"depth": 50, "attention": "se"},)
    heading = tr("ResNeXt of equal complexity")
    equal = (2, 40), (4, 24), (8, 14)
    yield heading, resnext, tuple(_grouped(50, *of) for of in equal)
    yield heading, resnext, tuple(_grouped(101, *of) for of in (*equal, (32, 4)))
    yield "CIFAR", small, tuple({"depth": depth} for depth in (20, 32, 44, 56, 110, 1202))
    yield "CIFAR", deep, ({"depth": 164},)
    yield "CIFAR", small, ({"depth": 20, "shortcut": "none"}, {"depth": 56, "shortcut": "none"})
    heading, preact = tr("CIFAR, pre-activation"), "full_preact"
    yield heading, small, ({"depth": 110, "order": preact},)
    yield heading, deep, tuple({"depth": depth, "order": preact} for depth in (164, 1001))
    heading = tr("CIFAR, wide and grouped")
    yield (
        heading,
        cifar_families.WIDE,
        tuple({"depth": d, "widen": k} for d, k in ((16, 8), (28, 10), (40, 4))),
    )
    yield heading, wide_families.CIFAR_RESNEXT, tuple(_grouped(29, groups, 64) for groups in (8, 16))


def _grouped(depth: int, cardinality: int, width: int) -> dict[str, Value]:
    return {"depth": depth, "cardinality": cardinality, "width": width}


def _listed() -> Iterator[Preset]:
    # By their values, not their names: seven regular expressions would be compiled before the window's first picture.
    yield _STARTER
    for heading, family, members in _members():
        for values in members:
            found = family.preset(family.defaults() | values, group=heading)
            yield found._replace(featured=found.name in _FEATURED)


PRESETS: dict[str, Preset] = {entry.name: entry for entry in _listed()}


def preset(name: str) -> Design:
    """The Design of a preset, or of any other member of a family ("wrn_22_3").

    Raises:
        StudioError: no network has this name; the message offers near ones.
    """
    found = find(name)
    if found is not None:
        return found.make()
    from difflib import get_close_matches

    near = get_close_matches(name, PRESETS, n=3)
    hint = (
        tr("Did you mean {near}?", near=tr(" or ").join(near))
        if near
        else tr("The command resnet-studio presets lists them.")
    )
    raise StudioError(tr("No preset is called {name!r}.", name=name[:80]), hint)


def cifar_resnet(depth: int) -> Design:
    """The CIFAR net of 6n+2 layers, shortcut A, widths 16, 32, 64 (He et al. 2015, section 4.2).

    Raises:
        StudioError: the depth is not 6n+2.
    """
    return preset(f"cifar_resnet{depth}")

"""The ImageNet ResNets: their parameters, and how the members are called. Draws nothing itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from resnet_studio.design.presets import imagenet
from resnet_studio.design.presets.family import Family, Named, Parameter, Value, Values
from resnet_studio.design.presets.imagenet import BASIC, COUNTS, Version
from resnet_studio.design.presets.outline import Lane, Outline
from resnet_studio.design.presets.sources import HE_2015, HE_2018, HU_2017, WANG_2019, WOO_2018
from resnet_studio.design.types import Attention, BlockKind, ShortcutKind, StemKind
from resnet_studio.language import tr

ATTENTION_SOURCES = {Attention.SE: HU_2017, Attention.ECA: WANG_2019, Attention.CBAM: WOO_2018}
ATTENTION = Parameter(
    name="attention",
    label=tr("Attention"),
    meaning=tr("what weighs the channels of every branch"),
    default=Attention.NONE.value,
    choices=(
        (Attention.NONE.value, tr("none")),
        (Attention.SE.value, tr("squeeze-and-excitation")),
        (Attention.ECA.value, tr("efficient channel attention")),
        (Attention.CBAM.value, tr("CBAM: channels, then places")),
    ),
)


def depths(*allowed: int, default: int) -> Parameter:
    """The depths of Table 1 that a family has."""
    choices: tuple[tuple[Value, str], ...] = tuple((depth, str(depth)) for depth in allowed)
    return Parameter(
        name="depth", label=tr("Depth"), meaning=tr("layers with weights"), default=default, choices=choices
    )


_SUFFIXES = {
    Version.V15: "", Version.V1: "_v1", Version.C: "c", Version.D: "d", Version.T: "t",
    Version.SHORTCUT_C: "_shortcut_c", Version.PLAIN: "",
}  # fmt: skip
_VERSIONS = Parameter(
    name="version",
    label=tr("Version"),
    meaning=tr("where bottlenecks stride, and how stem and shortcuts are made"),
    default=Version.V15.value,
    choices=(
        (Version.V15.value, tr("v1.5: strides in the 3×3 (torchvision)")),
        (Version.V1.value, tr("v1: strides in the first 1×1; 18 and 34 pad with zeros (the paper)")),
        (Version.C.value, tr("C: deep stem")),
        (Version.D.value, tr("D: deep stem, shortcuts pool first")),
        (Version.T.value, tr("T: tiered stem, shortcuts pool first")),
        (Version.SHORTCUT_C.value, tr("shortcut C: every shortcut projects")),
        (Version.PLAIN.value, tr("plain: no shortcuts")),
    ),
)


def _read_resnet(found: re.Match[str]) -> dict[str, Value]:
    version = Version.V15
    if found["what"] == "plain":
        version = Version.PLAIN
    elif found["version"]:
        version = next(one for one, suffix in _SUFFIXES.items() if suffix == found["version"])
    return {
        "depth": int(found["depth"]),
        "version": version.value,
        "attention": found["attention"] or Attention.NONE.value,
        "base": int(found["base"] or 64),
    }


def _call_resnet(values: Values) -> Named:
    depth, version = int(values["depth"]), Version(str(values["version"]))
    attention, base = Attention(str(values["attention"])), int(values["base"])
    plain = version is Version.PLAIN
    prefix = "" if attention is Attention.NONE else f"{attention.value.upper()}-"
    title = f"{prefix}{'Plain' if plain else 'ResNet'}-{depth}"
    title += {Version.V1: " v1", Version.SHORTCUT_C: " shortcut C"}.get(version, "")
    title += f"-{version.value}" if version in (Version.C, Version.D, Version.T) else ""
    wide = f", {base} channels from the stem" if base != 64 else ""
    source = ATTENTION_SOURCES.get(attention, HE_2018 if version in _STEMMED else HE_2015)
    name = ("" if attention is Attention.NONE else attention.value) + ("plain" if plain else "resnet")
    return Named(
        name=f"{name}{depth}{_SUFFIXES[version]}{f'_w{base}' if base != 64 else ''}",
        title=f"{title}{f' w{base}' if base != 64 else ''}",
        formal=f"{title}{' v1.5' if version is Version.V15 and depth not in BASIC else ''}{wide}",
        note=", ".join([*_blocks(depth, version), *weighed(attention), counted(COUNTS[depth])]),
        source=source,
    )


def weighed(attention: Attention) -> list[str]:
    """Attention as a note says it; nothing for none."""
    if attention is Attention.NONE:
        return []
    return [tr("{attention} attention", attention=attention.value.upper())]


def counted(blocks: Sequence[int]) -> str:
    """How many blocks each stage has, as a note says it."""
    return tr("stages of {counts}", counts=", ".join(map(str, blocks)))


_STEMMED = (Version.C, Version.D, Version.T)


def _blocks(depth: int, version: Version) -> list[str]:
    if depth in BASIC:
        what = {Version.V1: [tr("zero-padded shortcuts (A)")], Version.PLAIN: [tr("no shortcuts")]}
        return [tr("two 3x3 a block"), *what.get(version, _variant(version))]
    if version in (Version.V15, Version.V1):
        return [tr("bottlenecks"), version.value]
    return [tr("bottlenecks"), *_variant(version)]


def _variant(version: Version) -> list[str]:
    return {
        Version.C: [tr("deep stem")],
        Version.D: [tr("deep stem"), tr("shortcuts pool first")],
        Version.T: [tr("tiered stem"), tr("shortcuts pool first")],
        Version.SHORTCUT_C: [tr("every shortcut projects")],
        Version.PLAIN: [tr("no shortcuts")],
    }.get(version, [])


def _draw_resnet(values: Values) -> Outline:
    return imagenet.resnet(
        int(values["depth"]),
        version=Version(str(values["version"])),
        base=int(values["base"]),
        attention=Attention(str(values["attention"])),
    )


def _counts(outline: Outline) -> tuple[int, ...]:
    return tuple(sum(run.count for run in lane) for lane in outline.lanes)


def nearest_depth(outline: Outline, *, residual: bool) -> int:
    """The depth whose stages are most like these."""
    mine = _counts(outline)

    def distance(depth: int) -> int:
        theirs = COUNTS[depth]
        padded = (*mine, *[0] * len(theirs))[: max(len(mine), len(theirs))]
        return sum(abs(a - b) for a, b in zip(padded, (*theirs, *[0] * len(mine)), strict=False))

    return min((depth for depth in COUNTS if (depth in BASIC) == residual), key=distance)


def _version(lanes: tuple[Lane, ...], stem: StemKind) -> Version:
    specs = [run.spec for lane in lanes for run in lane]
    halving = next((spec for spec in specs if spec.stride > 1), specs[0])
    if all(spec.shortcut is ShortcutKind.NONE for spec in specs):
        return Version.PLAIN
    if stem is StemKind.TIERED:
        return Version.T
    if stem is StemKind.DEEP:
        return Version.D if halving.shortcut is ShortcutKind.POOL_PROJECTION else Version.C
    if halving.stride_first or halving.shortcut is ShortcutKind.ZERO_PAD:
        return Version.V1
    return Version.SHORTCUT_C if specs[-1].shortcut is ShortcutKind.PROJECTION else Version.V15


def _guess_resnet(outline: Outline) -> dict[str, Value] | None:
    specs = [run.spec for lane in outline.lanes for run in lane]
    if not specs:
        return None
    last = specs[-1]
    return {
        "depth": nearest_depth(outline, residual=last.kind is BlockKind.RESIDUAL),
        "version": _version(outline.lanes, outline.stem.kind).value,
        "attention": last.attention.value,
        "base": outline.stem.channels,
    }


RESNET = Family(
    name="resnet",
    title="ResNet",
    about=tr("four stages for 224×224 images: residual blocks at depth 18 and 34, bottlenecks from 50 on"),
    parameters=(
        depths(18, 34, 50, 101, 152, default=50),
        _VERSIONS,
        ATTENTION,
        Parameter(
            name="base",
            label=tr("Base width"),
            meaning=tr("channels that leave the stem; all others follow. 64 in the paper"),
            default=64,
            low=1,
            high=1024,
        ),
    ),
    form="[se|eca|cbam](resnet|plain)DEPTH[c|d|t|_v1|_shortcut_c][_wBASE]",
    pattern=(
        r"(?P<attention>se|eca|cbam)?(?P<what>resnet|plain)(?P<depth>\d{1,5})"
        r"(?P<version>c|d|t|_v1|_shortcut_c)?(?:_w(?P<base>\d{1,6}))?"
    ),
    read=_read_resnet,
    call=_call_resnet,
    draw=_draw_resnet,
    guess=_guess_resnet,
)

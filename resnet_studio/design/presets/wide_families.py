"""The families of grouped and widened bottlenecks, ResNeXt and wide ResNet, for ImageNet and CIFAR. Draws nothing itself."""

from __future__ import annotations

from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import cifar, imagenet
from resnet_studio.design.presets.cifar_families import blocks_of_a_stage, layer_rule
from resnet_studio.design.presets.family import Family, Named, Parameter, Value, Values
from resnet_studio.design.presets.imagenet import COUNTS
from resnet_studio.design.presets.outline import Outline
from resnet_studio.design.presets.resnet_family import (
    ATTENTION,
    ATTENTION_SOURCES,
    counted,
    depths,
    nearest_depth,
    weighed,
)
from resnet_studio.design.presets.sources import XIE_2016, ZAGORUYKO_2016
from resnet_studio.design.types import Attention, BlockKind
from resnet_studio.language import tr
from resnet_studio.written import thousands

_MOST_WIDTH = 8_192

# --- ResNeXt ----------------------------------------------------------------------------------------------------------


def _call_resnext(values: Values) -> Named:
    depth, groups, width = (int(values[name]) for name in ("depth", "cardinality", "width"))
    attention = Attention(str(values["attention"]))
    prefix = "" if attention is Attention.NONE else f"{attention.value.upper()}-"
    title = f"{prefix}ResNeXt-{depth} {groups}x{width}d"
    many = tr("{groups} groups of width {width}", groups=groups, width=width)
    if groups == 1:
        many = tr("one group of width {width}", width=width)
    return Named(
        name=f"{'' if attention is Attention.NONE else attention.value}resnext{depth}_{groups}x{width}d",
        title=title,
        formal=title,
        note=", ".join([many, *weighed(attention), counted(COUNTS[depth])]),
        source=ATTENTION_SOURCES.get(attention, XIE_2016),
    )


def _draw_resnext(values: Values) -> Outline:
    return imagenet.resnext(
        int(values["depth"]),
        cardinality=int(values["cardinality"]),
        width=int(values["width"]),
        attention=Attention(str(values["attention"])),
    )


def _guess_resnext(outline: Outline) -> dict[str, Value] | None:
    if len(outline.lanes) != 4 or not outline.lanes[0]:
        return None
    first, last = outline.lanes[0][0].spec, outline.lanes[-1][-1].spec if outline.lanes[-1] else None
    if last is None or first.kind is BlockKind.RESIDUAL:
        return None
    return {
        "depth": nearest_depth(outline, residual=False),
        "cardinality": first.groups,
        "width": max(1, first.width // first.groups),
        "attention": last.attention.value,
    }


def _width_fault(values: Values) -> StudioError | None:
    """Whether the groups together are wider than may be drawn."""
    wide = int(values["cardinality"]) * int(values["width"])
    if wide <= _MOST_WIDTH:
        return None
    return StudioError(
        tr(
            "{cardinality} groups of width {width} are {channels} channels.",
            cardinality=values["cardinality"],
            width=values["width"],
            channels=thousands(wide),
        ),
        tr("Take at most {most} in all.", most=thousands(_MOST_WIDTH)),
    )


_CARDINALITY = Parameter(
    name="cardinality",
    label=tr("Cardinality"),
    meaning=tr("groups of every 3×3 (C)"),
    default=32,
    low=1,
    high=1024,
)
_GROUP_WIDTH = Parameter(
    name="width",
    label=tr("Width of a group"),
    meaning=tr("channels of a group in the first stage (d)"),
    default=4,
    low=1,
    high=1024,
)
RESNEXT = Family(
    name="resnext",
    title="ResNeXt",
    about=tr("ResNet of bottlenecks whose 3×3 runs in groups, for 224×224 images"),
    parameters=(
        depths(50, 101, 152, default=50),
        _CARDINALITY,
        _GROUP_WIDTH,
        ATTENTION,
    ),
    form="[se|eca|cbam]resnextDEPTH_CARDINALITYxWIDTHd",
    pattern=r"(?P<attention>se|eca|cbam)?resnext(?P<depth>\d{1,5})_(?P<cardinality>\d{1,6})x(?P<width>\d{1,6})d",
    read=lambda found: {
        "depth": int(found["depth"]),
        "cardinality": int(found["cardinality"]),
        "width": int(found["width"]),
        "attention": found["attention"] or Attention.NONE.value,
    },
    call=_call_resnext,
    draw=_draw_resnext,
    guess=_guess_resnext,
    also=_width_fault,
)


# --- wide ResNet ------------------------------------------------------------------------------------------------------


def _call_wide(values: Values) -> Named:
    depth, widen = int(values["depth"]), int(values["widen"])
    title = f"Wide ResNet-{depth}-{widen}"
    return Named(
        name=f"wide_resnet{depth}_{widen}",
        title=title,
        formal=title,
        note=", ".join([tr("bottlenecks {widen} times as wide inside", widen=widen), counted(COUNTS[depth])]),
        source=ZAGORUYKO_2016,
    )


def _guess_wide(outline: Outline) -> dict[str, Value] | None:
    if len(outline.lanes) != 4 or not outline.lanes[0]:
        return None
    first = outline.lanes[0][0].spec
    if first.kind is BlockKind.RESIDUAL or first.groups > 1 or first.width % 64:
        return None
    return {"depth": nearest_depth(outline, residual=False), "widen": first.width // 64}


WIDE = Family(
    name="wide_resnet",
    title="Wide ResNet (ImageNet)",
    about=tr("ResNet of bottlenecks whose 3×3 is wider, for 224×224 images"),
    parameters=(
        depths(50, 101, 152, default=50),
        Parameter(
            name="widen",
            label=tr("Widening"),
            meaning=tr("how many times as wide each 3×3 is"),
            default=2,
            low=1,
            high=128,
        ),
    ),
    form="wide_resnetDEPTH_WIDEN",
    pattern=r"wide_resnet(?P<depth>\d{1,5})_(?P<widen>\d{1,6})",
    read=lambda found: {"depth": int(found["depth"]), "widen": int(found["widen"])},
    call=_call_wide,
    draw=lambda values: imagenet.wide_resnet(int(values["depth"]), widen=int(values["widen"])),
    guess=_guess_wide,
)


# --- ResNeXt for CIFAR ------------------------------------------------------------------------------------------------


def _call_cifar(values: Values) -> Named:
    depth, groups, width = (int(values[name]) for name in ("depth", "cardinality", "width"))
    title = f"CIFAR ResNeXt-{depth} {groups}x{width}d"
    return Named(
        name=f"cifar_resnext{depth}_{groups}x{width}d",
        title=title,
        formal=title,
        note=tr(
            "3 stages of {blocks}, {groups} groups of width {width}",
            blocks=(depth - 2) // 9,
            groups=groups,
            width=width,
        ),
        source=XIE_2016,
    )


def _guess_cifar(outline: Outline) -> dict[str, Value] | None:
    first = outline.lanes[0][0].spec if outline.lanes and outline.lanes[0] else None
    if first is None or first.kind is BlockKind.RESIDUAL or len(outline.lanes) != 3:
        return None
    return {
        "depth": 9 * blocks_of_a_stage(outline) + 2,
        "cardinality": first.groups,
        "width": max(1, first.width // first.groups),
    }


CIFAR_RESNEXT = Family(
    name="cifar_resnext",
    title="CIFAR ResNeXt",
    about=tr("three stages of grouped bottlenecks for 32×32 images"),
    parameters=(
        layer_rule(9, 2, default=29),
        _CARDINALITY._replace(default=8),
        _GROUP_WIDTH._replace(default=64),
    ),
    form="cifar_resnextDEPTH_CARDINALITYxWIDTHd",
    pattern=r"cifar_resnext(?P<depth>\d{1,6})_(?P<cardinality>\d{1,6})x(?P<width>\d{1,6})d",
    read=lambda found: {
        "depth": int(found["depth"]),
        "cardinality": int(found["cardinality"]),
        "width": int(found["width"]),
    },
    call=_call_cifar,
    draw=lambda values: cifar.resnext(
        int(values["depth"]), cardinality=int(values["cardinality"]), width=int(values["width"])
    ),
    guess=_guess_cifar,
    also=_width_fault,
)

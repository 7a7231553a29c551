"""The CIFAR families: their parameters, and how their members are called. Draws nothing itself."""

from __future__ import annotations

import re

from resnet_studio.design.presets import cifar
from resnet_studio.design.presets.family import Family, Named, Parameter, Value, Values
from resnet_studio.design.presets.outline import Outline
from resnet_studio.design.presets.sources import HE_2015, HE_2016, ZAGORUYKO_2016
from resnet_studio.design.types import BlockKind, BlockSpec, Order, ShortcutKind
from resnet_studio.language import tr

_ORDER_WORDS = {
    Order.ORIGINAL: "",
    Order.BN_AFTER_ADD: "BN after addition",
    Order.RELU_BEFORE_ADD: "ReLU before addition",
    Order.RELU_ONLY_PREACT: "ReLU-only pre-activation",
    Order.FULL_PREACT: "",
    Order.NO_FINAL_RELU: "no ReLU after addition",
}
_ORDERS = Parameter(
    name="order",
    label=tr("Order"),
    meaning=tr("where norm and activation stand"),
    default=Order.ORIGINAL.value,
    choices=(
        (Order.ORIGINAL.value, "original"),
        (Order.BN_AFTER_ADD.value, tr("BN after addition")),
        (Order.RELU_BEFORE_ADD.value, tr("ReLU before addition")),
        (Order.RELU_ONLY_PREACT.value, tr("ReLU-only pre-activation")),
        (Order.FULL_PREACT.value, tr("full pre-activation")),
        (Order.NO_FINAL_RELU.value, tr("no ReLU after addition (the lecture's block)")),
    ),
)
_SUFFIX = "|".join(order.value for order, words in _ORDER_WORDS.items() if words)
_BASE = Parameter(
    name="base",
    label=tr("Base width"),
    meaning=tr("channels of the first stage; doubled twice. 16 in the paper"),
    default=16,
    low=1,
    high=1024,
)


def layer_rule(layers: int, rest: int, *, default: int) -> Parameter:
    """Depths of n blocks a stage: `layers` n + `rest`."""
    rule = f"{layers}n+{rest}"
    # 682 blocks in each of three stages are the most that a drawing holds.
    return Parameter(
        name="depth", label=tr("Depth"), meaning=tr("layers with weights, for n blocks in each stage"), default=default,
        low=layers + rest, high=682 * layers + rest, step=layers, rule=rule,
    )  # fmt: skip


def _order_of(found: re.Match[str]) -> str:
    if found["preact"]:
        return Order.FULL_PREACT.value
    return found["order"] or Order.ORIGINAL.value


def _last(outline: Outline) -> BlockSpec | None:
    specs = [run.spec for lane in outline.lanes for run in lane]
    return specs[-1] if specs else None


def blocks_of_a_stage(outline: Outline) -> int:
    """Blocks of a stage, if all had equally many."""
    return max(1, min(682, round(outline.blocks() / 3)))


# --- residual blocks --------------------------------------------------------------------------------------------------

_SHORTCUTS = Parameter(
    name="shortcut",
    label="Shortcut",
    meaning=tr("what carries x where the shape changes"),
    default="A",
    choices=(("A", tr("A: zero padding")), ("B", tr("B: 1×1 projection")), ("none", tr("none (plain)"))),
)
_SHORTCUT_KINDS = {
    "A": ShortcutKind.ZERO_PAD,
    "B": ShortcutKind.PROJECTION,
    "none": ShortcutKind.NONE,
}


def _read_resnet(found: re.Match[str]) -> dict[str, Value]:
    plain = found["what"] == "plain"
    return {
        "depth": int(found["depth"]),
        "shortcut": "none" if plain else "B" if found["b"] else "A",
        "order": _order_of(found),
        "base": int(found["base"] or 16),
    }


def _call_resnet(values: Values) -> Named:
    depth, order, base = int(values["depth"]), Order(str(values["order"])), int(values["base"])
    plain, projected = values["shortcut"] == "none", values["shortcut"] == "B"
    preact = order is Order.FULL_PREACT
    what = "plain" if plain else "resnet"
    suffix = f"_{order.value}" if _ORDER_WORDS[order] else ""
    tail = ["shortcut B"] if projected else []
    tail += [_ORDER_WORDS[order]] if _ORDER_WORDS[order] else []
    tail += [f"w{base}"] if base != 16 else []
    title = f"CIFAR {'pre-activation ' if preact else ''}{'Plain' if plain else 'ResNet'}-{depth}"
    title = ", ".join([title, *tail])
    carried = tr("no shortcuts") if plain else tr("projections") if projected else tr("zero-padded shortcuts")
    return Named(
        name=f"cifar_{'preact_' if preact else ''}{what}{depth}{'_b' if projected else ''}{suffix}"
        f"{f'_w{base}' if base != 16 else ''}",
        title=title,
        formal=title,
        note=tr("3 stages of {blocks}, {carried}", blocks=(depth - 2) // 6, carried=carried),
        source=HE_2015 if order is Order.ORIGINAL else HE_2016,
    )


def _guess_resnet(outline: Outline) -> dict[str, Value] | None:
    last = _last(outline)
    if last is None or last.kind is not BlockKind.RESIDUAL or len(outline.lanes) != 3:
        return None
    halving = next((run.spec for lane in outline.lanes for run in lane if run.spec.stride > 1), last)
    shortcut = "B" if halving.shortcut is ShortcutKind.PROJECTION else "A"
    return {
        "depth": 6 * blocks_of_a_stage(outline) + 2,
        "shortcut": "none" if last.shortcut is ShortcutKind.NONE else shortcut,
        "order": last.order.value,
        "base": min(outline.stem.channels, _BASE.high),
    }


RESNET = Family(
    name="cifar_resnet",
    title="CIFAR ResNet",
    about=tr("three stages of residual blocks for 32×32 images"),
    parameters=(layer_rule(6, 2, default=20), _SHORTCUTS, _ORDERS, _BASE),
    form="cifar_[preact_](resnet|plain)DEPTH[_b][_ORDER][_wBASE]",
    pattern=(
        rf"cifar_(?P<preact>preact_)?(?P<what>resnet|plain)(?P<depth>\d{{1,6}})(?P<b>_b)?"
        rf"(?:_(?P<order>{_SUFFIX}))?(?:_w(?P<base>\d{{1,6}}))?"
    ),
    read=_read_resnet,
    call=_call_resnet,
    draw=lambda values: cifar.resnet(
        int(values["depth"]),
        base=int(values["base"]),
        shortcut=_SHORTCUT_KINDS[str(values["shortcut"])],
        order=Order(str(values["order"])),
    ),
    guess=_guess_resnet,
)


# --- bottlenecks ------------------------------------------------------------------------------------------------------


def _call_bottleneck(values: Values) -> Named:
    depth, order, base = int(values["depth"]), Order(str(values["order"])), int(values["base"])
    preact = order is Order.FULL_PREACT
    suffix = f"_{order.value}" if _ORDER_WORDS[order] else ""
    tail = [_ORDER_WORDS[order]] if _ORDER_WORDS[order] else []
    tail += [f"w{base}"] if base != 16 else []
    title = f"CIFAR {'pre-activation ' if preact else ''}ResNet-{depth} (bottleneck)"
    title = ", ".join([title, *tail])
    return Named(
        name=f"cifar_{'preact_' if preact else ''}resnet{depth}_bottleneck{suffix}{f'_w{base}' if base != 16 else ''}",
        title=title,
        formal=title,
        note=tr(
            "3 stages of {blocks} bottlenecks, projections where the shape changes", blocks=(depth - 2) // 9
        ),
        source=HE_2016,
    )


def _guess_bottleneck(outline: Outline) -> dict[str, Value] | None:
    last = _last(outline)
    if last is None or last.kind is BlockKind.RESIDUAL or len(outline.lanes) != 3 or last.groups > 1:
        return None
    return {
        "depth": 9 * blocks_of_a_stage(outline) + 2,
        "order": last.order.value,
        "base": min(outline.stem.channels, _BASE.high),
    }


BOTTLENECK = Family(
    name="cifar_bottleneck",
    title=tr("CIFAR ResNet of bottlenecks"),
    about=tr("three stages of bottlenecks for 32×32 images"),
    parameters=(layer_rule(9, 2, default=164), _ORDERS, _BASE),
    form="cifar_[preact_]resnetDEPTH_bottleneck[_ORDER][_wBASE]",
    pattern=(
        rf"cifar_(?P<preact>preact_)?resnet(?P<depth>\d{{1,6}})_bottleneck"
        rf"(?:_(?P<order>{_SUFFIX}))?(?:_w(?P<base>\d{{1,6}}))?"
    ),
    read=lambda found: {
        "depth": int(found["depth"]),
        "order": _order_of(found),
        "base": int(found["base"] or 16),
    },
    call=_call_bottleneck,
    draw=lambda values: cifar.bottleneck(
        int(values["depth"]), base=int(values["base"]), order=Order(str(values["order"]))
    ),
    guess=_guess_bottleneck,
)


# --- wide ResNet ------------------------------------------------------------------------------------------------------


def _call_wide(values: Values) -> Named:
    depth, widen, dropout = int(values["depth"]), int(values["widen"]), int(values["dropout"])
    title = f"WRN-{depth}-{widen}{f', dropout {dropout / 100:g}' if dropout else ''}"
    return Named(
        name=f"wrn_{depth}_{widen}{f'_dropout{dropout}' if dropout else ''}",
        title=title,
        formal=title,
        note=tr(
            "3 stages of {blocks}, {widen} times as wide, full pre-activation",
            blocks=(depth - 4) // 6,
            widen=widen,
        ),
        source=ZAGORUYKO_2016,
    )


def _guess_wide(outline: Outline) -> dict[str, Value] | None:
    last = _last(outline)
    if last is None or last.kind is not BlockKind.RESIDUAL or len(outline.lanes) != 3 or last.channels < 64:
        return None
    return {
        "depth": 6 * blocks_of_a_stage(outline) + 4,
        "widen": min(last.channels // 64, 128),
        "dropout": min(round(last.dropout * 100), 90),
    }


WIDE = Family(
    name="wrn",
    title="Wide ResNet (CIFAR)",
    about=tr("three stages of wide pre-activation blocks for 32×32 images"),
    parameters=(
        layer_rule(6, 4, default=28),
        Parameter(
            name="widen",
            label=tr("Widening"),
            meaning=tr("how many times as wide as 16, 32, 64 the stages are"),
            default=10,
            low=1,
            high=128,
        ),
        Parameter(
            name="dropout",
            label=tr("Dropout, %"),
            meaning=tr("between the convolutions of each block; the paper takes 30 on CIFAR"),
            default=0,
            low=0,
            high=90,
        ),
    ),
    form="wrn_DEPTH_WIDEN[_dropoutPERCENT]",
    pattern=r"wrn_(?P<depth>\d{1,6})_(?P<widen>\d{1,6})(?:_dropout(?P<dropout>\d{1,3}))?",
    read=lambda found: {
        "depth": int(found["depth"]),
        "widen": int(found["widen"]),
        "dropout": int(found["dropout"] or 0),
    },
    call=_call_wide,
    draw=lambda values: cifar.wide_resnet(
        int(values["depth"]), widen=int(values["widen"]), dropout=int(values["dropout"]) / 100
    ),
    guess=_guess_wide,
)

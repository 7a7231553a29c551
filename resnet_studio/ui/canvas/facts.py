"""What is written on a card, as texts and numbers made from one unit. Knows no Qt and no places."""

from __future__ import annotations

from dataclasses import dataclass

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.parts import Part
from resnet_studio.analysis.plan import Unit
from resnet_studio.design.types import Activation, BlockKind, BlockSpec, Order, ShortcutKind
from resnet_studio.ui.format import resolution, si

TITLES = {
    BlockKind.RESIDUAL: "Residual",
    BlockKind.BOTTLENECK: "Bottleneck",
    BlockKind.RESNEXT: "ResNeXt",
}
PILLS = {
    ShortcutKind.IDENTITY: "id",
    ShortcutKind.PROJECTION: "1×1",
    ShortcutKind.ZERO_PAD: "0-pad",
    ShortcutKind.POOL_PROJECTION: "pool+1×1",
    ShortcutKind.NONE: "",
}
ORDERS = {
    Order.ORIGINAL: "",
    Order.BN_AFTER_ADD: "BN after +",
    Order.RELU_BEFORE_ADD: "ReLU before +",
    Order.RELU_ONLY_PREACT: "ReLU pre-act",
    Order.FULL_PREACT: "pre-act",
    Order.NO_FINAL_RELU: "no last ReLU",
}
ACTIVATIONS = {
    Activation.RELU: "ReLU",
    Activation.LEAKY_RELU: "Leaky ReLU",
    Activation.ELU: "ELU",
    Activation.SILU: "SiLU",
    Activation.GELU: "GELU",
    Activation.HARDSWISH: "Hardswish",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """The texts of one card; `params` and `work` are sums over a folded run."""

    title: str
    channels: str
    place: str
    params: str
    work: str
    pill: str = ""
    stride: str = ""


def tags(spec: BlockSpec) -> str:
    """Discreet words on what is unusual in a block: groups, inner width, order, activation, v1, zero start."""
    found: list[str] = []
    if spec.kind is BlockKind.RESNEXT or spec.groups > 1:
        whole = spec.width % spec.groups == 0
        found.append(f"{spec.groups}×{spec.width // spec.groups}d" if whole else f"{spec.groups} groups")
    elif spec.width != (spec.channels if spec.kind is BlockKind.RESIDUAL else max(1, spec.channels // 4)):
        found.append(f"inner {spec.width}")
    found.append(ORDERS[spec.order])
    if spec.activation is not Activation.RELU:
        found.append(ACTIVATIONS[spec.activation])
    if spec.stride_first and spec.stride > 1 and spec.kind is not BlockKind.RESIDUAL:
        found.append("v1")
    if spec.zero_init:
        found.append("γ=0")
    return " · ".join(word for word in found if word)


def block_facts(spec: BlockSpec, part: Part, count: int, *, flops: bool) -> Facts:
    """The texts of a block's card, or of `count` folded ones."""
    arriving, leaving = part.input[0], part.output[0]
    changes = arriving != leaving
    return Facts(
        title=TITLES[spec.kind],
        stride=f"s{spec.stride}" if spec.stride > 1 else "",
        channels=f"{arriving}→{leaving}" if changes else str(leaving),
        place=resolution(part.output),
        params=si(part.params * count),
        work=si(part.macs * count * (2 if flops else 1)),
        pill=PILLS[spec.shortcut],
    )


def layer_facts(layer: Layer, *, flops: bool) -> Facts:
    """The texts of a stem's or head's card."""
    arriving, leaving = layer.input[0], layer.output[0]
    stride = f"s{layer.stride} · " if layer.stride > 1 else ""
    title = {
        LayerKind.CONV: f"Conv {layer.kernel}×{layer.kernel}",
        LayerKind.MAX_POOL: f"Max-pool {layer.kernel}×{layer.kernel}",
        LayerKind.GLOBAL_POOL: "Avg pool",
        LayerKind.LINEAR: "Linear",
        LayerKind.NORM: "Norm · act",
    }.get(layer.kind, layer.name)
    return Facts(
        title=title,
        channels=f"{arriving}→{leaving}" if arriving != leaving else str(leaving),
        place=f"{stride}{resolution(layer.output)}",
        params=si(layer.params),
        work=si(layer.macs * (2 if flops else 1)),
    )


def block_tip(unit: Unit, spec: BlockSpec, count: int) -> str:
    """The tooltip of a block's card: everything that the card abbreviates, as plain text."""
    part = unit.part
    lines = [
        f"{TITLES[spec.kind]} block · {unit.name}" + (f" and {count - 1} equal ones" if count > 1 else ""),
        f"{_shape(part.input)} → {_shape(part.output)}",
        f"inner width {spec.width}, {spec.groups} group{'s' if spec.groups > 1 else ''}, stride {spec.stride}",
        f"{'each ' if count > 1 else ''}{si(part.params)} parameters, {si(part.macs)} multiply-adds",
        f"receptive field {unit.receptive} px",
    ]
    special = tags(spec)
    if special:
        lines.insert(3, special)
    return "\n".join(lines)


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(str(size) for size in shape)

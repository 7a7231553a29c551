"""What layers are called in the window: the words that all rooms share, and shorter ones for small boxes. Knows no Qt."""

from __future__ import annotations

from resnet_studio.analysis.layer_words import (
    ACTIVATION_WORDS,
    ATTENTION_WORDS,
    card_words,
    kind_words,
    norm_words,
    rate_words,
    span_words,
)
from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.design.types import Activation, Attention, Norm, StemKind
from resnet_studio.language import tr

__all__ = [
    "ACTIVATION_WORDS",
    "ATTENTION_TITLES",
    "ATTENTION_WORDS",
    "STEM_WORDS",
    "box_words",
    "card_words",
    "chip_words",
    "kernel_words",
    "kind_words",
    "norm_of",
    "norm_words",
    "rate_words",
    "span_words",
]

ATTENTION_TITLES = {
    Attention.SE: tr("Squeeze-and-excitation"), Attention.ECA: tr("Efficient channel attention"), Attention.CBAM: "CBAM",
}  # fmt: skip
STEM_WORDS = {StemKind.PLAIN: tr("plain"), StemKind.DEEP: tr("deep"), StemKind.TIERED: tr("tiered")}
_SHORT = {Activation.LEAKY_RELU: "Leaky", Activation.HARDSWISH: "HSwish"}


def norm_of(norm: Norm, groups: int) -> str:
    """The same of a spec; "no norm" where there is none."""
    return {Norm.BATCH: "BN", Norm.GROUP: f"GN {groups}", Norm.NONE: tr("no norm")}[norm]


def kernel_words(layer: Layer) -> str:
    """ "3×3", or "3×3, dilation 2"."""
    size = str(layer.kernel) if layer.kind is LayerKind.CONV_1D else f"{layer.kernel}×{layer.kernel}"
    return (
        tr("{kernel}, dilation {dilation}", kernel=size, dilation=layer.dilation)
        if layer.dilation > 1
        else size
    )


def box_words(layer: Layer) -> tuple[str, tuple[str, ...]]:
    """(what, more) in a layer's box."""
    if layer.kind is LayerKind.CONV:
        more = [f"/{layer.stride}"] if layer.stride > 1 else []
        more += [f"d{layer.dilation}"] if layer.dilation > 1 else []
        more += [f"g{layer.groups}"] if layer.groups > 1 else []
        more += ["+b"] if layer.bias else []
        return f"{layer.kernel}×{layer.kernel}", (str(layer.output[0]), *more)
    if layer.kind is LayerKind.MAX_POOL:
        return tr("pool"), (f"{layer.kernel}×{layer.kernel}", f"/{layer.stride}")
    if layer.kind is LayerKind.GLOBAL_POOL:
        return tr("pool"), ({"avg": tr("average"), "max": tr("max")}[layer.pool],)
    return tr("linear"), (str(layer.output[0]),)


def chip_words(layer: Layer) -> str:
    """What stands upright in a chip."""
    if layer.kind is LayerKind.DROPOUT:
        return tr("drop {rate}", rate=f"{layer.rate:.0%}")
    if layer.kind is LayerKind.DROP_PATH:
        return tr("path {rate}", rate=f"{layer.rate:.0%}")
    if layer.activation is None:
        return norm_words(layer)
    return _SHORT.get(layer.activation) or ACTIVATION_WORDS[layer.activation]

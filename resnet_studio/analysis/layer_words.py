"""What layers are called, on cards, in the table and in the diagram alike: one vocabulary. Knows no Qt and no torch."""

from __future__ import annotations

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.design.types import Activation, Attention
from resnet_studio.language import tr

# As torch and the papers write them: they are the same in every language.
ACTIVATION_WORDS = {
    Activation.RELU: "ReLU", Activation.LEAKY_RELU: "Leaky ReLU", Activation.ELU: "ELU", Activation.SILU: "SiLU",
    Activation.GELU: "GELU", Activation.HARDSWISH: "Hardswish",
}  # fmt: skip
ATTENTION_WORDS = {Attention.NONE: "", Attention.SE: "SE", Attention.ECA: "ECA", Attention.CBAM: "CBAM"}
_MAX_POOL, _AVERAGE_POOL = tr("Max-pool"), tr("Average pool")
_POOLS = {"avg": _AVERAGE_POOL, "max": _MAX_POOL, "avg_max": tr("Avg and max")}
_KINDS = {
    LayerKind.CONV: tr("Convolution"),
    LayerKind.CONV_1D: tr("1-D conv."),
    LayerKind.GATE: "Sigmoid",
    LayerKind.MAX_POOL: _MAX_POOL,
    LayerKind.AVG_POOL: _AVERAGE_POOL,
    LayerKind.CHANNEL_POOL: tr("Mean, max"),
    LayerKind.ZERO_PAD: tr("Zero padding"),
    LayerKind.SCALE: tr("Multiplication"),
    LayerKind.ADD: tr("Addition"),
    LayerKind.LINEAR: tr("Linear"),
}


def kind_words(layer: Layer) -> str:
    """What a layer is."""
    match layer.kind:
        case LayerKind.ACTIVATION if layer.activation is not None:
            return ACTIVATION_WORDS[layer.activation]
        case LayerKind.NORM:
            return tr("Group norm") if layer.groups else tr("Batch norm")
        case LayerKind.GLOBAL_POOL:
            return _POOLS[layer.pool]
        case LayerKind.DROPOUT:
            return tr("Dropout {rate}", rate=rate_words(layer.rate))
        case LayerKind.DROP_PATH:
            return tr("Drop path {rate}", rate=rate_words(layer.rate))
        case _:
            return _KINDS[layer.kind]


def card_words(layer: Layer) -> str:
    """What a layer is, as short as a card has room for: with its kernel, "Conv 7×7", "Max-pool 3×3"."""
    if layer.kind is LayerKind.CONV:
        return f"{tr('Conv')} {layer.kernel}×{layer.kernel}"
    if layer.kind in (LayerKind.MAX_POOL, LayerKind.AVG_POOL):
        return f"{kind_words(layer)} {layer.kernel}×{layer.kernel}"
    if layer.kind is LayerKind.CONV_1D:
        return f"{kind_words(layer)} {layer.kernel}"
    return norm_words(layer) if layer.kind is LayerKind.NORM else kind_words(layer)


def norm_words(layer: Layer) -> str:
    """ "BN", or "GN 32" with its groups."""
    return f"GN {layer.groups}" if layer.groups else "BN"


def rate_words(rate: float) -> str:
    """A rate with at most four decimals: 0.2, 0.0667."""
    return f"{rate:.4f}".rstrip("0").rstrip(".")


def span_words(first: float, last: float) -> str:
    """The rates of a run of blocks: 0.1, or 0.1–0.2."""
    return rate_words(first) if first == last else f"{rate_words(first)}–{rate_words(last)}"

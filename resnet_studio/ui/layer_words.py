"""What layers are called in the window: norms, attention, pools and rates in one set of words. Knows no Qt."""

from __future__ import annotations

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.design.types import Activation, Attention, Norm, StemKind

ACTIVATION_WORDS = {
    Activation.RELU: "ReLU", Activation.LEAKY_RELU: "Leaky ReLU", Activation.ELU: "ELU", Activation.SILU: "SiLU",
    Activation.GELU: "GELU", Activation.HARDSWISH: "Hardswish",
}  # fmt: skip
ATTENTION_WORDS = {Attention.NONE: "", Attention.SE: "SE", Attention.ECA: "ECA", Attention.CBAM: "CBAM"}
ATTENTION_TITLES = {
    Attention.SE: "Squeeze-and-excitation", Attention.ECA: "Efficient channel attention", Attention.CBAM: "CBAM",
}  # fmt: skip
STEM_WORDS = {StemKind.PLAIN: "plain", StemKind.DEEP: "deep", StemKind.TIERED: "tiered"}
_SHORT = {Activation.LEAKY_RELU: "Leaky", Activation.HARDSWISH: "HSwish"}
_POOLS = {"avg": "Average pool", "max": "Max-pool", "avg_max": "Avg and max"}
_KINDS = {
    LayerKind.CONV: "Convolution",
    LayerKind.CONV_1D: "1-D conv.",
    LayerKind.GATE: "Sigmoid",
    LayerKind.MAX_POOL: "Max-pool",
    LayerKind.AVG_POOL: "Average pool",
    LayerKind.CHANNEL_POOL: "Mean, max",
    LayerKind.ZERO_PAD: "Zero padding",
    LayerKind.SCALE: "Multiplication",
    LayerKind.ADD: "Addition",
    LayerKind.LINEAR: "Linear",
}


def kind_words(layer: Layer) -> str:
    """What a layer is, as the table writes it."""
    match layer.kind:
        case LayerKind.ACTIVATION if layer.activation is not None:
            return ACTIVATION_WORDS[layer.activation]
        case LayerKind.NORM:
            return "Group norm" if layer.groups else "Batch norm"
        case LayerKind.GLOBAL_POOL:
            return _POOLS[layer.pool]
        case LayerKind.DROPOUT:
            return f"Dropout {rate_words(layer.rate)}"
        case LayerKind.DROP_PATH:
            return f"Drop path {rate_words(layer.rate)}"
        case _:
            return _KINDS[layer.kind]


def norm_words(layer: Layer) -> str:
    """ "BN", or "GN 32" with its groups."""
    return f"GN {layer.groups}" if layer.groups else "BN"


def norm_of(norm: Norm, groups: int) -> str:
    """The same of a spec; "no norm" where there is none."""
    return {Norm.BATCH: "BN", Norm.GROUP: f"GN {groups}", Norm.NONE: "no norm"}[norm]


def rate_words(rate: float) -> str:
    """A rate with at most four decimals: 0.2, 0.0667."""
    return f"{rate:.4f}".rstrip("0").rstrip(".")


def kernel_words(layer: Layer) -> str:
    """ "3×3", or "3×3, dilation 2"."""
    size = str(layer.kernel) if layer.kind is LayerKind.CONV_1D else f"{layer.kernel}×{layer.kernel}"
    return f"{size}, dilation {layer.dilation}" if layer.dilation > 1 else size


def span_words(first: float, last: float) -> str:
    """The rates of a run of blocks: 0.1, or 0.1–0.2."""
    return rate_words(first) if first == last else f"{rate_words(first)}–{rate_words(last)}"


def box_words(layer: Layer) -> tuple[str, tuple[str, ...]]:
    """(what, more) in a layer's box."""
    if layer.kind is LayerKind.CONV:
        more = [f"/{layer.stride}"] if layer.stride > 1 else []
        more += [f"d{layer.dilation}"] if layer.dilation > 1 else []
        more += [f"g{layer.groups}"] if layer.groups > 1 else []
        more += ["+b"] if layer.bias else []
        return f"{layer.kernel}×{layer.kernel}", (str(layer.output[0]), *more)
    if layer.kind is LayerKind.MAX_POOL:
        return "pool", (f"{layer.kernel}×{layer.kernel}", f"/{layer.stride}")
    if layer.kind is LayerKind.GLOBAL_POOL:
        return "pool", ({"avg": "average", "max": "max"}[layer.pool],)
    return "linear", (str(layer.output[0]),)


def chip_words(layer: Layer) -> str:
    """What stands upright in a chip."""
    if layer.kind is LayerKind.DROPOUT:
        return f"drop {layer.rate:.0%}"
    if layer.kind is LayerKind.DROP_PATH:
        return f"path {layer.rate:.0%}"
    if layer.activation is None:
        return norm_words(layer)
    return _SHORT.get(layer.activation) or ACTIVATION_WORDS[layer.activation]

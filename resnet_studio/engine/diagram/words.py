"""The short texts on cards and wires, and their escaping for DOT. Knows no layout.

Node ids are ours; what the user wrote stands only in quoted labels, with everything that DOT reads in it escaped.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator

from resnet_studio.analysis.faults import shape_words
from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.plan import Problem, Unit
from resnet_studio.design.types import Activation, Attention, BlockKind, BlockSpec, Norm, Order, ShortcutKind

KINDS = {BlockKind.RESIDUAL: "Residual", BlockKind.BOTTLENECK: "Bottleneck", BlockKind.RESNEXT: "ResNeXt"}
_ORDERS = {
    Order.ORIGINAL: "",
    Order.BN_AFTER_ADD: "BN after +",
    Order.RELU_BEFORE_ADD: "ReLU before +",
    Order.RELU_ONLY_PREACT: "ReLU pre-activation",
    Order.FULL_PREACT: "pre-activation",
    Order.NO_FINAL_RELU: "no last ReLU",
}
IDENTITY = "id"
WRAP, MAX_LINES = 30, 4


def label(lines: Iterable[str]) -> str:
    """A DOT label of several centred lines; safe for any text."""
    return "\\n".join(escaped(line) for line in lines)


def title(lines: Iterable[str], *, end: str) -> str:
    """A DOT label of lines that will be set bold: with room for that, which Graphviz does not measure.

    Args:
        lines: the lines.
        end: DOT's line end, which says where they stand: backslash and l or r.
    """
    return "".join(escaped(line + "\u00a0" * (1 + len(line) // 5)) + end for line in lines)


def escaped(text: str) -> str:
    """Text as DOT shows it literally: no entity, no escape sequence, no control or invisible character."""
    plain = "".join("\ufffd" if unicodedata.category(c) in _INVISIBLE else c for c in text)
    return plain.replace("&", "&amp;").replace("\\", "\\\\")


_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def si(number: int) -> str:
    """Three digits and a unit: 25.6 M."""
    for size, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if number >= size:
            return f"{number / size:.3g} {unit}" if number < 1000 * size else f"{number // size} {unit}"
    return str(number)


def resolution(shape: tuple[int, ...]) -> str:
    """56² when square, else 56×28."""
    if len(shape) == 1:
        return str(shape[0])
    return f"{shape[1]}²" if shape[1] == shape[2] else f"{shape[1]}×{shape[2]}"


def block_lines(spec: BlockSpec, unit: Unit, count: int, last: float) -> list[str]:
    """What stands on a block's card; `last` is the drop path of the last of `count` blocks."""
    times = f"  ×{count}" if count > 1 else ""
    arriving = unit.part.input[0]
    channels = f"{arriving}→{spec.channels}" if arriving != spec.channels else f"{spec.channels}"
    facts = [channels, resolution(unit.part.output)]
    if spec.stride > 1:
        facts.append(f"s {spec.stride}")
    if spec.groups > 1:
        whole = spec.width % spec.groups == 0
        facts.append(f"{spec.groups}×{spec.width // spec.groups}d" if whole else f"{spec.groups} groups")
    lines = [KINDS[spec.kind] + times, " · ".join(facts)]
    if _ORDERS[spec.order]:
        lines.append(_ORDERS[spec.order])
    lines += textwrap.wrap(" · ".join(_added(spec, last)), WRAP)
    lines.append(f"{si(unit.part.params * count)} params")
    return lines


ATTENTIONS = {Attention.SE: "SE", Attention.ECA: "ECA", Attention.CBAM: "CBAM"}


def _added(spec: BlockSpec, last: float) -> Iterator[str]:
    """What is unusual in a block; firm spaces, so that a line breaks between two of them."""
    if spec.stride_first and spec.stride > 1 and spec.kind is not BlockKind.RESIDUAL:
        yield "v1"
    if spec.activation is not Activation.RELU:
        yield _ACTIVATIONS[spec.activation.value]
    if spec.attention in ATTENTIONS:
        yield ATTENTIONS[spec.attention]
    if spec.norm is not Norm.BATCH:
        yield f"GN\u00a0{spec.norm_groups}" if spec.norm is Norm.GROUP else "no\u00a0norm"
    if spec.kernel != 3:
        yield f"{spec.kernel}×{spec.kernel}"
    if spec.dilation > 1 and spec.kernel > 1:
        yield f"dilation\u00a0{spec.dilation}"
    if spec.dropout:
        yield f"dropout\u00a0{rate(spec.dropout)}"
    if spec.drop_path:
        span = rate(spec.drop_path) + (f"–{rate(last)}" if last != spec.drop_path else "")
        yield f"drop\u00a0path\u00a0{span}"


def attention_lines(spec: BlockSpec, inner: Iterable[Layer]) -> list[str]:
    """What stands on the one node of a block's attention."""
    reduced = "" if spec.attention is Attention.ECA else f", r {spec.reduction}"
    return [ATTENTIONS[spec.attention] + reduced, f"{si(sum(layer.params for layer in inner))} params"]


def shortcut_words(spec: BlockSpec, unit: Unit) -> str:
    """What the shortcut does to x; empty for the identity."""
    if not unit.part.shortcut:
        return ""
    stride = f", s {spec.stride}" if spec.stride > 1 else ""
    if spec.shortcut is ShortcutKind.ZERO_PAD:
        return f"pad{stride}"
    if spec.shortcut is ShortcutKind.POOL_PROJECTION and spec.stride > 1:
        return f"pool {spec.stride}, 1×1"
    return f"1×1{stride}"


def layer_lines(layer: Layer) -> list[str]:
    """What stands on a layer's card."""
    stride = f", s {layer.stride}" if layer.stride > 1 else ""
    size = f"{layer.kernel}×{layer.kernel}{stride}"
    shape = shape_words(layer.output)
    match layer.kind:
        case LayerKind.CONV:
            return [_convolution(layer), shape]
        case LayerKind.ACTIVATION:
            return [_ACTIVATIONS.get(str(layer.activation), str(layer.activation))]
        case LayerKind.MAX_POOL:
            return [f"Max-pool {size}", shape]
        case LayerKind.AVG_POOL:
            return [f"Avg-pool {size}", shape]
        case LayerKind.GLOBAL_POOL:
            return [{"avg": "Avg-pool", "max": "Max-pool"}.get(layer.pool, "Avg- and max-pool"), shape]
        case LayerKind.ZERO_PAD:
            return [f"Zero-pad{stride}", shape]
        case LayerKind.LINEAR:
            return ["Linear", f"{layer.input[0]}→{layer.output[0]}"]
        case _:
            return [_small_words(layer)]


def _convolution(layer: Layer) -> str:
    words = f"Conv {layer.kernel}×{layer.kernel}"
    words += f" /{layer.groups}" if layer.groups > 1 else ""
    words += f", s {layer.stride}" if layer.stride > 1 else ""
    words += f", dilation {layer.dilation}" if layer.dilation > 1 else ""
    return words + (" + bias" if layer.bias and not layer.aside else "")


def _small_words(layer: Layer) -> str:
    """Layers that change no shape, in a word."""
    match layer.kind:
        case LayerKind.NORM:
            return f"GN {layer.groups}" if layer.groups else "BN"
        case LayerKind.DROPOUT:
            return f"Dropout {rate(layer.rate)}"
        case LayerKind.DROP_PATH:
            return f"Drop path {rate(layer.rate)}"
        case LayerKind.CONV_1D:
            return f"Conv 1-D {layer.kernel}"
        case LayerKind.GATE:
            return "Sigmoid"
        case LayerKind.CHANNEL_POOL:
            return "Mean, max"
        case LayerKind.SCALE:
            return "×"
        case _:
            return "+"


def rate(value: float) -> str:
    """A rate with at most four decimals."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


_ACTIVATIONS = {
    "relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "silu": "SiLU", "gelu": "GELU", "hardswish": "Hardswish",
}  # fmt: skip


def problem_lines(problems: Iterable[Problem]) -> list[str]:
    """The first problem's message in short lines, with a warning sign."""
    found = list(problems)
    if not found:
        return []
    more = f" (+{len(found) - 1})" if len(found) > 1 else ""
    lines = textwrap.wrap("⚠ " + found[0].message + more, WRAP)
    return lines if len(lines) <= MAX_LINES else [*lines[: MAX_LINES - 1], lines[MAX_LINES - 1] + " …"]

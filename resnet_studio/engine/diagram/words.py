"""The short texts on cards and wires, and their escaping for DOT. Knows no layout.

Node ids are ours; what the user wrote stands only in quoted labels, with everything that DOT reads in it escaped.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator

from resnet_studio import written
from resnet_studio.analysis.faults import shape_words
from resnet_studio.analysis.layer_words import (
    ACTIVATION_WORDS,
    ATTENTION_WORDS,
    card_words,
    rate_words,
    span_words,
)
from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.plan import Problem, Unit
from resnet_studio.design.types import Activation, Attention, BlockKind, BlockSpec, Norm, Order, ShortcutKind
from resnet_studio.language import tr, trn

KINDS = {
    BlockKind.RESIDUAL: tr("Residual"),
    BlockKind.BOTTLENECK: tr("Bottleneck"),
    BlockKind.RESNEXT: "ResNeXt",
}
_ORDERS = {
    Order.ORIGINAL: "",
    Order.BN_AFTER_ADD: tr("BN after +"),
    Order.RELU_BEFORE_ADD: tr("ReLU before +"),
    Order.RELU_ONLY_PREACT: tr("ReLU pre-activation"),
    Order.FULL_PREACT: tr("pre-activation"),
    Order.NO_FINAL_RELU: tr("no last ReLU"),
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
    """Three digits and a unit, as everywhere; Graphviz measures a plain space."""
    return written.si(number).replace(written.THIN, " ")


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
        facts.append(f"s{spec.stride}")
    if spec.groups > 1:
        whole = spec.width % spec.groups == 0
        facts.append(
            f"{spec.groups}×{spec.width // spec.groups}d"
            if whole
            else trn("{count} group", "{count} groups", spec.groups)
        )
    lines = [KINDS[spec.kind] + times, " · ".join(facts)]
    if _ORDERS[spec.order]:
        lines.append(_ORDERS[spec.order])
    lines += textwrap.wrap(" · ".join(_added(spec, last)), WRAP)
    lines.append(_params(unit.part.params * count))
    return lines


def _added(spec: BlockSpec, last: float) -> Iterator[str]:
    """What is unusual in a block; firm spaces, so that a line breaks between two of them."""
    if spec.stride_first and spec.stride > 1 and spec.kind is not BlockKind.RESIDUAL:
        yield "v1"
    if spec.activation is not Activation.RELU:
        yield ACTIVATION_WORDS[spec.activation]
    if spec.attention is not Attention.NONE:
        yield ATTENTION_WORDS[spec.attention]
    if spec.norm is not Norm.BATCH:
        yield f"GN\u00a0{spec.norm_groups}" if spec.norm is Norm.GROUP else _firm(tr("no norm"))
    if spec.kernel != 3:
        yield f"{spec.kernel}×{spec.kernel}"
    if spec.dilation > 1 and spec.kernel > 1:
        yield _firm(tr("dilation {dilation}", dilation=spec.dilation))
    if spec.dropout:
        yield _firm(tr("dropout {rate}", rate=rate_words(spec.dropout)))
    if spec.drop_path:
        yield _firm(tr("drop path {rate}", rate=span_words(spec.drop_path, last)))


def _firm(words: str) -> str:
    return words.replace(" ", "\u00a0")


def attention_lines(spec: BlockSpec, inner: Iterable[Layer]) -> list[str]:
    """What stands on the one node of a block's attention."""
    reduced = "" if spec.attention is Attention.ECA else f", r {spec.reduction}"
    return [ATTENTION_WORDS[spec.attention] + reduced, _params(sum(layer.params for layer in inner))]


def _params(count: int) -> str:
    return tr("{count} params", count=si(count))


def shortcut_words(spec: BlockSpec, unit: Unit) -> str:
    """What the shortcut does to x; empty for the identity."""
    if not unit.part.shortcut:
        return ""
    stride = f", s{spec.stride}" if spec.stride > 1 else ""
    if spec.shortcut is ShortcutKind.ZERO_PAD:
        return f"{tr('0-pad')}{stride}"
    if spec.shortcut is ShortcutKind.POOL_PROJECTION and spec.stride > 1:
        return f"{tr('pool')}{stride} + 1×1"
    return f"1×1{stride}"


def layer_lines(layer: Layer) -> list[str]:
    """What stands on a layer's card."""
    match layer.kind:
        case LayerKind.CONV | LayerKind.MAX_POOL | LayerKind.AVG_POOL | LayerKind.ZERO_PAD:
            return [_with_facts(layer), shape_words(layer.output)]
        case LayerKind.GLOBAL_POOL:
            return [card_words(layer), shape_words(layer.output)]
        case LayerKind.LINEAR:
            return [card_words(layer), f"{layer.input[0]}→{layer.output[0]}"]
        case LayerKind.SCALE:
            return ["×"]
        case LayerKind.ADD:
            return ["+"]
        case _:
            return [card_words(layer)]


def _with_facts(layer: Layer) -> str:
    """A layer's name, and what is unusual in it: "Conv 3×3, s2, 32 groups"."""
    words = [card_words(layer)]
    if layer.stride > 1:
        words.append(f"s{layer.stride}")
    if layer.groups > 1:
        words.append(trn("{count} group", "{count} groups", layer.groups))
    if layer.dilation > 1:
        words.append(tr("dilation {dilation}", dilation=layer.dilation))
    return ", ".join(words) + (f" + {tr('bias')}" if layer.bias and not layer.aside else "")


def problem_lines(problems: Iterable[Problem]) -> list[str]:
    """The first problem's message in short lines, with a warning sign."""
    found = list(problems)
    if not found:
        return []
    more = f" (+{len(found) - 1})" if len(found) > 1 else ""
    lines = textwrap.wrap("⚠ " + found[0].message + more, WRAP)
    return lines if len(lines) <= MAX_LINES else [*lines[: MAX_LINES - 1], lines[MAX_LINES - 1] + " …"]

"""What is written on a card, as texts and numbers made from one unit. Knows no Qt and no places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from resnet_studio.analysis.conventions import PAPERS, Convention, layer_work, part_work
from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.parts import Part
from resnet_studio.analysis.plan import Unit
from resnet_studio.design.types import Activation, Attention, BlockKind, BlockSpec, Norm, Order, ShortcutKind
from resnet_studio.ui.format import resolution, si
from resnet_studio.ui.layer_words import (
    ACTIVATION_WORDS,
    ATTENTION_TITLES,
    ATTENTION_WORDS,
    card_words,
    norm_of,
    norm_words,
    rate_words,
    span_words,
)

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
        found.append(ACTIVATION_WORDS[spec.activation])
    if spec.stride_first and spec.stride > 1 and spec.kind is not BlockKind.RESIDUAL:
        found.append("v1")
    if spec.zero_init:
        found.append("γ=0")
    return " · ".join(word for word in found if word)


_FIRM = "\u00a0"


def marks(spec: BlockSpec, last: float | None = None) -> str:
    """What later papers added to a block, in few words: a line breaks between two of them only.

    `last` is the drop path of the last block of a folded run.
    """
    found = [ATTENTION_WORDS[spec.attention]]
    if spec.norm is not Norm.BATCH:
        found.append(norm_of(spec.norm, spec.norm_groups))
    if spec.kernel != 3:
        found.append(f"{spec.kernel}×{spec.kernel}")
    if spec.dilation > 1 and spec.kernel > 1:
        found.append(f"dil. {spec.dilation}")
    if spec.dropout:
        found.append(f"drop {rate_words(spec.dropout)}")
    if spec.drop_path:
        found.append(f"path {span_words(spec.drop_path, spec.drop_path if last is None else last)}")
    return _joined(found)


def layer_marks(part: Part, layer: Layer) -> str:
    """The same on a card of the stem or head: the norm behind a convolution, the dropout before the classifier."""
    rows = part.layers()
    if layer.kind is LayerKind.LINEAR:
        return _joined(f"drop {rate_words(row.rate)}" for row in rows if row.kind is LayerKind.DROPOUT)
    if layer.kind is not LayerKind.CONV:
        return ""
    behind = rows[rows.index(layer) + 1 : rows.index(layer) + 2]
    grouped = [norm_words(row) for row in behind if row.kind is LayerKind.NORM and row.groups]
    return _joined([*grouped, "no norm" if layer.bias else ""])


def _joined(words: Iterable[str]) -> str:
    firm = [word.replace(" ", _FIRM) for word in words if word]
    return f"{_FIRM}· ".join(firm)


def block_facts(spec: BlockSpec, part: Part, count: int, *, by: Convention) -> Facts:
    """The texts of a block's card, or of `count` folded ones."""
    arriving, leaving = part.input[0], part.output[0]
    changes = arriving != leaving
    return Facts(
        title=TITLES[spec.kind],
        stride=f"s{spec.stride}" if spec.stride > 1 else "",
        channels=f"{arriving}→{leaving}" if changes else str(leaving),
        place=resolution(part.output),
        params=si(part.params * count),
        work=si(part_work(part).counted(by) * count),
        pill=_pill(spec),
    )


def _pill(spec: BlockSpec) -> str:
    """What stands on the arc. Where nothing is halved, shortcut D pools nothing: only its names are others."""
    pools = spec.shortcut is not ShortcutKind.POOL_PROJECTION or spec.stride > 1
    return PILLS[spec.shortcut if pools else ShortcutKind.PROJECTION]


def layer_facts(layer: Layer, *, by: Convention) -> Facts:
    """The texts of a stem's or head's card."""
    arriving, leaving = layer.input[0], layer.output[0]
    stride = f"s{layer.stride} · " if layer.stride > 1 else ""
    title = {
        LayerKind.CONV: card_words(layer),
        LayerKind.MAX_POOL: card_words(layer),
        LayerKind.GLOBAL_POOL: card_words(layer),
        LayerKind.LINEAR: card_words(layer),
        LayerKind.NORM: f"{norm_words(layer)} · act" if layer.groups else "Norm · act",
        LayerKind.ACTIVATION: "Activation",
    }.get(layer.kind, layer.name)
    return Facts(
        title=title,
        channels=f"{arriving}→{leaving}" if arriving != leaving else str(leaving),
        place=f"{stride}{resolution(layer.output)}",
        params=si(layer.params),
        work=si(layer_work(layer).counted(by)),
    )


def block_tip(
    unit: Unit, spec: BlockSpec, count: int, last: float | None = None, *, by: Convention = PAPERS
) -> str:
    """The tooltip of a block's card: everything that the card abbreviates, as plain text."""
    part = unit.part
    lines = [
        f"{TITLES[spec.kind]} block · {unit.name}" + (f" and {count - 1} equal ones" if count > 1 else ""),
        f"{_shape(part.input)} → {_shape(part.output)}",
        f"inner width {spec.width}, {spec.groups} group{'s' if spec.groups > 1 else ''}, stride {spec.stride}",
        f"{'each ' if count > 1 else ''}{si(part.params)} parameters, {si(part_work(part).counted(by))} {by.unit}",
        f"receptive field {unit.receptive} px",
    ]
    special = tags(spec)
    if special:
        lines.insert(3, special)
    lines += _added(spec, spec.drop_path if last is None else last)
    return "\n".join(lines)


def _added(spec: BlockSpec, last: float) -> list[str]:
    """What later papers added, in full words, a line each."""
    found: list[str] = []
    if spec.attention is not Attention.NONE:
        reduced = f", reduction {spec.reduction}" if spec.attention is not Attention.ECA else ""
        found.append(ATTENTION_TITLES[spec.attention] + reduced)
    if spec.norm is not Norm.BATCH:
        found.append(f"group norm, {spec.norm_groups} groups" if spec.norm is Norm.GROUP else "no norm")
    if spec.kernel != 3:
        found.append(f"kernel {spec.kernel}×{spec.kernel}")
    if spec.dilation > 1 and spec.kernel > 1:
        found.append(f"dilation {spec.dilation}")
    if spec.dropout:
        found.append(f"dropout {rate_words(spec.dropout)}")
    if spec.drop_path:
        found.append(f"drop path {span_words(spec.drop_path, last)}")
    return found


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(str(size) for size in shape)

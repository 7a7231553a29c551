"""What is written on a card, as texts and numbers made from one unit. Knows no Qt and no places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from resnet_studio.analysis.conventions import PAPERS, Convention, layer_work, part_work
from resnet_studio.analysis.layers import Layer, LayerKind, Shape
from resnet_studio.analysis.parts import Part
from resnet_studio.analysis.plan import Unit
from resnet_studio.design.types import Activation, Attention, BlockKind, BlockSpec, Norm, Order, ShortcutKind
from resnet_studio.language import tr, trn
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
    BlockKind.RESIDUAL: tr("Residual"),
    BlockKind.BOTTLENECK: tr("Bottleneck"),
    BlockKind.RESNEXT: "ResNeXt",
}
KIND_TITLES = {
    BlockKind.RESIDUAL: tr("Residual block"),
    BlockKind.BOTTLENECK: tr("Bottleneck block"),
    BlockKind.RESNEXT: tr("ResNeXt block"),
}
PILLS = {
    ShortcutKind.IDENTITY: "id",
    ShortcutKind.PROJECTION: "1×1",
    ShortcutKind.ZERO_PAD: tr("0-pad"),
    ShortcutKind.POOL_PROJECTION: tr("pool+1×1"),
    ShortcutKind.NONE: "",
}
ORDERS = {
    Order.ORIGINAL: "",
    Order.BN_AFTER_ADD: tr("BN after +"),
    Order.RELU_BEFORE_ADD: tr("ReLU before +"),
    Order.RELU_ONLY_PREACT: tr("ReLU pre-act"),
    Order.FULL_PREACT: tr("pre-act"),
    Order.NO_FINAL_RELU: tr("no last ReLU"),
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
        each = f"{spec.groups}×{spec.width // spec.groups}d"
        found.append(each if whole else trn("{count} group", "{count} groups", spec.groups))
    elif spec.width != (spec.channels if spec.kind is BlockKind.RESIDUAL else max(1, spec.channels // 4)):
        found.append(tr("inner {width}", width=spec.width))
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
        found.append(tr("dil. {dilation}", dilation=spec.dilation))
    if spec.dropout:
        found.append(tr("drop {rate}", rate=rate_words(spec.dropout)))
    if spec.drop_path:
        found.append(
            tr("path {rate}", rate=span_words(spec.drop_path, spec.drop_path if last is None else last))
        )
    return _joined(found)


def layer_marks(part: Part, layer: Layer) -> str:
    """The same on a card of the stem or head: the norm behind a convolution, the dropout before the classifier."""
    rows = part.layers()
    if layer.kind is LayerKind.LINEAR:
        dropped = [rate_words(row.rate) for row in rows if row.kind is LayerKind.DROPOUT]
        return _joined(tr("drop {rate}", rate=rate) for rate in dropped)
    if layer.kind is not LayerKind.CONV:
        return ""
    behind = rows[rows.index(layer) + 1 : rows.index(layer) + 2]
    grouped = [norm_words(row) for row in behind if row.kind is LayerKind.NORM and row.groups]
    return _joined([*grouped, tr("no norm") if layer.bias else ""])


def _joined(words: Iterable[str]) -> str:
    firm = [word.replace(" ", _FIRM) for word in words if word]
    return f"{_FIRM}· ".join(firm)


def block_pair(arriving: int, output: Shape) -> tuple[str, str]:
    """The channels of a block, and the map that leaves it: what stands on the two sides of a card."""
    leaving = output[0]
    return f"{arriving}→{leaving}" if arriving != leaving else str(leaving), resolution(output)


def layer_pair(layer: Layer) -> tuple[str, str]:
    """The same of a layer, with its stride."""
    channels, place = block_pair(layer.input[0], layer.output)
    return channels, f"s{layer.stride} · {place}" if layer.stride > 1 else place


def block_facts(spec: BlockSpec, part: Part, count: int, *, by: Convention) -> Facts:
    """The texts of a block's card, or of `count` folded ones."""
    channels, place = block_pair(part.input[0], part.output)
    return Facts(
        title=TITLES[spec.kind],
        stride=f"s{spec.stride}" if spec.stride > 1 else "",
        channels=channels,
        place=place,
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
    channels, place = layer_pair(layer)
    title = {
        LayerKind.CONV: card_words(layer),
        LayerKind.MAX_POOL: card_words(layer),
        LayerKind.GLOBAL_POOL: card_words(layer),
        LayerKind.LINEAR: card_words(layer),
        LayerKind.NORM: tr("{norm} · act", norm=norm_words(layer)) if layer.groups else tr("Norm · act"),
        LayerKind.ACTIVATION: tr("Activation"),
    }.get(layer.kind, layer.name)
    return Facts(
        title=title,
        channels=channels,
        place=place,
        params=si(layer.params),
        work=si(layer_work(layer).counted(by)),
    )


def block_tip(
    unit: Unit, spec: BlockSpec, count: int, last: float | None = None, *, by: Convention = PAPERS
) -> str:
    """The tooltip of a block's card: everything that the card abbreviates, as plain text."""
    part = unit.part
    lines = [
        _named(unit.name, spec.kind, count),
        f"{_shape(part.input)} → {_shape(part.output)}",
        tr(
            "inner width {width}, {groups}, stride {stride}",
            width=spec.width,
            groups=trn("{count} group", "{count} groups", spec.groups),
            stride=spec.stride,
        ),
        _cost(part, by, each=count > 1),
        tr("receptive field {size} px", size=unit.receptive),
    ]
    special = tags(spec)
    if special:
        lines.insert(3, special)
    lines += _added(spec, spec.drop_path if last is None else last)
    return "\n".join(lines)


def _named(name: str, kind: BlockKind, count: int) -> str:
    """ "Bottleneck block · layer2.1 and 2 equal ones"."""
    block = KIND_TITLES[kind]
    if count == 1:
        return f"{block} · {name}"
    return trn(
        "{block} · {name} and {count} equal one", "{block} · {name} and {count} equal ones", count - 1,
        block=block, name=name,
    )  # fmt: skip


def _cost(part: Part, by: Convention, *, each: bool) -> str:
    values = {"params": si(part.params), "work": si(part_work(part).counted(by)), "unit": by.unit}
    if each:
        return tr("each {params} parameters, {work} {unit}", **values)
    return tr("{params} parameters, {work} {unit}", **values)


def _added(spec: BlockSpec, last: float) -> list[str]:
    """What later papers added, in full words, a line each."""
    found: list[str] = []
    if spec.attention is not Attention.NONE:
        title = ATTENTION_TITLES[spec.attention]
        reduced = tr("{attention}, reduction {number}", attention=title, number=spec.reduction)
        found.append(title if spec.attention is Attention.ECA else reduced)
    if spec.norm is not Norm.BATCH:
        grouped = trn("group norm, {count} group", "group norm, {count} groups", spec.norm_groups)
        found.append(grouped if spec.norm is Norm.GROUP else tr("no norm"))
    if spec.kernel != 3:
        found.append(tr("kernel {size}", size=f"{spec.kernel}×{spec.kernel}"))
    if spec.dilation > 1 and spec.kernel > 1:
        found.append(tr("dilation {dilation}", dilation=spec.dilation))
    if spec.dropout:
        found.append(tr("dropout {rate}", rate=rate_words(spec.dropout)))
    if spec.drop_path:
        found.append(tr("drop path {rate}", rate=span_words(spec.drop_path, last)))
    return found


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(str(size) for size in shape)

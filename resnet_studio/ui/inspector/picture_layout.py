"""Where each layer of a unit's picture stands, and its words. Pure: knows Parts, and neither Qt nor a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from resnet_studio.analysis.conventions import PAPERS, Convention, layer_work
from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.parts import Part
from resnet_studio.design.types import BlockSpec, ShortcutKind
from resnet_studio.language import tr, trn
from resnet_studio.ui.format import shape, si, thousands
from resnet_studio.ui.layer_words import (
    ATTENTION_TITLES,
    ATTENTION_WORDS,
    box_words,
    chip_words,
    kernel_words,
    kind_words,
)

CIRCLES = (LayerKind.ADD, LayerKind.SCALE)
CHIPS = (LayerKind.NORM, LayerKind.ACTIVATION, LayerKind.DROPOUT, LayerKind.DROP_PATH)
LEAD, _MOST_BOX, _LEAST_BOX = 11.0, 64.0, 22.0
# (chip, circle, least gap, most layers in a row): a narrow panel must hold a bottleneck with all that there is.
_ROOMY, _TIGHT, _MOST_ROOMY = (14.0, 16.0), (11.0, 13.0), 11


@dataclass(frozen=True, slots=True)
class Cell:
    """One layer's place along the row, in points; `inner` are the attention's layers behind a circled times."""

    layer: Layer
    left: float
    width: float
    inner: tuple[Layer, ...] = ()

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + self.width

    @property
    def middle(self) -> float:
        """Its centre."""
        return self.left + self.width / 2

    @property
    def is_box(self) -> bool:
        """Neither a chip nor a circle."""
        return self.layer.kind not in (*CHIPS, *CIRCLES)


def _row(part: Part) -> list[tuple[Layer, tuple[Layer, ...]]]:
    """The main path; the attention's layers are one entry at its last circled times."""
    plus = () if part.add is None else (part.add,)
    found: list[tuple[Layer, tuple[Layer, ...]]] = []
    aside: list[Layer] = []
    for layer in (*part.pre, *part.body):
        if layer.aside:
            aside.append(layer)
            continue
        if aside:
            found.append((aside[-1], tuple(aside)))
            aside = []
        found.append((layer, ()))
    if aside:
        found.append((aside[-1], tuple(aside)))
    return found + [(layer, ()) for layer in (*plus, *part.after)]


def has_attention(part: Part) -> bool:
    """Whether the picture needs room for what weighs the branch."""
    return any(layer.aside for layer in part.body)


def _natural(layer: Layer, sizes: tuple[float, float]) -> float:
    if layer.kind in CIRCLES:
        return sizes[1]
    return sizes[0] if layer.kind in CHIPS else 0.0


def _needed(layer: Layer) -> float:
    """Points that a box's words take, roughly; the same on every machine, so that the arrangement is testable."""
    what, more = box_words(layer)
    return max(len(what), len(" ".join(more))) * 6.0 + 12


def _shared(needed: list[float], room: float) -> list[float]:
    """The boxes' widths: half of what is left over makes them wider; where it is too narrow, those with most words give most."""
    left = room - sum(needed)
    if left >= 0:
        return [min(size + left / 2 / len(needed), _MOST_BOX) for size in needed]
    spare = sum(needed) - len(needed) * _LEAST_BOX
    kept = max(0.0, room - len(needed) * _LEAST_BOX) / spare if spare > 0 else 0.0
    return [_LEAST_BOX + max(0.0, size - _LEAST_BOX) * kept for size in needed]


def arrange(part: Part, width: float) -> list[Cell]:
    """Every layer of the main path in order from left to right, as wide as there is room. Pure."""
    row = _row(part)
    sizes = _TIGHT if len(row) > _MOST_ROOMY else _ROOMY
    needed = [_natural(layer, sizes) or _needed(layer) for layer, _ in row]
    boxes = [index for index, (layer, _) in enumerate(row) if not _natural(layer, sizes)]
    gaps = max(1, len(row) - 1)
    room = width - 2 * LEAD - 3.0 * gaps - (sum(needed) - sum(needed[index] for index in boxes))
    for index, size in zip(boxes, _shared([needed[index] for index in boxes], room), strict=True):
        needed[index] = size
    gap = max(1.5, min((width - 2 * LEAD - sum(needed)) / gaps, 30.0))
    cells, x = [], LEAD
    for (layer, inner), size in zip(row, needed, strict=True):
        cells.append(Cell(layer, x, size, inner))
        x += size + gap
    return cells


def shortcut_words(kind: ShortcutKind, stride: int) -> str:
    """What stands on the arc."""
    if stride == 1:
        return {
            ShortcutKind.IDENTITY: tr("identity"),
            ShortcutKind.PROJECTION: "1×1",
            ShortcutKind.ZERO_PAD: tr("zero padding"),
            ShortcutKind.POOL_PROJECTION: "1×1",
            ShortcutKind.NONE: "",
        }[kind]
    return {
        ShortcutKind.IDENTITY: tr("identity"),
        ShortcutKind.PROJECTION: tr("1×1, stride {stride}", stride=stride),
        ShortcutKind.ZERO_PAD: tr("zero padding, stride {stride}", stride=stride),
        ShortcutKind.POOL_PROJECTION: tr("average {size}, 1×1", size=f"{stride}×{stride}"),
        ShortcutKind.NONE: "",
    }[kind]


def layer_words(layer: Layer, by: Convention = PAPERS) -> str:
    """A layer's tooltip: its name, what it is, shapes and counts."""
    what = [kind_words(layer)]
    if layer.kind is LayerKind.NORM and layer.groups:
        what = [trn("Group norm, {count} group", "Group norm, {count} groups", layer.groups)]
    if layer.kernel:
        what = [f"{kind_words(layer)} {kernel_words(layer)}"]
        what += [tr("stride {stride}", stride=layer.stride)] if layer.stride > 1 else []
        what += [trn("{count} group", "{count} groups", layer.groups)] if layer.groups > 1 else []
        what += [tr("with bias")] if layer.bias else []
    work = layer_work(layer).counted(by)
    counted = f"\n{_counted(layer.params, work, by)}" if layer.params or work else ""
    return f"{layer.name} · {', '.join(what)}\n{shape(layer.input)} → {shape(layer.output)}{counted}"


def _counted(params: int, work: int, by: Convention) -> str:
    number = thousands(params)
    return tr("{params} parameters, {work} {unit}", params=number, work=si(work), unit=by.unit)


def attention_words(spec: BlockSpec, inner: Iterable[Layer], by: Convention = PAPERS) -> str:
    """The attention's tooltip: each of its layers, and what all of them cost."""
    layers = list(inner)
    lines = [ATTENTION_TITLES[spec.attention]]
    lines += [f"{layer.name} · {kind_words(layer)} · {shape(layer.output)}" for layer in layers]
    params = sum(layer.params for layer in layers)
    work = sum(layer_work(layer).counted(by) for layer in layers)
    lines.append(_counted(params, work, by))
    return "\n".join(lines)


def spoken(part: Part, spec: BlockSpec | None) -> str:
    """The picture in words, for screen readers."""
    return ", ".join(_spoken_cell(cell, spec) for cell in arrange(part, 400))


def _spoken_cell(cell: Cell, spec: BlockSpec | None) -> str:
    if cell.layer.kind is LayerKind.ADD:
        return tr("add")
    if cell.inner and spec is not None:
        return tr("{attention} attention, times", attention=ATTENTION_WORDS[spec.attention])
    if cell.layer.kind in (LayerKind.DROPOUT, LayerKind.DROP_PATH):
        return kind_words(cell.layer).lower()
    if not cell.is_box:
        return chip_words(cell.layer)
    if cell.layer.kind is LayerKind.CONV:
        return _spoken_conv(cell.layer)
    what, more = box_words(cell.layer)
    return " ".join((what, *more))


def _spoken_conv(layer: Layer) -> str:
    """A convolution in words: what the box abbreviates would be read out letter by letter."""
    size = f"{layer.kernel}×{layer.kernel}"
    words = [tr("{size} to {channels} channels", size=size, channels=layer.output[0])]
    words += [tr("stride {stride}", stride=layer.stride)] if layer.stride > 1 else []
    words += [tr("dilation {dilation}", dilation=layer.dilation)] if layer.dilation > 1 else []
    words += [trn("{count} group", "{count} groups", layer.groups)] if layer.groups > 1 else []
    words += [tr("with bias")] if layer.bias else []
    return " ".join(words)

"""The inside of a block on its card, from near by: every layer on the way down, and the shape on every edge.

`rows_of` is pure; painting knows values only, as `card_paint` does.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from resnet_studio.analysis.layers import Layer, LayerKind, Shape
from resnet_studio.analysis.parts import Part
from resnet_studio.design.types import Attention
from resnet_studio.ui.canvas.ink import Ink
from resnet_studio.ui.face import CENTER, RIGHT
from resnet_studio.ui.format import resolution, si
from resnet_studio.ui.layer_words import ATTENTION_WORDS, box_words, chip_words

# Letters on a card's inside are so much smaller than the card's own, and smaller still where there are many layers.
_SMALLER, _PITCH = 2.0, 18.5
_BOX, _SIDE, _GAP = 86.0, 3.0, 5.0
# Above the first layer and below the last the way has its shape written beside it, too.
_ENDS = 20.0
_QUIET = (LayerKind.NORM, LayerKind.DROPOUT, LayerKind.DROP_PATH)


@dataclass(frozen=True, slots=True)
class Row:
    """One layer of the residual branch, from top to bottom; an attention's layers are one row."""

    words: str
    name: str
    kind: LayerKind
    params: int
    output: Shape
    forks: bool = False


def rows_of(part: Part) -> list[Row]:
    """The way from a block's input to its addition, or to its end where nothing is added.

    `forks` marks the row behind which the shortcut begins, if not above all.
    """
    rows: list[Row] = []
    aside: list[Layer] = []
    after = part.after if part.add is None else ()
    for index, layer in enumerate((*part.pre, *part.body, *after)):
        if layer.aside:
            aside.append(layer)
            continue
        if aside:
            rows.append(_weighing(aside))
            aside = []
        rows.append(_row(layer, forks=part.shortcut_from_pre and index == len(part.pre) - 1))
    if aside:
        rows.append(_weighing(aside))
    return rows


def _row(layer: Layer, *, forks: bool) -> Row:
    if layer.kind in (*_QUIET, LayerKind.ACTIVATION):
        words = chip_words(layer)
    else:
        what, more = box_words(layer)
        out = str(layer.output[0])
        words = ", ".join((what, out)) + "".join(f" {word}" for word in more if word != out)
    return Row(words, layer.name, layer.kind, layer.params, layer.output, forks)


def _weighing(aside: list[Layer]) -> Row:
    kinds = {layer.kind for layer in aside}
    # Each has a layer that the others lack: CBAM looks along the channels too, ECA convolves in one dimension.
    attention = (
        Attention.CBAM if LayerKind.CHANNEL_POOL in kinds
        else Attention.ECA if LayerKind.CONV_1D in kinds
        else Attention.SE
    )  # fmt: skip
    words = f"{ATTENTION_WORDS[attention]} ×"
    return Row(words, aside[0].name, LayerKind.SCALE, 0, aside[-1].output)


def after_words(part: Part) -> str:
    """What follows the addition: "BN, ReLU"; empty where nothing does."""
    return ", ".join(chip_words(layer) for layer in part.after)


def paint_inside(painter: QPainter, ink: Ink, part: Part, *, box: QRectF, token: str) -> float | None:
    """Paint a block's branch into a box of its card; return how far down the shortcut begins, if not above all.

    Args:
        painter: at the card's origin, in the scene's units.
        ink: fonts and colours.
        part: what the block means.
        box: where; the way runs down its middle.
        token: the kind's colour.
    """
    rows = rows_of(part)
    smaller = max(_SMALLER, (len(rows) * _PITCH + _ENDS) / box.height())
    fork = None
    painter.save()
    painter.translate(box.topLeft())
    painter.scale(1 / smaller, 1 / smaller)
    wide, high = box.width() * smaller, box.height() * smaller
    pitch = (high - _ENDS) / len(rows)
    painter.setPen(ink.pen(ink.theme.line_strong, 1.6))
    painter.drawLine(QPointF(wide / 2, 0), QPointF(wide / 2, high))
    _edge(painter, ink, part.input, at=_ENDS / 2 - 2, wide=wide)
    for number, row in enumerate(rows):
        top = _ENDS / 2 + 2 + pitch * number
        cell = QRectF(wide / 2 - _BOX / 2, top, _BOX, pitch - _GAP)
        _layer(painter, ink, row, cell, token)
        beside = QRectF(_SIDE, top, cell.left() - _SIDE - 6, cell.height())
        _beside(painter, ink, row, beside)
        if row.forks:
            fork = box.top() + (cell.bottom() + _GAP / 2) / smaller
        else:
            _edge(painter, ink, row.output, at=cell.bottom() + _GAP / 2, wide=wide)
    painter.restore()
    return fork


def _layer(painter: QPainter, ink: Ink, row: Row, cell: QRectF, token: str) -> None:
    """Convolutions bear the kind's colour; norms stand back, as in the inspector's picture."""
    theme = ink.theme
    quiet, active = row.kind in _QUIET, row.kind is LayerKind.ACTIVATION
    painter.setPen(ink.pen(theme.line_strong if quiet or active else token, 1.0 if quiet or active else 1.8))
    painter.setBrush(ink.brush(theme.field if quiet else theme.card))
    round_by = cell.height() / 2 if active else 4.0
    painter.drawRoundedRect(cell, round_by, round_by)
    face = ink.small if quiet or active else ink.small_bold
    text = theme.text_soft if quiet else theme.text
    ink.text(painter, cell.adjusted(3, 0, -3, 0), row.words, face=face, token=text, align=CENTER)


def _beside(painter: QPainter, ink: Ink, row: Row, box: QRectF) -> None:
    """To the left: the layer's name in the weights, and how many of them it has."""
    if row.params:
        counted = f"{row.name} {si(row.params)}"
        ink.text(painter, box, counted, face=ink.tiny, token=ink.theme.text_soft, align=RIGHT)


def _edge(painter: QPainter, ink: Ink, shape: Shape, *, at: float, wide: float) -> None:
    """To the right of the way: the shape that goes along it."""
    left = wide / 2 + _BOX / 2 + 7
    box = QRectF(left, at - 8, wide - left - 2, 16)
    words = f"{shape[0]} · {resolution(shape)}" if len(shape) == 3 else str(shape[0])
    ink.text(painter, box, words, face=ink.tiny, token=ink.theme.text_soft)

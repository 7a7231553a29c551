"""The picture that hangs on the pointer during a drag. Knows no document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from resnet_studio.ui.canvas.card_paint import paint_card
from resnet_studio.ui.canvas.ink import Ink
from resnet_studio.ui.canvas.look import Look
from resnet_studio.ui.canvas.shapes import STYLE, Card, Lane
from resnet_studio.ui.face import CENTER

_ROOM, _TILT = 14.0, 2.0
# Below and right of the pointer, so that the insertion line stays in sight.
HOT_SPOT = QPoint(-2, -2)


@dataclass(frozen=True, slots=True)
class DragImage:
    """A pixmap, and the point of it that lies under the pointer."""

    pixmap: QPixmap
    hot_spot: QPoint


def _blank(wide: float, high: float, widget: QWidget) -> QPixmap:
    ratio = widget.devicePixelRatioF()
    pixmap = QPixmap(round(wide * ratio), round(high * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def cards_image(ink: Ink, looks: Sequence[Look], held: Card, count: int, widget: QWidget) -> DragImage:
    """The held card, slightly tilted, with further sheets and a number when several blocks are carried."""
    look = next((look for look in looks if look.card.key == held.key), looks[0])
    # Only the card: the shortcut belongs to the place that it leaves.
    plain = replace(look.card, arc=False, first=True)
    shown = replace(look, card=plain, chosen=2, cursor=False, hover=False, dragged=False)
    wide, high = held.rect.w + 2 * _ROOM, held.rect.h + 2 * _ROOM
    pixmap = _blank(wide, high, widget)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(0.92)
    painter.translate(_ROOM, _ROOM)
    painter.rotate(-_TILT)
    paint_card(painter, ink, shown, 1.0)
    painter.end()
    if count > look.card.count:
        _number(pixmap, ink, count, QPointF(wide - _ROOM - 4, _ROOM))
    return DragImage(pixmap, HOT_SPOT)


def _number(pixmap: QPixmap, ink: Ink, count: int, at: QPointF) -> None:
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(at.x() - 11, at.y() - 9, 24, 18)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.brush(ink.theme.accent))
    painter.drawRoundedRect(box, 9, 9)
    ink.text(painter, box, str(count), face=ink.small_bold, token=ink.theme.accent_text, align=CENTER)
    painter.end()


def stage_image(ink: Ink, lane: Lane, widget: QWidget) -> DragImage:
    """A stage's header as a tile."""
    wide, high = lane.rect.w, STYLE.header + 8
    pixmap = _blank(wide + 4, high + 4, widget)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(0.92)
    painter.setPen(ink.pen(ink.theme.accent, 2))
    painter.setBrush(ink.brush(ink.theme.card))
    painter.drawRoundedRect(QRectF(2, 2, wide, high), 8, 8)
    ink.text(painter, QRectF(14, 2, wide - 24, high), lane.title, face=ink.title, token=ink.theme.text)
    painter.end()
    return DragImage(pixmap, HOT_SPOT)

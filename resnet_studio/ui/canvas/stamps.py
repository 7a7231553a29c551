"""Paints cards that look alike once for each zoom, and then stamps them: hundreds of an unfolded run. Knows no scene."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

from resnet_studio.ui.canvas.card_paint import paint_card, paint_number
from resnet_studio.ui.canvas.ink import Ink
from resnet_studio.ui.canvas.look import FULL, Look

_MOST = 200  # distinct looks that are kept


def can_stamp(look: Look) -> bool:
    """Whether others are likely to look the same: those of its run do, but for their number."""
    return look.card.run > 1 and look.card.count == 1


def stamp(painter: QPainter, ink: Ink, look: Look, alike: object, *, box: QRectF, place: QTransform) -> None:
    """Paint a card at its own origin, on whole pixels.

    Args:
        painter: scaled by `zoom`, and not turned.
        ink: holds the stamps, of one zoom at a time.
        look: the card.
        alike: one and the same object for cards that look the same but for their number.
        box: what the card paints in, from its origin.
        place: the painter's transform, which whoever called it restores afterwards.
    """
    zoom = place.m11()
    ratio = painter.device().devicePixelRatio()
    if ink.stamped_at != (zoom, ratio) or len(ink.stamps) > _MOST:
        ink.stamped_at = (zoom, ratio)
        ink.stamps.clear()
    made = ink.stamps.get(id(alike))
    if made is None:
        made = ink.stamps[id(alike)] = alike, _made(ink, look, box, zoom, ratio)
    painter.resetTransform()
    painter.drawPixmap(place.map(box.topLeft()).toPoint(), made[1])
    if zoom >= FULL:
        painter.setWorldTransform(place)
        paint_number(painter, ink, look)


def _made(ink: Ink, look: Look, box: QRectF, zoom: float, ratio: float) -> QPixmap:
    wide, high = ceil(box.width() * zoom) + 1, ceil(box.height() * zoom) + 1
    made = QPixmap(ceil(wide * ratio), ceil(high * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.scale(zoom, zoom)
    painter.translate(-box.topLeft())
    paint_card(painter, ink, look, zoom, numbered=False)
    painter.end()
    return made

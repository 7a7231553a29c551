"""Paints cards that look alike once for each zoom, and then stamps them: hundreds of an unfolded run. Knows no scene."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

from resnet_studio.ui.canvas.card_paint import paint_card, paint_number
from resnet_studio.ui.canvas.ink import Ink, Stamp
from resnet_studio.ui.canvas.look import FULL, NEAR, Look

_MOST = 120  # distinct looks that are kept
_STRETCH = 1.8  # beyond it, scaled letters are no longer those that a zoom ends with


def can_stamp(look: Look) -> bool:
    """Whether others are likely to look the same: those of its run do, but for their number."""
    return look.card.run > 1 and look.card.count == 1


def stamp(painter: QPainter, ink: Ink, look: Look, alike: object, *, box: QRectF, place: QTransform) -> None:
    """Paint a card at its own origin, on whole pixels; while a zoom goes on, the pixels of a moment ago, scaled.

    Args:
        painter: scaled by `zoom`, and not turned.
        ink: holds the stamps.
        look: the card.
        alike: one and the same object for cards that look the same but for their number.
        box: what the card paints in, from its origin.
        place: the painter's transform, which whoever called it restores afterwards.
    """
    zoom = place.m11()
    made = ink.stamps.get(id(alike))
    # Hundreds of cards are seen at once: what most of them need is asked first, and no more than that.
    if made is None or made.shown_zoom != zoom or not (ink.moving or made.zoom == zoom):
        made = _stamp(painter, ink, look, alike, box=box)
    painter.resetTransform()
    if made.shown_zoom == zoom:
        painter.drawPixmap(place.map(box.topLeft()).toPoint(), made.shown)
    else:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(place.map(box.topLeft()), made.pixels.deviceIndependentSize() * (zoom / made.zoom))
        painter.drawPixmap(area, made.pixels, QRectF(made.pixels.rect()))
    # Numbers come again with the rest: laying out a hundred of them at every step takes longer than all cards.
    if zoom >= FULL and made.zoom == zoom:
        painter.setWorldTransform(place)
        paint_number(painter, ink, look)


def _stamp(painter: QPainter, ink: Ink, look: Look, alike: object, *, box: QRectF) -> Stamp:
    """The stamp for what the painter paints on, at its zoom: the one there is, scaled or sharp again, or a new one."""
    zoom, ratio = painter.worldTransform().m11(), painter.device().devicePixelRatio()
    made = ink.stamps.get(id(alike))
    if made is not None and made.zoom == zoom and made.ratio == ratio:
        made.shown, made.shown_zoom = made.pixels, zoom
    elif made is None or not _stretch(made, look, zoom, ratio, moving=ink.moving):
        if len(ink.stamps) > _MOST:
            ink.stamps.clear()
        pixels = _made(ink, look, box, zoom, ratio)
        made = ink.stamps[id(alike)] = Stamp(alike, pixels, zoom, ratio, pixels, zoom)
    return made


def _stretch(made: Stamp, look: Look, zoom: float, ratio: float, *, moving: bool) -> bool:
    """Whether a zoom goes on for which the pixels of a moment ago can be scaled; those that many show are scaled here."""
    # As much would have to stand in it at this zoom, in letters of about this size.
    same = (made.zoom >= FULL) == (zoom >= FULL) and (made.zoom >= NEAR) == (zoom >= NEAR)
    near = 1 / _STRETCH <= zoom / made.zoom <= _STRETCH
    if not (moving and made.ratio == ratio and same and near):
        return False
    if made.shown_zoom != zoom and can_stamp(look):
        made.shown, made.shown_zoom = _scaled(made, zoom / made.zoom), zoom
    return True


def _scaled(made: Stamp, by: float) -> QPixmap:
    """Once for all cards that show it: scaling each as it is painted takes twice as long as painting."""
    size = made.pixels.size() * by
    result = QPixmap(max(1, size.width()), max(1, size.height()))
    result.setDevicePixelRatio(made.ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    area = QRectF(QPointF(0, 0), made.pixels.deviceIndependentSize() * by)
    painter.drawPixmap(area, made.pixels, QRectF(made.pixels.rect()))
    painter.end()
    return result


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

"""The scene's items: each paints itself whole and has no children. They show values and decide nothing."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from resnet_studio.ui.canvas.card_paint import number_of, paint_card, plain_silhouette
from resnet_studio.ui.canvas.ink import Ink
from resnet_studio.ui.canvas.look import FULL, MIDDLE, Look
from resnet_studio.ui.canvas.shapes import SPINE, STYLE, BlockPlace, Lane, StagePlace
from resnet_studio.ui.canvas.stamps import can_stamp, stamp
from resnet_studio.ui.face import CENTER, RIGHT
from resnet_studio.ui.format import resolution

_MOST_ALIKES = 2_000
_SLAB = 16.0  # edge of the square that the largest slab would fill


def zoom_of(painter: QPainter) -> float:
    """The zoom a painter works at, apart from the screen's own scale."""
    return painter.worldTransform().m11()


class CardItem(QGraphicsItem):
    """A card with its shortcut."""

    def __init__(self, ink: Ink, look: Look) -> None:
        super().__init__()
        self.ink = ink
        self.look = look
        self.pixels = _pixels(look)
        self.alike: object = None  # made when first asked for
        self.far: tuple[QRectF, QColor] | None = None  # likewise
        self.bounds = _bounds(look)
        self.setZValue(1)
        self.setPos(look.card.rect.x, look.card.rect.y)

    def keep_pixels(self, on: bool) -> None:
        """Whether the card's pixels are kept between paints: not worth it when cards are small blocks of colour."""
        mode = QGraphicsItem.CacheMode
        self.setCacheMode(mode.DeviceCoordinateCache if on else mode.NoCache)

    def show_look(self, ink: Ink, look: Look) -> None:
        """Show other values; nothing is painted again when they look the same in the same place."""
        pixels = _pixels(look)
        before, after = self.look.card.rect, look.card.rect
        if pixels == self.pixels and ink is self.ink:
            self.look = look
            if (before.x, before.y) != (after.x, after.y):
                self.setPos(after.x, after.y)
            return
        self.pixels, self.alike, self.far = pixels, None, None
        if (before.w, before.h) != (after.w, after.h):
            self.prepareGeometryChange()
        self.ink, self.look, self.bounds = ink, look, _bounds(look)
        if (before.x, before.y) != (after.x, after.y):
            self.setPos(after.x, after.y)
        self.update()

    def boundingRect(self) -> QRectF:
        return self.bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        place = painter.worldTransform()
        zoom = place.m11()
        if zoom < self.ink.far and self.far is None:
            self.far = plain_silhouette(self.ink, self.look)
        if zoom < self.ink.far and self.far is not None:
            # Hundreds of them are seen at once: every call less is felt.
            painter.fillRect(*self.far)
            return
        if zoom < MIDDLE or not (self.ink.moving or can_stamp(self.look)):
            paint_card(painter, self.ink, self.look, zoom)
            return
        if self.alike is None:
            # One object for all that look alike: hashing the whole look at each paint takes as long as painting.
            known = _alike(self.look)
            if len(self.ink.alikes) > _MOST_ALIKES:
                self.ink.alikes.clear()
            self.alike = self.ink.alikes.setdefault(known, known)
        stamp(painter, self.ink, self.look, self.alike, box=self.bounds, place=place)


def _bounds(look: Look) -> QRectF:
    """Where a card paints. Kept, for Qt asks three times at each paint of each card."""
    rect = look.card.rect
    return QRectF(-6, -STYLE.above - 2, rect.w + 6 + STYLE.arc + 3, rect.h + STYLE.above + 2 + SPINE + 4)


def _pixels(look: Look) -> tuple[object, ...]:
    """All that a card's pixels depend on, and nothing else: names and numbers that are not shown repaint nothing."""
    card = look.card
    problem = card.problem
    return (
        look.facts,
        look.share,
        look.kind,
        look.work_label,
        (look.chosen, look.chosen_count, look.cursor, look.hover, look.dragged),
        (
            card.rect.w,
            card.rect.h,
            card.role,
            card.grip,
            card.count,
            card.run,
            card.index,
            card.first,
            card.arc,
        ),
        (card.tags, card.marks),
        card.message,
        # From near by the card shows its layers: what is written on it tells all of them, but for the size that arrives.
        None if card.unit is None else card.unit.part.input,
        None if problem is None else (problem.code, problem.repair is None or problem.repair.label),
    )


def _alike(look: Look) -> tuple[object, ...]:
    """Equal for cards that look the same but for their number, which has as many letters."""
    card = look.card
    return (*_pixels(replace(look, card=replace(card, index=0))), card.badge, len(number_of(look)))


class LaneItem(QGraphicsItem):
    """A lane's ground."""

    def __init__(self, ink: Ink, lane: Lane) -> None:
        super().__init__()
        self.ink = ink
        self.lane = lane
        self.chosen = False
        self.setPos(lane.rect.x, lane.rect.y)

    def show_lane(self, ink: Ink, lane: Lane, *, chosen: bool) -> None:
        """Show other values."""
        if lane.rect != self.lane.rect:
            self.prepareGeometryChange()
            self.setPos(lane.rect.x, lane.rect.y)
        elif ink is self.ink and chosen == self.chosen:
            self.lane = lane
            return
        self.ink, self.lane, self.chosen = ink, lane, chosen
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(-2, -2, self.lane.rect.w + 4, self.lane.rect.h + 4)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, near = self.ink.theme, zoom_of(painter) >= MIDDLE
        box = QRectF(0, 0, self.lane.rect.w, self.lane.rect.h)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, near)
        # A large filled rounded rectangle is slow to paint smoothly: only its outline is round.
        painter.fillRect(box.adjusted(1.5, 1.5, -1.5, -1.5), self.ink.brush(theme.lane))
        painter.setPen(self.ink.pen(theme.accent if self.chosen else theme.line, 2.0 if self.chosen else 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 8 if near else 0, 8 if near else 0)


class HeaderItem(QGraphicsItem):
    """A lane's header: name, resolution and channels. It stays in sight when the cards scroll away under it.

    It is painted as if it had its full height, and as small as its lane's says: from near by it would hide what is looked at.
    """

    def __init__(self, ink: Ink, lane: Lane) -> None:
        super().__init__()
        self.ink = ink
        self.lane = lane
        self.note = _note(lane)
        self.marks = (False, False)
        self.pinned = False
        self.aside = 0.0  # how much of it is out of sight on the left
        self.setZValue(3)
        self.setPos(lane.header.x, lane.header.y)

    def show_lane(self, ink: Ink, lane: Lane, *, chosen: bool, cursor: bool) -> None:
        """Show other values."""
        shown = (self.ink, self.lane.title, self.note, self.marks, self.lane.header.w, self.lane.form)
        if (lane.header.w, lane.header.h) != (self.lane.header.w, self.lane.header.h):
            self.prepareGeometryChange()
            self.update()
        self.ink, self.lane, self.note, self.marks = ink, lane, _note(lane), (chosen, cursor)
        if shown != (ink, lane.title, self.note, self.marks, lane.header.w, lane.form):
            self.update()

    def pin(self, left: float, top: float) -> None:
        """Stand at the top of what is seen, or in the lane's own place when that is lower; a near lane's name stays in sight."""
        self.pinned = top > self.lane.header.y
        self.setPos(self.lane.header.x, max(self.lane.header.y, top))
        aside = max(0.0, left - self.lane.header.x) if self.lane.header.h < STYLE.header else 0.0
        if aside != self.aside:
            self.aside = aside
            self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(-1, -1, self.lane.header.w + 2, self.lane.header.h + 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        ink, theme, zoom = self.ink, self.ink.theme, zoom_of(painter)
        chosen, cursor = self.marks
        small = self.lane.header.h / STYLE.header
        painter.scale(small, small)
        box = QRectF(0, 0, self.lane.header.w / small, STYLE.header)
        if self.pinned:
            painter.fillRect(box, ink.brush(theme.lane))
        painter.setPen(ink.pen(theme.accent if chosen else theme.line))
        painter.drawLine(QPointF(0.5, box.height()), QPointF(box.width() - 0.5, box.height()))
        if zoom >= MIDDLE:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            room = box.adjusted(STYLE.pad + 1, 0, -STYLE.pad - 1, 0)
            self._words(painter, room, zoom, aside=self.aside / small)
        else:
            self._slab(painter, box.adjusted(4, 3, -4, -3), round_by=0)
        if cursor:
            painter.setPen(ink.pen(theme.accent, 1, dashed=True))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), 5, 5)

    def _words(self, painter: QPainter, box: QRectF, zoom: float, *, aside: float) -> None:
        ink, theme = self.ink, self.ink.theme
        if zoom < FULL:
            ink.text(painter, box, self.lane.title, face=ink.large, token=theme.text, align=CENTER)
            return
        room = ink.body.width(self.note) + 8 if self.note else 0
        ink.text(painter, box, self.note, face=ink.body, token=theme.text_soft, align=RIGHT)
        title = ink.title.width(self.lane.title)
        aside = max(0.0, min(aside, box.width() - room - title - 8 - _SLAB))
        box = box.adjusted(aside, 0, -room, 0)
        ink.text(painter, box, self.lane.title, face=ink.title, token=theme.text)
        left = box.left() + title + 8
        if left + _SLAB <= box.right():
            self._slab(painter, QRectF(left, (box.height() - _SLAB) / 2, _SLAB, _SLAB), round_by=1)

    def _slab(self, painter: QPainter, box: QRectF, *, round_by: float) -> None:
        """What leaves the lane, by its form: high for a large map, wide for many channels."""
        tall, wide = self.lane.form
        if not tall:
            return
        size = QSizeF(max(2.0, box.width() * wide), max(2.0, box.height() * tall))
        slab = QRectF(QPointF(0, 0), size)
        slab.moveCenter(box.center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.ink.brush(self.ink.theme.text_faint))
        painter.drawRoundedRect(slab, round_by, round_by)


def _note(lane: Lane) -> str:
    """Resolution and channels that leave the lane: "56² · 256"."""
    if lane.last is None:
        return ""
    out = lane.last.part.output
    return f"{resolution(out)} · {out[0]}" if len(out) == 3 else str(out[0])


class DropItem(QGraphicsItem):
    """The insertion line with its dot, across a lane for blocks and between lanes for a stage."""

    def __init__(self, ink: Ink) -> None:
        super().__init__()
        self.ink = ink
        self.size = (0.0, 0.0)
        self.setZValue(5)
        self.hide()

    def point_at(self, ink: Ink, place: BlockPlace | StagePlace | None) -> None:
        """Show the line at a place, or hide it."""
        self.ink = ink
        self.setVisible(place is not None)
        if place is None:
            return
        self.prepareGeometryChange()
        self.size = (place.w + 6, 0.0) if isinstance(place, BlockPlace) else (0.0, place.h)
        self.setPos(place.x - (6 if isinstance(place, BlockPlace) else 0), place.y)

    def boundingRect(self) -> QRectF:
        return QRectF(-6, -6, self.size[0] + 12, self.size[1] + 12)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Far out the line must still be seen.
        wide = 3.0 / min(1.0, max(zoom_of(painter), 0.05))
        painter.setPen(self.ink.pen(self.ink.theme.accent, wide))
        painter.drawLine(QPointF(0, 0), QPointF(*self.size))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.ink.brush(self.ink.theme.accent))
        painter.drawEllipse(QPointF(0, 0), min(5.0, wide * 1.6), min(5.0, wide * 1.6))

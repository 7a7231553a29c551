"""The mouse on the canvas: selecting, panning, zooming, and where rubber band, repeat and drag begin. Knows no drop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from resnet_studio.design.errors import StudioError
from resnet_studio.ui import commands
from resnet_studio.ui.canvas.band import Banding
from resnet_studio.ui.canvas.navigation import between
from resnet_studio.ui.canvas.repeat import Repeat
from resnet_studio.ui.canvas.shapes import Card, Hit, Role, Spot

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView

_ADDS = Qt.KeyboardModifier.ControlModifier
_RANGE = Qt.KeyboardModifier.ShiftModifier


class Pointer:
    """What the mouse is doing, from press to release."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self._pressed: Hit | None = None
        self._start = QPoint()
        self._anchor: str | None = None
        self._select_on_release = False
        self._toggle_on_release = False
        self._band: Banding | None = None
        self._repeat: Repeat | None = None
        self._band_base: tuple[str, ...] = ()
        self._pan: QPoint | None = None
        self._space = False
        self.space_dragged = False

    @property
    def banding(self) -> bool:
        """Whether the rubber band is being drawn."""
        return self._band is not None

    # --- panning with the space bar -------------------------------------------------------------------------------

    def space_down(self) -> None:
        """From now on the left button pans."""
        self._space, self.space_dragged = True, False

    def space_up(self) -> None:
        """The left button selects again."""
        self._space = False

    # --- buttons --------------------------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        """A button goes down."""
        point = event.position().toPoint()
        left = event.button() is Qt.MouseButton.LeftButton
        if event.button() is Qt.MouseButton.MiddleButton or (left and self._space):
            self._pan = point
            self.space_dragged = True
            self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        if not left:
            return
        self._start, self._select_on_release, self._toggle_on_release = point, False, False
        hit = self._view.sight.hit(point)
        self._pressed = hit
        if hit.spot in (Spot.CARD, Spot.GRIP) and hit.card is not None:
            self._press_ids(event, hit.card.key, hit.card.ids, hit.card)
        elif hit.spot is Spot.HEADER and hit.lane is not None:
            # Stem and head have no title that the keyboard goes to: it stands on their first card.
            current = hit.lane.key if hit.lane.stage is not None else hit.lane.cards[0].key
            self._press_ids(event, current, (hit.lane.key,), None)
        elif hit.spot in (Spot.LANE, Spot.NOTHING):
            adds = bool(event.modifiers() & (_ADDS | _RANGE))
            self._band_base = self._view.document.selection if adds else ()

    def _press_ids(self, event: QMouseEvent, key: str, ids: tuple[str, ...], card: Card | None) -> None:
        document = self._view.document
        self._view.current = key
        if event.modifiers() & _RANGE and card is not None:
            document.select(between(self._view.places, self._anchor, key))
            self._view.show_marks()
            return
        self._anchor = key
        chosen = set(document.selection)
        if event.modifiers() & _ADDS and ids and chosen >= set(ids):
            # Taken out when let go: until then it may be the beginning of a copying drag of all that is selected.
            self._toggle_on_release = True
        elif event.modifiers() & _ADDS:
            document.select(chosen | set(ids))
        elif ids and chosen >= set(ids):
            # Pressed on one of several: they may be about to be dragged together.
            self._select_on_release = True
        else:
            document.select(ids)
        self._view.describe()
        self._view.show_marks()

    def move(self, event: QMouseEvent) -> None:
        """The mouse moves, with or without a button."""
        point = event.position().toPoint()
        if self._pan is not None:
            self._view.sight.scroll_by(self._pan - point)
            self._pan = point
            return
        if self._pressed is None:
            self._hover(point)
            return
        if self._repeat is not None:
            self._repeat.move(point)
            return
        if self._band is None:
            if (point - self._start).manhattanLength() < QApplication.startDragDistance():
                return
            if self._pressed.spot is Spot.GRIP and self._pressed.card is not None:
                self._repeat = Repeat(self._view, self._pressed.card, self._start)
                self._repeat.move(point)
                return
            if self._pressed.spot not in (Spot.LANE, Spot.NOTHING):
                self._begin_drag(self._pressed)
                return
            self._band = Banding(self._view, self._start, self._band_base)
        self._band.stretch(point)

    def cancel(self) -> bool:
        """Escape ends what the mouse is doing, as if it had not begun; False when it was doing nothing."""
        doing = self._band or self._repeat
        self._band = self._repeat = self._pressed = None
        if doing is not None:
            doing.cancel()
        return doing is not None

    def _begin_drag(self, hit: Hit) -> None:
        self._pressed, self._select_on_release, self._toggle_on_release = None, False, False
        if hit.spot is Spot.HEADER and hit.lane is not None and hit.lane.stage is not None:
            self._view.drops.drag_stage(hit.lane)
        elif hit.card is not None and hit.card.role is Role.BLOCK:
            if not set(hit.card.ids) & set(self._view.document.selection):
                self._view.document.select(hit.card.ids)
            self._view.drops.drag_cards(hit.card)

    def release(self, event: QMouseEvent) -> None:
        """A button comes up."""
        if self._pan is not None:
            self._pan = None
            self._view.viewport().unsetCursor()
            return
        hit, self._pressed = self._pressed, None
        doing = self._band or self._repeat
        self._band = self._repeat = None
        if doing is not None:
            doing.end()
            return
        if hit is None:
            return
        here = self._view.sight.hit(event.position().toPoint())
        if hit.spot in (Spot.BADGE, Spot.BUTTON):
            if here == hit and hit.card is not None:
                self._click(hit.card, hit.spot)
        elif hit.spot in (Spot.LANE, Spot.NOTHING) and not event.modifiers() & (_ADDS | _RANGE):
            self._view.document.select(())
        elif self._toggle_on_release:
            gone = (
                set(hit.card.ids)
                if hit.card is not None
                else {hit.lane.key}
                if hit.lane is not None
                else set()
            )
            self._view.document.select(set(self._view.document.selection) - gone)
        elif self._select_on_release and hit.card is not None:
            self._view.document.select(hit.card.ids)
        elif self._select_on_release and hit.lane is not None:
            self._view.document.select((hit.lane.key,))
        self._view.document.end_gesture()

    def _click(self, card: Card, spot: Spot) -> None:
        if spot is Spot.BADGE:
            self._view.folding.toggle(card)
        elif card.problem is not None:
            try:
                commands.repair(self._view.document, card.problem)
            except StudioError as error:
                self._view.refused.emit(str(error))

    def double_click(self, event: QMouseEvent) -> None:
        """Unfolds a folded card; asks for the properties of any other."""
        hit = self._view.sight.hit(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if hit.spot in (Spot.BADGE, Spot.BUTTON):
            self.press(event)
        elif hit.spot in (Spot.CARD, Spot.GRIP) and hit.card is not None and hit.card.count > 1:
            self._view.folding.toggle(hit.card)
        elif hit.spot in (Spot.CARD, Spot.GRIP, Spot.HEADER):
            self._view.edit_requested.emit()

    # --- hovering and the wheel -----------------------------------------------------------------------------------

    def _hover(self, point: QPoint) -> None:
        hit = self._view.sight.hit(point)
        key = hit.card.key if hit.card is not None else None
        pointing = hit.spot in (Spot.BADGE, Spot.BUTTON)
        shape = Qt.CursorShape.PointingHandCursor if pointing else Qt.CursorShape.ArrowCursor
        if hit.spot is Spot.GRIP:
            shape = Qt.CursorShape.SizeVerCursor
        if self._view.viewport().cursor().shape() is not shape:
            self._view.viewport().setCursor(shape)
        if key != self._view.hover:
            self._view.hover = key
            self._view.show_marks()

    def leave(self) -> None:
        """The mouse has left the canvas."""
        if self._view.hover is not None:
            self._view.hover = None
            self._view.show_marks()

    def wheel(self, event: QWheelEvent) -> None:
        """A wheel zooms at the pointer; a touchpad scrolls, and zooms with Ctrl; Shift scrolls across."""
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        pixels, angle = event.pixelDelta(), event.angleDelta()
        if not ctrl and not pixels.isNull():
            self._view.sight.scroll_by(-pixels)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier or (not ctrl and angle.x()):
            self._view.sight.scroll_by(QPoint(-(angle.x() or angle.y()), 0))
        elif angle.y():
            self._view.zooming.to(self._view.zoom * 1.0015 ** angle.y(), event.position())
        event.accept()

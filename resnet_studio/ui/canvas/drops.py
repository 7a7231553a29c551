"""Dragging on the canvas: what is carried, where it may go, and the one step that the drop makes. Knows no painting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import BlockSpec
from resnet_studio.language import tr
from resnet_studio.ui import between_windows, commands
from resnet_studio.ui.canvas.band import TICK, push_at_edge
from resnet_studio.ui.canvas.carried import OWN, Carried, blocks_data, read, stage_data
from resnet_studio.ui.canvas.drag_image import DragImage, cards_image, stage_image
from resnet_studio.ui.canvas.hint import GestureHint
from resnet_studio.ui.canvas.shapes import BlockPlace, Card, Lane, StagePlace

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView

_COPIES = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_COPIES_HERE, _MOVES = tr("Copies; with Shift it moves"), tr("Moves from the other window")
_ABOVE = QPoint(0, 72)  # below the pointer hangs the drag's own picture
_NEW_STAGE = "Stage 1"  # numbered by its place


class Drops:
    """Drags that begin on the canvas, and drops that end on it."""

    # The canvases whose drag another one has just taken for good.
    _taken: ClassVar[set[str]] = set()

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self._place: BlockPlace | StagePlace | None = None
        self._point = QPoint()
        self._carried: Carried | None = None
        self._hint = GestureHint(view.viewport())
        self._scroll = QTimer(view)
        self._scroll.setInterval(TICK)
        self._scroll.timeout.connect(self._scroll_on)
        self._token = f"{OWN}/{id(view.document)}"

    # --- out ------------------------------------------------------------------------------------------------------

    def drag_cards(self, card: Card) -> None:
        """Drag the selected blocks, held at the card under the pointer."""
        ids = self._view.document.selected_blocks
        chosen = set(ids)
        specs = [block.spec for block in self._view.document.design.blocks() if block.id in chosen]
        looks = [
            item.look for item in self._view.canvas_scene.cards.values() if chosen & set(item.look.card.ids)
        ]
        self._view.dragged = ids
        data = blocks_data(self._token, ids, specs)
        if self._run(data, cards_image(self._view.ink, looks, card, len(ids), self._view)):
            between_windows.give_blocks(self._view.document, ids)

    def drag_stage(self, lane: Lane) -> None:
        """Drag a whole stage by its header."""
        stage = next(stage for stage in self._view.document.design.stages if stage.id == lane.key)
        data = stage_data(self._token, stage.id, stage.name, [block.spec for block in stage.blocks])
        self._view.dragged = tuple(i for card in lane.cards for i in card.ids)
        if self._run(data, stage_image(self._view.ink, lane, self._view)):
            between_windows.give_stage(self._view.document, stage.id)

    def _run(self, data: QMimeData, image: DragImage) -> bool:
        """Carry it until it is let go; True when another window's canvas has taken it for good."""
        drag = QDrag(self._view)
        drag.setMimeData(data)
        drag.setPixmap(image.pixmap)
        drag.setHotSpot(image.hot_spot)
        self._view.show_marks()
        self._taken.discard(self._token)
        try:
            drag.exec(Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, Qt.DropAction.MoveAction)
        finally:
            self._view.dragged = ()
            self.leave()
            self._view.show_marks()
        # Told by the taker itself: the drag may be gone by now, and a text editor that says "moved" must make nothing vanish.
        return self._token in self._taken

    # --- in -------------------------------------------------------------------------------------------------------

    def read(self, data: QMimeData) -> Carried | None:
        """What a drag carries, or None when it is nothing for a drawing."""
        return read(data, self._token)

    def enter(self, event: QDragEnterEvent) -> None:
        """Something is dragged onto the canvas."""
        self._carried = self.read(event.mimeData())
        if self._carried is None:
            event.ignore()
        else:
            self._accept(event)

    def move(self, event: QDragMoveEvent) -> None:
        """It moves there: the line follows, and near a border the canvas scrolls."""
        if self._carried is None:
            event.ignore()
            return
        self._point = event.position().toPoint()
        if self._carried.fault:
            self._hint.say(self._carried.fault, self._point - _ABOVE, self._view.ink.theme, bad=True)
            event.ignore()
            return
        hint = "" if not self._carried.near else _MOVES if self._takes(event) else _COPIES_HERE
        self._hint.say(hint, self._point - _ABOVE, self._view.ink.theme)
        self._aim()
        if self._edge() != QPoint() and not self._scroll.isActive():
            self._scroll.start()
        self._accept(event)

    def _accept(self, event: QDragMoveEvent | QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction if self._copies(event) else Qt.DropAction.MoveAction)
        event.accept()

    def _copies(self, event: QDropEvent) -> bool:
        carried = self._carried
        moves = carried is not None and (carried.ids or carried.stage)
        return not self._takes(event) and (not moves or bool(event.modifiers() & _COPIES))

    def _takes(self, event: QDropEvent) -> bool:
        """Whether another window of ours is to give away what it carries here: by itself, it is copied."""
        near = self._carried is not None and self._carried.near
        return bool(near) and bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)

    def _aim(self) -> None:
        at = self._view.mapToScene(self._point)
        places = self._view.places
        if self._carried is not None and self._carried.goes_between_lanes:
            self._place = places.stage_place(at.x())
        else:
            self._place = places.block_place(at.x(), at.y()) or places.stage_place(at.x())
        self._view.canvas_scene.point_at(self._place)

    def leave(self) -> None:
        """The drag has left, was cancelled or is over."""
        self._scroll.stop()
        self._place, self._carried = None, None
        self._hint.hide()
        self._view.canvas_scene.point_at(None)

    def drop(self, event: QDropEvent) -> None:
        """It is let go: one undo step."""
        carried = self._carried = self.read(event.mimeData())
        self._point = event.position().toPoint()
        if carried is None or carried.fault:
            event.ignore()
            self.leave()
            if carried is not None:
                self._view.refused.emit(carried.fault)
            return
        self._aim()
        place, copies, takes = self._place, self._copies(event), self._takes(event)
        self._accept(event)
        self.leave()
        # The drag's own loop ends later: what has arrived must not look as if it were still carried.
        self._view.dragged = ()
        try:
            if carried.near:
                self._take(carried, place, moved=takes)
            else:
                self._do(carried, place, copies=copies)
        except StudioError as error:
            event.setDropAction(Qt.DropAction.IgnoreAction)
            event.ignore()
            self._view.refused.emit(str(error))
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)

    def _do(self, carried: Carried, place: BlockPlace | StagePlace | None, *, copies: bool) -> None:
        document = self._view.document
        document.end_gesture()
        if isinstance(place, StagePlace):
            if carried.stage and copies:
                commands.copy_stage(document, carried.stage, place.index)
            elif carried.stage:
                commands.move_stage(document, carried.stage, place.index)
            elif carried.lane:
                between_windows.take_stage(document, carried.lane, carried.specs, place.index)
            elif carried.specs:
                commands.insert_specs(document, carried.specs)
            else:
                commands.insert_stage_at(document, place.index, carried.kind)
        elif place is not None:
            if carried.kind is not None:
                commands.insert_kind_at(document, carried.kind, place.stage, place.position)
            elif carried.ids and not copies:
                commands.move(document, carried.ids, place.stage, place.position)
            else:
                specs = carried.specs or self._specs(carried.ids)
                commands.put_specs_at(document, specs, place.stage, place.position)

    def _take(self, carried: Carried, place: BlockPlace | StagePlace | None, *, moved: bool) -> None:
        """What comes from another window of ours."""
        document = self._view.document
        document.end_gesture()
        if isinstance(place, StagePlace):
            name = carried.lane or _NEW_STAGE
            between_windows.take_stage(document, name, carried.specs, place.index, moved=moved)
        elif place is not None:
            between_windows.take_blocks(document, carried.specs, place.stage, place.position, moved=moved)
        if moved and place is not None:
            self._taken.add(carried.near)

    def _specs(self, ids: Sequence[str]) -> tuple[BlockSpec, ...]:
        chosen = set(ids)
        return tuple(block.spec for block in self._view.document.design.blocks() if block.id in chosen)

    # --- scrolling at the borders ---------------------------------------------------------------------------------

    def _edge(self) -> QPoint:
        """How far to scroll each tick: the nearer to the border, the faster."""
        return push_at_edge(self._point, self._view.viewport().rect())

    def _scroll_on(self) -> None:
        by = self._edge()
        if by == QPoint() or self._carried is None:
            self._scroll.stop()
            return
        self._view.sight.scroll_by(by)
        self._aim()

"""Dragging on the canvas: what is carried, where it may go, and the one step that the drop makes. Knows no painting."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import BlockKind, BlockSpec
from resnet_studio.ui import commands
from resnet_studio.ui.block_text import (
    BLOCKS_MIME,
    KIND_MIME,
    STAGE_KIND,
    STAGE_MIME,
    from_text,
    holds_blocks,
    to_text,
)
from resnet_studio.ui.canvas.band import TICK, push_at_edge
from resnet_studio.ui.canvas.drag_image import DragImage, cards_image, stage_image
from resnet_studio.ui.canvas.hint import GestureHint
from resnet_studio.ui.canvas.shapes import BlockPlace, Card, Lane, StagePlace

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView

_COPIES = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
# Tells this program's own windows apart from another's, whose block ids mean nothing here.
_OWN = uuid4().hex


@dataclass(frozen=True, slots=True)
class Carried:
    """What a drag carries: a kind or a new stage, blocks of this drawing by id, foreign blocks by spec, or a stage.

    `fault` says why nothing can be made of it.
    """

    kind: BlockKind | None = None
    new_stage: bool = False
    ids: tuple[str, ...] = ()
    specs: tuple[BlockSpec, ...] = ()
    stage: str = ""
    fault: str = ""

    @property
    def goes_between_lanes(self) -> bool:
        """Whether it is dropped between lanes instead of into one."""
        return self.new_stage or bool(self.stage)


class Drops:
    """Drags that begin on the canvas, and drops that end on it."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self._place: BlockPlace | StagePlace | None = None
        self._point = QPoint()
        self._carried: Carried | None = None
        self._hint = GestureHint(view.viewport())
        self._scroll = QTimer(view)
        self._scroll.setInterval(TICK)
        self._scroll.timeout.connect(self._scroll_on)
        self._token = f"{_OWN}/{id(view.document)}"

    # --- out ------------------------------------------------------------------------------------------------------

    def drag_cards(self, card: Card) -> None:
        """Drag the selected blocks, held at the card under the pointer."""
        ids = self._view.document.selected_blocks
        chosen = set(ids)
        specs = [block.spec for block in self._view.document.design.blocks() if block.id in chosen]
        data = QMimeData()
        data.setData(BLOCKS_MIME, json.dumps({"from": self._token, "ids": list(ids)}).encode())
        data.setText(to_text(specs))
        looks = [
            item.look for item in self._view.canvas_scene.cards.values() if chosen & set(item.look.card.ids)
        ]
        self._view.dragged = ids
        self._run(data, cards_image(self._view.ink, looks, card, len(ids), self._view))

    def drag_stage(self, lane: Lane) -> None:
        """Drag a whole stage by its header."""
        data = QMimeData()
        data.setData(STAGE_MIME, json.dumps({"from": self._token, "stage": [lane.key]}).encode())
        self._view.dragged = tuple(i for card in lane.cards for i in card.ids)
        self._run(data, stage_image(self._view.ink, lane, self._view))

    def _run(self, data: QMimeData, image: DragImage) -> None:
        drag = QDrag(self._view)
        drag.setMimeData(data)
        drag.setPixmap(image.pixmap)
        drag.setHotSpot(image.hot_spot)
        self._view.show_marks()
        try:
            drag.exec(Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, Qt.DropAction.MoveAction)
        finally:
            self._view.dragged = ()
            self.leave()
            self._view.show_marks()

    # --- in -------------------------------------------------------------------------------------------------------

    def read(self, data: QMimeData) -> Carried | None:
        """What a drag carries, or None when it is nothing for a drawing."""
        if data.hasFormat(KIND_MIME):
            return _kind(bytes(data.data(KIND_MIME).data()))
        stage = self._own(data, STAGE_MIME, "stage")
        if len(stage) == 1:
            return Carried(stage=stage[0])
        ids = self._own(data, BLOCKS_MIME, "ids")
        if ids:
            return Carried(ids=ids)
        if data.hasText() and holds_blocks(data.text()):
            try:
                return Carried(specs=from_text(data.text()))
            except StudioError as error:
                return Carried(fault=str(error))
        return None

    def _own(self, data: QMimeData, mime: str, name: str) -> tuple[str, ...]:
        """The ids that a drag of this very canvas carries; another program may send anything under our names."""
        if not data.hasFormat(mime):
            return ()
        try:
            value = json.loads(bytes(data.data(mime).data()))
        except (ValueError, RecursionError):
            return ()
        if not isinstance(value, dict) or value.get("from") != self._token:
            return ()
        ids = value.get(name)
        return tuple(i for i in ids if isinstance(i, str)) if isinstance(ids, list) else ()

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
            self._hint.say(self._carried.fault, self._point, self._view.ink.theme, bad=True)
            event.ignore()
            return
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
        return not moves or bool(event.modifiers() & _COPIES)

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
        place, copies = self._place, self._copies(event)
        self._accept(event)
        self.leave()
        # The drag's own loop ends later: what has arrived must not look as if it were still carried.
        self._view.dragged = ()
        try:
            self._do(carried, place, copies=copies)
        except StudioError as error:
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
            elif carried.specs:
                commands.paste_specs(document, carried.specs, "Insert")
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
        self._view.scroll_by(by)
        self._aim()


def _kind(data: bytes) -> Carried | None:
    if data == STAGE_KIND.encode():
        return Carried(new_stage=True)
    try:
        return Carried(kind=BlockKind(data.decode("ascii", "replace")))
    except ValueError:
        return None

"""Which part of the drawing a canvas shows: what lies under a point, what is in sight, scrolling to the rest. Paints nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF

from resnet_studio.ui.canvas.shapes import Hit, Rect, Spot

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView

_HEADER, _CARD = 12, 24  # pixels left free beside what is scrolled to


class Sight:
    """The part that one canvas shows."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view

    def hit(self, point: QPoint) -> Hit:
        """What lies under a viewport point; headers stay at the top, above the cards."""
        view, places = self._view, self._view.places
        at, top = view.mapToScene(point), view.mapToScene(0, 0).y()
        for lane in places.lanes:
            pinned = max(top, lane.header.y)
            if lane.header.x <= at.x() < lane.header.right and pinned <= at.y() < pinned + lane.header.h:
                return Hit(Spot.HEADER, lane)
        return places.hit(at.x(), at.y())

    def holds_any(self, ids: Collection[str]) -> bool:
        """Whether a card of any of these is in sight."""
        view, wanted = self._view, set(ids)
        seen = view.mapToScene(view.viewport().rect()).boundingRect()
        area = Rect(seen.x(), seen.y(), seen.width(), seen.height())
        return any(not wanted.isdisjoint(card.ids) for card in view.places.cards_in(area))

    def scroll_by(self, by: QPoint) -> None:
        """Move the visible part, in pixels."""
        across, down = self._view.horizontalScrollBar(), self._view.verticalScrollBar()
        across.setValue(across.value() + by.x())
        down.setValue(down.value() + by.y())

    def reveal(self, key: str) -> None:
        """Scroll so that a card or a stage's header is seen."""
        view = self._view
        for lane in view.places.lanes:
            if lane.key == key:
                view.ensureVisible(_qrect(lane.header), _HEADER, _HEADER)
            for card in lane.cards:
                if card.key == key:
                    # The headers stay at the top and hide what lies under them.
                    above = round(lane.header.h * view.zoom) + _HEADER
                    view.ensureVisible(_qrect(card.rect), _CARD, above)


def _qrect(rect: Rect) -> QRectF:
    return QRectF(rect.x, rect.y, rect.w, rect.h)

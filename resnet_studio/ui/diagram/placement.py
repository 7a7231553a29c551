"""Where a diagram stands in the room for it, and how large: fitted, or as somebody left it. Arithmetic alone; paints nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSizeF

from resnet_studio.ui.theme import text_scale

LEAST, MOST = 0.05, 8.0
# A whole diagram that is smaller than LEGIBLE, at which nobody reads a node, is rather cut off and as near as READABLE.
READABLE, LEGIBLE = 0.8, 0.6
_MARGIN = 20.0


class Placement:
    """A diagram of so many SVG units in a room of so many points.

    Attributes:
        size: the diagram's.
        zoom: points per SVG unit.
        origin: the diagram's upper left corner, in points.
        follows: whether it is placed anew with every room and every diagram, for nobody has moved it.
        readably: whether it was fitted for reading, and not as a whole.
    """

    def __init__(self, room: Callable[[], QSizeF]) -> None:
        self._room = room
        self.size = QSizeF(0, 0)
        self.zoom, self.origin = 1.0, QPointF()
        self.follows = self.readably = True

    @property
    def room(self) -> QSizeF:
        """How large the view is now."""
        return self._room()

    @property
    def whole(self) -> QRectF:
        """All of it, in points."""
        return QRectF(self.origin, self.size * self.zoom)

    @property
    def middle(self) -> QPointF:
        """The middle of the room."""
        room = self.room
        return QPointF(room.width() / 2, room.height() / 2)

    def points(self, x: float, y: float, w: float, h: float) -> QRectF:
        """A box in SVG units, in points."""
        left, top = self.origin.x() + x * self.zoom, self.origin.y() + y * self.zoom
        return QRectF(left, top, w * self.zoom, h * self.zoom)

    def units(self, area: QRectF) -> QRectF:
        """An area in points, in SVG units."""
        return QRectF((area.topLeft() - self.origin) / self.zoom, area.size() / self.zoom)

    # --- fitted -----------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """All of it, and never larger than life."""
        self._stand(self._whole_zoom())

    def fit_readably(self) -> None:
        """All of it where that can be read; else as high or wide as there is room and letters allow."""
        letters, whole = text_scale(), self._whole_zoom()
        near = max(whole, min(max(*self._zooms(), LEGIBLE * letters), READABLE * letters))
        self._stand(whole if whole >= LEGIBLE * letters else near)
        self.readably = True

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to place."""
        return self.size.isEmpty()

    def _zooms(self) -> tuple[float, float]:
        """At which it is as wide as the room, and as high."""
        room = self.room
        wide, high = room.width() - 2 * _MARGIN, room.height() - 2 * _MARGIN
        return wide / self.size.width(), high / self.size.height()

    def _whole_zoom(self) -> float:
        return 1.0 if self.is_empty else min(max(min(self._zooms()), LEAST), 1.0)

    def _stand(self, zoom: float) -> None:
        """At this zoom, centred along each axis that has room, from the beginning along the other."""
        self.follows, self.readably, self.zoom = True, False, zoom
        left = self.room - self.size * zoom
        self.origin = QPointF(max(left.width() / 2, _MARGIN), max(left.height() / 2, _MARGIN))

    # --- as somebody moves it -----------------------------------------------------------------------------------------

    def zoom_by(self, factor: float, at: QPointF) -> None:
        """Zoom so that the point under `at` stays where it is."""
        zoom = min(max(self.zoom * factor, LEAST), MOST)
        self.origin = at - (at - self.origin) * (zoom / self.zoom)
        self.zoom, self.follows = zoom, False

    def pan(self, by: QPointF) -> None:
        """Move it by points."""
        self.origin += by
        self.follows = False

    def bring(self, point: QPointF) -> None:
        """Move what stands at this point to the middle; what was fitted still follows."""
        self.origin += self.middle - point

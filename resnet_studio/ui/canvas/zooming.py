"""How near the canvas is: steps, the point that stays, fitting to the window until the user zooms. Knows no cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QTimer
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QStyle

from resnet_studio.ui.canvas.layout import Layout, stretched
from resnet_studio.ui.canvas.look import MIDDLE
from resnet_studio.ui.canvas.shapes import STYLE
from resnet_studio.ui.theme import text_scale

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView

LOWEST, HIGHEST, STEP = 0.02, 4.0, 1.2
# Below this a card's letters are hard to read: a wide drawing is then rather cut off than made smaller.
_READABLE = 0.72
_REST = 200
_FAR, _MANY = 0.42, 300


class Zooming:
    """The zoom of one canvas. `follows_size`: nobody has zoomed yet, so the width is fitted to the window."""

    def __init__(self, view: CanvasView) -> None:
        self._view = view
        self.follows_size = True
        self._text = text_scale()
        self._rest = QTimer(view)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._on_rest)

    def to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom so that what lies under a viewport point (its middle by default) stays there."""
        self.follows_size = False
        self._set(zoom, QPointF(self._view.viewport().rect().center()) if at is None else at)

    def fit(self, made: Layout) -> None:
        """Show the whole drawing, its letters no larger than the window's."""
        self.follows_size = False
        area = self._view.viewport().rect()
        self._set(
            min(area.width() / made.bounds.w, area.height() / made.content, text_scale()), QPointF(0, 0)
        )
        self._view.centerOn(made.bounds.cx, 0)

    def follow_size(self, made: Layout) -> None:
        """Fit the width as far as letters stay readable, from the upper left, now and when the window changes."""
        self.follows_size = True
        self._set(self._fitting(made), QPointF(0, 0))
        for bar in (self._view.horizontalScrollBar(), self._view.verticalScrollBar()):
            bar.setValue(bar.minimum())

    def follow_text(self, made: Layout) -> None:
        """Letters are larger or smaller than before: those on the cards, too."""
        ratio, self._text = text_scale() / self._text, text_scale()
        if ratio != 1.0 and self.follows_size:
            self.follow_size(made)
        elif ratio != 1.0:
            self.to(self._view.zoom * ratio, QPointF(0, 0))

    def _fitting(self, made: Layout) -> float:
        """The zoom at which the width fits, with room for a bar where the height does not.

        It depends on the canvas alone, and not on the bars that are shown: those would come and go with it for ever.
        """
        room = self._view.maximumViewportSize()
        letters = text_scale()
        zoom = min(max(room.width() / made.bounds.w, _READABLE * letters), letters)
        if made.content * zoom <= room.height():
            return zoom
        if room.height() >= made.content * _READABLE * letters:
            return room.height() / made.content  # all of it, where a banner or a large dock takes a little
        return min(max((room.width() - self._bar()) / made.bounds.w, _READABLE * letters), letters)

    def stretched(self, made: Layout) -> Layout:
        """The layout as it is seen: lanes fill the canvas's height, and from 100 % on headers grow no more."""
        header = min(1.0, max(1.0, text_scale()) / self._view.zoom)
        return stretched(made, self._seen_height(made, header), header)

    def _seen_height(self, made: Layout, header: float) -> float:
        """How much of the drawing's height is seen at once: of the canvas's size and the zoom, for the same reason."""
        room, zoom = self._view.maximumViewportSize(), self._view.zoom
        content = made.content - STYLE.header * (1 - header)
        beside = self._bar() if content * zoom > room.height() else 0
        below = self._bar() if made.bounds.w * zoom > room.width() - beside else 0
        return (room.height() - below - 1) / zoom

    def _bar(self) -> int:
        """How thick a scroll bar is: Qt counts the style's, and ours is slimmer; with too little, one brings the other."""
        bar = self._view.verticalScrollBar()
        extent = self._view.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self._view)
        return max(extent, bar.sizeHint().width())

    def _set(self, zoom: float, point: QPointF) -> None:
        zoom = min(max(zoom, LOWEST), HIGHEST)
        if abs(zoom - 1) < 0.02:
            zoom = 1.0
        self._view.canvas_scene.keep_pixels(False)
        if zoom != self._view.zoom:
            # The second step of a gesture, and all that follow before a rest: a single one is painted as it is at once.
            self._move(self._rest.isActive())
        self._rest.start()
        fixed = self._view.mapToScene(point.toPoint())
        self._view.setTransform(QTransform.fromScale(zoom, zoom))
        self._view.show_zoom()
        self._view.sight.scroll_by(self._view.mapFromScene(fixed) - point.toPoint())

    def _move(self, on: bool) -> None:
        """Whether a zoom goes on; where hundreds of cards are seen, they then are blocks of colour from a little nearer on."""
        ink = self._view.ink
        ink.moving = on
        ink.far = _FAR if on and len(self._view.canvas_scene.cards) > _MANY else MIDDLE

    def _on_rest(self) -> None:
        if self._view.ink.moving:
            self._move(False)
            self._view.viewport().update()
        # Each step of a zoom would fill the store of pixels anew, which takes longer than painting.
        self._view.canvas_scene.keep_pixels(self._view.zoom >= MIDDLE)
        self._view.zoom_rested.emit()

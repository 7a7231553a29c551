"""The diagram in pixels: what is seen of it at the zoom in force, moved and stretched until it is made anew. Knows no nodes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from resnet_studio.ui.diagram.placement import Placement


class Raster:
    """Qt's SVG never culls: painted at every frame, a deep network would take a frame's time and more."""

    def __init__(self, placement: Placement) -> None:
        self._placement = placement
        self._renderer = QSvgRenderer()
        self._pixmap, self._place, self._zoom = QPixmap(), QRectF(), 0.0

    def load(self, svg: bytes) -> None:
        """Another diagram."""
        self._renderer.load(svg)
        self.drop()

    def drop(self) -> None:
        """Make it anew when it is painted next."""
        self._pixmap = QPixmap()

    @property
    def is_sharp(self) -> bool:
        """Whether it was made at the zoom in force."""
        return self._zoom == self._placement.zoom

    def paint(self, painter: QPainter, ratio: float, *, moving: bool) -> None:
        """What there is of it; made anew where it does not cover all that is seen, though not while it moves.

        Args:
            painter: of the view, in its points.
            ratio: pixels per point.
            moving: whether somebody is zooming.
        """
        if self._pixmap.isNull() or (not moving and not self._covers()):
            self._fill(ratio)
        if not self._pixmap.isNull():
            at = self._place
            target = self._placement.points(at.x(), at.y(), at.width(), at.height())
            painter.drawPixmap(target, self._pixmap, QRectF(self._pixmap.rect()))

    def _covers(self) -> bool:
        """Whether it shows all that can be seen."""
        placement, room = self._placement, self._placement.room
        seen = placement.units(QRectF(0, 0, room.width(), room.height()))
        visible = seen.intersected(QRectF(0, 0, placement.size.width(), placement.size.height()))
        return visible.isEmpty() or self._place.adjusted(-1, -1, 1, 1).contains(visible)

    def _fill(self, ratio: float) -> None:
        """The visible part, with half a view around it for panning."""
        placement, room = self._placement, self._placement.room
        whole, wide, high = placement.whole, room.width(), room.height()
        part = whole.intersected(QRectF(0, 0, wide, high).adjusted(-wide / 2, -high / 2, wide / 2, high / 2))
        if part.isEmpty():
            return
        pixmap = QPixmap(max(1, round(part.width() * ratio)), max(1, round(part.height() * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._renderer.render(painter, whole.translated(-part.topLeft()))
        painter.end()
        # In SVG units, so that panning and zooming only move it.
        self._pixmap, self._place, self._zoom = pixmap, placement.units(part), placement.zoom

"""Paints the ground behind the lanes: one colour, and from half size on a faint grid of dots. Knows no drawing."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPixmap

from resnet_studio.ui.theme import Theme, color

_FAR = 0.5  # below this, dots would only be noise
_STEP = 24


class Ground:
    """Of one theme; the dots are kept for the zoom and the screen that they were made for."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.brush = QBrush(color(theme.canvas))
        self._dots: tuple[tuple[float, float], QBrush] | None = None

    def paint(self, painter: QPainter, rect: QRectF | QRect, zoom: float, ratio: float) -> None:
        """A part of it, in the drawing's units.

        Args:
            painter: of the view; it stands as before when this is done.
            rect: what is to be painted.
            zoom: pixels of the view per unit.
            ratio: pixels of the screen per pixel of the view.
        """
        painter.fillRect(rect, self.brush)
        if zoom < _FAR:
            return
        looks = (zoom, ratio)
        if self._dots is None or self._dots[0] != looks:
            self._dots = looks, _dots(self._theme, *looks)
        place = painter.worldTransform()
        painter.resetTransform()
        painter.setBrushOrigin(place.map(QPointF(0, 0)).toPoint())
        painter.fillRect(place.mapRect(QRectF(rect)), self._dots[1])
        painter.setBrushOrigin(0, 0)
        painter.setWorldTransform(place)


def _dots(theme: Theme, zoom: float, ratio: float) -> QBrush:
    """The dots at a zoom, for painting in pixels: Qt takes six times as long to scale a brush.

    Whole pixels from dot to dot: at an odd zoom the grid is up to half a pixel wider or narrower than the drawing's.
    """
    step = max(1, round(_STEP * zoom))
    tile = QPixmap(round(step * ratio), round(step * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(theme.line_strong, 0.45))
    painter.drawEllipse(QPointF(step / 2, step / 2), 0.9 * zoom, 0.9 * zoom)
    painter.end()
    return QBrush(tile)

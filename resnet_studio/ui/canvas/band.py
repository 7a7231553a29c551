"""The rubber band: a gesture that selects what it touches, and scrolls at the borders. Knows no drag and no drop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from resnet_studio.ui.canvas.shapes import Rect, Role
from resnet_studio.ui.theme import Theme, color

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView

_EDGE, TICK = 36, 16


def push_at_edge(point: QPoint, area: QRect) -> QPoint:
    """How far to scroll each tick when the pointer is there: the nearer to the border, the faster."""

    def push(at: int, end: int) -> int:
        if at < _EDGE:
            return -max(1, min(_EDGE, (_EDGE - at) // 2))
        return max(1, min(_EDGE, (at - end + _EDGE) // 2)) if at > end - _EDGE else 0

    return QPoint(push(point.x(), area.width()), push(point.y(), area.height()))


class RubberBand(QWidget):
    """A thin frame over a faint ground: the cards under it stay readable. The platform's own is opaque on some."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("rubberBand")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._theme = theme

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(color(self._theme.accent))
        painter.setBrush(color(self._theme.accent, 0.10))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class Banding:
    """One such gesture, from the first move to release or Escape. It begins at a point of the scene, which may scroll away."""

    def __init__(self, view: CanvasView, start: QPoint, base: tuple[str, ...]) -> None:
        self._view, self._base, self._before = view, base, view.document.selection
        self._start: QPointF = view.mapToScene(start)
        self._point = start
        self._band = RubberBand(view.ink.theme, view.viewport())
        self._band.show()
        self._scroll = QTimer(view)
        self._scroll.setInterval(TICK)
        self._scroll.timeout.connect(self._scroll_on)

    def stretch(self, point: QPoint) -> None:
        """The pointer is there."""
        self._point = point
        if push_at_edge(point, self._view.viewport().rect()).isNull():
            self._scroll.stop()
        elif not self._scroll.isActive():
            self._scroll.start()
        self._select()

    def _select(self) -> None:
        view = self._view
        box = QRect(view.mapFromScene(self._start), self._point).normalized()
        self._band.setGeometry(QRect(box.topLeft(), box.size().expandedTo(QSize(1, 1))))
        area = view.mapToScene(box).boundingRect()
        found = view.places.cards_in(Rect(area.x(), area.y(), area.width(), area.height()))
        ids = {i for card in found if card.role is Role.BLOCK for i in card.ids}
        view.document.select(ids | set(self._base))

    def _scroll_on(self) -> None:
        self._view.sight.scroll_by(push_at_edge(self._point, self._view.viewport().rect()))
        self._select()

    def cancel(self) -> None:
        """Escape: what was selected before."""
        self._view.document.select(self._before)
        self.end()

    def end(self) -> None:
        """The mouse is let go."""
        self._scroll.stop()
        self._scroll.deleteLater()
        self._band.hide()
        self._band.deleteLater()

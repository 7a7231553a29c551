"""The minimap: one bar per card in order of computation, high where it costs, bright where it is seen. Knows no gestures."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_studio.ui.canvas.card_paint import Look

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.bar import CanvasBar
    from resnet_studio.ui.canvas.view import CanvasView

_PAD = 4


class Minimap(QWidget):
    """The whole drawing as a profile of its cost. A click goes to a place, a drag sweeps along."""

    def __init__(self, view: CanvasView, bar: CanvasBar) -> None:
        super().__init__(bar)
        self._view = view
        self.setObjectName("minimap")
        self.setAccessibleName("Minimap: cost of each block")
        self.setToolTip("Cost of each block, from input to output. Click to go there.")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        bar.minimap_place.addWidget(self)

    def sizeHint(self) -> QSize:
        return QSize(148, 30)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 30)

    def refresh(self) -> None:
        """Show another drawing or heat."""
        self.update()

    def _bars(self) -> list[Look]:
        return [look for look in self._view.canvas_scene.looks if look.card.unit is not None]

    def paintEvent(self, event: QPaintEvent) -> None:
        ink = self._view.ink
        theme = ink.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(ink.pen(theme.line))
        painter.setBrush(ink.brush(theme.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        bars = self._bars()
        if not bars:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        seen = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
        chosen = set(self._view.document.selection)
        for x, wide, look in _spread(bars, self.width() - 2 * _PAD):
            self._bar(painter, look, _PAD + x, wide, faint=not _meets(seen, look))
            if chosen and not chosen.isdisjoint(look.card.ids):
                painter.fillRect(QRectF(_PAD + x, self.height() - _PAD + 1, wide, 2), ink.brush(theme.accent))
        painter.end()

    def _bar(self, painter: QPainter, look: Look, x: float, wide: float, *, faint: bool) -> None:
        ink = self._view.ink
        room = self.height() - 2 * _PAD - 2
        # The square root keeps cheap blocks visible beside dear ones.
        high = max(2.0, room * sqrt(look.share.length))
        token = ink.theme.warn if look.card.problem is not None else ink.kinds[look.kind]
        box = QRectF(x, self.height() - _PAD - high, wide, high)
        painter.fillRect(box, ink.brush(token, 0.35 if faint else 0.9))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _go(self, point: QPoint) -> None:
        bars = self._bars()
        if not bars:
            return
        part = (point.x() - _PAD) / max(1, self.width() - 2 * _PAD)
        rect = bars[min(len(bars) - 1, max(0, int(part * len(bars))))].card.rect
        self._view.centerOn(rect.cx, rect.cy)


def _meets(area: QRectF, look: Look) -> bool:
    rect = look.card.rect
    return area.intersects(QRectF(rect.x, rect.y, rect.w, rect.h))


def _spread(bars: list[Look], room: int) -> list[tuple[int, int, Look]]:
    """(x, width, look) on whole pixels; where a pixel stands for several cards, the dearest of them is shown."""
    if len(bars) > room:
        parts = [bars[x * len(bars) // room : (x + 1) * len(bars) // room] for x in range(room)]
        return [(x, 1, max(part, key=lambda look: look.share.length)) for x, part in enumerate(parts)]
    edges = [round(index * room / len(bars)) for index in range(len(bars) + 1)]
    gap = 1 if room / len(bars) > 3 else 0
    return [(edges[i], edges[i + 1] - edges[i] - gap, look) for i, look in enumerate(bars)]

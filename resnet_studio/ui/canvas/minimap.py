"""The minimap: one bar per card in order of computation, high where it costs, bright where it is seen. Knows no gestures.

Where there are more cards than pixels, the bars of a deep network's equal blocks would be one grey beam: then it is the canvas in small.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.canvas.look import Look
from resnet_studio.ui.theme import px

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.bar import CanvasBar
    from resnet_studio.ui.canvas.view import CanvasView

_PAD = 4
_WIDE, _MAP_WIDE = 148, 220
_PROFILE_TIP = tr("Cost of each block, from input to output. Click to go there.")
_MAP_TIP = tr(
    "The whole drawing in small: each mark is a block, the frame is what is seen. Click to go there."
)


class Minimap(QWidget):
    """The whole drawing as a profile of its cost, or as a map. A click goes to a place, a drag sweeps along."""

    def __init__(self, view: CanvasView, bar: CanvasBar) -> None:
        super().__init__(bar)
        self._view = view
        self.setObjectName("minimap")
        self.setAccessibleName(tr("Minimap: cost of each block"))
        self.setToolTip(_PROFILE_TIP)
        self._is_map = False
        self._ground: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        bar.minimap_place.addWidget(self)

    def sizeHint(self) -> QSize:
        return QSize(px(_MAP_WIDE if self._is_map else _WIDE), px(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(60), px(30))

    def refresh(self) -> None:
        """Show another drawing or heat."""
        self._ground = None
        is_map = len(self._bars()) > _WIDE - 2 * _PAD
        if is_map != self._is_map:
            self._is_map = is_map
            self.setToolTip(_MAP_TIP if is_map else _PROFILE_TIP)
            self.updateGeometry()
        self.update()

    @property
    def is_map(self) -> bool:
        """Whether it shows where the cards stand, because there are too many for a bar each."""
        return self._is_map

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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self._is_map:
            self._map(painter)
        else:
            self._profile(painter)
        painter.end()

    def _profile(self, painter: QPainter) -> None:
        ink, bars = self._view.ink, self._bars()
        if not bars:
            return
        seen = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
        chosen = set(self._view.document.selection)
        for x, wide, look in _spread(bars, self.width() - 2 * _PAD):
            self._bar(painter, look, _PAD + x, wide, faint=not _meets(seen, look))
            if chosen and not chosen.isdisjoint(look.card.ids):
                mark = QRectF(_PAD + x, self.height() - _PAD + 1, wide, 2)
                painter.fillRect(mark, ink.brush(ink.theme.accent))

    def _bar(self, painter: QPainter, look: Look, x: float, wide: float, *, faint: bool) -> None:
        ink = self._view.ink
        room = self.height() - 2 * _PAD - 2
        # The square root keeps cheap blocks visible beside dear ones.
        high = max(2.0, room * sqrt(look.share.length))
        token = ink.theme.warn if look.card.problem is not None else ink.kinds[look.kind]
        box = QRectF(x, self.height() - _PAD - high, wide, high)
        painter.fillRect(box, ink.brush(token, 0.35 if faint else 0.9))

    # --- the map ------------------------------------------------------------------------------------------------------

    def _whole(self) -> QRectF:
        """What the map shows of the scene: lanes are stretched to the window, so not all of their height."""
        places = self._view.places
        return QRectF(0, 0, places.bounds.w, max(places.content, 1))

    def small(self, area: QRectF) -> QRectF:
        """Where an area of the scene lies on the map; each of the two directions is shrunk by itself."""
        whole = self._whole()
        across = (self.width() - 2 * _PAD) / whole.width()
        down = (self.height() - 2 * _PAD) / whole.height()
        box = QRectF(area.x() * across, area.y() * down, area.width() * across, area.height() * down)
        return box.translated(_PAD, _PAD)

    def _map(self, painter: QPainter) -> None:
        ink, room = self._view.ink, QRectF(self.rect()).adjusted(2, 2, -2, -2)
        if self._ground is None or self._ground.deviceIndependentSize().toSize() != self.size():
            self._ground = self._painted_ground()
        painter.drawPixmap(0, 0, self._ground)
        for look in self._chosen():
            painter.fillRect(self._mark(look).adjusted(-1, -1, 1, 1), ink.brush(ink.theme.accent))
        seen = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
        painter.setPen(ink.pen(ink.theme.accent))
        painter.setBrush(ink.brush(ink.theme.accent, 0.15))
        painter.drawRect(self.small(seen).intersected(room).adjusted(0, 0, -1, -1))

    def _chosen(self) -> list[Look]:
        chosen = set(self._view.document.selection)
        return [look for look in self._bars() if not chosen.isdisjoint(look.card.ids)] if chosen else []

    def _painted_ground(self) -> QPixmap:
        """The cards, kept: a scroll moves the frame alone, and there may be thousands."""
        ink, bars = self._view.ink, self._bars()
        ground = QPixmap(self.size() * self.devicePixelRatioF())
        ground.setDevicePixelRatio(self.devicePixelRatioF())
        ground.fill(Qt.GlobalColor.transparent)
        painter = QPainter(ground)
        dearest = max((look.share.length for look in bars), default=0) or 1
        for look, behind in zip(bars, [*bars[1:], None], strict=True):
            if look.card.problem is None:
                strong = 0.2 + 0.4 * look.share.length / dearest
                box = self._joined(look, behind)
                painter.fillRect(box, ink.brush(ink.kinds[look.kind], round(strong, 1)))
        # Last and larger than it is: among hundreds, one that is wrong must be found.
        for look in bars:
            if look.card.problem is not None:
                painter.fillRect(self._mark(look).adjusted(-1, -1, 1, 1), ink.brush(ink.theme.warn))
        painter.end()
        return ground

    def _joined(self, look: Look, behind: Look | None) -> QRectF:
        """A card's mark down to the one below it: a mark is about a pixel high, and gaps would come as it is rounded."""
        box = self._mark(look)
        below = behind is not None and behind.card.rect.x == look.card.rect.x
        end = self._mark(behind).top() if behind is not None and below else box.bottom()
        top, left = round(box.top()), round(box.left())
        return QRectF(left, top, max(1, round(box.right()) - left), max(0, round(end) - top))

    def _mark(self, look: Look) -> QRectF:
        rect = look.card.rect
        box = self.small(QRectF(rect.x, rect.y, rect.w, rect.h))
        return QRectF(box.topLeft(), box.size().expandedTo(QSize(1, 1)))

    # --- going there --------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _go(self, point: QPoint) -> None:
        if self._is_map:
            whole = self._whole()
            across = (point.x() - _PAD) / max(1, self.width() - 2 * _PAD)
            down = (point.y() - _PAD) / max(1, self.height() - 2 * _PAD)
            self._view.centerOn(QPointF(across * whole.width(), down * whole.height()))
            return
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

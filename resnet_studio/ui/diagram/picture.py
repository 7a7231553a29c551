"""Shows a Drawing with zoom, pan and fit, and tells what was clicked. Knows no engine and no document."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.diagram.source import Drawing
from resnet_studio.ui.diagram.spoken import nodes_words
from resnet_studio.ui.theme import ThemeManager, color, text_scale

LEAST, MOST = 0.05, 8.0
# A whole diagram that is smaller than LEGIBLE, at which nobody reads a node, is rather cut off and as near as READABLE.
READABLE, LEGIBLE = 0.8, 0.6
_STEP = 1.25
_MARGIN = 20.0
_SETTLE_MS = 90


class Picture(QWidget):
    """The diagram itself.

    Signals:
        clicked(tuple, bool): the unit ids of the node under the mouse, none beside all nodes; whether to add to the selection.
        zoomed(float): another zoom factor.
    """

    clicked = Signal(tuple, bool)
    zoomed = Signal(float)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("diagramPicture")
        self.setAccessibleName(tr("Diagram"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(120, 80)
        self._themes = themes
        self._renderer = QSvgRenderer(self)
        self._drawing: Drawing | None = None
        self._selected: frozenset[str] = frozenset()
        self._zoom, self._origin = 1.0, QPointF()
        self._follows = self._readably = True
        self._dim = False
        self._cache, self._cache_place, self._cache_zoom = QPixmap(), QRectF(), 0.0
        self._pressed: QPointF | None = None
        self._dragging = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._sharpen)
        themes.changed.connect(self.update)

    # --- what is shown ----------------------------------------------------------------------------------------------

    @property
    def drawing(self) -> Drawing | None:
        """What is shown."""
        return self._drawing

    @property
    def zoom(self) -> float:
        """Points per SVG unit."""
        return self._zoom

    def show_drawing(self, drawing: Drawing) -> None:
        """Another diagram; zoom and place stay unless the whole was fitted."""
        self._drawing = drawing
        self._renderer.load(drawing.svg)
        self._dim = False
        self._say()
        whole = QRectF(self._origin, QSizeF(*drawing.size) * self._zoom)
        if self._follows:
            self._refit()
        elif not whole.intersects(QRectF(self.rect())):
            self.fit_readably()  # another drawing, and what was looked at is not there any more
        self._drop_cache()

    def show_selection(self, units: Collection[str]) -> None:
        """Frame the nodes of these units."""
        if frozenset(units) != self._selected:
            self._selected = frozenset(units)
            self._say()
            self.update()

    def _say(self) -> None:
        """Tell assistive tools what is drawn, and which of it is selected."""
        if self._drawing is None:
            self.setAccessibleDescription("")
            return
        nodes = len(self._drawing.boxes)
        chosen = sum(not self._selected.isdisjoint(units) for units in self._drawing.units.values())
        self.setAccessibleDescription(nodes_words(nodes, chosen))

    def dim(self, on: bool) -> None:
        """What is shown is no longer what is drawn."""
        if on != self._dim:
            self._dim = on
            self.update()

    # --- zoom and pan -----------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """All of it, and never larger than life."""
        self._place(self._whole())

    def fit_readably(self) -> None:
        """All of it where that can be read; else as high or wide as there is room and letters allow, at what is selected."""
        if self._drawing is None or min(self._drawing.size) <= 0:
            return
        width, height = self._drawing.size
        across = max((self.width() - 2 * _MARGIN) / width, (self.height() - 2 * _MARGIN) / height)
        letters, whole = text_scale(), self._whole()
        near = max(whole, min(max(across, LEGIBLE * letters), READABLE * letters))
        self._place(whole if whole >= LEGIBLE * letters else near)
        self._readably = True
        self.bring_into_view()

    def _whole(self) -> float:
        if self._drawing is None or min(self._drawing.size) <= 0:
            return 1.0
        width, height = self._drawing.size
        room = min((self.width() - 2 * _MARGIN) / width, (self.height() - 2 * _MARGIN) / height)
        return min(max(room, LEAST), 1.0)

    def _place(self, zoom: float) -> None:
        """At this zoom, centred along each axis that has room, from the beginning along the other."""
        self._follows, self._readably = True, False
        if self._drawing is not None:
            width, height = (size * zoom for size in self._drawing.size)
            room = QPointF(self.width() - width, self.height() - height)
            self._origin = QPointF(max(room.x() / 2, _MARGIN), max(room.y() / 2, _MARGIN))
            self._set_zoom(zoom)

    def _refit(self) -> None:
        if self._readably:
            self.fit_readably()
        else:
            self.fit()

    def bring_into_view(self) -> None:
        """Move the selected nodes into sight, when none of them is; where none is selected, the first node."""
        if self._drawing is None:
            return
        boxes = [
            self.box_of(node)
            for node, units in self._drawing.units.items()
            if node in self._drawing.boxes and not self._selected.isdisjoint(units)
        ]
        if not boxes and self._readably and self._drawing.boxes:
            boxes = [self.box_of(next(iter(self._drawing.boxes)))]
        if boxes and not any(QRectF(self.rect()).contains(box.center()) for box in boxes):
            centre = QPointF(self.width() / 2, self.height() / 2)
            self._origin += centre - boxes[0].center()
            self.update()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom so that the point under `at` (the middle) stays where it is."""
        centre = at if at is not None else QPointF(self.width() / 2, self.height() / 2)
        zoom = min(max(self._zoom * factor, LEAST), MOST)
        self._origin = centre - (centre - self._origin) * (zoom / self._zoom)
        self._follows = False
        self._set_zoom(zoom)

    def _set_zoom(self, zoom: float) -> None:
        changed = zoom != self._zoom
        self._zoom = zoom
        if changed:
            self.zoomed.emit(zoom)
        self._settle.start()
        self.update()

    def pan(self, by: QPointF) -> None:
        """Move the picture by points."""
        self._origin += by
        self._follows = False
        self.update()

    def box_of(self, node: str) -> QRectF:
        """A node's box in the widget's points."""
        if self._drawing is None:
            return QRectF()
        x, y, w, h = self._drawing.boxes[node]
        return QRectF(
            self._origin.x() + x * self._zoom,
            self._origin.y() + y * self._zoom,
            w * self._zoom,
            h * self._zoom,
        )

    def node_at(self, at: QPointF) -> str | None:
        """The node at a point of the widget."""
        if self._drawing is None:
            return None
        return next((node for node in self._drawing.boxes if self.box_of(node).contains(at)), None)

    # --- painting ---------------------------------------------------------------------------------------------------

    def _drop_cache(self) -> None:
        self._cache = QPixmap()
        self.update()

    def _sharpen(self) -> None:
        if self._cache_zoom != self._zoom:
            self._drop_cache()

    def _fill_cache(self) -> None:
        """The visible part at the zoom in force, with half a view around it for panning. Qt's SVG never culls."""
        assert self._drawing is not None
        ratio = self.devicePixelRatioF()
        whole = QRectF(
            self._origin, self._origin + QPointF(self._drawing.size[0], self._drawing.size[1]) * self._zoom
        )
        seen = QRectF(self.rect()).adjusted(
            -self.width() / 2, -self.height() / 2, self.width() / 2, self.height() / 2
        )
        part = whole.intersected(seen)
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
        place = QRectF((part.topLeft() - self._origin) / self._zoom, part.size() / self._zoom)
        self._cache, self._cache_place, self._cache_zoom = pixmap, place, self._zoom

    def _covers(self) -> bool:
        """Whether the cache shows all that can be seen."""
        assert self._drawing is not None
        seen = QRectF((QPointF() - self._origin) / self._zoom, QRectF(self.rect()).size() / self._zoom)
        visible = seen.intersected(QRectF(0, 0, *self._drawing.size))
        return visible.isEmpty() or self._cache_place.adjusted(-1, -1, 1, 1).contains(visible)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cached picture, frames around what is selected, the focus."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(theme.canvas))
        if self._drawing is not None:
            if self._cache.isNull() or (not self._covers() and not self._settle.isActive()):
                self._fill_cache()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setOpacity(0.45 if self._dim else 1.0)
            corner = self._origin + self._cache_place.topLeft() * self._zoom
            if not self._cache.isNull():
                target = QRectF(corner, self._cache_place.size() * self._zoom)
                painter.drawPixmap(target, self._cache, QRectF(self._cache.rect()))
            painter.setOpacity(1.0)
            self._paint_selection(painter)
        if self.hasFocus():
            painter.setPen(QPen(color(theme.accent, 0.35), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_selection(self, painter: QPainter) -> None:
        assert self._drawing is not None
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color(self._themes.theme.accent), 2.5))
        painter.setBrush(color(self._themes.theme.accent, 0.10))
        for node, units in self._drawing.units.items():
            if node in self._drawing.boxes and not self._selected.isdisjoint(units):
                painter.drawRoundedRect(self.box_of(node).adjusted(-3, -3, 3, 3), 6, 6)

    # --- mouse and keys ---------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted picture stays fitted."""
        super().resizeEvent(event)
        if self._follows:
            self._refit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel zooms at the mouse."""
        if event.angleDelta().y():
            self.zoom_by(_STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a click or a pan."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed, self._dragging = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Dragging pans."""
        if self._pressed is None:
            over = self.node_at(event.position()) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.OpenHandCursor)
            return
        moved = event.position() - self._pressed
        if self._dragging or moved.manhattanLength() >= QApplication.startDragDistance():
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.pan(moved)
            self._pressed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press that did not move is a click."""
        if self._pressed is not None and not self._dragging and self._drawing is not None:
            node = self.node_at(event.position())
            keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            self.clicked.emit(self._drawing.units.get(node or "", ()), bool(event.modifiers() & keys))
        self._pressed, self._dragging = None, False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Twice on nothing fits."""
        if self.node_at(event.position()) is None:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus, minus, 0; arrows pan."""
        moves = {
            Qt.Key.Key_Left: (40, 0),
            Qt.Key.Key_Right: (-40, 0),
            Qt.Key.Key_Up: (0, 40),
            Qt.Key.Key_Down: (0, -40),
        }
        key = Qt.Key(event.key())
        if key in moves:
            self.pan(QPointF(*moves[key]))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / _STEP)
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

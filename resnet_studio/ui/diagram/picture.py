"""Shows a Drawing with zoom, pan and fit, and tells what was clicked. Knows no engine and no document."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.diagram.placement import Placement
from resnet_studio.ui.diagram.raster import Raster
from resnet_studio.ui.diagram.source import Drawing
from resnet_studio.ui.diagram.spoken import nodes_words
from resnet_studio.ui.theme import ThemeManager, color

_STEP = 1.25
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
        self._drawing: Drawing | None = None
        self._selected: frozenset[str] = frozenset()
        self._placement = Placement(lambda: QSizeF(self.size()))
        self._raster = Raster(self._placement)
        self._dim = False
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
        return self._placement.zoom

    def show_drawing(self, drawing: Drawing) -> None:
        """Another diagram; zoom and place stay unless the whole was fitted."""
        self._drawing = drawing
        self._dim = False
        self._say()
        self._placement.size = QSizeF(*drawing.size)
        self._raster.load(drawing.svg)
        if self._placement.follows:
            self._refit()
        elif not self._placement.whole.intersects(QRectF(self.rect())):
            self.fit_readably()  # another drawing, and what was looked at is not there any more
        self.update()

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
        before = self.zoom
        self._placement.fit()
        self._has_moved(before)

    def fit_readably(self) -> None:
        """All of it where that can be read; else as large as there is room and letters allow, at what is selected."""
        if self._placement.is_empty:
            return
        before = self.zoom
        self._placement.fit_readably()
        self._has_moved(before)
        self.bring_into_view()

    def _refit(self) -> None:
        if self._placement.readably:
            self.fit_readably()
        else:
            self.fit()

    def bring_into_view(self) -> None:
        """Move the selected nodes into sight, when none of them is; where none is selected, the first node."""
        boxes = [self.box_of(node) for node in self._chosen()]
        if not boxes and self._placement.readably and self._drawing is not None and self._drawing.boxes:
            boxes = [self.box_of(next(iter(self._drawing.boxes)))]
        if boxes and not any(QRectF(self.rect()).contains(box.center()) for box in boxes):
            self._placement.bring(boxes[0].center())
            self.update()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom so that the point under `at` (the middle) stays where it is."""
        before = self.zoom
        self._placement.zoom_by(factor, at if at is not None else self._placement.middle)
        self._has_moved(before)

    def _has_moved(self, zoom_before: float) -> None:
        if self.zoom != zoom_before:
            self.zoomed.emit(self.zoom)
        self._settle.start()
        self.update()

    def _sharpen(self) -> None:
        if not self._raster.is_sharp:
            self._raster.drop()
            self.update()

    def pan(self, by: QPointF) -> None:
        """Move the picture by points."""
        self._placement.pan(by)
        self.update()

    # --- nodes ------------------------------------------------------------------------------------------------------

    def box_of(self, node: str) -> QRectF:
        """A node's box in the widget's points."""
        return QRectF() if self._drawing is None else self._placement.points(*self._drawing.boxes[node])

    def node_at(self, at: QPointF) -> str | None:
        """The node at a point of the widget."""
        if self._drawing is None:
            return None
        return next((node for node in self._drawing.boxes if self.box_of(node).contains(at)), None)

    def _chosen(self) -> list[str]:
        """The nodes of what is selected."""
        if self._drawing is None:
            return []
        boxes, units = self._drawing.boxes, self._drawing.units
        return [node for node in units if node in boxes and not self._selected.isdisjoint(units[node])]

    # --- painting ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cached picture, frames around what is selected, the focus."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(theme.canvas))
        if self._drawing is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setOpacity(0.45 if self._dim else 1.0)
            self._raster.paint(painter, self.devicePixelRatioF(), moving=self._settle.isActive())
            painter.setOpacity(1.0)
            self._paint_selection(painter)
        if self.hasFocus():
            painter.setPen(QPen(color(theme.accent, 0.35), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_selection(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color(self._themes.theme.accent), 2.5))
        painter.setBrush(color(self._themes.theme.accent, 0.10))
        for node in self._chosen():
            painter.drawRoundedRect(self.box_of(node).adjusted(-3, -3, 3, 3), 6, 6)

    # --- mouse and keys ---------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted picture stays fitted."""
        super().resizeEvent(event)
        if self._placement.follows:
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

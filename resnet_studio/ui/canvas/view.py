"""The canvas: shows one Document's drawing and reports gestures as commands on it. Knows no engine, no other view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QToolTip, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.canvas import accessible, keys
from resnet_studio.ui.canvas.actions import canvas_actions
from resnet_studio.ui.canvas.bar import BAR_HEIGHT, CanvasBar
from resnet_studio.ui.canvas.card_widths import fitted
from resnet_studio.ui.canvas.drops import Drops
from resnet_studio.ui.canvas.folding import Folding
from resnet_studio.ui.canvas.ground import Ground
from resnet_studio.ui.canvas.ink import Ink
from resnet_studio.ui.canvas.layout import Layout
from resnet_studio.ui.canvas.menu import context_menu
from resnet_studio.ui.canvas.minimap import Minimap
from resnet_studio.ui.canvas.navigation import ids_of
from resnet_studio.ui.canvas.placing import layout
from resnet_studio.ui.canvas.pointer import Pointer
from resnet_studio.ui.canvas.scene import CanvasScene, Marks
from resnet_studio.ui.canvas.shapes import Card
from resnet_studio.ui.canvas.sight import Sight
from resnet_studio.ui.canvas.spoken import canvas_words
from resnet_studio.ui.canvas.tips import card_tip
from resnet_studio.ui.canvas.zooming import STEP, Zooming
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.tips import plain_tip


class CanvasView(QGraphicsView):
    """Lanes, cards and everything that can be done to them.

    Signals:
        edit_requested: the user wants to edit the selection's properties (Enter, double click).
        refused(str): a gesture could not be done, and why.
        told(str): what a gesture did, where that is not seen.
        zoom_rested: nobody has zoomed for a moment.
    """

    edit_requested = Signal()
    refused = Signal(str)
    told = Signal(str)
    zoom_rested = Signal()

    def __init__(
        self,
        document: Document,
        theme_manager: ThemeManager,
        view_state: ViewState,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.theme_manager = theme_manager
        self.view_state = view_state
        self.ink = Ink(theme_manager.theme)
        self.folding = Folding(self)
        self.canvas_scene = CanvasScene(self.ink)
        self.canvas_scene.setParent(self)
        self.current: str | None = None
        self.hover: str | None = None
        self.dragged: tuple[str, ...] = ()
        self._ground = Ground(theme_manager.theme)
        self.sight = Sight(self)
        self.zooming = Zooming(self)
        self._base = self._lay_out()
        self._layout = self._base
        self.pointer = Pointer(self)
        self.drops = Drops(self)
        self._configure()
        self.bar = CanvasBar(self, view_state)
        self.minimap = Minimap(self, self.bar)
        self.addActions(canvas_actions(self))
        document.changed.connect(self.refresh)
        document.loaded.connect(self._on_loaded)
        document.selection_changed.connect(self._on_selection)
        view_state.changed.connect(self._show)
        theme_manager.changed.connect(self._on_theme)
        self._on_theme()

    def _configure(self) -> None:
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Canvas"))
        accessible.install()
        self.viewport().setAccessibleName(tr("Drawing"))
        self.setScene(self.canvas_scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        # Each item sets what it changes, and all paint with antialiasing's margins in their bounding rectangles.
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState, False)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.viewport().setAcceptDrops(True)
        # Its ground covers all of it: whatever lies behind need not be painted first.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setViewportMargins(0, 0, 0, px(BAR_HEIGHT))
        self.setMinimumSize(280, 180)

    # --- showing --------------------------------------------------------------------------------------------------

    @property
    def places(self) -> Layout:
        """Where everything stands now."""
        return self._layout

    def _lay_out(self) -> Layout:
        return layout(
            self.document.plan, self.folding.opened, fitted(self.ink, self.document.plan), self.ink.wrap
        )

    def refresh(self) -> None:
        """Lay out again, after the drawing or the folding changed."""
        self._base = self._lay_out()
        self._show()

    def _show(self) -> None:
        self._layout = self.zooming.stretched(self._base)
        self.canvas_scene.show_layout(self._layout, self.document.plan, self.view_state, self._marks())
        self.describe()
        self._pin_headers()
        self.minimap.refresh()

    def _pin_headers(self) -> None:
        corner = self.mapToScene(0, 0)
        self.canvas_scene.pin_headers(corner.x(), corner.y())

    def _marks(self) -> Marks:
        cursor = self.current if self.hasFocus() else None
        return Marks(chosen=self.document.selection, cursor=cursor, hover=self.hover, dragged=self.dragged)

    def show_marks(self) -> None:
        """Show selection, hover and focus again."""
        self.canvas_scene.show_marks(self._marks())
        self.minimap.update()

    def _on_loaded(self) -> None:
        self.folding.forget()
        self.current = None
        self.refresh()
        self.zooming.follow_size(self._base)

    def _on_selection(self) -> None:
        chosen = self.document.selection
        shown = () if self.current is None else ids_of(self._layout, self.current)
        if chosen and not set(shown) & set(chosen):
            card = self._layout.card_of(chosen[0])
            self.current = card.key if card is not None else chosen[0]
            # What the rubber band selects lies under the pointer: scrolling would pull it away.
            if not self.pointer.banding and (len(chosen) == 1 or not self.sight.holds_any(chosen)):
                self.sight.reveal(self.current)
        self.describe()
        self.show_marks()

    def describe(self) -> None:
        """Tell assistive tools what is drawn and selected, and what the keyboard stands on."""
        card = next((card for card in self._layout.cards() if card.key == self.current), None)
        document, tip = self.document, self.tip(card) if card is not None else ""
        said = canvas_words(document.design, document.plan, document.selection, tip, self.view_state)
        self.setAccessibleDescription(said)
        accessible.tell(self)

    def _on_theme(self) -> None:
        self.ink = Ink(self.theme_manager.theme)
        self.canvas_scene.ink = self.ink
        self._ground = Ground(self.ink.theme)
        self.setBackgroundBrush(self._ground.brush)
        self.bar.show_theme(self.ink.theme)
        self.setViewportMargins(0, 0, 0, px(BAR_HEIGHT))
        self.refresh()
        self.zooming.follow_text(self._base)
        self.viewport().update()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        self.ink.paint_at(self.devicePixelRatioF())
        self._ground.paint(painter, rect, self.zoom, self.devicePixelRatioF())

    # --- zoom -----------------------------------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """1 at 100 %."""
        return self.transform().m11()

    def zoom_in(self) -> None:
        """One step nearer."""
        self.zooming.to(self.zoom * STEP)

    def zoom_out(self) -> None:
        """One step farther."""
        self.zooming.to(self.zoom / STEP)

    def zoom_reset(self) -> None:
        """To 100 %."""
        self.zooming.to(1.0)

    def fit(self) -> None:
        """Show the whole drawing."""
        self.zooming.fit(self._base)

    def show_zoom(self) -> None:
        """Stretch the lanes to the height now seen."""
        self._layout = self.zooming.stretched(self._base)
        self.canvas_scene.show_stretched(self._layout, self._marks())
        self._pin_headers()
        self.minimap.update()
        self.bar.show_zoom(self.zoom)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.viewport().geometry()
        self.bar.setGeometry(area.x(), area.bottom() + 1, area.width(), px(BAR_HEIGHT))
        if self.zooming.follows_size:
            self.zooming.follow_size(self._base)
        else:
            self.show_zoom()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._pin_headers()
        self.minimap.update()

    # --- gestures -------------------------------------------------------------------------------------------------

    def tip(self, card: Card) -> str:
        """Everything that a card abbreviates, in plain words."""
        return card_tip(card, self.document, self.view_state.convention)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            card = self.sight.hit(event.pos()).card
            text = self.tip(card) if card is not None else ""
            QToolTip.showText(event.globalPos(), plain_tip(text), self.viewport())
            return True
        if event.type() == QEvent.Type.Leave:
            self.pointer.leave()
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.pointer.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.pointer.wheel(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        menu = context_menu(self, None if keyboard else self.sight.hit(event.pos()))
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not keys.press(self, event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not keys.release(self, event):
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.show_marks()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.pointer.space_up()
        self.show_marks()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.drops.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.drops.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        self.drops.drop(event)

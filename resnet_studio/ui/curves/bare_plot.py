"""A plot without curves: a head over pyqtgraph's view with two axes, and what the pointer does there. Knows no run and no array.

Importing this module imports pyqtgraph (half a second): others do it when curves are first needed.
"""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.ui.curves.plot_axes import BELOW, LEFT, PlotAxes
from resnet_studio.ui.theme import ThemeManager, color

_RIGHT = 10


class BarePlot(QWidget):
    """What every plot of curves is made on.

    Args:
        head: stands above the view.
        left, below: how wide and how high the numbers of the axes may be, in pixels.
        above: pixels between head and values.
        unit: what the numbers below count; empty where the head says it.
        movable: whether the user may pan and zoom.

    Attributes:
        axes: the numbers and the unit.

    Signals:
        hovered(object): the epoch under the pointer, or None when it leaves.
        zoomed(): the user panned or zoomed.
        reset_asked(): the user double-clicked to see everything.
        menu_asked(QPoint): the user clicked with the right button, there on the screen.
        about_to_be_painted(): what is drawn by now will be seen.
    """

    hovered = Signal(object)
    zoomed = Signal()
    reset_asked = Signal()
    menu_asked = Signal(QPoint)
    about_to_be_painted = Signal()

    def __init__(
        self,
        head: QWidget,
        theme: ThemeManager,
        parent: QWidget | None = None,
        *,
        left: int,
        below: int,
        above: int = 0,
        unit: str = "",
        movable: bool = True,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        # Not a PlotWidget: it brings eight menus and a control panel for every plot, which stay behind as top-level windows.
        self._view = pg.GraphicsView(self)
        self._view.setFrameShape(self._view.Shape.NoFrame)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setMinimumSize(90, 60)
        self._box: Any = pg.ViewBox(enableMenu=False, defaultPadding=0)
        self._box.setMouseEnabled(x=movable, y=False)
        self._box.disableAutoRange()
        self.axes = PlotAxes(self._view, self._box, left=left, below=below, unit=unit)
        self._lay_out(head, above)
        self._listen()
        theme.changed.connect(self._dress)

    def _lay_out(self, head: QWidget, above: int) -> None:
        whole = pg.GraphicsLayout()
        # At the right half a number's room: the last epoch's label stands under the edge.
        whole.setContentsMargins(0, above, _RIGHT, 0)
        whole.setSpacing(0)
        whole.addItem(self.axes.items[LEFT], 0, 0)
        whole.addItem(self._box, 0, 1)
        whole.addItem(self.axes.items[BELOW], 1, 1)
        self._view.setCentralItem(whole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._view, 1)

    def _listen(self) -> None:
        self._box.sigRangeChangedManually.connect(lambda *_: self.zoomed.emit())
        scene = self._view.scene()
        scene.sigMouseMoved.connect(self._moved)
        scene.sigMouseClicked.connect(self._clicked)
        scene.sigPrepareForPaint.connect(self.about_to_be_painted)
        self._view.viewport().setMouseTracking(True)
        self._view.viewport().installEventFilter(self)

    def _dress(self) -> None:
        """Take the theme's inks; a plot does so for the first time when it has all that is dressed."""
        # Said outright: a view without a ground keeps the old theme's when the theme changes.
        self._view.setBackground(color(self._theme.theme.window))
        self.axes.dress(self._theme.theme)

    @property
    def view_box(self) -> Any:
        """pyqtgraph's ViewBox."""
        return self._box

    @property
    def x_range(self) -> tuple[float, float]:
        """The epochs that are seen."""
        low, high = self._box.viewRange()[0]
        return float(low), float(high)

    @property
    def y_range(self) -> tuple[float, float]:
        """The values that are seen."""
        low, high = self._box.viewRange()[1]
        return float(low), float(high)

    # --- the pointer ------------------------------------------------------------------------------------------------

    def _moved(self, position: QPointF) -> None:
        inside = QRectF(self._box.sceneBoundingRect()).contains(position)
        self.hovered.emit(float(self._box.mapSceneToView(position).x()) if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        """No crosshair without a pointer."""
        self.hovered.emit(None)
        super().leaveEvent(event)

    def _clicked(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.menu_asked.emit(event.screenPos().toPoint())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A double click anywhere in the plot asks for everything."""
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.reset_asked.emit()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing of its own; before the head, which is painted behind this one."""
        self.about_to_be_painted.emit()
        super().paintEvent(event)

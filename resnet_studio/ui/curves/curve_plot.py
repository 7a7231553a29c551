"""One plot of a run: raw and smoothed training curve, validation points, best mark, crosshair. Knows no run, only arrays.

pyqtgraph keeps axes, pan and zoom; what is drawn is made short enough here first, so that a million points stay fluid.
Importing this module imports pyqtgraph (half a second): `plot_pair` does it when curves are first needed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.curves.curve_items import CurveItems
from resnet_studio.ui.curves.curves import Curves
from resnet_studio.ui.curves.measures import Measure
from resnet_studio.ui.curves.plot_caption import PlotCaption, Reading
from resnet_studio.ui.curves.plot_range import log_ticks, plain_ticks, value_range
from resnet_studio.ui.curves.plot_words import epochs_told, plot_words
from resnet_studio.ui.curves.reduce import (
    Floats,
    averaged,
    binned,
    extremes,
    logarithm,
    nearest,
    thinned,
    visible,
)
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import Theme, ThemeManager, color, font, px

_EMPTY = np.empty(0)
_PIXELS_A_POINT = 2.0
_LEFT, _RIGHT = 42, 10
_NO_PEN = QPen(Qt.PenStyle.NoPen)


class CurvePlot(QWidget):
    """A caption over a plot.

    Signals:
        hovered(object): the epoch under the pointer, or None when it leaves.
        zoomed(): the user panned or zoomed.
        reset_asked(): the user double-clicked to see everything.
        menu_asked(QPoint): the user clicked with the right button, there on the screen.
    """

    hovered = Signal(object)
    zoomed = Signal()
    reset_asked = Signal()
    menu_asked = Signal(QPoint)

    def __init__(self, measure: Measure, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measure, self._theme = measure, theme
        self._curves = Curves()
        self._bins = binned(_EMPTY, _EMPTY)
        self._raw: tuple[Floats, Floats] = (_EMPTY, _EMPTY)
        self._raw_of: tuple[float, float, int, bool] | None = None
        self._smooth: tuple[Floats, Floats] = (_EMPTY, _EMPTY)
        self._own_range = self._log = False
        self._told: tuple[Measure, int] | None = None
        self._ticks: dict[str, list[tuple[float, str]]] = {}
        # What the validation's curve was last drawn for: whether logarithmic, or None for other curves than these.
        self._validated: bool | None = None
        self.caption = PlotCaption(measure.title, theme, self)
        # Not a PlotWidget: it brings eight menus and a control panel for every plot, which stay behind as top-level windows.
        self._view = pg.GraphicsView(self)
        self._box: Any = pg.ViewBox(enableMenu=False, defaultPadding=0)
        self._axes: dict[str, Any] = {side: pg.AxisItem(side) for side in ("left", "bottom")}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.caption)
        layout.addWidget(self._view, 1)
        self._make_items()
        self._settle_view()
        theme.changed.connect(self._dress)
        self._dress()

    # --- making -----------------------------------------------------------------------------------------------------

    def _make_items(self) -> None:
        self.items = CurveItems()
        for item in self.items.all:
            self._box.addItem(item, ignoreBounds=True)
        # In the empty corner under the values: the unit of the axis costs no line of its own.
        self._unit = QLabel(tr("epoch"), self._view)
        sized(self._unit, letters=10)

    def _settle_view(self) -> None:
        self._view.setFrameShape(self._view.Shape.NoFrame)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setMinimumSize(90, 60)
        whole = pg.GraphicsLayout()
        # At the right half a number's room: the last epoch's label stands under the edge.
        whole.setContentsMargins(0, 0, _RIGHT, 0)
        whole.setSpacing(0)
        whole.addItem(self._axes["left"], 0, 0)
        whole.addItem(self._box, 0, 1)
        whole.addItem(self._axes["bottom"], 1, 1)
        self._view.setCentralItem(whole)
        self._box.setMouseEnabled(x=True, y=False)
        self._box.disableAutoRange()
        for side in ("left", "bottom"):
            axis = self._axes[side]
            axis.linkToView(self._box)
            axis.setStyle(
                tickLength=0,
                tickAlpha=255,
                hideOverlappingLabels=False,
                autoExpandTextSpace=False,
            )
            axis.setPen(_NO_PEN)
            axis.enableAutoSIPrefix(False)
            # Behind the view box (-100): the grid must not cut the curves.
            axis.setZValue(-1000)
        self._axes["left"].setGrid(255)
        self._box.sigXRangeChanged.connect(self._range_changed)
        self._box.sigResized.connect(self._range_changed)
        self._box.sigRangeChangedManually.connect(lambda *_: self.zoomed.emit())
        scene = self._view.scene()
        scene.sigMouseMoved.connect(self._moved)
        scene.sigMouseClicked.connect(self._clicked)
        self._view.viewport().setMouseTracking(True)
        self._view.viewport().installEventFilter(self)

    def _dress(self) -> None:
        theme: Theme = self._theme.theme
        # Said outright: a view without a ground keeps the old theme's when the theme changes.
        self._view.setBackground(color(theme.window))
        self.items.dress(theme)
        self._axes["left"].setWidth(px(_LEFT))
        self._axes["bottom"].setHeight(px(18))
        for axis in self._axes.values():
            axis.setStyle(tickFont=font(11))
            axis.setTextPen(color(theme.text_faint))
            axis.setTickPen(pg.mkPen(color(theme.grid), width=1))
        self._unit.setStyleSheet(f"color: {theme.text_faint};")
        self._draw_marks(None)
        self._place_unit()

    def _place_unit(self) -> None:
        self._unit.adjustSize()
        self._unit.move(0, self._view.height() - self._unit.height() - 1)

    # --- showing ----------------------------------------------------------------------------------------------------

    @property
    def view_box(self) -> Any:
        """pyqtgraph's ViewBox, for linking x ranges."""
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

    def show_curves(self, curves: Curves, strength: float) -> None:
        """Draw these curves, the training one smoothed by `strength` (0..1)."""
        if curves is not self._curves:
            self._curves, self._bins = curves, binned(curves.x, curves.y)
            self._raw_of = self._validated = None
        # A screen reader is told once an epoch: ten times a second nobody could listen to.
        if (told := (self._measure, epochs_told(curves))) != self._told:
            self._told = told
            self.setAccessibleDescription(plot_words(self._measure, curves))
        self._smooth = averaged(self._bins, strength)
        if self._validated is not self.is_log:
            self._validated = self.is_log
            self.items.show_validation(curves, self._high(curves.val_y))
        self._redraw_range()

    def show_measure(self, measure: Measure) -> None:
        """Show another quantity; its curves are to follow at once."""
        self._measure = measure
        self.caption.show_title(measure.title)

    def show_log(self, on: bool) -> None:
        """Equal steps upwards are equal factors, where the measure is one for it; its curves are to follow at once."""
        self._log = on

    @property
    def is_log(self) -> bool:
        """Whether the axis is logarithmic now."""
        return self._log and self._measure.logs

    def _high(self, y: Floats) -> Floats:
        """How high values stand."""
        return logarithm(y) if self.is_log else y

    def show_range(self, low: float, high: float, *, redraw: bool = True) -> None:
        """Show these epochs; y follows what is seen. Without `redraw`, curves are to follow at once."""
        self._own_range = True
        self._box.setXRange(low, high, padding=0)
        self._own_range = False
        if redraw:
            self._redraw_range()

    def _range_changed(self) -> None:
        if not self._own_range:
            self._redraw_range()

    def _redraw_range(self) -> None:
        """What depends on the part that is seen: the raw curve, the y range, the ticks."""
        low, high = self.x_range
        curves, raw = self._curves, self._seen_raw(low, high)
        self.items.show_training(raw, self._seen_smooth(low, high))
        validated = max(len(curves.val_x[visible(curves.val_x, low, high)]), 1)
        self.items.space_points(self._box.width() / validated)
        y_low, y_high = self._value_range(raw[1], low, high)
        self._box.setYRange(y_low, y_high, padding=0)
        empty = not len(curves.x) and not len(curves.val_x)
        self._show_ticks("bottom", low, high, 0 if empty else max(2, int(self._box.width() / px(45))))
        no_scale = empty and self._measure.ceiling is None
        self._show_ticks(
            "left", y_low, y_high, 0 if no_scale else max(3, min(6, int(self._box.height() / px(24))))
        )
        # Else pyqtgraph does it within the paint event, which moves all curves and so asks for a second one.
        self._box.updateMatrix()

    def _seen_raw(self, low: float, high: float) -> tuple[Floats, Floats]:
        """The extremes of each pixel's column; the same ones while only the smoothing changes."""
        asked = (low, high, max(int(self._box.width()), 50), self.is_log)
        if self._raw_of != asked:
            curves = self._curves
            seen = visible(curves.x, low, high)
            self._raw = extremes(curves.x[seen], self._high(curves.y[seen]), asked[2])
            self._raw_of = asked
        return self._raw

    def _seen_smooth(self, low: float, high: float) -> tuple[Floats, Floats]:
        """The smoothed curve as far as it is seen, with no more points than the eye can follow: thick lines are dear."""
        x, y = self._smooth
        seen = visible(x, low, high)
        return thinned(x[seen], self._high(y[seen]), max(self._box.width() / _PIXELS_A_POINT, 50))

    def _value_range(self, raw: Floats, low: float, high: float) -> tuple[float, float]:
        curves = self._curves
        known = [self._smooth, (curves.val_x, curves.val_y), (curves.val_x[: len(curves.five)], curves.five)]
        parts = [self._high(y[visible(x, low, high)]) for x, y in known]
        finite = raw[np.isfinite(raw)]
        if len(finite):
            # A spike of the raw curve may leave the plot; it must not flatten everything else.
            parts.append(np.quantile(finite, (0.01, 0.99)))
        # Nine pixels: half a tick's text, which would be left out at the very edge.
        room = max(0.05, px(9) / max(self._box.height(), 40))
        return value_range(
            np.concatenate(parts), room, ceiling=self._measure.ceiling, from_nothing=not self.is_log
        )

    def _show_ticks(self, side: str, low: float, high: float, most: int) -> None:
        if side == "left" and self.is_log:
            found = log_ticks(low, high, most)
        else:
            ceiling = self._measure.ceiling if side == "left" else None
            found = plain_ticks(low, high, most, quarters=side == "left", ceiling=ceiling)
        extent = self._box.height() if side == "left" else self._box.width()
        a_value = extent / (high - low) if high > low else 0.0
        clear = [tick for tick in found if self._is_clear(side, tick, low, a_value)]
        # An axis that is given ticks draws itself anew, which takes a third of the plot's time.
        if self._ticks.get(side) != clear:
            self._ticks[side] = clear
            self._axes[side].setTicks([clear])

    def _is_clear(self, side: str, tick: tuple[float, str], low: float, a_value: float) -> bool:
        """Whether a tick's text lies clear of the unit in the corner."""
        at = (tick[0] - low) * a_value
        if side == "left":
            return at >= px(3)
        half = QFontMetricsF(font(11)).horizontalAdvance(tick[1]) / 2
        return px(_LEFT) + at - half >= self._unit.width() + 2

    # --- the pointer ------------------------------------------------------------------------------------------------

    def _moved(self, position: QPointF) -> None:
        inside = QRectF(self._box.sceneBoundingRect()).contains(position)
        self.hovered.emit(float(self._box.mapSceneToView(position).x()) if inside else None)

    def leaveEvent(self, event: Any) -> None:
        """No crosshair without a pointer."""
        self.hovered.emit(None)
        super().leaveEvent(event)

    def _clicked(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.menu_asked.emit(event.screenPos().toPoint())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A double click anywhere in the plot asks for everything; the unit keeps to its corner."""
        if event.type() == QEvent.Type.Resize:
            # Of the view, not of this widget: a caption that takes a second line lowers the one and not the other.
            self._place_unit()
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.reset_asked.emit()
        return super().eventFilter(watched, event)

    def show_cursor(self, at: float | None) -> None:
        """Stand the crosshair at an epoch and read the curves there; None: the newest values, no crosshair."""
        self.items.show_cursor(at)
        self._draw_marks(at)
        self.caption.show_reading(self._reading(at))

    def _reading(self, at: float | None) -> Reading:
        (x, y), curves = self._smooth, self._curves
        train = val = five = ""
        if len(x):
            train = self._measure.text(float(y[-1 if at is None else nearest(x, at)]))
        if len(curves.val_x):
            val = self._measure.text(float(curves.val_y[-1 if at is None else nearest(curves.val_x, at)]))
        if len(curves.five):
            value = float(curves.five[-1 if at is None else nearest(curves.val_x, at)])
            five = "" if math.isnan(value) else self._measure.text(value)
        where = "" if at is None else tr("epoch {epoch:.1f}", epoch=max(at, 0.0))
        return Reading(train, val, five, where, learned=self._measure.learned)

    def _draw_marks(self, at: float | None) -> None:
        theme, curves, spots = self._theme.theme, self._curves, []
        if at is not None:
            validated = (curves.val_x, curves.val_y, theme.val_curve)
            for x, y, ink in ((*self._smooth, theme.train_curve), validated):
                if len(x):
                    index = nearest(x, at)
                    spots.append((float(x[index]), float(self._high(y[index : index + 1])[0]), ink))
        self.items.show_marks(spots)

"""One plot of a run: raw and smoothed training curve, validation points, best mark, crosshair. Knows no run, only arrays.

What is drawn is made short enough here first, so that a million points stay fluid. Importing this module imports pyqtgraph, like `bare_plot`.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtWidgets import QWidget

from resnet_studio.language import tr
from resnet_studio.ui.curves.bare_plot import BarePlot
from resnet_studio.ui.curves.curve_items import CurveItems
from resnet_studio.ui.curves.curves import Curves, Validated
from resnet_studio.ui.curves.measures import Measure
from resnet_studio.ui.curves.plot_caption import PlotCaption, Reading
from resnet_studio.ui.curves.plot_range import differ, log_ticks, plain_ticks, value_range
from resnet_studio.ui.curves.plot_words import epochs_told, plot_words
from resnet_studio.ui.curves.reduce import (
    Floats,
    averaged,
    logarithm,
    nearest,
    thinned,
    visible,
)
from resnet_studio.ui.theme import ThemeManager, px

_EMPTY = np.empty(0)
_PIXELS_A_POINT = 2.0
_LEAST_PIXELS = 1000  # that an axis is said to have, also before it has its place


class CurvePlot(BarePlot):
    """A caption over a plot."""

    def __init__(self, measure: Measure, theme: ThemeManager, parent: QWidget | None = None) -> None:
        caption = PlotCaption(measure.title, theme)
        super().__init__(caption, theme, parent, left=42, below=18, unit=tr("epoch"))
        self.caption = caption
        self._measure = measure
        self.setAccessibleName(measure.spoken)
        self._curves = Curves()
        self._smooth: tuple[Floats, Floats] = (_EMPTY, _EMPTY)
        self._smooth_of: float | None = None
        self._own_range = self._log = False
        self._told: tuple[Measure, int] | None = None
        # What was last drawn of the validation, and whether on a logarithmic axis.
        self._validated: tuple[Validated, bool] | None = None
        self.items = CurveItems(self._box)
        for item in self.items.all:
            self._box.addItem(item, ignoreBounds=True)
        self._box.sigXRangeChanged.connect(self._range_changed)
        self._box.sigResized.connect(self._range_changed)
        self._dress()

    def _dress(self) -> None:
        super()._dress()
        self.items.dress(self._theme.theme)
        self._draw_marks(None)

    # --- showing ----------------------------------------------------------------------------------------------------

    def show_curves(self, curves: Curves, strength: float) -> None:
        """Draw these curves, the training one smoothed by `strength` (0..1)."""
        if curves is not self._curves:
            self._curves, self._smooth_of = curves, None
        # A screen reader is told once an epoch: ten times a second nobody could listen to.
        if (told := (self._measure, epochs_told(curves))) != self._told:
            self._told = told
            self.setAccessibleDescription(plot_words(self._measure, curves))
        if self._smooth_of != strength:
            self._smooth_of = strength
            self._smooth = averaged(curves.bins, strength)
        if self._validated != (curves.val, self.is_log):
            self._validated = (curves.val, self.is_log)
            self.items.show_validation(curves.val, self._high(curves.val.y))
        self._redraw_range()

    def show_measure(self, measure: Measure) -> None:
        """Show another quantity; its curves are to follow at once."""
        if measure is not self._measure:
            self._measure = measure
            self.setAccessibleName(measure.spoken)
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
        # A new range numbers the axis anew, which takes as long as to draw the curve: not for what nobody sees.
        if differ(self.x_range, (low, high), max(self._box.width(), _LEAST_PIXELS)):
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
        curves, columns = self._curves, max(int(self._box.width()), 50)
        raw = curves.shortened(low, high, columns, log=self.is_log)
        self.items.show_training(raw, self._seen_smooth(low, high))
        validated = max(len(curves.val.x[visible(curves.val.x, low, high)]), 1)
        self.items.space_points(self._box.width() / validated)
        found = self._value_range(raw[1], low, high)
        if differ(self.y_range, found, max(self._box.height(), _LEAST_PIXELS)):
            self._box.setYRange(*found, padding=0)
        self._number_axes((low, high), self.y_range)
        # Else pyqtgraph does it within the paint event, which moves all curves and so asks for a second one.
        self._box.updateMatrix()

    def _number_axes(self, seen: tuple[float, float], values: tuple[float, float]) -> None:
        curves, ceiling = self._curves, self._measure.ceiling
        empty = not len(curves.x) and not len(curves.val.x)
        across = 0 if empty else max(2, int(self._box.width() / px(45)))
        upwards = 0 if empty and ceiling is None else max(3, min(6, int(self._box.height() / px(24))))
        if self.is_log:
            found = log_ticks(*values, upwards)
        else:
            found = plain_ticks(*values, upwards, quarters=True, ceiling=ceiling)
        self.axes.show_below(plain_ticks(*seen, across, quarters=False), *seen)
        self.axes.show_left(found, *values)

    def _seen_smooth(self, low: float, high: float) -> tuple[Floats, Floats]:
        """The smoothed curve as far as it is seen, with no more points than the eye can follow: thick lines are dear."""
        x, y = self._smooth
        seen = visible(x, low, high)
        return thinned(x[seen], self._high(y[seen]), max(self._box.width() / _PIXELS_A_POINT, 50))

    def _value_range(self, raw: Floats, low: float, high: float) -> tuple[float, float]:
        curves = self._curves
        known = [
            self._smooth,
            (curves.val.x, curves.val.y),
            (curves.val.x[: len(curves.val.five)], curves.val.five),
        ]
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

    # --- the pointer ------------------------------------------------------------------------------------------------

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
        if len(curves.val.x):
            val = self._measure.text(float(curves.val.y[-1 if at is None else nearest(curves.val.x, at)]))
        if len(curves.val.five):
            value = float(curves.val.five[-1 if at is None else nearest(curves.val.x, at)])
            five = "" if math.isnan(value) else self._measure.text(value)
        where = "" if at is None else tr("epoch {epoch:.1f}", epoch=max(at, 0.0))
        return Reading(train, val, five, where, learned=self._measure.learned)

    def _draw_marks(self, at: float | None) -> None:
        theme, curves, spots = self._theme.theme, self._curves, []
        if at is not None:
            validated = (curves.val.x, curves.val.y, theme.val_curve)
            for x, y, ink in ((*self._smooth, theme.train_curve), validated):
                if len(x):
                    index = nearest(x, at)
                    spots.append((float(x[index]), float(self._high(y[index : index + 1])[0]), ink))
        self.items.show_marks(spots)

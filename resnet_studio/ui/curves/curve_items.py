"""What one plot draws: its curves, points and marks as pyqtgraph's items, in the theme's inks. Knows no axis and no range.

Importing this module imports pyqtgraph, like `curve_plot`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg

from resnet_studio.ui.curves.curve_line import CurveLine
from resnet_studio.ui.curves.curves import Validated
from resnet_studio.ui.curves.dots import Dots
from resnet_studio.ui.curves.reduce import Floats
from resnet_studio.ui.style import mixed
from resnet_studio.ui.theme import Theme, color

_CHAIN = 8  # pixels
Spot = tuple[float, float, str]


class CurveItems:
    """The items in the order in which they lie over each other, in the ViewBox `box`.

    Attributes:
        raw: the training curve as it is.
        thick: the same, smoothed.
        val, points, best: the validation's curve, its values, and a ring around the best one.
        five: top-5 of the validation, dashed.
        cursor, marks: the crosshair and where it meets the curves.
    """

    def __init__(self, box: Any) -> None:
        self.raw = CurveLine(connect="finite", antialias=False)
        self.cursor = pg.InfiniteLine(angle=90, movable=False)
        self.thick = CurveLine(antialias=True, skipFiniteCheck=True)
        self.five = CurveLine(connect="finite", antialias=True)
        self.val = CurveLine(connect="finite", antialias=True)
        # Not from pyqtgraph's store of little pictures, which are set on whole pixels, and coarse where a plot is saved in twice its size.
        self.best, self.marks = (
            pg.ScatterPlotItem(size=size, pxMode=True, antialias=True, useCache=False) for size in (10, 8)
        )
        self.points = Dots(box)
        self.cursor.setVisible(False)

    @property
    def all(self) -> tuple[pg.GraphicsObject, ...]:
        """From the lowest to the uppermost."""
        return (
            self.raw, self.cursor, self.thick, self.five, self.val, self.points, self.best, self.marks,
        )  # fmt: skip

    def dress(self, theme: Theme) -> None:
        """Take a theme's inks."""
        train, val, ground = color(theme.train_curve), color(theme.val_curve), color(theme.window)
        # Mixed, not translucent: Qt paints opaque hairlines many times faster.
        faint = mixed(theme.train_curve, theme.window, 0.66 if theme.dark else 0.72)
        self.raw.setPen(pg.mkPen(faint, width=1))
        self.thick.setPen(pg.mkPen(train, width=2))
        self.val.setPen(pg.mkPen(val, width=1.5))
        self.five.setPen(pg.mkPen(val, width=1.2, dash=[3, 3]))
        self.points.dress(val, ground)
        self.best.setPen(pg.mkPen(val, width=2))
        self.best.setBrush(pg.mkBrush(ground))
        self.cursor.setPen(pg.mkPen(color(theme.line_strong), width=1))
        self.marks.setPen(pg.mkPen(ground, width=1.5))

    def show_validation(self, val: Validated, high: Floats) -> None:
        """Draw a value per epoch; `high` says how high each stands on the axis."""
        self.val.setData(val.x, high)
        self.points.stand_at(val.x, high)
        self.five.setData(val.x[: len(val.five)], val.five)
        best = slice(0, 0) if val.best is None else slice(val.best, val.best + 1)
        self.best.setData(val.x[best], high[best])

    def space_points(self, between: float) -> None:
        """Leave the points out that would stand so close that they are a chain; `between`: pixels from one to the next."""
        self.points.setVisible(between >= _CHAIN)

    def show_training(self, raw: tuple[Floats, Floats], smooth: tuple[Floats, Floats]) -> None:
        """Draw what is seen of the training curve; of the smoothed one only what is finite: a rate of nothing has no logarithm."""
        self.raw.setData(*raw)
        x, y = smooth
        finite = np.isfinite(y)
        self.thick.setData(x[finite], y[finite])

    def show_cursor(self, at: float | None) -> None:
        """Stand the crosshair at an epoch; None: nowhere."""
        self.cursor.setVisible(at is not None)
        if at is not None:
            self.cursor.setPos(at)

    def show_marks(self, spots: Sequence[Spot]) -> None:
        """Mark (epoch, height, ink); what is not finite has no place."""
        self.marks.setData(
            [{"pos": (x, y), "brush": pg.mkBrush(color(ink))} for x, y, ink in spots if math.isfinite(y)]
        )

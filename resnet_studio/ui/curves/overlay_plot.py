"""The same curve of several runs in one plot, each in its own colour. Knows arrays and colours, no run.

Importing this module imports pyqtgraph, like `bare_plot`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QLabel, QWidget

from resnet_studio.ui.curves.bare_plot import BarePlot
from resnet_studio.ui.curves.curve_line import CurveLine
from resnet_studio.ui.curves.plot_range import log_ticks, plain_ticks
from resnet_studio.ui.curves.reduce import Floats, logarithm, nearest
from resnet_studio.ui.theme import ThemeManager, color, px

_NO_PEN = QPen(Qt.PenStyle.NoPen)


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: x and y, its colour, and whether it is dashed."""

    x: Floats
    y: Floats
    ink: str
    dashed: bool = False


class OverlayPlot(BarePlot):
    """A title over curves; all of them are always seen whole."""

    def __init__(self, title: str, theme: ThemeManager, parent: QWidget | None = None) -> None:
        label = QLabel(title)
        label.setProperty("role", "strong")
        super().__init__(label, theme, parent, left=44, below=20, above=6, movable=False)
        self._lines: tuple[Line, ...] = ()
        self._log = False
        self._items: list[Any] = []
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.setVisible(False)
        self._cursor.setZValue(-1)
        self._marks = pg.ScatterPlotItem(size=8, pxMode=True, antialias=True, useCache=False)
        self._marks.setZValue(1)
        for item in (self._cursor, self._marks):
            self._box.addItem(item, ignoreBounds=True)
        self._box.sigResized.connect(self._show_range)
        self._dress()

    def _dress(self) -> None:
        super()._dress()
        theme = self._theme.theme
        self._cursor.setPen(pg.mkPen(color(theme.line_strong), width=1))
        self._marks.setPen(pg.mkPen(color(theme.window), width=1.5))

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is drawn."""
        return self._lines

    def show_lines(self, lines: Sequence[Line], *, log: bool = False) -> None:
        """Draw these curves, and all of each, on a plain or a logarithmic axis."""
        self._lines, self._log = tuple(lines), log
        lines = [replace(line, y=self._high(line.y)) for line in lines]
        for item in self._items:
            self._box.removeItem(item)
        self._items = []
        for line in lines:
            style = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
            pen = pg.mkPen(line.ink, width=2, style=style)
            curve = CurveLine(line.x, line.y, pen=pen, connect="finite", antialias=True)
            self._items.append(curve)
            if 0 < len(line.x) <= 60:
                points = pg.ScatterPlotItem(
                    line.x,
                    line.y,
                    size=5,
                    pen=_NO_PEN,
                    brush=pg.mkBrush(line.ink),
                    antialias=True,
                    useCache=False,  # pyqtgraph's store of little pictures is coarse in a saved picture
                )
                self._items.append(points)
        for item in self._items:
            self._box.addItem(item, ignoreBounds=True)
        self._show_range()

    def _high(self, y: Floats) -> Floats:
        """How high values stand."""
        return logarithm(y) if self._log else y

    def _show_range(self) -> None:
        x = np.concatenate([line.x for line in self._lines] or [np.empty(0)])
        y = np.concatenate([self._high(line.y) for line in self._lines] or [np.empty(0)])
        y = y[np.isfinite(y)]
        end = float(x.max()) if len(x) else 1.0
        low, high = (float(y.min()), float(y.max())) if len(y) else (0.0, 1.0)
        margin = max((high - low) * 0.06, abs(high) * 1e-3, 1e-9)
        low, high, right = low - margin, high + margin, max(end * 1.02, 0.2)
        self._box.setXRange(0, right, padding=0)
        self._box.setYRange(low, high, padding=0)
        upwards, across = max(3, int(self._box.height() / 32)), max(2, int(self._box.width() / px(36)))
        found = log_ticks(low, high, upwards) if self._log else plain_ticks(low, high, upwards, quarters=True)
        self.axes.show_left(found, low, high)
        self.axes.show_below(plain_ticks(0.0, max(end, 0.2), across, quarters=False), 0.0, right)

    # --- the pointer ------------------------------------------------------------------------------------------------

    def show_cursor(self, at: float | None) -> list[float | None]:
        """Stand the crosshair at an epoch, None: nowhere; the values of the lines there, None where one has none."""
        self._cursor.setVisible(at is not None)
        if at is not None:
            self._cursor.setPos(at)
        values = [None if at is None else _value(line, at) for line in self._lines]
        spots = []
        for line, found in zip(self._lines, values, strict=True):
            if found is not None:
                high = float(self._high(np.array([found[1]]))[0])
                if np.isfinite(high):
                    spots.append({"pos": (found[0], high), "brush": pg.mkBrush(line.ink)})
        self._marks.setData(spots)
        return [None if found is None else found[1] for found in values]


def _value(line: Line, at: float) -> tuple[float, float] | None:
    """(x, y) of a line nearest to an epoch; None where it has none or ended well before."""
    if not len(line.x) or at > float(line.x[-1]) + 0.5:
        return None
    index = nearest(line.x, at)
    return float(line.x[index]), float(line.y[index])

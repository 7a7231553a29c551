"""The same curve of several runs in one plot, each in its own colour. Knows arrays and colours, no run.

Importing this module imports pyqtgraph, as `curve_plot` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from resnet_studio.ui.curves.plot_range import log_ticks, plain_ticks
from resnet_studio.ui.curves.reduce import Floats, logarithm, nearest
from resnet_studio.ui.theme import ThemeManager, color, font, px

_NO_PEN = QPen(Qt.PenStyle.NoPen)
_SIDES = {"left": 44, "bottom": 20}


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: x and y, its colour, and whether it is dashed."""

    x: Floats
    y: Floats
    ink: str
    dashed: bool = False


class OverlayPlot(QWidget):
    """A title over curves.

    Signals:
        hovered(object): the epoch under the pointer, or None when it leaves.
    """

    hovered = Signal(object)

    def __init__(self, title: str, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: tuple[Line, ...] = ()
        self._log = False
        self._items: list[Any] = []
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._marks = pg.ScatterPlotItem(size=8, pxMode=True, antialias=True, useCache=False)
        label = QLabel(title, self)
        label.setProperty("role", "strong")
        # Not a PlotWidget: it brings menus and a control panel that stay behind as top-level windows.
        self._view = pg.GraphicsView(self)
        self._view.setFrameShape(self._view.Shape.NoFrame)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._box: Any = pg.ViewBox(enableMenu=False, defaultPadding=0)
        self._axes: dict[str, Any] = {side: pg.AxisItem(side) for side in _SIDES}
        self._settle()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(label)
        layout.addWidget(self._view, 1)
        theme.changed.connect(self._dress)
        self._dress()

    def _settle(self) -> None:
        whole = pg.GraphicsLayout()
        whole.setContentsMargins(0, 4, 10, 0)
        whole.setSpacing(0)
        whole.addItem(self._axes["left"], 0, 0)
        whole.addItem(self._box, 0, 1)
        whole.addItem(self._axes["bottom"], 1, 1)
        self._view.setCentralItem(whole)
        self._box.setMouseEnabled(x=False, y=False)
        self._box.disableAutoRange()
        for side, thickness in _SIDES.items():
            axis = self._axes[side]
            axis.linkToView(self._box)
            axis.setStyle(tickLength=0, tickFont=font(11), tickAlpha=255, autoExpandTextSpace=False)
            axis.setPen(_NO_PEN)
            axis.enableAutoSIPrefix(False)
            # Behind pyqtgraph's own view box, which stands at -100: its grid must not cut the curves.
            axis.setZValue(-1000)
            (axis.setWidth if side == "left" else axis.setHeight)(px(thickness))
        self._axes["left"].setGrid(255)
        self._box.sigResized.connect(self._show_range)
        self._cursor.setVisible(False)
        self._cursor.setZValue(-1)
        self._marks.setZValue(1)
        for item in (self._cursor, self._marks):
            self._box.addItem(item, ignoreBounds=True)
        self._view.scene().sigMouseMoved.connect(self._moved)
        self._view.viewport().setMouseTracking(True)

    def _dress(self) -> None:
        theme = self._theme.theme
        self._view.setBackground(color(theme.window))
        for axis in self._axes.values():
            axis.setTextPen(color(theme.text_faint))
            axis.setTickPen(pg.mkPen(color(theme.grid), width=1))
        self._cursor.setPen(pg.mkPen(color(theme.line_strong), width=1))
        self._marks.setPen(pg.mkPen(color(theme.window), width=1.5))

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is drawn."""
        return self._lines

    @property
    def y_range(self) -> tuple[float, float]:
        """The values that are seen."""
        low, high = self._box.viewRange()[1]
        return float(low), float(high)

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
            curve = pg.PlotCurveItem(line.x, line.y, pen=pen, connect="finite", antialias=True)
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
        self._box.setXRange(0, max(end * 1.02, 0.2), padding=0)
        self._box.setYRange(low - margin, high + margin, padding=0)
        ranges = {
            "left": (low - margin, high + margin, max(3, int(self._box.height() / 32))),
            "bottom": (0.0, max(end, 0.2), max(2, int(self._box.width() / px(36)))),
        }
        for side, (first, last, most) in ranges.items():
            if side == "left" and self._log:
                self._axes[side].setTicks([log_ticks(first, last, most)])
                continue
            self._axes[side].setTicks([plain_ticks(first, last, most, quarters=side == "left")])

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

    def _moved(self, position: QPointF) -> None:
        inside = QRectF(self._box.sceneBoundingRect()).contains(position)
        self.hovered.emit(float(self._box.mapSceneToView(position).x()) if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        """No crosshair without a pointer."""
        self.hovered.emit(None)
        super().leaveEvent(event)


def _value(line: Line, at: float) -> tuple[float, float] | None:
    """(x, y) of a line nearest to an epoch; None where it has none or ended well before."""
    if not len(line.x) or at > float(line.x[-1]) + 0.5:
        return None
    index = nearest(line.x, at)
    return float(line.x[index]), float(line.y[index])

"""The axes of a plot: numbers at the left and below, the grid, and a unit in the corner on which no number stands. Know no curve.

Importing this module imports pyqtgraph, like `bare_plot`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFontMetricsF, QPen
from PySide6.QtWidgets import QLabel

from resnet_studio.ui.curves.plot_range import Tick
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import Theme, color, font, px

LEFT, BELOW = "left", "bottom"  # as pyqtgraph calls them
_TEXT = 11
_NO_PEN = QPen(Qt.PenStyle.NoPen)


class PlotAxes(QObject):
    """Both axes of a view box.

    Args:
        view: the pyqtgraph view in which they stand; its child.
        box: the ViewBox beside and below which.
        left, below: how wide and how high their numbers may be, in pixels.
        unit: what the numbers below count; empty where a title says it.

    Attributes:
        items: pyqtgraph's AxisItems, `LEFT` and `BELOW`.
        unit: the label with the unit.
    """

    def __init__(self, view: Any, box: Any, *, left: int, below: int, unit: str = "") -> None:
        super().__init__(view)
        self._view, self._box, self._left, self._below = view, box, left, below
        self._shown: dict[str, list[Tick]] = {}
        self.items: dict[str, Any] = {side: self._make(side) for side in (LEFT, BELOW)}
        self.items[LEFT].setGrid(255)
        # In the empty corner under the values: the unit of the axis costs no line of its own.
        self.unit = QLabel(unit, view)
        self.unit.setVisible(bool(unit))
        sized(self.unit, letters=10)
        view.viewport().installEventFilter(self)

    def _make(self, side: str) -> Any:
        axis = pg.AxisItem(side)
        axis.linkToView(self._box)
        axis.setStyle(tickLength=0, tickAlpha=255, hideOverlappingLabels=False, autoExpandTextSpace=False)
        axis.setPen(_NO_PEN)
        axis.enableAutoSIPrefix(False)
        # Behind the view box (-100): the grid must not cut the curves.
        axis.setZValue(-1000)
        return axis

    def dress(self, theme: Theme) -> None:
        """Take a theme's inks, and letters as large as they are now."""
        self.items[LEFT].setWidth(px(self._left))
        self.items[BELOW].setHeight(px(self._below))
        for axis in self.items.values():
            axis.setStyle(tickFont=font(_TEXT))
            axis.setTextPen(color(theme.text_faint))
            axis.setTickPen(pg.mkPen(color(theme.grid), width=1))
        self.unit.setStyleSheet(f"color: {theme.text_faint};")
        self._place_unit()

    def show_left(self, ticks: Sequence[Tick], low: float, high: float) -> None:
        """Number the values from `low` to `high`, which the box shows."""
        a_value = _share(self._box.height(), low, high)
        # Clear of the unit in the corner.
        self._show(LEFT, [tick for tick in ticks if (tick[0] - low) * a_value >= px(3)])

    def show_below(self, ticks: Sequence[Tick], low: float, high: float) -> None:
        """Number the epochs from `low` to `high`, which the box shows."""
        a_value, metrics = _share(self._box.width(), low, high), QFontMetricsF(font(_TEXT))
        taken = self.unit.width() + 2 - px(self._left) if self.unit.text() else -px(self._left)

        def begins(tick: Tick) -> float:
            return (tick[0] - low) * a_value - metrics.horizontalAdvance(tick[1]) / 2

        self._show(BELOW, [tick for tick in ticks if begins(tick) >= taken])

    def _show(self, side: str, ticks: list[Tick]) -> None:
        # An axis that is given ticks draws itself anew, which takes a third of the plot's time.
        if self._shown.get(side) != ticks:
            self._shown[side] = ticks
            self.items[side].setTicks([ticks])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The unit keeps to its corner.

        That of the view, not of the plot: a caption that takes a second line lowers the one and not the other.
        """
        if event.type() == QEvent.Type.Resize:
            self._place_unit()
        return super().eventFilter(watched, event)

    def _place_unit(self) -> None:
        self.unit.adjustSize()
        self.unit.move(0, self._view.height() - self.unit.height() - 1)


def _share(extent: float, low: float, high: float) -> float:
    """Pixels of one value."""
    return extent / (high - low) if high > low else 0.0

"""The two plots of a run side by side, their shared zoom, crosshair and smoothing. Knows a History and no process.

Plots are made (and pyqtgraph imported, in a thread) when a history is first shown; they are redrawn at most ten times a second, and only
when something is new and they are seen.
"""

from __future__ import annotations

from importlib import import_module
from time import perf_counter
from types import ModuleType
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.language import tr
from resnet_studio.ui.background import Background
from resnet_studio.ui.curves.history import History, csv_of
from resnet_studio.ui.curves.measures import ACCURACY, CARDS, LOSS, MEMORY, RATE, SPEED, Measure
from resnet_studio.ui.curves.plot_controls import PlotControls
from resnet_studio.ui.curves.plot_menu import PlotMenu
from resnet_studio.ui.curves.plot_saving import PlotSaving, picture_of
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager

if TYPE_CHECKING:
    from resnet_studio.ui.curves.curve_plot import CurvePlot
    from resnet_studio.ui.curves.curves import Curves, Mirror
    from resnet_studio.ui.curves.reduce import Floats

REDRAW_MS = 100
_TALL = 330
_LEAST = 100
# What the two plots show; compared by identity.
_LEARNED, _RATES, _CARDS = (LOSS, ACCURACY), (RATE, SPEED), (CARDS, MEMORY)


def _load() -> ModuleType:
    return import_module("resnet_studio.ui.curves.curve_plot")


class PlotPair(QWidget):
    """Loss and accuracy of one run, live or old.

    Attributes:
        name: whose curves they are, "digits, run 3": files are called so.

    Signals:
        refused(object): the StudioError why a file could not be written.
        told(str): what has been done.
        log_chosen(bool): the user wants logarithmic axes, or plain ones.
    """

    refused = Signal(object)
    told = Signal(str)
    log_chosen = Signal(bool)

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.name = ""
        self._history = History()
        self._drawn = [(0, -1), (0, -1)]
        self._made: list[tuple[object, Curves] | None] = [None, None]
        self._mirrors: dict[str, Mirror] = {}
        self._turn = 0
        self._measures = _LEARNED
        self._plots: tuple[CurvePlot, ...] = ()
        self._range: tuple[float, float] | None = None
        self._pointed: float | None = None
        self._background = Background(self)
        self._timer = QTimer(self)
        self._timer.setInterval(REDRAW_MS // 2)
        self._timer.timeout.connect(self._refresh_one)
        self._place = QWidget(self)
        self._grid = QGridLayout(self._place)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self._menu = PlotMenu(self._make_saving(), lambda: self._history, self)
        self._menu.all_asked.connect(self.reset_view)
        self._menu.rates_asked.connect(self.show_rates)
        self._menu.cards_asked.connect(self.show_cards)
        self._menu.log_asked.connect(self.show_log)
        self._menu.log_asked.connect(self.log_chosen)
        self._waiting = QLabel(tr("Preparing the curves"), self._place)
        self._waiting.setProperty("role", "soft")
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._grid.addWidget(self._waiting, 0, 0, 1, 2)
        # Lower they tell nothing: then the panel scrolls.
        sized(self._place, least_height=_LEAST)
        layout.addWidget(self._place, 1)
        self._controls = self._make_controls()
        layout.addWidget(self._controls)
        # Else what the controls need would be the least of the page, which gives the curves their room.
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)

    def _make_saving(self) -> PlotSaving:
        saving = PlotSaving(
            self,
            self._theme,
            picture=lambda: picture_of(self._place),
            values=lambda: csv_of(self._history),
            name=lambda: self.name,
        )
        saving.refused.connect(self.refused)
        saving.told.connect(self.told)
        return saving

    def _make_controls(self) -> PlotControls:
        bar = PlotControls(self._menu, self)
        self.smoothing, self.show_all, self.show_gauges = bar.smoothing, bar.show_all, bar.show_gauges
        bar.smoothing.valueChanged.connect(self._draw)
        bar.show_all.clicked.connect(self.reset_view)
        return bar

    # --- showing ----------------------------------------------------------------------------------------------------

    def show_history(self, history: History, *, live: bool) -> None:
        """Show a run's curves; `live` ones are looked at again ten times a second."""
        self._history = history
        self._made = [None, None]
        self._mirrors.clear()
        if not history.tells_cards and self._measures is _CARDS:
            self._menu.cards.setChecked(False)
        self._range = None
        self.show_all.setVisible(False)
        self.set_live(live)
        if self._plots:
            self.refresh()
        else:
            # In a thread: here the import would hold the window up for half a second and more.
            self._background.run(_load, self._make_plots)

    def set_live(self, live: bool) -> None:
        """Whether more is coming."""
        if live:
            self._timer.start()
        else:
            self._timer.stop()
            self.refresh()

    def refresh(self) -> None:
        """Draw what is not up to date, if the plots are seen."""
        for number in self._stale():
            self._draw_one(number)

    def _refresh_one(self) -> None:
        """One plot at a turn: whoever waits for the window waits for half as long."""
        stale = self._stale()
        if stale:
            number = self._turn if self._turn in stale else stale[0]
            began = perf_counter()
            self._draw_one(number)
            self._turn = 1 - number
            # A tenth of the time at most, however long the run has become.
            self._timer.setInterval(max(REDRAW_MS // 2, round((perf_counter() - began) * 10_000)))

    def _stale(self) -> list[int]:
        if not self._plots or not self.isVisible():
            return []
        return [number for number, drawn in enumerate(self._drawn) if drawn != self._version]

    @property
    def _version(self) -> tuple[int, int]:
        return id(self._history), self._history.version

    @property
    def plots(self) -> tuple[CurvePlot, ...]:
        """(loss, accuracy), or empty before anything was shown."""
        return self._plots

    def _make_plots(self, module: ModuleType) -> None:
        if self._plots:
            return
        from resnet_studio.ui.curves.curve_plot import CurvePlot

        self._grid.removeWidget(self._waiting)
        self._waiting.hide()
        loss, accuracy = (
            CurvePlot(LOSS, self._theme, self._place),
            CurvePlot(ACCURACY, self._theme, self._place),
        )
        loss.setObjectName("lossPlot")
        loss.setAccessibleName(tr("Loss by epoch, training and validation"))
        accuracy.setObjectName("accuracyPlot")
        accuracy.setAccessibleName(tr("Accuracy in percent by epoch, training and validation"))
        self._plots = (loss, accuracy)
        loss.caption.stand_beside(accuracy.caption)
        for plot in self._plots:
            plot.hovered.connect(self._hover)
            plot.reset_asked.connect(self.reset_view)
            plot.menu_asked.connect(self._menu.popup)
        loss.zoomed.connect(lambda: self._zoom(loss))
        accuracy.zoomed.connect(lambda: self._zoom(accuracy))
        self._arrange()
        self.show_log(self._menu.log.isChecked())
        self._show_measures(self._measures)
        self.refresh()

    def show_rates(self, on: bool) -> None:
        """Show learning rate and throughput instead of loss and accuracy."""
        self._show_measures(_RATES if on else _LEARNED)

    def show_cards(self, on: bool) -> None:
        """Show use and memory of the graphics cards instead of loss and accuracy."""
        self._show_measures(_CARDS if on else _LEARNED)

    def _show_measures(self, measures: tuple[Measure, Measure]) -> None:
        self._measures = measures
        if self._plots:
            for plot, measure in zip(self._plots, measures, strict=True):
                plot.show_measure(measure)
            self._draw()

    def show_log(self, on: bool) -> None:
        """Show loss and learning rate on logarithmic axes, or on plain ones."""
        self._menu.log.setChecked(on)
        for plot in self._plots:
            plot.show_log(on)
        self._draw()

    def _draw(self) -> None:
        for number in range(len(self._plots)):
            self._draw_one(number)

    def _draw_one(self, number: int) -> None:
        self._drawn[number] = self._version
        plot = self._plots[number]
        plot.show_range(*(self._range or self._whole()), redraw=False)
        asked = (self._version, self._measures)
        made = self._made[number]
        if made is None or made[0] != asked:
            made = self._made[number] = (asked, self._curves(number))
        plot.show_curves(made[1], self.smoothing.value() / 100)
        plot.show_cursor(self._pointed)

    def _curves(self, number: int) -> Curves:
        """What the loss plot (0) or the accuracy plot (1) shows."""
        import numpy as np

        from resnet_studio.ui.curves.curves import Curves

        history = self._history
        at = self._mirrored("at")
        if self._measures is _RATES:
            return Curves(at, self._mirrored("speeds" if number else "rates"))
        if self._measures is _CARDS:
            told = self._mirrored("memories") / 1e9 if number else self._mirrored("cards")
            known = np.isfinite(told)
            return Curves(at[known], told[known])
        epochs, best = history.epochs, history.best
        val_at = np.array([float(epoch.epoch) for epoch in epochs])
        mark = next((index for index, epoch in enumerate(epochs) if epoch is best), None)
        five = np.array([], dtype=float)
        if number == 0:
            return Curves(
                at, self._mirrored("loss"), val_at, np.array([epoch.val_loss for epoch in epochs]), five, mark
            )
        if any(epoch.val_top5 is not None for epoch in epochs):
            five = np.array([np.nan if e.val_top5 is None else e.val_top5 * 100 for e in epochs])
        val = np.array([epoch.val_accuracy * 100 for epoch in epochs])
        return Curves(at, self._mirrored("accuracy"), val_at, val, five, mark)

    def _mirrored(self, column: str) -> Floats:
        """A column of the history."""
        from resnet_studio.ui.curves.curves import Mirror

        mirror = self._mirrors.setdefault(column, Mirror())
        return mirror.of(getattr(self._history, column), self._history.cuts)

    # --- zoom and pointer -------------------------------------------------------------------------------------------

    def _whole(self) -> tuple[float, float]:
        history = self._history
        done = max(
            [history.at[-1] if len(history.at) else 0.0, *(float(e.epoch) for e in history.epochs[-1:])]
        )
        end = max(done * 1.02, 0.2)
        return -end * 0.015, end * 1.015

    def _zoom(self, plot: CurvePlot) -> None:
        self._range = plot.x_range
        for other in self._plots:
            if other is not plot:
                other.show_range(*self._range)
        self.show_all.setVisible(True)

    def reset_view(self) -> None:
        """See everything again, and follow the run."""
        self._range = None
        self.show_all.setVisible(False)
        self._draw()

    def _hover(self, at: float | None) -> None:
        self._pointed = at
        for plot in self._plots:
            plot.show_cursor(at)

    # --- arranging --------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Side by side; one above the other where it is tall and narrow."""
        stacked = self.height() > _TALL and self.width() < self.height() * 1.1
        for index, plot in enumerate(self._plots):
            self._grid.addWidget(plot, index if stacked else 0, 0 if stacked else index)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 0 if stacked else 1)

    def minimumSizeHint(self) -> QSize:
        """The curves alone."""
        return self._place.minimumSize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange for the new size; where it is too low for both, the curves need no controls: their menu opens on them."""
        super().resizeEvent(event)
        needed = self._place.minimumHeight() + self._controls.sizeHint().height() + 2
        self._controls.setVisible(self.height() >= needed)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while hidden."""
        super().showEvent(event)
        self.refresh()

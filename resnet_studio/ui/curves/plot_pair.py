"""The two plots of a run side by side, their shared zoom, crosshair and smoothing. Knows a History and no process.

Plots are made (and pyqtgraph imported, in a thread) when a history is first shown. When each is drawn is the matter of `redraws`.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.language import tr
from resnet_studio.ui.background import Background
from resnet_studio.ui.curves.history import History
from resnet_studio.ui.curves.history_csv import csv_of
from resnet_studio.ui.curves.measures import ACCURACY, CARDS, LOSS, MEMORY, RATE, SPEED, Measure
from resnet_studio.ui.curves.plot_controls import PlotControls
from resnet_studio.ui.curves.plot_menu import PlotMenu
from resnet_studio.ui.curves.plot_saving import Picture, PlotSaving
from resnet_studio.ui.curves.redraws import Redraws
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager

if TYPE_CHECKING:
    from resnet_studio.ui.curves.curve_plot import CurvePlot
    from resnet_studio.ui.curves.history_curves import HistoryCurves

_TALL = 330
_LEAST = 100
# What the two plots show.
_LEARNED, _RATES, _CARDS = (LOSS, ACCURACY), (RATE, SPEED), (CARDS, MEMORY)


def _load() -> None:
    import_module("resnet_studio.ui.curves.curve_plot")


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
        self._curves: HistoryCurves | None = None
        self._measures = _LEARNED
        self._plots: tuple[CurvePlot, ...] = ()
        self._range: tuple[float, float] | None = None
        self._pointed: float | None = None
        # The plot whose crosshair is still where the pointer was; it follows in the next turn, as everything does.
        self._behind: int | None = None
        self._follow = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(0)
        self._follow.timeout.connect(self._catch_up)
        self._background = Background(self)
        self._redraws = Redraws(self._draw_one, self._version, self._is_seen, self)
        self._place = QWidget(self)
        self._grid = QGridLayout(self._place)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self._menu = PlotMenu(self._make_saving(), lambda: self._history.tells_cards, self)
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
            picture=self._picture,
            values=lambda: csv_of(self._history),
            name=lambda: self.name,
        )
        saving.refused.connect(self.refused)
        saving.told.connect(self.told)
        return saving

    def _make_controls(self) -> PlotControls:
        bar = PlotControls(self._menu, self)
        self.smoothing, self.show_all, self.show_gauges = bar.smoothing, bar.show_all, bar.show_gauges
        bar.smoothing.valueChanged.connect(self._redraws.ask)
        bar.show_all.clicked.connect(self.reset_view)
        return bar

    # --- showing ----------------------------------------------------------------------------------------------------

    def show_history(self, history: History, *, live: bool) -> None:
        """Show a run's curves; `live` ones are looked at again ten times a second."""
        self._history, self._curves = history, None
        self._redraws.forget()
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
        self._redraws.set_live(live)

    def refresh(self) -> None:
        """Draw what is not up to date, if the plots are seen."""
        self._redraws.refresh()
        self._catch_up()

    def _is_seen(self) -> bool:
        return bool(self._plots) and self.isVisible()

    def _version(self) -> object:
        return self._history, self._history.version

    @property
    def plots(self) -> tuple[CurvePlot, ...]:
        """(loss, accuracy), or empty before anything was shown."""
        return self._plots

    def _make_plots(self, _loaded: None) -> None:
        if self._plots:
            return
        from resnet_studio.ui.curves.curve_plot import CurvePlot

        self._grid.removeWidget(self._waiting)
        self._waiting.hide()
        self._plots = tuple(CurvePlot(measure, self._theme, self._place) for measure in _LEARNED)
        for number, (plot, name) in enumerate(zip(self._plots, ("lossPlot", "accuracyPlot"), strict=True)):
            plot.setObjectName(name)
            plot.hovered.connect(partial(self._hover, number))
            plot.reset_asked.connect(self.reset_view)
            plot.menu_asked.connect(self._menu.popup)
            plot.zoomed.connect(partial(self._zoom, number))
            plot.about_to_be_painted.connect(partial(self._before_paint, number))
        self._plots[0].caption.stand_beside(self._plots[1].caption)
        self._arrange()
        self.refresh()

    def show_rates(self, on: bool) -> None:
        """Show learning rate and throughput instead of loss and accuracy."""
        self._show_measures(_RATES if on else _LEARNED)

    def show_cards(self, on: bool) -> None:
        """Show use and memory of the graphics cards instead of loss and accuracy."""
        self._show_measures(_CARDS if on else _LEARNED)

    def _show_measures(self, measures: tuple[Measure, Measure]) -> None:
        self._measures = measures
        self._redraws.ask()

    def show_log(self, on: bool) -> None:
        """Show loss and learning rate on logarithmic axes, or on plain ones."""
        self._menu.log.setChecked(on)
        self._redraws.ask()

    def _draw_one(self, number: int) -> None:
        """All of it at once: what it shows, of which epochs, on which axis, and how smooth."""
        if self._curves is None:
            from resnet_studio.ui.curves.history_curves import HistoryCurves

            self._curves = HistoryCurves(self._history)
        plot, measure = self._plots[number], self._measures[number]
        plot.show_measure(measure)
        plot.show_log(self._menu.log.isChecked())
        plot.show_range(*(self._range or self._whole()), redraw=False)
        plot.show_curves(self._curves.of(measure), self.smoothing.value() / 100)
        plot.show_cursor(self._pointed)
        if number == self._behind:
            self._behind = None

    def _picture(self) -> Picture:
        """Both plots as they are now, also where one would be drawn in the next turn only."""
        self.refresh()
        return Picture(self._place.size(), lambda painter: self._place.render(painter, QPoint()))

    # --- zoom and pointer -------------------------------------------------------------------------------------------

    def _whole(self) -> tuple[float, float]:
        history = self._history
        done = max(
            [history.at[-1] if len(history.at) else 0.0, *(float(e.epoch) for e in history.epochs[-1:])]
        )
        end = max(done * 1.02, 0.2)
        return -end * 0.015, end * 1.015

    def _zoom(self, number: int) -> None:
        self._range = self._plots[number].x_range
        self._redraws.ask_others(number)
        self.show_all.setVisible(True)

    def reset_view(self) -> None:
        """See everything again, and follow the run."""
        self._range = None
        self.show_all.setVisible(False)
        self._redraws.ask()

    def _hover(self, number: int, at: float | None) -> None:
        # Told twice in a turn by the other one: then that is behind no more.
        self._pointed, self._behind = at, 1 - number
        self._plots[number].show_cursor(at)
        self._follow.start()

    def _catch_up(self) -> None:
        if self._behind is not None:
            behind, self._behind = self._behind, None
            self._plots[behind].show_cursor(self._pointed)

    def _before_paint(self, number: int) -> None:
        self._redraws.before_paint(number)
        if number == self._behind:
            self._catch_up()

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

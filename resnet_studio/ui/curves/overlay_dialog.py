"""The curves of several runs laid over each other, with a list of the runs as the legend. Reads runs, changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr, trn
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import TrainSpec
from resnet_studio.ui.background import Background
from resnet_studio.ui.curves.history import History
from resnet_studio.ui.curves.history_csv import csv_of_runs
from resnet_studio.ui.curves.measures import ACCURACY, LOSS
from resnet_studio.ui.curves.overlay_legend import Entry, Legend, ink_of, told_apart
from resnet_studio.ui.curves.plot_saving import Picture, PlotSaving
from resnet_studio.ui.run_words import percent
from resnet_studio.ui.runs.names import known_as
from resnet_studio.ui.sizing import opened_at
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip
from resnet_studio.ui.widgets.segmented import Segmented

if TYPE_CHECKING:
    from resnet_studio.ui.curves.overlay_plot import Line, OverlayPlot

_PARTS = (
    ("val", tr("Validation"), tr("The validation's values, one an epoch.")),
    ("train", tr("Training"), tr("The training's values, smoothed.")),
)
_SMOOTHING = 0.25


class _Read(NamedTuple):
    """A run as it was read."""

    title: str
    history: History
    spec: TrainSpec


def _read(runs: Sequence[RunFolder]) -> list[_Read]:
    import_module("resnet_studio.ui.curves.overlay_plot")
    return [_Read(known_as(run), History(run.events()), run.spec()) for run in runs]


class OverlayDialog(QDialog):
    """Loss and accuracy of any number of runs.

    Signals:
        log_chosen(bool): the user wants the loss on a logarithmic axis, or on a plain one.
    """

    log_chosen = Signal(bool)

    def __init__(
        self,
        runs: Sequence[RunFolder],
        theme: ThemeManager,
        parent: QWidget | None = None,
        *,
        log: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("overlayDialog")
        self.setAccessibleName(tr("Curves of several runs"))
        self.setWindowTitle(trn("Curves of {count} run", "Curves of {count} runs", len(runs)))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened_at(self, 1000, 480)
        self._theme = theme
        self._runs: list[_Read] = []
        self.plots: tuple[OverlayPlot, ...] = ()
        self._background = Background(self)
        self.strip = NoticeStrip("overlayNotice", self)
        self.part = Segmented(theme, _PARTS, parent=self)
        self.part.setObjectName("overlayPart")
        self.part.setAccessibleName(tr("Which values"))
        self.part.set_value("val")
        self.part.edited.connect(lambda _: self._draw())
        self.legend = Legend(self)
        self.legend.itemChanged.connect(lambda _: self._draw())
        self.log = QCheckBox(tr("Logarithmic loss"), self)
        self.log.setObjectName("overlayLog")
        self.log.setAccessibleName(tr("Logarithmic loss"))
        self.log.setToolTip(tr("Equal steps are equal factors: small losses are told apart."))
        self.log.setChecked(log)
        self.log.toggled.connect(self._choose_log)
        self._lay_out()
        self.strip.say(Message(tr("Reading the runs"), "info", progress=-1.0))
        theme.changed.connect(self._dress)
        self._background.run(lambda: _read(runs), self._show, self._fail)

    # --- making -----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        # Apart from the rest: a picture is taken of it.
        self._place = QWidget(self)
        self._place_row = QHBoxLayout(self._place)
        self._place_row.setContentsMargins(0, 0, 0, 0)
        self._place_row.setSpacing(16)
        options = QHBoxLayout()
        options.addWidget(self.log, 1)
        options.addWidget(self._make_more_button())
        side = QVBoxLayout()
        side.addWidget(self.part)
        side.addLayout(options)
        side.addWidget(self.legend, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._place, 1)
        row.addLayout(side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.addWidget(self.strip)
        layout.addLayout(row, 1)

    def _make_more_button(self) -> QToolButton:
        saving = PlotSaving(
            self,
            self._theme,
            picture=self._picture,
            values=lambda: csv_of_runs([(run.title, run.history) for run in self._shown_runs()]),
            name=lambda: " ".join(run.title for run in self._shown_runs()[:3]),
        )
        saving.refused.connect(self._fail)
        saving.told.connect(lambda words: self.strip.say(Message(words, "info")))
        menu = QMenu(self)
        menu.setObjectName("overlayMenu")
        menu.setAccessibleName(tr("The curves"))
        saving.add_to(menu)
        self.more = QToolButton(self)
        self.more.setText("⋯")
        self.more.setObjectName("overlayMenuButton")
        self.more.setAccessibleName(tr("More to do with the curves"))
        self.more.setToolTip(tr("Copy or save the values, save a picture."))
        self.more.setProperty("role", "quiet")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(menu)
        self.more.setEnabled(False)  # until there is something to take away
        return self.more

    def _fail(self, error: StudioError) -> None:
        self.strip.say(Message(str(error), "bad"))

    def _show(self, runs: list[_Read]) -> None:
        from resnet_studio.ui.curves.overlay_plot import OverlayPlot

        self.strip.say(Message())
        self._runs = runs
        self.plots = (
            OverlayPlot(tr("Loss by epoch"), self._theme, self._place),
            OverlayPlot(tr("Accuracy by epoch, in %"), self._theme, self._place),
        )
        named = (
            ("overlayLoss", tr("Loss of the runs by epoch")),
            ("overlayAccuracy", tr("Accuracy of the runs by epoch")),
        )
        for plot, (name, words) in zip(self.plots, named, strict=True):
            plot.setObjectName(name)
            plot.setAccessibleName(words)
            plot.hovered.connect(self._hover)
            self._place_row.addWidget(plot, 1)
        apart = told_apart([run.spec for run in runs])
        self.legend.show_entries(
            [Entry(run.title, _best(run.history), words) for run, words in zip(runs, apart, strict=True)]
        )
        self.more.setEnabled(True)
        self._dress()

    # --- showing ----------------------------------------------------------------------------------------------------

    def _shown_runs(self) -> list[_Read]:
        return [self._runs[number] for number in self.legend.shown]

    def _dress(self) -> None:
        self.legend.dress(self._theme.theme)
        self._draw()

    def _draw(self) -> None:
        for place, plot in enumerate(self.plots):
            lines = [self._line(number, accuracy=place == 1) for number in self.legend.shown]
            plot.show_lines(lines, log=place == 0 and self.log.isChecked())
        self._hover(None)

    def _choose_log(self, on: bool) -> None:
        self._draw()
        self.log_chosen.emit(on)

    def _line(self, number: int, *, accuracy: bool) -> Line:
        import numpy as np

        from resnet_studio.ui.curves.overlay_plot import Line
        from resnet_studio.ui.curves.reduce import smoothed

        history = self._runs[number].history
        if self.part.value == "train":
            values = np.array(history.accuracy if accuracy else history.loss)
            x, y = smoothed(np.array(history.at), values, _SMOOTHING)
        else:
            x = np.array([float(epoch.epoch) for epoch in history.epochs])
            y = np.array([e.val_accuracy * 100 if accuracy else e.val_loss for e in history.epochs])
        return Line(x, y, *ink_of(self._theme.theme, number))

    def _hover(self, at: float | None) -> None:
        """The values under the pointer, in the legend: there is room for those of many runs."""
        where = ""
        if at is not None:
            whole = self.part.value == "val"  # of the validation there are values of whole epochs
            at = float(max(round(at), 1)) if whole else max(at, 0.0)
            where = f"{at:.0f}" if whole else f"{at:.1f}"
        values = [""] * self.legend.count()
        told = [plot.show_cursor(at) for plot in self.plots]
        for number, loss, accuracy in zip(self.legend.shown, *(told or ([], [])), strict=True):
            if loss is not None and accuracy is not None:
                figures = f"{LOSS.text(loss)} · {ACCURACY.text(accuracy)}"
                values[number] = tr("epoch {epoch}: {figures}", epoch=where, figures=figures)
        self.legend.show_values(values)

    # --- taking away ------------------------------------------------------------------------------------------------

    def _picture(self) -> Picture:
        size, above = self._place.size(), self.legend.painted_height()

        def paint(painter: QPainter) -> None:
            self.legend.paint(painter, size.width(), self._theme.theme)
            painter.translate(0, above)
            self._place.render(painter, QPoint())

        return Picture(QSize(size.width(), size.height() + above), paint)


def _best(history: History) -> str:
    return percent(history.best.val_accuracy) if history.best is not None else tr("no epoch yet")

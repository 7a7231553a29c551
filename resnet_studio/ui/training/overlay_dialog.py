"""The curves of several runs laid over each other, with a list of the runs as the legend. Reads runs, changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr, trn
from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.sizing import opened_at, sized
from resnet_studio.ui.theme import Theme, ThemeManager, color
from resnet_studio.ui.training.background import Background
from resnet_studio.ui.training.history import History
from resnet_studio.ui.training.notice_strip import Message, NoticeStrip
from resnet_studio.ui.training.run_names import known_as
from resnet_studio.ui.training.words import percent
from resnet_studio.ui.widgets.segmented import Segmented

if TYPE_CHECKING:
    from resnet_studio.ui.training.overlay_plot import Line, OverlayPlot

_PARTS = (
    ("val", tr("Validation"), tr("The validation's values, one an epoch.")),
    ("train", tr("Training"), tr("The training's values, smoothed.")),
)
_SMOOTHING = 0.25
_SWATCH = QSize(22, 12)


def inks(theme: Theme) -> tuple[str, ...]:
    """Colours that are told apart, also by most who see few; behind the last they begin anew, dashed."""
    return (theme.train_curve, theme.val_curve, theme.good, theme.resnext, theme.bad, theme.neutral)


def _read(runs: Sequence[RunFolder]) -> list[tuple[str, History]]:
    import_module("resnet_studio.ui.training.overlay_plot")
    return [(known_as(run), History(run.events())) for run in runs]


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
        opened_at(self, 1000, 460)
        self._theme = theme
        self._histories: list[tuple[str, History]] = []
        self.plots: tuple[OverlayPlot, ...] = ()
        self._background = Background(self)
        self.strip = NoticeStrip("overlayNotice", self)
        self.part = Segmented(theme, _PARTS, parent=self)
        self.part.setObjectName("overlayPart")
        self.part.setAccessibleName(tr("Which values"))
        self.part.set_value("val")
        self.part.edited.connect(lambda _: self._draw())
        self.legend = QListWidget(self)
        self.legend.setObjectName("overlayLegend")
        self.legend.setAccessibleName(tr("Runs that are shown"))
        self.legend.setIconSize(_SWATCH)
        self.legend.itemChanged.connect(lambda _: self._draw())
        self.log = QCheckBox(tr("Logarithmic loss"), self)
        self.log.setObjectName("overlayLog")
        self.log.setAccessibleName(tr("Logarithmic loss"))
        self.log.setToolTip(tr("Equal steps are equal factors: small losses are told apart."))
        self.log.setChecked(log)
        self.log.toggled.connect(self._choose_log)
        side = QVBoxLayout()
        side.addWidget(self.part)
        side.addWidget(self.log)
        side.addWidget(self.legend, 1)
        self._row = QHBoxLayout()
        self._row.setSpacing(16)
        self._row.addLayout(side)
        sized(self.legend, width=210)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.addWidget(self.strip)
        layout.addLayout(self._row, 1)
        self.strip.say(Message(tr("Reading the runs"), "info", progress=-1.0))
        theme.changed.connect(self._dress)
        self._background.run(lambda: _read(runs), self._show, self._fail)

    def _fail(self, error: StudioError) -> None:
        self.strip.say(Message(str(error), "bad"))

    def _show(self, histories: list[tuple[str, History]]) -> None:
        from resnet_studio.ui.training.overlay_plot import OverlayPlot

        self.strip.say(Message())
        self._histories = histories
        self.plots = (
            OverlayPlot(tr("Loss by epoch"), self._theme, self),
            OverlayPlot(tr("Accuracy by epoch, in %"), self._theme, self),
        )
        for place, (plot, name) in enumerate(
            zip(self.plots, ("overlayLoss", "overlayAccuracy"), strict=True)
        ):
            plot.setObjectName(name)
            plot.setAccessibleName(
                tr("Loss of the runs by epoch") if place == 0 else tr("Accuracy of the runs by epoch")
            )
            self._row.insertWidget(place, plot, 1)
        for title, history in histories:
            best = percent(history.best.val_accuracy) if history.best is not None else tr("no epoch yet")
            item = QListWidgetItem(f"{title}\n{best}", self.legend)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
        self._dress()

    def _ink(self, number: int) -> tuple[str, bool]:
        known = inks(self._theme.theme)
        return known[number % len(known)], number // len(known) % 2 == 1

    def _dress(self) -> None:
        self.legend.blockSignals(True)
        for number in range(self.legend.count()):
            self.legend.item(number).setIcon(_swatch(*self._ink(number)))
        self.legend.blockSignals(False)
        self._draw()

    def _draw(self) -> None:
        if not self.plots:
            return
        shown = [
            number
            for number in range(self.legend.count())
            if self.legend.item(number).checkState() is Qt.CheckState.Checked
        ]
        for place, plot in enumerate(self.plots):
            lines = [self._line(number, accuracy=place == 1) for number in shown]
            plot.show_lines(lines, log=place == 0 and self.log.isChecked())

    def _choose_log(self, on: bool) -> None:
        self._draw()
        self.log_chosen.emit(on)

    def _line(self, number: int, *, accuracy: bool) -> Line:
        import numpy as np

        from resnet_studio.ui.training.overlay_plot import Line
        from resnet_studio.ui.training.reduce import smoothed

        history = self._histories[number][1]
        if self.part.value == "train":
            values = np.array(history.accuracy if accuracy else history.loss)
            x, y = smoothed(np.array(history.at), values, _SMOOTHING)
        else:
            x = np.array([float(epoch.epoch) for epoch in history.epochs])
            y = np.array([e.val_accuracy * 100 if accuracy else e.val_loss for e in history.epochs])
        ink, dashed = self._ink(number)
        return Line(x, y, ink, dashed)


def _swatch(ink: str, dashed: bool) -> QIcon:
    picture = QPixmap(_SWATCH * 2)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setPen(QPen(color(ink), 3, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
    painter.drawLine(0, _SWATCH.height() // 2, _SWATCH.width(), _SWATCH.height() // 2)
    painter.end()
    return QIcon(picture)

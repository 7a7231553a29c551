"""The dialog of the learning-rate range test: the engine tries the rates, the curve grows, one is taken. Computes nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from resnet_studio.design import files
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.runs.fields import FIELDS
from resnet_studio.runs.initial import Initial, initial_to
from resnet_studio.runs.spec import TrainSpec, spec_to
from resnet_studio.ui.curves.rates_plot import Point, RatesPlot, readable
from resnet_studio.ui.engine_client import Engine
from resnet_studio.ui.engine_dialog import EngineDialog
from resnet_studio.ui.run_words import number
from resnet_studio.ui.runs.names import weights_title
from resnet_studio.ui.sizing import opened_at, sized
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.controls import NumberBox
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip, Offer
from resnet_studio.ui.widgets.tips import plain_tip
from resnet_studio.ui.widgets.wrapped import WrappedLabel

if TYPE_CHECKING:
    from resnet_studio.runs.results import RateTried

_RATE = next(field for field in FIELDS if field.name == "lr")
# A small network tries hundreds of rates a second; ten pictures of them are all that is seen.
_REDRAW_MS = 100


class RatesDialog(EngineDialog):
    """Loss over learning rate, drawn while it is tried, then with the rate to take marked; opened, it begins at once.

    Signals:
        taken(float): the settings shall have this learning rate.
    """

    taken = Signal(float)

    def __init__(
        self,
        design: Design,
        spec: TrainSpec,
        theme: ThemeManager,
        engine: Engine,
        parent: QWidget | None = None,
        *,
        initial: Initial | None,
    ) -> None:
        super().__init__(engine, parent)
        self.setObjectName("ratesDialog")
        self.setWindowTitle(tr("Find the learning rate"))
        self.setAccessibleName(tr("Find the learning rate"))
        opened_at(self, 640, 460)
        self._design, self._spec, self._initial = design, spec, initial
        self._tried: list[Point] = []
        self._highest = 0.0
        # What came since the last picture.
        self._news: dict[str, Any] | None = None
        self._pace = QTimer(self)
        self._pace.setSingleShot(True)
        self._pace.setInterval(_REDRAW_MS)
        self._pace.timeout.connect(self._show_news)
        self.strip = NoticeStrip("ratesNotice", self)
        self.plot = RatesPlot(theme, self)
        self.plot.picked.connect(self._pick)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self._make_about())
        layout.addWidget(self.strip)
        layout.addWidget(self.plot, 1)
        layout.addLayout(self._make_buttons())
        self.look()

    def _make_about(self) -> WrappedLabel:
        words = tr(
            "Each batch is learned at a larger rate, by a network that is thrown away: the loss falls where the rate is right, and "
            "leaves where it is too large (Smith 2015). A tenth of where it is lowest is a good rate."
        )
        if self._initial is None:
            begins = tr("It begins with fresh weights; all settings of the run hold but rate and schedule.")
        else:
            begins = tr(
                "It begins with {weights}; all settings of the run hold but rate and schedule.",
                weights=weights_title(self._initial.source),
            )
        about = WrappedLabel(f"{words} {begins}", self)
        about.setObjectName("ratesAbout")
        about.setProperty("role", "soft")
        about.setToolTip(
            plain_tip(
                tr(
                    "The loss is smoothed: each step counts 0.9 times as much as the one after it (fastai: 0.98). So the curve trails by "
                    "about nine steps, in which the rate grows threefold; a tenth of where it is lowest makes up for that too."
                )
            )
        )
        return about

    def _make_buttons(self) -> QHBoxLayout:
        self.rate = NumberBox(self)
        self.rate.setObjectName("ratesRate")
        self.rate.setRange(_RATE.low, _RATE.high)
        self.rate.setValue(self._spec.lr)
        self.rate.setAccessibleName(tr("Learning rate to take"))
        self.rate.setToolTip(tr("The rate that is marked; a click on the curve marks another."))
        self.rate.lineEdit().setTextMargins(8, 0, 0, 0)
        sized(self.rate, width=110)
        self.rate.valueChanged.connect(self._mark)
        words = QLabel(tr("Learning rate"), self)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setBuddy(self.rate)
        self.take_button = QPushButton(tr("Use this rate"), self)
        self.take_button.setObjectName("ratesTakeButton")
        self.take_button.setAccessibleName(tr("Use this rate"))
        self.take_button.setToolTip(tr("Put it into the settings of the run."))
        self.take_button.setProperty("role", "primary")
        self.take_button.setDefault(True)
        self.take_button.clicked.connect(self._take)
        close = QPushButton(tr("Close"), self)
        close.setObjectName("ratesCloseButton")
        close.setAccessibleName(tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(words)
        row.addWidget(self.rate)
        row.addStretch(1)
        row.addWidget(close)
        row.addWidget(self.take_button)
        return row

    # --- trying -------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Let the engine try the rates."""
        self._give_up()
        self._offer(False)
        self._tried = []
        self.plot.show_points((), None)
        self._say_progress(tr("Waiting for the engine."), -1.0)
        self._asked = self._engine.request(
            "rates", self._show, self._failed, self._progressed, design=files.dumps(self._design), spec=spec_to(self._spec),
            initial=None if self._initial is None else initial_to(self._initial),
        )  # fmt: skip

    def _offer(self, on: bool) -> None:
        self.rate.setEnabled(on)
        self.take_button.setEnabled(on)

    def _say_progress(self, words: str, share: float) -> None:
        cancel = Offer(tr("Cancel"), "ratesCancelButton", self._cancel, tr("Try no more rates."))
        self.strip.say(Message(words, "info", (cancel,), share))

    def _progressed(self, value: dict[str, Any]) -> None:
        step: RateTried | None = value.get("value")
        if step is not None:
            self._tried.append((float(step["rate"]), float(step["loss"])))
            self._highest = float(step["highest"])
        self._news = value
        if not self._pace.isActive():
            self._show_news()

    def _show_news(self) -> None:
        value, self._news = self._news, None
        if value is None:
            return
        self._pace.start()
        done, total = int(value["done"]), int(value["total"])
        words = tr("Trying learning rates: {done} of {total}", done=done, total=total)
        self._say_progress(words, done / total if total else -1.0)
        if self._tried:
            self.plot.show_growing(self._tried, self._highest)

    def _give_up(self) -> None:
        """What was told already is not shown any more either."""
        self._rest()
        super()._give_up()

    def _rest(self) -> None:
        self._news = None
        self._pace.stop()

    def _cancel(self) -> None:
        self._give_up()
        self._say_again(tr("Cancelled; nothing was changed."), "info")

    def _failed(self, error: StudioError) -> None:
        self._asked = None
        self._rest()
        self._say_again(str(error), "bad")

    def _say_again(self, words: str, tone: str) -> None:
        again = Offer(tr("Try again"), "ratesAgainButton", self.look, tr("Try the rates from the first."))
        self.strip.say(Message(words, tone, (again,)))

    def _show(self, value: dict[str, Any]) -> None:
        self._asked = None
        self._rest()
        points = [(float(rate), float(loss)) for rate, loss in value["points"]]
        found = value["suggestion"]
        if found is None:
            self.plot.show_points(points, None)
            self._say_again(tr("The loss never fell: look at the data and the drawing."), "warn")
            return
        # Two digits are more than such a test can tell.
        rate = min(max(readable(float(found)), _RATE.low), _RATE.high)
        self.plot.show_points(points, rate)
        self.rate.setValue(rate)
        self._offer(True)
        self.take_button.setFocus()
        words = tr(
            "Suggested: {rate}, a tenth of where the loss was lowest. The settings have {now}.",
            rate=number(rate),
            now=number(self._spec.lr),
        )
        self.strip.say(Message(words, "info"))

    # --- taking -------------------------------------------------------------------------------------------------------

    def _pick(self, rate: float) -> None:
        if self.rate.isEnabled():
            self.rate.setValue(rate)

    def _mark(self, rate: float) -> None:
        self.plot.mark(rate)
        self.take_button.setEnabled(rate > 0)

    def _take(self) -> None:
        self.taken.emit(self.rate.value())
        self.accept()

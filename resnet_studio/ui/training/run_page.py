"""The page of a run, live or old: arranges progress, what is said of it, and its curves by the room there is. Changes no run."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.curves.history import History
from resnet_studio.ui.curves.plot_pair import PlotPair
from resnet_studio.ui.runs.names import known_as
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.training.progress import gauge_words
from resnet_studio.ui.training.run_messages import RunMessages
from resnet_studio.ui.training.runner import Runner
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip, Offer

_LOW = 280
# Lower than this, a strip would leave the curves nothing.
_TIGHT = 142


class RunPage(QWidget):
    """Shows what a Runner has; `waits` tells whether a run waits for its turn in the queue.

    Attributes:
        messages: tells what is said beside the curves, and what the user asked for there.
        plots: the curves.

    Signals:
        next_changed(): `next_step` is another: the likeliest next step where the strip has no room to offer it, or None.
    """

    next_changed = Signal()

    def __init__(
        self,
        runner: Runner,
        theme: ThemeManager,
        parent: QWidget | None = None,
        *,
        waits: Callable[[RunFolder | None], bool] = lambda _: False,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self.messages = RunMessages(runner, waits, self)
        self.progress = QProgressBar(self)
        self.progress.setObjectName("trainProgress")
        self.progress.setAccessibleName(tr("Progress of the run"))
        self.progress.setTextVisible(False)
        self.progress.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.progress.setRange(0, 1000)
        self.strip = NoticeStrip("runNotice", self)
        self.plots = PlotPair(theme, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.progress)
        layout.addWidget(self.strip)
        layout.addWidget(self.plots, 1)
        runner.changed.connect(self._changed)
        runner.arrived.connect(self._arrived)
        self._shown: History | None = None
        self._crowded = self._tight = False
        self.next_step: Offer | None = None
        # Else a strip would be among the least of the page, and the panel would scroll where the strip can give way.
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)

    def make_room(self, wanted: bool) -> None:
        """A strip stands above this page: where it is low, what the header or the menus say too gives its room to the curves."""
        if wanted != self._crowded:
            self._crowded = wanted
            self._changed()

    @property
    def _is_crowded(self) -> bool:
        return self._crowded and self.height() < px(_LOW)

    def _say(self, message: Message) -> None:
        gives_way = message.tone == "info" and (self._tight or self._is_crowded)
        self.strip.say(Message() if gives_way else message)
        self.updateGeometry()
        before, self.next_step = self.next_step, _next_step(message) if gives_way else None
        if _words(before) != _words(self.next_step):
            self.next_changed.emit()

    def minimumSizeHint(self) -> QSize:
        """Progress and curves, and what went wrong; what only tells gives way."""
        parts = [part for part in (self.progress, self.strip, self.plots) if not part.isHidden()]
        kept = [part for part in parts if part is not self.strip or self.strip.tone != "info"]
        least = (min(part.minimumSizeHint().height(), part.maximumHeight()) for part in kept)
        high = sum(least) + 6 * (len(kept) - 1)
        return QSize(max(part.minimumSizeHint().width() for part in parts), high)

    def refresh(self) -> None:
        """Whether the run waits in the queue may be another."""
        if not self._runner.is_running:
            self._say(self.messages.message())

    def _changed(self) -> None:
        runner = self._runner
        if runner.history is not self._shown:
            self._shown = runner.history
            self.plots.name = known_as(runner.run) if runner.run else ""
            self.plots.show_history(runner.history, live=runner.is_running)
        else:
            self.plots.set_live(runner.is_running)
        self._arrived()
        self._say(self.messages.message())

    def _arrived(self) -> None:
        runner = self._runner
        waiting = runner.is_running and (runner.history.started is None or bool(runner.history.phase))
        # An unmeasured bar while torch is loading or compiling: nobody knows how long.
        self.progress.setRange(0, 0 if waiting else 1000)
        self.progress.setValue(round(runner.history.progress * 1000))
        self.progress.setVisible(runner.is_running and not self._is_crowded)
        self.plots.show_gauges(gauge_words(runner.history))
        if runner.is_running and runner.history.notices:
            self._say(self.messages.message())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is low, the curves get the room: the strip stands compact."""
        super().resizeEvent(event)
        self.strip.set_compact(self.height() < px(_LOW))
        before, self._tight = self._tight, self.height() < px(_TIGHT)
        if self._crowded or self._tight != before:
            self._changed()


def _next_step(message: Message) -> Offer | None:
    return next((offer for offer in message.offers if offer.primary), None)


def _words(offer: Offer | None) -> str:
    return "" if offer is None else offer.words

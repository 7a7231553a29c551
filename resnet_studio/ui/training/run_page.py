"""The page of a run, live or old: progress, plots, gauges, and how it ended. Reads a Runner, changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.language import tr, trn
from resnet_studio.runs.events import Failed, Finished, Stopped
from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.curves.history import History
from resnet_studio.ui.curves.plot_pair import PlotPair
from resnet_studio.ui.format import THIN, size, thousands
from resnet_studio.ui.run_words import duration, percent, rate
from resnet_studio.ui.runs.names import known_as
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.training.runner import Runner
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip, Offer

_LOW = 280
# Lower than this, a strip would leave the curves nothing.
_TIGHT = 142


def progress_words(history: History) -> str:
    """ "epoch 9/12 · 0:14 left · 1 284 img/s", as far as it is known."""
    started, step = history.started, history.last_step
    if started is None:
        return tr("starting: loading the network and the data")
    total = started.spec.epochs
    if step is None or history.phase:
        epochs = history.epochs[-1].epoch if history.epochs else 0
        words = [tr("epoch {epoch}/{epochs}", epoch=min(epochs + 1, total), epochs=total), history.phase]
        return " · ".join(word for word in words if word)
    words = [tr("epoch {epoch}/{epochs}", epoch=step.epoch, epochs=total)]
    # What a narrow header leaves out stands last.
    left = history.time_left
    if left is not None:
        words.append(tr("{time} left", time=duration(left)))
    if isfinite(step.images_per_second):
        words.append(tr("{speed} img/s", speed=thousands(round(step.images_per_second))))
    return " · ".join(words)


def gauge_words(history: History) -> str:
    """ "lr 0.045 · 412 MB · RTX 4090 · GPU 87 %, 3.2 GB of 24 GB", as far as it is known."""
    words: list[str] = []
    if history.last_step is not None:
        # What the run is at now; when it has ended, the learning rate tells nothing any more.
        if history.ending is None:
            words.append(tr("lr {rate}", rate=rate(history.last_step.lr)))
        words.append(size(history.last_step.memory_bytes))
    if history.started is not None:
        words.append(history.started.device_label)
    # Last, which is what a narrow panel keeps.
    if history.ending is None and (cards := cards_words(history)):
        words.append(cards)
    return " · ".join(words)


def cards_words(history: History) -> str:
    """ "GPU 87 %, 3.2 GB of 24 GB", of several cards their mean and the fullest; nothing where nobody tells."""
    step, started = history.last_step, history.started
    words: list[str] = []
    if step is not None and step.gpu_percent:
        share = round(sum(step.gpu_percent) / len(step.gpu_percent))
        words.append(f"{share}{THIN}%")
    used = step.gpu_memory_bytes if step is not None else None
    totals = started.gpu_total_bytes if started is not None else None
    if used and totals and len(used) == len(totals):
        taken, whole = max(zip(used, totals, strict=True), key=lambda card: card[0] / max(card[1], 1))
        words.append(tr("{used} of {whole}", used=size(taken), whole=size(whole)))
    if not words:
        return ""
    many = len((step.gpu_percent if step is not None else None) or used or ())
    return trn("GPU {figures}", "{count} GPUs {figures}", many, figures=", ".join(words))


def best_value(history: History) -> str:
    """ "best 98.6 %", or nothing before the first epoch."""
    return "" if history.best is None else tr("best {accuracy}", accuracy=percent(history.best.val_accuracy))


def best_words(history: History) -> str:
    """ "best 98.6 % in epoch 14", or nothing before the first epoch."""
    best = history.best
    return (
        ""
        if best is None
        else tr("best {accuracy} in epoch {epoch}", accuracy=percent(best.val_accuracy), epoch=best.epoch)
    )


def state_words(runner: Runner) -> str:
    """How a run that does not train stands, in so few words that a small window has room for them."""
    history = runner.history
    total = history.started.spec.epochs if history.started else 0
    where = tr("epoch {epoch}/{epochs}", epoch=len(history.epochs), epochs=total) if total else ""
    begun = history.started is not None or runner.outcome is not None
    state = {Finished: tr("finished"), Stopped: tr("stopped"), Failed: tr("failed")}.get(
        type(history.ending), tr("interrupted") if begun else tr("not started")
    )
    if isinstance(history.ending, Finished):
        where = ""
    return " · ".join(part for part in (state, best_value(history), where) if part)


class RunPage(QWidget):
    """Shows what a Runner has; `waits` tells whether a run waits for its turn in the queue.

    Signals:
        resume_asked(), export_asked(), evaluate_asked(), log_asked(), retry_asked(), stop_asked(): the user pressed that button in the strip.
        next_changed(): `next_step` is another: the likeliest next step where the strip has no room to offer it, or None.
    """

    resume_asked = Signal()
    export_asked = Signal()
    evaluate_asked = Signal()
    log_asked = Signal()
    retry_asked = Signal()
    stop_asked = Signal()
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
        self._runner, self._waits = runner, waits
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
            self._say(self._message())

    def _changed(self) -> None:
        runner = self._runner
        if runner.history is not self._shown:
            self._shown = runner.history
            self.plots.name = known_as(runner.run) if runner.run else ""
            self.plots.show_history(runner.history, live=runner.is_running)
        else:
            self.plots.set_live(runner.is_running)
        self._arrived()
        self._say(self._message())

    def _arrived(self) -> None:
        runner = self._runner
        waiting = runner.is_running and (runner.history.started is None or bool(runner.history.phase))
        # An unmeasured bar while torch is loading or compiling: nobody knows how long.
        self.progress.setRange(0, 0 if waiting else 1000)
        self.progress.setValue(round(runner.history.progress * 1000))
        self.progress.setVisible(runner.is_running and not self._is_crowded)
        self.plots.show_gauges(gauge_words(runner.history))
        if runner.is_running and runner.history.notices and not runner.is_stopping and not runner.is_paused:
            self._say(Message(runner.history.notices[-1], "info"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is low, the curves get the room: the strip stands compact."""
        super().resizeEvent(event)
        self.strip.set_compact(self.height() < px(_LOW))
        before, self._tight = self._tight, self.height() < px(_TIGHT)
        if self._crowded or self._tight != before:
            self._changed()

    # --- how it ended -----------------------------------------------------------------------------------------------

    def _message(self) -> Message:
        runner, history = self._runner, self._runner.history
        if runner.is_stopping:
            return Message(tr("Stopping: the step ends and a checkpoint is written."), "info")
        if runner.is_paused and history.paused is not None:
            return Message(f"{history.paused.what} {history.paused.remedy}", "bad", self._ways_out())
        if runner.run is None or runner.is_running:
            return Message(history.notices[-1] if history.notices and runner.is_running else "")
        if isinstance(history.ending, Finished) and (runner.outcome is None or runner.outcome.ok):
            took = duration(history.ending.seconds)
            best = best_words(history)
            words = tr("Finished in {time}: no epoch was validated.", time=took)
            if best:
                words = tr("Finished in {time}: {best}.", time=took, best=best)
            short = tr("Finished in {time}: {best}.", time=took, best=best_value(history))
            shorter = (short, best_value(history).capitalize())
            offers = (self._evaluate_offer(), self._export_offer(primary=True))
            return Message(words, "info", offers, shorter=shorter if history.best else ())
        if self._waits(runner.run):
            return Message(tr("This run waits for its turn in the queue."), "info")
        if runner.was_forced:
            words = tr("The training process did not answer and was ended by force.")
            return Message(f"{words} {self._kept()}", "warn", self._ways_on())
        if isinstance(history.ending, Stopped):
            kept = self._kept()
            return Message(
                tr("Stopped. {kept}", kept=kept),
                "info",
                self._ways_on(log=False),
                shorter=(kept, self._done()),
            )
        return self._failure()

    def _failure(self) -> Message:
        outcome, ending = self._runner.outcome, self._runner.history.ending
        if isinstance(ending, Failed):
            what, remedy = ending.what, ending.remedy
        elif outcome is not None:
            what, remedy = outcome.title, outcome.advice
        elif self._runner.history.started is None:
            return Message(tr("This run has not begun."), "info", self._ways_on())
        else:
            what, remedy = tr("This run was interrupted."), self._kept()
        # What Python says of a bug ends anyhow.
        ended = what if what[-1:] in ".!?…" else f"{what}."
        return Message(f"{ended} {remedy}".strip(), "bad", self._ways_on())

    def _kept(self) -> str:
        if not self._has_checkpoint():
            return tr("No checkpoint yet.")
        epochs = len(self._runner.history.epochs)
        return trn(
            "A checkpoint is kept; {count} epoch is done.",
            "A checkpoint is kept; {count} epochs are done.",
            epochs,
        )

    def _done(self) -> str:
        return trn("{count} epoch done", "{count} epochs done", len(self._runner.history.epochs))

    def _has_checkpoint(self) -> bool:
        run = self._runner.run
        return run is not None and run.checkpoints.is_dir() and any(run.checkpoints.iterdir())

    def _ways_on(self, *, log: bool = True) -> tuple[Offer, ...]:
        offers: list[Offer] = []
        if log:
            offers.append(
                Offer(
                    tr("Show log"),
                    "showLogButton",
                    self.log_asked.emit,
                    tr("What the training process wrote."),
                )
            )
        elif self._has_checkpoint():
            offers += [self._evaluate_offer(), self._export_offer(primary=False)]
        if self._runner.can_resume:
            meaning = (
                tr("Go on from the last checkpoint.")
                if self._has_checkpoint()
                else tr("Start this run again.")
            )
            begun = self._runner.history.started is not None or self._runner.outcome is not None
            offers.append(
                Offer(
                    tr("Resume") if begun else tr("Start"),
                    "resumeButton",
                    self.resume_asked.emit,
                    meaning,
                    primary=True,
                )
            )
        return tuple(offers)

    def _ways_out(self) -> tuple[Offer, ...]:
        again = tr("Write again what the disk did not take, and go on.")
        stop = tr("End the run; its last checkpoint is kept.")
        offers = [Offer(tr("Stop"), "stopPausedButton", self.stop_asked.emit, stop)]
        # Who trains elsewhere tries again by itself, or asks there.
        if not self._runner.is_followed:
            offers.append(Offer(tr("Try again"), "retryButton", self.retry_asked.emit, again, primary=True))
        return tuple(offers)

    def _evaluate_offer(self) -> Offer:
        meaning = tr("Confusion matrix, accuracy of each class, the worst predictions.")
        return Offer(tr("Evaluate…"), "evaluateRunButton", self.evaluate_asked.emit, meaning, spare=True)

    def _export_offer(self, *, primary: bool) -> Offer:
        export: Callable[[], None] = self.export_asked.emit
        return Offer(
            tr("Export…"),
            "exportRunButton",
            export,
            tr("Write the trained network as a .pt file."),
            primary=primary,
            spare=not primary,
        )


def _next_step(message: Message) -> Offer | None:
    return next((offer for offer in message.offers if offer.primary), None)


def _words(offer: Offer | None) -> str:
    return "" if offer is None else offer.words

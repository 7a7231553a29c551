"""What there is to say of a run beside its curves, and what can be done: how it ended, why it waits. Changes nothing; knows no widget."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from resnet_studio.language import tr, trn
from resnet_studio.runs.events import Failed, Finished, Stopped
from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.run_words import duration
from resnet_studio.ui.training.progress import best_value, best_words
from resnet_studio.ui.training.runner import Runner
from resnet_studio.ui.widgets.notice_strip import Message, Offer


class RunMessages(QObject):
    """Messages about the run of a Runner.

    Args:
        waits: whether a run waits for its turn in the queue.

    Signals:
        resume_asked(), export_asked(), evaluate_asked(), log_asked(), retry_asked(), stop_asked(): the user took that offer.
    """

    resume_asked = Signal()
    export_asked = Signal()
    evaluate_asked = Signal()
    log_asked = Signal()
    retry_asked = Signal()
    stop_asked = Signal()

    def __init__(self, runner: Runner, waits: Callable[[RunFolder | None], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._waits = runner, waits

    def message(self) -> Message:
        """What is to be said now; of a run that trains its newest notice."""
        runner, history = self._runner, self._runner.history
        if runner.is_stopping:
            return Message(tr("Stopping: the step ends and a checkpoint is written."), "info")
        if runner.is_paused and history.paused is not None:
            return Message(f"{history.paused.what} {history.paused.remedy}", "bad", self._ways_out())
        if runner.is_held:
            words = tr("Paused: nothing is computed, and its memory stays taken. A checkpoint is kept.")
            return Message(words, "info", shorter=(tr("Paused; a checkpoint is kept."),))
        if runner.run is None:
            return Message()
        if runner.is_running:
            return Message(history.notices[-1] if history.notices else "", "info")
        return self._ended()

    # --- how it ended -----------------------------------------------------------------------------------------------

    def _ended(self) -> Message:
        runner, ending = self._runner, self._runner.history.ending
        if isinstance(ending, Finished) and (runner.outcome is None or runner.outcome.ok):
            return self._finished(ending)
        if self._waits(runner.run):
            return Message(tr("This run waits for its turn in the queue."), "info")
        if runner.was_forced:
            words = tr("The training process did not answer and was ended by force.")
            return Message(f"{words} {self._kept()}", "warn", self._ways_on())
        if isinstance(ending, Stopped):
            kept = self._kept()
            words = tr("Stopped. {kept}", kept=kept)
            return Message(words, "info", self._ways_on(log=False), shorter=(kept, self._done()))
        if isinstance(ending, Failed):
            return self._failed(ending.what, ending.remedy)
        if runner.outcome is not None:
            return self._failed(runner.outcome.title, runner.outcome.advice)
        if not runner.has_begun:
            return Message(tr("This run has not begun."), "info", self._ways_on())
        return self._failed(tr("This run was interrupted."), self._kept())

    def _finished(self, ending: Finished) -> Message:
        history, took = self._runner.history, duration(ending.seconds)
        offers = (self._evaluate_offer(), self._export_offer(primary=True))
        if history.best is None:
            return Message(tr("Finished in {time}: no epoch was validated.", time=took), "info", offers)
        words = tr("Finished in {time}: {best}.", time=took, best=best_words(history))
        short = tr("Finished in {time}: {best}.", time=took, best=best_value(history))
        return Message(words, "info", offers, shorter=(short, best_value(history).capitalize()))

    def _failed(self, what: str, remedy: str) -> Message:
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

    # --- what can be done -------------------------------------------------------------------------------------------

    def _ways_on(self, *, log: bool = True) -> tuple[Offer, ...]:
        """After an end that was not the last epoch's; `log` where it tells why."""
        offers: list[Offer] = []
        if log:
            meaning = tr("What the training process wrote.")
            offers.append(Offer(tr("Show log"), "showLogButton", self.log_asked.emit, meaning))
        elif self._has_checkpoint():
            offers += [self._evaluate_offer(), self._export_offer(primary=False)]
        if self._runner.can_resume:
            offers.append(self._resume_offer())
        return tuple(offers)

    def _ways_out(self) -> tuple[Offer, ...]:
        """While it waits for the disk."""
        again = tr("Write again what the disk did not take, and go on.")
        stop = tr("End the run; its last checkpoint is kept.")
        offers = [Offer(tr("Stop"), "stopPausedButton", self.stop_asked.emit, stop)]
        # Who trains elsewhere tries again by itself, or asks there.
        if not self._runner.is_followed:
            offers.append(Offer(tr("Try again"), "retryButton", self.retry_asked.emit, again, primary=True))
        return tuple(offers)

    def _resume_offer(self) -> Offer:
        meaning = tr("Start this run again.")
        if self._has_checkpoint():
            meaning = tr("Go on from the last checkpoint.")
        words = tr("Resume") if self._runner.has_begun else tr("Start")
        return Offer(words, "resumeButton", self.resume_asked.emit, meaning, primary=True)

    def _evaluate_offer(self) -> Offer:
        meaning = tr("Confusion matrix, accuracy of each class, the worst predictions.")
        return Offer(tr("Evaluate…"), "evaluateRunButton", self.evaluate_asked.emit, meaning, spare=True)

    def _export_offer(self, *, primary: bool) -> Offer:
        meaning, ask = tr("Write the trained network as a .pt file."), self.export_asked.emit
        return Offer(tr("Export…"), "exportRunButton", ask, meaning, primary=primary, spare=not primary)

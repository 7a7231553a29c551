"""A thread that follows a run which another process trains: its events in batches, its end, a request to stop. Knows no widget."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, QThread, Signal

from resnet_studio.design.errors import StudioError
from resnet_studio.runs import requests
from resnet_studio.runs.ending import end_at_once
from resnet_studio.runs.events import Failed
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.following import EventReader, Pauses, outcome_of
from resnet_studio.runs.outcome import Outcome

_LOOK_SECONDS = 0.2


class RunFollower(QThread):
    """Follows one run from all that it has said to its Outcome. Start it with `start()`; it works once.

    Signals:
        batched(list): the Events since the last batch, at most five times a second.
        restarted(): the run's file was cut back; what comes next is everything from the beginning.
        ended(object): the Outcome, as the folder tells it; nothing comes after it.
    """

    batched = Signal(list)
    restarted = Signal()
    ended = Signal(object)

    def __init__(self, run: RunFolder, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("RunFollower")
        self._run = run
        self._stop_asked = self._forced = self._left = False
        self._wake = threading.Event()

    @property
    def pid(self) -> int | None:
        """The process that trains, where it says so and is one of this machine."""
        holder = self._run.holder()
        return holder.pid if holder is not None and holder.is_here else None

    @property
    def is_stopping(self) -> bool:
        """Whether somebody asked for a stop."""
        return self._stop_asked

    @property
    def was_forced(self) -> bool:
        """Whether it was ended without a checkpoint."""
        return self._forced

    def stop(self, grace: float | None = None, _firm: float | None = None) -> None:
        """Ask the run to stop; with no `grace` at all, end it. However long it takes otherwise: it is not our child."""
        self._stop_asked = True
        self._forced = grace == 0.0
        self._wake.set()

    def retry(self) -> None:
        """A run without a window tries again by itself, or asks where it was started."""

    def leave(self) -> None:
        """Follow no longer; the run goes on. Returns when the thread has ended."""
        self._left = True
        self._wake.set()
        self.wait()

    def run(self) -> None:
        """The thread's work; called by Qt."""
        try:
            self._follow()
            outcome = outcome_of(self._run)
        except StudioError as error:
            outcome = Outcome(code=1, last=Failed(what=error.what, remedy=error.remedy))
        if not self._left:
            self.ended.emit(outcome)

    def _follow(self) -> None:
        reader, pauses, over = EventReader(self._run), Pauses(self._run), False
        while not self._left:
            said, again = reader.read()
            if again:
                self.restarted.emit()
            if heard := [*said, *pauses.look(said)]:
                self.batched.emit(heard)
            if over:
                return
            # One more round after its end: what it wrote last came before it let go of its lock.
            over = not self._run.is_running()
            if not over:
                self._pass_on()
                self._wake.wait(_LOOK_SECONDS)
                self._wake.clear()

    def _pass_on(self) -> None:
        if self._forced:
            end_at_once(self._run)
        elif self._stop_asked and not requests.stop_is_asked(self._run):
            requests.ask_to_stop(self._run)

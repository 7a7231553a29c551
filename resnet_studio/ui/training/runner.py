"""The one run of the window: started, resumed, stopped, followed, or an old one looked at. Knows no widget.

A run that is looked at and a run that trains have the same History, so its curves go on when it is resumed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QObject, Signal

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.runs import requests
from resnet_studio.runs.child import train_command
from resnet_studio.runs.events import Event, Finished
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.outcome import Outcome
from resnet_studio.runs.spec import TrainSpec
from resnet_studio.ui.background import Background
from resnet_studio.ui.curves.history import History
from resnet_studio.ui.training.follower import RunFollower
from resnet_studio.ui.training.supervisor import RunSupervisor

_CLOSING_GRACE_SECONDS = 6.0
_CLOSING_FIRM_SECONDS = 2.0


class Runner(QObject):
    """Holds at most one child, and the run that the window shows; another process may train that too, and is followed.

    Signals:
        changed(): another run, or it started, waits, goes on, is stopping, or ended.
        arrived(): events came; `history` has them already.
        failed(object): a StudioError; nothing else is another than before.
    """

    changed = Signal()
    arrived = Signal()
    failed = Signal(object)

    def __init__(
        self, parent: QObject | None = None, *, command: Callable[[RunFolder], Sequence[str]] = train_command
    ) -> None:
        super().__init__(parent)
        self._command = command
        self._supervisor: RunSupervisor | RunFollower | None = None
        self._background = Background(self)
        self.run: RunFolder | None = None
        self.history = History()
        self.outcome: Outcome | None = None
        self.was_forced = False
        self._pause_asked = False

    @property
    def is_running(self) -> bool:
        """Whether the run that is shown trains now, here or elsewhere."""
        return self._supervisor is not None

    @property
    def is_followed(self) -> bool:
        """Whether another process trains it, which goes on without us."""
        return isinstance(self._supervisor, RunFollower)

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to stop and has not ended yet."""
        return self._supervisor is not None and self._supervisor.is_stopping

    @property
    def is_paused(self) -> bool:
        """Whether the run waits until somebody says to try again, or to stop."""
        return self.is_running and not self.is_stopping and self.history.paused is not None

    @property
    def has_begun(self) -> bool:
        """Whether a process has ever worked at the run that is shown."""
        return self.history.started is not None or self.outcome is not None

    @property
    def is_held(self) -> bool:
        """Whether somebody paused it, and it waits until it is told to go on."""
        return self.is_running and not self.is_stopping and self.history.held is not None

    @property
    def is_pausing(self) -> bool:
        """Whether it was asked to pause and has not come to the end of its step yet."""
        return self._pause_asked and self.can_pause

    @property
    def can_pause(self) -> bool:
        """Whether it takes steps, between which it can wait."""
        begun = self.is_running and not self.is_stopping and self.history.started is not None
        return begun and not self.is_paused and not self.is_held

    @property
    def can_resume(self) -> bool:
        """Whether the run that is shown can go on."""
        if self.is_held:
            return True
        if self.run is None or self.is_running or isinstance(self.history.ending, Finished):
            return False
        return self.history.started is not None or self.outcome is None

    @property
    def pid(self) -> int | None:
        """The process id of who trains it."""
        return None if self._supervisor is None else self._supervisor.pid

    # --- doing ------------------------------------------------------------------------------------------------------

    def start(self, design: Design, spec: TrainSpec, initial: Initial | None = None) -> None:
        """A new run of a design, that begins with these weights or with fresh ones.

        Raises:
            StudioError: its folder cannot be made.
        """
        run = RunFolder.create(design, spec, initial=initial)
        self.run, self.history = run, History()
        self._launch()

    def resume(self) -> None:
        """Go on with the run that is shown: where it waits, or from its last checkpoint."""
        if self.is_held:
            self._ask(requests.ask_to_go_on)
        elif self.can_resume:
            self._launch()

    def show(self, run: RunFolder, *, then: Callable[[], None] | None = None) -> None:
        """Look at a run: an old one, or one that another process trains. Our own child is only looked back to."""
        if self.is_running and (run == self.run or not self.is_followed):
            if run != self.run:
                self.failed.emit(
                    StudioError(tr("Another run is training."), tr("Stop it first, then open this one."))
                )
            return

        def opened(history: History | None) -> None:
            if history is None:
                self.follow(run)
                return
            self._leave()
            self.run, self.history, self.outcome = run, history, None
            self.was_forced = False
            self.changed.emit()
            if then is not None:
                then()

        self._background.run(lambda: _history(run), opened, self.failed.emit)

    def follow(self, run: RunFolder) -> None:
        """Show a run that another process trains, from its first event on, as it goes on."""
        self._background.forget()
        self._leave()
        self.run, self.history, self.outcome, self.was_forced = run, History(), None, False
        follower = RunFollower(run, parent=self)
        follower.restarted.connect(self._forget_history)
        self._watch(follower)

    def let_go(self) -> None:
        """Let the run go on without us; the next window finds it.

        Raises:
            StudioError: it cannot be told; it is ours as before.
        """
        supervisor = self._supervisor
        if self.run is not None and isinstance(supervisor, RunSupervisor):
            requests.ask_to_go_on_alone(self.run)
            supervisor.let_go()
            QCoreApplication.sendPostedEvents(self)
            if self._supervisor is supervisor:
                self._drop(supervisor)
                self.changed.emit()

    def stop(self) -> None:
        """Ask the child to stop; it keeps a checkpoint."""
        if self._supervisor is not None:
            self._supervisor.stop()
            self.changed.emit()

    def pause(self) -> None:
        """Ask the run to wait behind its step, its process kept, whoever trains it."""
        if self.can_pause:
            self._pause_asked = True
            self._ask(requests.ask_to_pause)
            self.changed.emit()

    def _ask(self, ask: Callable[[RunFolder], None]) -> None:
        assert self.run is not None
        try:
            ask(self.run)
        except StudioError as error:
            self._pause_asked = False
            self.failed.emit(error)

    def retry(self) -> None:
        """Let a run that waits for the disk try again; when that fails, it waits anew."""
        if self._supervisor is not None and self.history.paused is not None:
            self.history.paused = None
            self._supervisor.retry()
            self.changed.emit()

    def end_at_once(self) -> None:
        """Wait for no checkpoint: the child's whole group is ended now."""
        if self._supervisor is not None:
            self._supervisor.stop(0.0, 0.0)
            self.changed.emit()

    def shutdown(self) -> None:
        """The window closes: stop politely, then firmly, and wait for the end. At most about ten seconds."""
        self._background.forget()
        self._leave()
        supervisor = self._supervisor
        if supervisor is not None:
            supervisor.stop(_CLOSING_GRACE_SECONDS, _CLOSING_FIRM_SECONDS)
            supervisor.wait()
            # Its last words wait in our queue; whoever asks `is_running` next gets the truth.
            QCoreApplication.sendPostedEvents(self)

    # --- watching ---------------------------------------------------------------------------------------------------

    def _launch(self) -> None:
        assert self.run is not None
        # A run that is still being read must not take the place of the one that trains now.
        self._background.forget()
        self._leave()
        self.outcome, self.was_forced = None, False
        requests.clear(self.run)
        self._watch(RunSupervisor(self._command(self.run), self.run.log_path, parent=self))

    def _watch(self, supervisor: RunSupervisor | RunFollower) -> None:
        self._pause_asked = False
        supervisor.batched.connect(self._take)
        supervisor.ended.connect(self._end)
        self._supervisor = supervisor
        supervisor.start()
        self.changed.emit()

    def _leave(self) -> None:
        """Follow no longer."""
        if isinstance(self._supervisor, RunFollower):
            self._supervisor.leave()
            self._drop(self._supervisor)

    def _drop(self, supervisor: RunSupervisor | RunFollower) -> None:
        supervisor.deleteLater()
        self._supervisor = None

    def _forget_history(self) -> None:
        if self._is_late():
            return
        self.history = History()
        self.changed.emit()

    def _is_late(self) -> bool:
        """Whether what was just told came from one whose run is not shown any more."""
        return self.sender() is not self._supervisor

    def _take(self, events: list[Event]) -> None:
        if self._is_late():
            return
        before = self.history.paused, self.history.held, self.can_pause
        for event in events:
            self.history.add(event)
        if self.history.held is not None:
            self._pause_asked = False
        self.arrived.emit()
        if (self.history.paused, self.history.held, self.can_pause) != before:
            self.changed.emit()

    def _end(self, outcome: Outcome) -> None:
        supervisor = self._supervisor
        if supervisor is None or self._is_late():
            return
        # The thread has nothing left to do but to return.
        supervisor.wait()
        self.was_forced = supervisor.was_forced
        if self.is_followed and self.run is not None:
            # Its end is told here and now: the next window need not.
            requests.clear(self.run)
        supervisor.deleteLater()
        self._supervisor = None
        self.outcome = outcome
        self.changed.emit()


def _history(run: RunFolder) -> History | None:
    """What an old run has said; None of one that trains now."""
    return None if run.is_running() else History(run.events())

"""A thread that starts one training child, hands its events over in batches, and leaves no process. Knows no widget."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.child import RETRY, STOP, STOP_GRACE_SECONDS, TERMINATE_GRACE_SECONDS
from resnet_studio.runs.events import ENDINGS, Event, Failed, decode
from resnet_studio.runs.outcome import Outcome
from resnet_studio.ui.training.child_process import ChildProcess

BATCH_SECONDS = 0.1
_MAX_BATCH = 2000
_ODD_LINES_KEPT = 5


class RunSupervisor(QThread):
    """Watches over one child from its start to its Outcome. Start it with `start()`; it works once.

    Stopping is polite, then firm: asked on stdin; after `grace` seconds terminated; after `firm` more its group is killed.

    Args:
        command: what to start.
        log: where the child's stderr goes.
        grace: seconds for the polite stop; the child ends its step and writes a checkpoint.
        firm: seconds between terminate and kill.

    Signals:
        batched(list): the Events since the last batch, at most ten times a second.
        ended(object): the Outcome; nothing comes after it. A child that is let go has none here.
    """

    batched = Signal(list)
    ended = Signal(object)

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        grace: float = STOP_GRACE_SECONDS,
        firm: float = TERMINATE_GRACE_SECONDS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("RunSupervisor")
        self._command, self._log = tuple(command), log
        self._grace, self._firm = grace, firm
        self._stop_asked = threading.Event()
        self._retry_asked = threading.Event()
        self._let_go = threading.Event()
        self._pid: int | None = None
        self._forced = False
        self._batch: list[Event] = []
        self._sent_at = 0.0
        self._odd: list[str] = []
        self._last: Event | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id once it runs."""
        return self._pid

    @property
    def is_stopping(self) -> bool:
        """Whether somebody asked for a stop."""
        return self._stop_asked.is_set()

    @property
    def was_forced(self) -> bool:
        """Whether the child did not answer the polite request and had to be ended."""
        return self._forced

    def stop(self, grace: float | None = None, firm: float | None = None) -> None:
        """Ask the child to stop; returns at once. `grace` and `firm` may shorten the times that it has."""
        self._grace = self._grace if grace is None else min(self._grace, grace)
        self._firm = self._firm if firm is None else min(self._firm, firm)
        self._stop_asked.set()

    def retry(self) -> None:
        """Tell a child that waits for the disk to try again; returns at once."""
        self._retry_asked.set()

    def let_go(self) -> None:
        """Leave the child to itself; it was told to go on alone. Returns when this thread has nothing to do with it any more."""
        self._let_go.set()
        self.wait()

    def run(self) -> None:
        """The thread's work; called by Qt."""
        try:
            child = ChildProcess(self._command, self._log)
        except StudioError as error:
            self.ended.emit(Outcome(code=1, last=Failed(what=error.what, remedy=error.remedy)))
            return
        self._pid = child.pid
        try:
            self._watch(child)
        finally:
            self._part(child)

    def _part(self, child: ChildProcess) -> None:
        if self._let_go.is_set() and not child.has_ended():
            child.let_go()
        else:
            code = child.close()
            self._send()
            self.ended.emit(Outcome.of(code, self._last, self._words(child)))

    def _watch(self, child: ChildProcess) -> None:
        stopping = _Stopping(child)
        over = False
        while not self._let_go.is_set():
            try:
                line = child.line(BATCH_SECONDS)
            except TimeoutError:
                if over:
                    return
                # One more round after its end: what it wrote last may still be in the pipe.
                over = child.has_ended()
            else:
                if line is not None:
                    self._take(line)
                elif child.has_ended():
                    return
            if time.monotonic() - self._sent_at >= BATCH_SECONDS:
                self._send()
            if self._retry_asked.is_set():
                self._retry_asked.clear()
                child.say(RETRY)
            if self._stop_asked.is_set():
                self._forced = stopping.go_on(self._grace, self._firm)

    def _take(self, line: bytes) -> None:
        try:
            event = decode(line)
        except StudioError as error:
            if len(self._odd) < _ODD_LINES_KEPT:
                self._odd.append(f"(not understood: {error.what})")
            return
        if isinstance(event, ENDINGS):
            self._last = event
        self._batch.append(event)
        if len(self._batch) >= _MAX_BATCH:
            # A flood: the window gets its share and time to draw it, the child waits in its pipe.
            time.sleep(max(0.0, self._sent_at + BATCH_SECONDS - time.monotonic()))
            self._send()

    def _send(self) -> None:
        self._sent_at = time.monotonic()
        if self._batch:
            batch, self._batch = self._batch, []
            self.batched.emit(batch)

    def _words(self, child: ChildProcess) -> str:
        return "\n".join([child.log_tail().rstrip(), *self._odd]).strip()


class _Stopping:
    """The deliberate steps from asking to killing, each taken when its time has come."""

    def __init__(self, child: ChildProcess) -> None:
        self._child = child
        self._asked_at: float | None = None
        self._terminated_at: float | None = None

    def go_on(self, grace: float, firm: float) -> bool:
        """Take the step that is due; returns whether it had to be firm."""
        now = time.monotonic()
        if self._asked_at is None:
            self._asked_at = now
            self._child.say(STOP)
        elif self._terminated_at is None:
            if now - self._asked_at >= grace:
                self._terminated_at = now
                self._child.terminate()
        elif now - self._terminated_at >= firm:
            self._child.kill()
        return self._terminated_at is not None

"""How a training process hears that it should stop: a line on stdin, the end of stdin, a signal, a request. Knows no torch."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable
from types import FrameType

from resnet_studio.language import tr
from resnet_studio.runs import requests
from resnet_studio.runs.child import is_retry, is_stop
from resnet_studio.runs.folder import RunFolder

_SECONDS_OF_LISTENING = 5 * requests.SECONDS_BETWEEN_LOOKS


class StopListener:
    """Remembers the first reason to stop; calling it gives that reason, or an empty text.

    Args:
        run: in whose folder others leave their requests.
        alone: nobody listens from the beginning; otherwise the run is alone when its window is gone and allowed it.
    """

    def __init__(self, run: RunFolder, *, alone: bool = False) -> None:
        self._run = run
        self._alone = alone
        self._is_asked = requests.seldom(lambda: requests.stop_is_asked(run))
        self._reason = ""
        # Its put() may be called from a signal handler that interrupts its get().
        self._words: queue.SimpleQueue[str] = queue.SimpleQueue()

    def __call__(self) -> str:
        """Why to stop, or an empty text."""
        if not self._reason and self._is_asked():
            self.ask(tr("Stopped on request."))
        return self._reason

    def is_alone(self) -> bool:
        """Whether nobody listens, and the run goes on all the same."""
        self._alone = self._alone or requests.may_go_on_alone(self._run)
        return self._alone

    def ask(self, reason: str) -> None:
        """Stop for this reason; the first one counts."""
        self._reason = self._reason or reason
        self._words.put("stop")

    def waits_for_retry(self) -> bool:
        """Wait until somebody says "retry"; False when the run is to stop instead, or nobody is there to say it."""
        while not self() and not self._alone:
            if self._hears_retry():
                return True
        return False

    def waits_until(self, holds: Callable[[], bool]) -> bool:
        """Wait until something holds, asked twice a second, or somebody says "retry"; False when the run is to stop instead."""
        while not self():
            if holds() or self._hears_retry():
                return True
        return False

    def _hears_retry(self) -> bool:
        """Listen for half a second, less where something is said."""
        try:
            return self._words.get(timeout=_SECONDS_OF_LISTENING) == "retry"
        except queue.Empty:
            return False

    def listen_to_signals(self) -> None:
        """SIGTERM and SIGINT become requests. Only in the main thread; it lasts as long as the process."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.ask(tr("The process was asked to end by {signal}.", signal=signal.Signals(number).name))

    def listen_to(self, descriptor: int) -> None:
        """Lines of a pipe become requests, and so does its end: then the window is gone."""
        # A plain read on the descriptor: a thread that waits in sys.stdin would hold its lock when the interpreter ends.
        threading.Thread(target=self._read, args=(descriptor,), name="stop listener", daemon=True).start()

    def _read(self, descriptor: int) -> None:
        pending = b""
        while True:
            try:
                data = os.read(descriptor, 4096)
            except OSError:
                data = b""
            if not data:
                if self.is_alone():
                    self._words.put("alone")
                else:
                    self.ask(tr("The window is gone."))
                return
            *lines, pending = (pending + data).split(b"\n")
            # A line that never ends is nobody's request.
            pending = pending[-4096:]
            for line in lines:
                if is_stop(line):
                    self.ask(tr("Stopped on request."))
                elif is_retry(line):
                    self._words.put("retry")

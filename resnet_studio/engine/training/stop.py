"""How a training process hears that it should stop: a line on stdin, the end of stdin, SIGTERM, SIGINT. Knows no torch."""

from __future__ import annotations

import os
import queue
import signal
import threading
from types import FrameType

from resnet_studio.runs.child import is_retry, is_stop


class StopListener:
    """Remembers the first reason to stop; calling it gives that reason, or an empty text."""

    def __init__(self) -> None:
        self._reason = ""
        # Its put() may be called from a signal handler that interrupts its get().
        self._words: queue.SimpleQueue[str] = queue.SimpleQueue()

    def __call__(self) -> str:
        """Why to stop, or an empty text."""
        return self._reason

    def ask(self, reason: str) -> None:
        """Stop for this reason; the first one counts."""
        self._reason = self._reason or reason
        self._words.put("stop")

    def waits_for_retry(self) -> bool:
        """Wait until somebody says "retry"; False when the run is to stop instead."""
        while not self._reason:
            if self._words.get() == "retry":
                return True
        return False

    def listen_to_signals(self) -> None:
        """SIGTERM and SIGINT become requests. Only in the main thread; it lasts as long as the process."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.ask(f"The process was asked to end by {signal.Signals(number).name}.")

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
                self.ask("The window is gone.")
                return
            *lines, pending = (pending + data).split(b"\n")
            # A line that never ends is nobody's request.
            pending = pending[-4096:]
            for line in lines:
                if is_stop(line):
                    self.ask("Stopped on request.")
                elif is_retry(line):
                    self._words.put("retry")

"""The way back to the window: whole lines only, one writer at a time. Knows no request by name."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import IO, Any

from resnet_studio.design.errors import StudioError
from resnet_studio.runs import wire
from resnet_studio.runs.exit_code import ExitCode


class Cancelled(StudioError):
    """The window has taken its request back."""

    def __init__(self) -> None:
        super().__init__(wire.CANCELLED)


class Channel:
    """Writes answers as lines; when nobody reads any more there is nothing left to do, so the process ends."""

    def __init__(self, stdout: IO[bytes]) -> None:
        self._stdout = stdout
        self._lock = threading.Lock()

    def send(self, answer: wire.Answer) -> None:
        """Write one line, whole."""
        left = memoryview(wire.encode_answer(answer))
        with self._lock:
            try:
                while left:  # an unbuffered pipe may take a part
                    left = left[self._stdout.write(left) or 0 :]
                self._stdout.flush()
            except BrokenPipeError:
                os._exit(ExitCode.DONE)


class Conversation:
    """One request and its answers. Exactly one last answer is sent, whoever is first."""

    def __init__(self, request: wire.Request, channel: Channel) -> None:
        self.request = request
        self.cancelled = threading.Event()
        self._channel = channel
        self._lock = threading.Lock()
        self._closed = False

    def succeed(self, value: Mapping[str, Any] | list[Any]) -> None:
        """Answer with a result; a request that was taken back answers so, its result came too late."""
        if self.cancelled.is_set():
            self.fail(wire.CANCELLED)
        else:
            self._last(wire.Result(self.request.id, value))

    def fail(self, what: str, remedy: str = "") -> None:
        """Answer with an error."""
        self._last(wire.Failure(self.request.id, what, remedy))

    def progress(self, done: int, total: int, text: str = "", value: Mapping[str, Any] | None = None) -> None:
        """Say how far it is, and what is already known of the result.

        Raises:
            Cancelled: the window has taken the request back.
        """
        if self.cancelled.is_set():
            raise Cancelled
        self._channel.send(wire.Progress(self.request.id, done, total, text, value))

    def _last(self, answer: wire.Answer) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._channel.send(answer)

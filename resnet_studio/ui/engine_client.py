"""Talks to the engine process in JSON lines: requests out, answers to those who asked. Knows no torch and no widget."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr

if TYPE_CHECKING:
    from resnet_studio.runs.wire import Failure, Result

_RESTARTS = 3
_BACK_OFF_MS = 500
_LAST_WORDS = 4_000
_CLOSE_GRACE_MS = 1_500

Json = dict[str, Any]
# A result is an object, or for lists of things a list.
OnResult = Callable[[Any], None]
OnError = Callable[[StudioError], None]
OnProgress = Callable[[Json], None]


class Engine(Protocol):
    """What those who ask need of the EngineClient, and of the seat that a window has at it."""

    def request(
        self,
        do: str,
        on_result: OnResult,
        on_error: OnError | None = None,
        on_progress: OnProgress | None = None,
        **args: Any,
    ) -> int:
        """Ask; one of the callbacks answers later."""

    def cancel(self, number: int) -> None:
        """Give a request up; it still answers."""

    def forget(self, number: int) -> None:
        """Drop whatever answer is still to come."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who waits for an answer."""

    do: str
    on_result: OnResult
    on_error: OnError | None
    on_progress: OnProgress | None

    def fail(self, what: str, remedy: str) -> None:
        if self.on_error is not None:
            self.on_error(StudioError(what, remedy))


def engine_command() -> list[str]:
    """The command line of the engine process."""
    return [sys.executable, "-m", "resnet_studio", "serve"]


def _environment() -> QProcessEnvironment:
    from resnet_studio.runs.child import child_environment

    result = QProcessEnvironment()
    for name, value in child_environment().items():
        result.insert(name, value)
    return result


class EngineClient(QObject):
    """The window's end of the engine process.

    Requests made before it is ready wait for it. When it dies, the requests under way fail, and it is started again with growing
    pauses, at most three times in a row; after that `retry` starts it.

    Signals:
        ready(dict): the engine has said what it is: {"torch": ..., "devices": [...]}.
        died(str): it ended by itself, in words; `gave_up` tells whether it will be started again.
    """

    ready = Signal(dict)
    died = Signal(str)

    def __init__(
        self,
        command: Sequence[str] | None = None,
        parent: QObject | None = None,
        *,
        back_off_ms: int = _BACK_OFF_MS,
    ) -> None:
        super().__init__(parent)
        self._back_off = back_off_ms
        self._command = list(command) if command is not None else engine_command()
        self._asked: dict[int, _Asked] = {}
        self._next_id = 1
        self._waiting: list[bytes] = []
        self._buffer = b""
        self._last_words = b""
        self._deaths = 0
        self._closing = False
        self._hello: Json | None = None
        self._process: QProcess | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._launch)

    @property
    def hello(self) -> Json | None:
        """What the engine said when it became ready; None while it is not."""
        return self._hello

    @property
    def gave_up(self) -> bool:
        """Whether it died too often and is started only by `retry`."""
        return self._process is None and not self._again.isActive() and self._deaths > _RESTARTS

    def start(self) -> None:
        """Start the engine process, unless it runs."""
        if self._process is None and not self._closing:
            self._launch()

    def retry(self) -> None:
        """Start it after it died too often."""
        self._deaths = 0
        self._again.stop()
        self.start()

    def close(self, grace_ms: int = _CLOSE_GRACE_MS) -> None:
        """End the engine process and wait for its end; requests under way are forgotten.

        Args:
            grace_ms: how long it may take to leave by itself; then it is killed.
        """
        self._closing = True
        self._again.stop()
        self._asked.clear()
        self._waiting.clear()
        process, self._process = self._process, None
        if process is None:
            return
        process.blockSignals(True)
        if process.state() != QProcess.ProcessState.NotRunning:
            # The end of its stdin ends it; whoever is deep in a computation is not waited for.
            process.closeWriteChannel()
            if not process.waitForFinished(grace_ms):
                process.kill()
                process.waitForFinished(_CLOSE_GRACE_MS)
        process.deleteLater()

    # --- asking -----------------------------------------------------------------------------------------------------

    def request(
        self,
        do: str,
        on_result: OnResult,
        on_error: OnError | None = None,
        on_progress: OnProgress | None = None,
        **args: Any,
    ) -> int:
        """Ask the engine; exactly one of `on_result` and `on_error` is called later, unless `forget` or `close` comes first.

        Returns:
            The request's id, for `cancel` and `forget`.
        """
        number, self._next_id = self._next_id, self._next_id + 1
        asked = _Asked(do, on_result, on_error, on_progress)
        if self._closing or self.gave_up:
            QTimer.singleShot(
                0, self, lambda: asked.fail(tr("The engine is not running."), tr("Start it again."))
            )
            return number
        self._asked[number] = asked
        self._send(number, do, args)
        return number

    def cancel(self, number: int) -> None:
        """Ask the engine to give a request up; it still answers, with an error."""
        if number in self._asked:
            self.request("cancel", lambda _: None, cancel=number)

    def forget(self, number: int) -> None:
        """Drop whatever answer is still to come."""
        self._asked.pop(number, None)

    def _send(self, number: int, do: str, args: Json) -> None:
        # JSON is no part of the window's start: it is loaded with the first request.
        from resnet_studio.runs import wire

        line = wire.encode_request(wire.Request(number, do, args))
        if self._hello is None or self._process is None:
            self._waiting.append(line)
        else:
            self._process.write(line)

    # --- the process ------------------------------------------------------------------------------------------------

    def _launch(self) -> None:
        process = QProcess(self)
        process.setProgram(self._command[0])
        process.setArguments(self._command[1:])
        process.setProcessEnvironment(_environment())
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_errors)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._failed)
        self._buffer = self._last_words = b""
        self._process = process
        process.start()

    def _read(self) -> None:
        if self._process is None:
            return
        self._buffer += bytes(self._process.readAllStandardOutput().data())
        *lines, self._buffer = self._buffer.split(b"\n")
        for line in lines:
            if line.strip():
                self._take(line)

    def _read_errors(self) -> None:
        if self._process is not None:
            self._last_words += bytes(self._process.readAllStandardError().data())
            self._last_words = self._last_words[-_LAST_WORDS:]

    def _take(self, line: bytes) -> None:
        from resnet_studio.runs import wire

        try:
            answer = wire.decode_answer(line)
        except wire.WireError as error:
            import logging

            logging.getLogger(__name__).warning("The engine said what is not an answer: %s", error)
            return
        if answer.id == wire.READY_ID:
            if isinstance(answer, wire.Result) and isinstance(answer.value, dict):
                self._become_ready(answer.value)
        elif isinstance(answer, wire.Progress):
            asked = self._asked.get(answer.id)
            if asked is not None and asked.on_progress is not None:
                told = {"done": answer.done, "total": answer.total, "text": answer.text}
                asked.on_progress(told if answer.value is None else told | {"value": answer.value})
        else:
            self._finish(answer)

    def _finish(self, answer: Result | Failure) -> None:
        from resnet_studio.runs import wire

        asked = self._asked.pop(answer.id, None)
        if asked is None:
            return
        self._deaths = 0
        if isinstance(answer, wire.Failure):
            asked.fail(answer.what, answer.remedy)
        else:
            asked.on_result(answer.value)

    def _become_ready(self, hello: Json) -> None:
        self._hello = hello
        waiting, self._waiting = self._waiting, []
        for line in waiting:
            if self._process is not None:
                self._process.write(line)
        self.ready.emit(hello)

    def _failed(self, error: QProcess.ProcessError) -> None:
        # All other errors are followed by `finished`.
        if error is QProcess.ProcessError.FailedToStart:
            self._ended(-1, QProcess.ExitStatus.CrashExit)

    def _ended(self, code: int, status: QProcess.ExitStatus) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        words = self._words(process, code, status)
        process.deleteLater()
        self._hello = None
        self._deaths += 1
        self._waiting.clear()
        lost, self._asked = list(self._asked.values()), {}
        if self._deaths <= _RESTARTS:
            self._again.start(self._back_off * 2 ** (self._deaths - 1))
        for asked in lost:
            asked.fail(words, tr("It is started again.") if self._again.isActive() else tr("Start it again."))
        self.died.emit(words)

    def _words(self, process: QProcess, code: int, status: QProcess.ExitStatus) -> str:
        said = self._last_words + bytes(process.readAllStandardError().data())
        last = said.decode(errors="replace").strip().rsplit("\n", 1)[-1]
        if process.error() is QProcess.ProcessError.FailedToStart:
            how = tr("The engine could not be started ({why})", why=process.errorString())
        elif status is QProcess.ExitStatus.CrashExit:
            how = (
                tr("The engine was ended by signal {number}", number=code)
                if code > 0
                else tr("The engine was ended from outside")
            )
        else:
            how = tr("The engine ended by itself (exit code {number})", number=code)
        return f"{how}{': ' + last if last else ''}."

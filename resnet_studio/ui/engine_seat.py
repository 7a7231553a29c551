"""One window's place at the engine that several windows share. Knows no torch and no widget.

To views it is the engine. What it asks is answered through it alone: when its window goes, no late answer finds views that are gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer

from resnet_studio.design.errors import StudioError
from resnet_studio.ui.engine_client import EngineClient, Json, OnError, OnProgress, OnResult

# The engine lets the newest of some questions push out older ones that wait; another window's must not push out ours for good.
_ASK_AGAIN_MS = 150


@dataclass(slots=True)
class _Question:
    """What was asked from this seat, and under which number the engine knows it now; 0 while it waits to be asked again."""

    do: str
    args: dict[str, Any]
    on_result: OnResult
    on_error: OnError | None
    on_progress: OnProgress | None
    number: int = 0


class EngineSeat(EngineClient):
    """An engine client whose process is another's."""

    def __init__(self, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__((), parent)
        self._engine = engine
        self._questions: dict[int, _Question] = {}
        engine.ready.connect(self.ready)
        engine.died.connect(self.died)

    @property
    def hello(self) -> Json | None:
        """What the engine said when it became ready; None while it is not."""
        return self._engine.hello

    @property
    def gave_up(self) -> bool:
        """Whether it died too often and is started only by `retry`."""
        return self._engine.gave_up

    def start(self) -> None:
        """Start the engine process, unless it runs."""
        self._engine.start()

    def retry(self) -> None:
        """Start it after it died too often."""
        self._engine.retry()

    def close(self, grace_ms: int = 0) -> None:
        """Give the seat up: what was asked is cancelled and no answer comes any more; the engine goes on for the others."""
        if self._closing:
            return
        self._closing = True
        self._engine.ready.disconnect(self.ready)
        self._engine.died.disconnect(self.died)
        for question in self._questions.values():
            self._engine.cancel(question.number)
            self._engine.forget(question.number)
        self._questions.clear()

    def request(
        self,
        do: str,
        on_result: OnResult,
        on_error: OnError | None = None,
        on_progress: OnProgress | None = None,
        **args: Any,
    ) -> int:
        """Ask the engine; exactly one of `on_result` and `on_error` is called later, unless `forget` or `close` comes first."""
        mine, self._next_id = self._next_id, self._next_id + 1
        if not self._closing:
            self._questions[mine] = _Question(do, args, on_result, on_error, on_progress)
            self._ask(mine)
        return mine

    def _ask(self, mine: int) -> None:
        question = self._questions.get(mine)
        if question is not None:
            question.number = self._engine.request(
                question.do,
                lambda value: self._answer(mine, value),
                lambda error: self._fail(mine, error),
                question.on_progress,
                **question.args,
            )

    def _answer(self, mine: int, value: Any) -> None:
        question = self._questions.pop(mine, None)
        if question is not None:
            question.on_result(value)

    def _fail(self, mine: int, error: StudioError) -> None:
        from resnet_studio.runs.wire import SUPERSEDED

        question = self._questions.get(mine)
        if question is None:
            return
        if error.what == SUPERSEDED and self._is_newest(mine, question.do):
            question.number = 0
            QTimer.singleShot(_ASK_AGAIN_MS, self, lambda: self._ask(mine))
            return
        del self._questions[mine]
        if question.on_error is not None:
            question.on_error(error)

    def _is_newest(self, mine: int, do: str) -> bool:
        """Whether nobody at this seat has asked the like since: then it was another window that pushed it out."""
        return mine == max(number for number, question in self._questions.items() if question.do == do)

    def cancel(self, number: int) -> None:
        """Ask the engine to give a request up; it still answers, with an error."""
        question = self._questions.get(number)
        if question is not None and question.number:
            self._engine.cancel(question.number)

    def forget(self, number: int) -> None:
        """Drop whatever answer is still to come."""
        question = self._questions.pop(number, None)
        if question is not None and question.number:
            self._engine.forget(question.number)

"""An engine for tests of what asks one: it keeps the questions, and the test answers them when it likes."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Asked(NamedTuple):
    """A question with its callbacks."""

    do: str
    on_result: Callable[[Any], None]
    on_error: Any
    on_progress: Any
    args: dict[str, Any]


class AskedEngine:
    """Remembers what was asked, cancelled and forgotten, in this order."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.cancelled: list[int] = []
        self.forgotten: list[int] = []

    def request(
        self, do: str, on_result: Any, on_error: Any = None, on_progress: Any = None, **args: Any
    ) -> int:
        self.asked.append(Asked(do, on_result, on_error, on_progress, args))
        return len(self.asked)

    def cancel(self, number: int) -> None:
        self.cancelled.append(number)

    def forget(self, number: int) -> None:
        self.forgotten.append(number)

    def questions(self, do: str) -> list[Asked]:
        """All of one kind."""
        return [asked for asked in self.asked if asked.do == do]

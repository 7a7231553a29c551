"""Taking two times alternately and telling their ratio. Knows nothing of what is measured."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the table.

    Args:
        what: what was measured.
        reference: beside what.
        ours: seconds (median), or what `unit` says.
        theirs: the reference's.
        ratio: the figure that the goal is about.
        goal: the goal in words, or empty where there is none.
        met: whether this run met it; None where there is none.
        unit: of `ours` and `theirs`.
    """

    what: str
    reference: str
    ours: float
    theirs: float
    ratio: float
    goal: str = ""
    met: bool | None = None
    unit: str = "s"


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def alternately(ours: Callable[[], float], theirs: Callable[[], float], *, times: int) -> tuple[float, float]:
    """Medians of two measurements taken in turn, so that a busy moment of the machine hits both. The first of each is not counted."""
    mine: list[float] = []
    others: list[float] = []
    for _ in range(times + 1):
        mine.append(ours())
        others.append(theirs())
    return statistics.median(mine[1:]), statistics.median(others[1:])


def percentile(values: list[float], part: float) -> float:
    """The value under which that part of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]

"""Knows what every test costs, and chooses for `./test quick` as many as its time allows; knows no room.

`./test` leaves what it measured under .tools/costs/; `python -m tools.costs` makes tests/costs.json of it.
"""

import json
import time
from collections import Counter
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

COSTS = Path(__file__).with_name("costs.json")
# Tests below this are not written down; they and new ones are always taken.
_WORTH_SECONDS = 0.02


def choose(items: list[pytest.Item], seconds: float, known: dict[str, float]) -> set[str]:
    """The ids of the tests that together take about so long.

    The first case of a test tells more than its tenth: case k is taken as if it cost k times as much. What several tests
    share (a fixture of a module) is paid by the first that is taken.
    """
    ordinal: Counter[str] = Counter()
    candidates: list[tuple[float, float, str, frozenset[str]]] = []
    for item in items:
        name = function_name(item.nodeid)
        ordinal[name] += 1
        own, shared = known.get(name, _WORTH_SECONDS), frozenset(shared_by(item)) & known.keys()
        dear = ordinal[name] * (own + sum(known[one] for one in shared)) if name in known else 0.0
        candidates.append((dear, own, item.nodeid, shared))
    chosen: set[str] = set()
    paid: set[str] = set()
    left = seconds
    for dear, own, nodeid, shared in sorted(candidates, key=lambda one: (one[0], one[2])):
        cost = own + sum(known[one] for one in shared - paid)
        if dear and cost > left:
            continue
        left -= cost
        paid |= shared
        chosen.add(nodeid)
    return chosen


def part_of(items: list[pytest.Item], part: str, known: dict[str, float]) -> set[str]:
    """The ids of the tests in "1/2", the first of two parts of about equal cost; a file is in one of them, whole."""
    number, count = (int(word) for word in part.split("/"))
    files: dict[str, float] = {}
    for item in items:
        own = known.get(function_name(item.nodeid), _WORTH_SECONDS)
        files[_file(item)] = files.get(_file(item), 0.0) + own
    loads = [0.0] * count
    mine: set[str] = set()
    for file, cost in sorted(files.items(), key=lambda one: (-one[1], one[0])):
        lightest = loads.index(min(loads))
        loads[lightest] += cost
        if lightest == number - 1:
            mine.add(file)
    return {item.nodeid for item in items if _file(item) in mine}


def _file(item: pytest.Item) -> str:
    return item.nodeid.split("::", 1)[0]


def function_name(nodeid: str) -> str:
    """The test's own name, without what tells its cases apart."""
    return nodeid.split("[", 1)[0]


def shared_by(item: pytest.Item) -> list[str]:
    """The fixtures that this test has in common with others, by file and name."""
    known: dict[str, Any] = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    return [_key(found[-1]) for found in known.values() if found and found[-1].scope != "function"]


def _key(fixture: Any) -> str:
    return f"{fixture.baseid}::{fixture.argname} (shared)"


def quick_share(item: pytest.Item) -> float:
    """The part of a test's time that the quick profile leaves of it: fewer examples where it names no number itself."""
    function = getattr(item, "function", None)
    if not getattr(function, "is_hypothesis_test", False):
        return 1.0
    from hypothesis import settings

    own = getattr(function, "_hypothesis_internal_use_settings", None) or settings.get_profile("all")
    whole, quick = (settings.get_profile(name).max_examples for name in ("all", "quick"))
    return quick / whole if own.max_examples == whole else 1.0


class Meter:
    """A plugin that measures every test and every shared fixture, and writes the seconds down at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tests: dict[str, list[float]] = {}
        self._shared: dict[str, float] = {}
        self._shares: dict[str, float] = {}
        self._depth, self._in_shared = 0, 0.0

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Remember what the quick profile leaves of each test."""
        self._shares = {item.nodeid: quick_share(item) for item in session.items}

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, object, object]:
        """Measure what is made once for several tests; what is made within it counts with it."""
        if fixturedef.scope == "function" or self._depth:
            return (yield)
        begin, self._depth = time.monotonic(), 1
        try:
            return (yield)
        finally:
            self._depth = 0
            took = time.monotonic() - begin
            self._in_shared += took
            self._shared[_key(fixturedef)] = took

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up setup, call and teardown."""
        seconds = report.duration
        if report.when == "setup":
            self._tests[report.nodeid] = []
            seconds -= self._in_shared
            self._in_shared = 0.0
        self._tests[report.nodeid].append(max(seconds, 0.0) * self._shares.get(report.nodeid, 1.0))

    def pytest_sessionfinish(self) -> None:
        """Write down the mean of each test's cases."""
        cases: dict[str, list[float]] = {}
        for nodeid, parts in self._tests.items():
            cases.setdefault(function_name(nodeid), []).append(sum(parts))
        costs = {name: sum(each) / len(each) for name, each in cases.items()} | self._shared
        write(self._path, costs)


def write(path: Path, costs: dict[str, float]) -> None:
    """Write down what is worth it, to the hundredth of a second, in the order of the names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rounded = {name: round(costs[name], 2) for name in sorted(costs) if costs[name] >= _WORTH_SECONDS}
    path.write_text(json.dumps(rounded, indent=0) + "\n", encoding="utf-8")


def read(paths: Iterable[Path]) -> dict[str, float]:
    """All costs in these files; a file that is not there holds none."""
    costs: dict[str, float] = {}
    for path in paths:
        if path.exists():
            costs |= json.loads(path.read_text(encoding="utf-8"))
    return costs

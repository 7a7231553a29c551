"""Makes every test fail on what nobody expected: logs, threads, child processes, widgets, timers; knows no room.

Warnings are errors through pyproject.toml. Qt is looked at only where a test has loaded it, so that the
same file serves the environments without Qt.
"""

import logging
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import costs
from tests.leaks import LeakWatch

HAS_PYTEST_QT = find_spec("pytestqt") is not None

# No deadlines, for a slow moment of a busy machine is no fault of the code. `./test quick` takes the profile "quick".
settings.register_profile("all", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("all"), max_examples=15)
settings.load_profile("all")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what `./test` asks for; make pytest-qt's settings known where it is absent, for pyproject.toml names them."""
    parser.addoption("--quick", type=float, metavar="SECONDS", help="only what takes about so long together")
    parser.addoption("--part", metavar="N/OF", help="one of so many parts that take about as long")
    parser.addoption("--costs", type=Path, metavar="FILE", help="write down what each test costs")
    if not HAS_PYTEST_QT:
        for name in ("qt_api", "qt_log_level_fail"):
            parser.addini(name, "read by pytest-qt")
        parser.addini("qt_log_ignore", "read by pytest-qt", type="linelist")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give the tests a home of their own, so that none reads or writes the user's settings, and a quiet Qt."""
    home = Path(tempfile.mkdtemp(prefix="resnet-studio-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        folder = home / name.lower()
        folder.mkdir()
        os.environ[f"XDG_{name}_HOME"] = str(folder)
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _hear_signals()
    if config.getoption("costs"):
        config.pluginmanager.register(costs.Meter(config.getoption("costs")))


def _hear_signals() -> None:
    """Undo what a shell sets for commands in the background (and nohup): the programs that tests start and end would inherit it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what needs a real window where there is none; `./test e2e` brings one. Keep the quick run quick."""
    seconds, part = config.getoption("quick"), config.getoption("part")
    if seconds is not None or part:
        known = costs.read([costs.COSTS])
        chosen = (
            costs.choose(items, seconds, known) if seconds is not None else costs.part_of(items, part, known)
        )
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in chosen])
        items[:] = [item for item in items if item.nodeid in chosen]
    if os.environ["QT_QPA_PLATFORM"] == "xcb":
        return
    for item in items:
        if item.get_closest_marker("xvfb"):
            item.add_marker(pytest.mark.skip(reason="needs a real window: ./test e2e"))


class _Unexpected(logging.Handler):
    """Collects records at WARNING or above that no allow_logs marker names."""

    def __init__(self, allowed: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.allowed = [re.compile(pattern) for pattern in allowed]
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if not any(pattern.search(text) for pattern in self.allowed):
            self.seen.append(f"{record.levelname} {record.name}: {text}")


@pytest.fixture(autouse=True)
def _no_unexpected_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    allowed = [pattern for mark in request.node.iter_markers("allow_logs") for pattern in mark.args]
    handler = _Unexpected(allowed)
    root = logging.getLogger()
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    if handler.seen:
        pytest.fail(
            "unexpected log records (pytest.mark.allow_logs names expected ones):\n" + "\n".join(handler.seen)
        )


@pytest.fixture(autouse=True)
def _no_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    watch = LeakWatch(children=request.node.get_closest_marker("allow_children") is None)
    yield
    left = watch.left_behind()
    if left:
        pytest.fail("left behind by this test:\n" + "\n".join(left))

"""From an edit to the moment at which every visible view has painted it, in the real main window."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.drawings import fresh_edits
from benchmarks.measure import Result
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design
from resnet_studio.ui.app import make_application, make_window
from resnet_studio.ui.shell.main_window import MainWindow

GOALS = {"resnet152": 0.016, "cifar_resnet1202": 0.050}
SIZE = (1920, 1080)
_QUIET_ROUNDS = 3
_IDLE_ROUND = 0.0002  # a turn of the event loop that did nothing takes a tenth of this
_WATCHED = 4
TIMES = 25


class _Paints(QObject):
    """Counts what is painted anywhere in the window."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's own name
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.count += 1
        return False


@contextmanager
def window_with(name: str) -> Iterator[tuple[QApplication, MainWindow]]:
    """The main window with a preset, all default docks shown; the engine is not started, for it is another process."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["RESNET_STUDIO_HOME"] = home
        app = make_application()
        window = make_window()
        window.resize(*SIZE)
        window.show()
        window.new_preset(name)
        settle(app)
        try:
            yield app, window
        finally:
            window.document.undo_stack.setClean()
            window.close()
            window.deleteLater()
            settle(app)


def settle(app: QApplication) -> None:
    """Until nothing more happens for a moment."""
    until = time.perf_counter() + 0.5
    while time.perf_counter() < until:
        app.processEvents()


def until_quiet(app: QApplication) -> float:
    """Run the event loop until it has nothing left to do; the time at which its last real work ended."""
    last, quiet = time.perf_counter(), 0
    while quiet < _QUIET_ROUNDS:
        began = time.perf_counter()
        app.processEvents()
        ended = time.perf_counter()
        if ended - began > _IDLE_ROUND:
            quiet, last = 0, ended
        else:
            quiet += 1
    return last


def frames(app: QApplication, moves: Iterator[Callable[[], object]]) -> float:
    """Median seconds of what one move takes until all that follows it has been painted."""
    taken = []
    for move in moves:
        began = time.perf_counter()
        move()
        taken.append(until_quiet(app) - began)
    return statistics.median(taken)


def _prove_that_edits_paint(app: QApplication, window: MainWindow, edited: Iterator[Design]) -> None:
    """The first edits, which also fill caches of fonts and pictures, are watched; the measured ones are not.

    A filter in Python sees every event of the program and would cost more than some of the views.
    """
    paints = _Paints()
    app.installEventFilter(paints)
    for _ in range(_WATCHED):
        before = paints.count
        window.document.apply(next(edited), "Edit")
        until_quiet(app)
        assert paints.count > before
    app.removeEventFilter(paints)


def _measured(name: str) -> Result:
    with window_with(name) as (app, window):
        edited = fresh_edits(preset(name))
        _prove_that_edits_paint(app, window, edited)
        views = [view for view in window.findChildren(QWidget) if view.isVisible()]
        mine, theirs = [], []
        for _ in range(TIMES):
            design = next(edited)
            began = time.perf_counter()
            window.document.apply(design, "Edit")
            mine.append(until_quiet(app) - began)
            began = time.perf_counter()
            for view in views:
                view.update()
            theirs.append(until_quiet(app) - began)
    goal = GOALS[name]
    ours, reference = statistics.median(mine), statistics.median(theirs)
    return Result(
        what=f"edit to pixels, {preset(name).name}", reference="painting everything, no edit", ours=ours, theirs=reference,
        ratio=ours / reference, goal=f"<= {goal * 1000:.0f} ms", met=ours <= goal,
    )  # fmt: skip


def measure() -> list[Result]:
    """One block's width changes; canvas, inspector, table, totals and problems show it."""
    return [_measured(name) for name in GOALS]

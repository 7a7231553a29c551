"""Training with the window open and its plots live against the same run headless; how late the event loop is meanwhile."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.edit import settle, window_with
from benchmarks.measure import Result, alternately, percentile
from resnet_studio.design.presets import preset
from resnet_studio.runs.child import child_environment, train_command
from resnet_studio.runs.events import Finished
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import TrainSpec, default_spec
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.training.panel import TrainPanel

GOAL_SPEED, GOAL_LATENESS = 0.95, 0.033
EPOCHS, TIMES, PAUSE = 12, 3, 0.010
PRESET = "digits_starter"


def _spec() -> TrainSpec:
    return replace(default_spec("digits"), epochs=EPOCHS, device="cpu")


def _images_per_second(run: RunFolder) -> float:
    end = run.events()[-1]
    if not isinstance(end, Finished):
        raise RuntimeError(f"The run ended with {end}.")
    return 1.0 / end.seconds


def _headless(folder: Path) -> float:
    run = RunFolder.create(preset(PRESET), _spec(), folder)
    with subprocess.Popen(
        train_command(run), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=child_environment()
    ) as child:  # fmt: skip
        assert child.stdout is not None
        for _ in child.stdout:
            pass
    return _images_per_second(run)


class _Lateness:
    """How much later than asked a timer of the window comes."""

    def __init__(self, window: MainWindow) -> None:
        self.late: list[float] = []
        self._due = time.perf_counter() + PAUSE
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._tick)
        self._timer.start(int(PAUSE * 1000))

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, now - self._due))
        self._due = now + PAUSE

    def stop(self) -> None:
        self._timer.stop()


def _in_window(app: QApplication, window: MainWindow, late: list[float]) -> float:
    panel = window.show_tab("trainPanel")
    assert isinstance(panel, TrainPanel)
    settle(app)
    panel.runner.start(window.document.design, _spec())
    watch = _Lateness(window)
    while panel.is_running:
        app.processEvents()
        time.sleep(
            0.0005
        )  # what the event loop's own waiting does; a busy loop would take a processor from the run
    watch.stop()
    late += watch.late
    run = panel.current_run
    assert run is not None
    return _images_per_second(run)


def measure() -> list[Result]:
    """Speeds as runs per second of their own clock, which starts when torch is loaded."""
    late: list[float] = []
    with window_with(PRESET) as (app, window), tempfile.TemporaryDirectory() as folder:
        mine, theirs = alternately(
            lambda: _in_window(app, window, late), lambda: _headless(Path(folder)), times=TIMES
        )
    ratio = mine / theirs
    p99 = percentile(late, 0.99)
    return [
        Result(
            what=f"training speed, window open, {EPOCHS} epochs", reference="the same run headless", ours=1 / mine,
            theirs=1 / theirs, ratio=ratio, goal=f">= {GOAL_SPEED:g} of the speed", met=ratio >= GOAL_SPEED,
        ),
        Result(
            what="event loop lateness meanwhile, p99", reference="median lateness", ours=p99, theirs=percentile(late, 0.5),
            ratio=p99 / max(percentile(late, 0.5), 1e-6), goal=f"<= {GOAL_LATENESS * 1000:.0f} ms", met=p99 <= GOAL_LATENESS,
        ),
    ]  # fmt: skip

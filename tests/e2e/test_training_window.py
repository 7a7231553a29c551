"""Training by clicks with the real engine and the real child: curves, stop, resume, a kill, and the exported file."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.runs.events import Finished, Stopped
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import RunState, describe_run
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import EngineClient
from resnet_studio.ui.exporting.dialog import ExportDialog
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.panel import TrainPanel
from resnet_studio.ui.training.runner import Runner

PATIENCE = 300_000


class Window:
    """A drawing, its engine and its training panel, worked by clicks."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.holder = QWidget()
        qtbot.addWidget(self.holder)
        self.document = Document(preset("digits_starter"), parent=self.holder)
        self.theme = ThemeManager(parent=self.holder)
        self.engine = EngineClient(parent=self.holder)
        self.panel = TrainPanel(self.document, self.theme, self.engine, self.holder)
        self.holder.resize(700, 320)
        self.panel.resize(700, 320)
        self.holder.show()
        self.engine.start()

    def close(self) -> None:
        self.panel.shutdown()
        self.engine.close()

    def button(self, name: str) -> QPushButton:
        found = self.panel.findChild(QPushButton, name)
        assert found is not None, name
        return found

    def click(self, name: str) -> None:
        self.qtbot.waitUntil(lambda: self.button(name).isEnabled(), timeout=PATIENCE)
        self.qtbot.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=PATIENCE)

    def set_epochs(self, epochs: int) -> None:
        self.panel.setup.form.control("epochs").set_value(epochs)

    @property
    def said(self) -> str:
        label = self.panel.findChild(QLabel, "runNoticeText")
        assert label is not None
        return label.text()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    made = Window(qtbot)
    yield made
    made.close()


def test_train_stop_resume_and_a_kill(window: Window) -> None:
    runner = window.panel.runner
    window.set_epochs(400)
    window.click("trainButton")
    window.until(lambda: len(runner.history.epochs) >= 1)
    window.click("stopButton")
    window.until(lambda: runner.outcome is not None)
    assert isinstance(runner.history.ending, Stopped)
    assert window.said.startswith("Stopped.")
    stopped_at = runner.history.ending.step
    epochs = len(runner.history.epochs)

    window.click("resumeButton")
    window.until(
        lambda: runner.history.started is not None and runner.history.started.start_step == stopped_at
    )
    window.until(lambda: len(runner.history.epochs) > epochs)
    steps = list(runner.history.steps)
    assert steps == sorted(set(steps)), "the curves go on without a gap backwards"
    assert [epoch.epoch for epoch in runner.history.epochs] == list(range(1, len(runner.history.epochs) + 1))

    assert runner.pid is not None
    os.kill(runner.pid, signal.SIGKILL)
    window.until(lambda: runner.outcome is not None)
    assert "SIGKILL" in window.said
    assert window.button("resumeButton").isEnabled()
    # A new button is shown with the next layout of the strip.
    window.until(lambda: window.button("showLogButton").isVisible())


def test_digits_learn_by_one_click_and_the_export_loads_in_plain_torch(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    panel = window.panel
    window.set_epochs(4)
    window.click("trainButton")
    window.until(lambda: panel.runner.outcome is not None)
    ending = panel.runner.history.ending
    assert isinstance(ending, Finished)
    assert ending.best_accuracy > 0.8
    assert len(panel.runner.history.epochs) == 4
    window.until(lambda: bool(panel.page.plots.plots))
    loss, accuracy = panel.page.plots.plots
    assert loss.isVisible()
    assert accuracy.caption.reading.val.endswith("%")

    dialog = ExportDialog(window.document, window.theme, window.engine, window.holder)
    dialog.show()
    window.until(lambda: "best" in dialog.source_box.currentText())
    target = tmp_path / "out.pt"
    dialog.path_line.selectAll()
    qtbot.keyClicks(dialog.path_line, str(target))
    dialog.bare_box.setChecked(True)
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    window.until(lambda: dialog.export_button.text() == "Done" or "could not" in dialog.strip.text)
    assert dialog.findChild(QWidget, "exportReceipt") is not None, dialog.strip.text
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)

    script = (
        "import torch, sys\n"
        "whole = torch.load(sys.argv[1], weights_only=True)\n"
        "bare = torch.load(sys.argv[2], weights_only=True)\n"
        "assert 'resnet_studio' not in sys.modules\n"
        "assert whole['state_dict'].keys() == bare.keys()\n"
        "print(len(bare), tuple(bare['conv1.weight'].shape))\n"
    )
    bare = tmp_path / "out.state_dict.pt"
    said = subprocess.run(
        [sys.executable, "-I", "-c", script, str(target), str(bare)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip().endswith("(32, 1, 3, 3)")


WINDOW_OF_ITS_OWN = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from resnet_studio.design.presets import preset
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import EngineClient
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.panel import TrainPanel
from resnet_studio.ui.training.runner import Runner

app = QApplication(sys.argv)
panel = TrainPanel(Document(preset("digits_starter")), ThemeManager(), EngineClient())
panel.setup.form.control("epochs").set_value(500)
panel.show()
panel.train_button.click()

def look():
    if panel.runner.history.epochs:
        timer.stop()
        print(panel.runner.pid, panel.current_run.path, flush=True)

timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
app.exec()
"""


def test_a_window_that_is_killed_loses_nothing_and_leaves_no_process(tmp_path: Path) -> None:
    environment = os.environ | {"RESNET_STUDIO_HOME": str(tmp_path / "home"), "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, "-c", WINDOW_OF_ITS_OWN],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        text=True,
    ) as window:
        assert window.stdout is not None
        told = window.stdout.readline().split(maxsplit=1)
        assert len(told) == 2, "the window ended before the first epoch"
        child = os.pidfd_open(int(told[0]))
        window.kill()
    try:
        assert select.select([child], [], [], PATIENCE / 1000)[0], "the training process outlived its window"
    finally:
        os.close(child)
    run = RunFolder.open(Path(told[1].strip()))
    about = describe_run(run)
    assert about.state is RunState.STOPPED
    assert about.epochs_done >= 1
    assert any(run.checkpoints.iterdir())


def test_a_run_that_its_window_lets_go_is_followed_and_stopped_by_the_next(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    lets_go = WINDOW_OF_ITS_OWN.replace(
        "flush=True)",
        "flush=True)\n        panel.runner.let_go()\n        panel.shutdown()\n        app.quit()",
    )
    ended = subprocess.run(
        [sys.executable, "-c", lets_go],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    pid, path = ended.stdout.split(maxsplit=1)
    run = RunFolder.open(Path(path.strip()))
    assert run.is_running()
    holder = run.holder()
    assert holder is not None
    assert holder.pid == int(pid)
    epochs = describe_run(run).epochs_done
    next_one = Runner()
    next_one.show(run)
    qtbot.waitUntil(lambda: len(next_one.history.epochs) > epochs, timeout=PATIENCE)
    next_one.stop()
    qtbot.waitUntil(lambda: not next_one.is_running, timeout=PATIENCE)
    ending = next_one.history.ending
    assert isinstance(ending, Stopped)
    assert next_one.history.checkpoint_step == ending.step
    assert next_one.can_resume
    next_one.shutdown()
    next_one.deleteLater()

"""A run beside another drawing than the one it trained: the strip that says so, its two ways on, and when it stays away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.runs import requests
from resnet_studio.runs.event_file import EventFile
from resnet_studio.runs.events import Finished
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.shell.still_training import look_for_runs
from resnet_studio.ui.training.panel import TrainPanel
from tests.ui.shell_window import shown_window
from tests.ui.test_training_panel import epoch_events, started

DONE = Finished(step=4, best_accuracy=0.9, best_epoch=1, seconds=1.0)
PATIENCE = 30_000


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as shown:
        yield shown


@pytest.fixture
def run(window: MainWindow) -> RunFolder:
    made = RunFolder.create(preset("digits_starter"), default_spec())
    file = EventFile(made)
    for event in (started(), *epoch_events(1)):
        file.append(event)
    file.close()
    return made


def finish(run: RunFolder) -> None:
    file = EventFile(run)
    file.append(DONE)
    file.close()


def shown_panel(qtbot: QtBot, window: MainWindow, run: RunFolder) -> TrainPanel:
    panel = window.show_tab("trainPanel")
    assert isinstance(panel, TrainPanel)
    panel.show_run(run)
    qtbot.waitUntil(lambda: panel.current_run == run, timeout=PATIENCE)
    return panel


def click(qtbot: QtBot, panel: TrainPanel, name: str) -> None:
    button = panel.other.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_another_drawing_is_told_and_its_own_is_one_click_away(
    window: MainWindow, qtbot: QtBot, run: RunFolder
) -> None:
    finish(run)
    window.new_preset("digits_starter")
    panel = shown_panel(qtbot, window, run)
    assert panel.other.text == ""
    window.document.apply(edits.rename(window.document.design, "Mine"), "Rename")
    assert panel.other.text == "", "what becomes of the drawing later changes nothing"
    window.document.undo_stack.setClean()
    window.new_preset("resnet18")
    assert panel.other.text == "This run trained “Digits starter”, not the open drawing."
    click(qtbot, panel, "openTrainedButton")
    assert window.document.design == preset("digits_starter")
    assert panel.other.text == ""
    assert panel.page.isVisible()
    window.new_preset("resnet18")
    click(qtbot, panel, "newTrainingButton")
    assert panel.setup.isVisible()
    assert not panel.other.isVisible()


def test_a_new_window_tells_what_trains_and_shows_it_above_its_drawing(
    window: MainWindow, qtbot: QtBot, run: RunFolder
) -> None:
    with run.lock():
        look_for_runs(window)
        qtbot.waitUntil(lambda: bool(window.banners.banners()), timeout=PATIENCE)
        (banner,) = window.banners.banners()
        assert banner.what.startswith("Digits starter is still training: epoch 2 of ")
        button = banner.findChild(QPushButton, "bannerShow")
        assert isinstance(button, QPushButton)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        panel = window.panel
        assert panel is not None
        qtbot.waitUntil(lambda: len(panel.runner.history.epochs) == 1, timeout=PATIENCE)
        assert panel.runner.is_followed
        assert window.document.design == run.design()
        assert panel.other.text == ""
        finish(run)
    qtbot.waitUntil(lambda: not panel.is_running, timeout=PATIENCE)


@pytest.mark.parametrize("ended", [True, False])
def test_what_ended_unseen_is_told_once(
    window: MainWindow, qtbot: QtBot, run: RunFolder, *, ended: bool
) -> None:
    requests.ask_to_go_on_alone(run)
    if ended:
        finish(run)
    look_for_runs(window)
    qtbot.waitUntil(lambda: bool(window.banners.banners()), timeout=PATIENCE)
    (banner,) = window.banners.banners()
    assert banner.what.startswith("Digits starter has finished" if ended else "Digits starter ended")
    assert ended or "without a word" in banner.detail
    qtbot.waitUntil(lambda: not requests.may_go_on_alone(run), timeout=PATIENCE)

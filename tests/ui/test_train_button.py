"""Training as the whole window shows it: the toolbar's button, the menu, and a run's settings that come with its design."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import ShortcutKind
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.training.panel import TrainPanel
from resnet_studio.ui.training.progress import state_words
from tests.ui.shell_window import shown_window

# Trains nothing and ends when it is asked to.
CHILD = "import sys; sys.stdin.readline()"


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as shown:
        shown.new_preset("digits_starter")
        yield shown


def train_button(window: MainWindow) -> QToolButton:
    found = window.findChild(QToolButton, "toolbarTrain")
    assert found is not None
    return found


def panel_of(window: MainWindow) -> TrainPanel:
    panel = window.show_tab("trainPanel")
    assert isinstance(panel, TrainPanel)
    panel.runner._command = lambda run: [sys.executable, "-c", CHILD]
    return panel


def test_train_is_stop_while_a_run_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    panel, button = panel_of(window), train_button(window)
    assert (button.text(), button.property("role")) == ("Train", "primary")
    assert window.acts["train"].isEnabled()
    assert not window.acts["stop"].isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert panel.is_running
    assert (button.text(), button.property("role")) == ("Stop", "")
    assert window.acts["train"].isEnabled(), "by its key it adds to the queue"
    assert window.acts["stop"].isEnabled()
    assert not window.acts["resume"].isEnabled()
    # An edit meanwhile changes nothing of that.
    window.document.apply(edits.rename(window.document.design, "Other"), "Rename")
    assert button.text() == "Stop"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.isEnabled()
    qtbot.waitUntil(lambda: not panel.is_running, timeout=30_000)
    assert (button.text(), button.property("role")) == ("Train", "primary")
    assert button.isEnabled()


@pytest.mark.parametrize("panel_is_there", [False, True])
def test_a_drawing_with_a_problem_greys_train_and_says_why(
    window: MainWindow, qtbot: QtBot, *, panel_is_there: bool
) -> None:
    if panel_is_there:
        panel_of(window)
    button = train_button(window)
    before = button.icon().cacheKey()
    sound = window.document.design
    second = list(sound.blocks())[1]
    window.document.apply(edits.change_blocks(sound, [second.id], shortcut=ShortcutKind.IDENTITY), "Break")
    assert "needs a projection" in button.toolTip()
    assert button.icon().cacheKey() != before
    assert button.styleSheet()
    # It leads to where the problem is told with its repair.
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "needs a projection" in panel_of(window).setup.line.label.accessibleDescription()
    window.document.undo_stack.undo()
    assert not button.styleSheet()
    assert "problem" not in button.toolTip()


def test_the_design_of_a_run_brings_the_settings_of_the_run(window: MainWindow) -> None:
    panel = panel_of(window)
    # What the form holds now would not even go with the old design.
    panel.setup.show_spec(default_spec("cifar10"))
    assert panel.why_not
    theirs = replace(default_spec("digits"), epochs=3, seed=11)
    window.show_tab("runs")
    runs = window.editor.train_views.runs
    assert runs is not None
    runs.design_requested.emit(preset("digits_starter"), theirs)
    assert panel.setup.spec() == theirs
    assert panel.can_train
    assert panel.train_button.isEnabled()


def test_a_grey_train_again_says_why_and_the_run_stays_told_of_beside_it(
    window: MainWindow, qtbot: QtBot
) -> None:
    panel = panel_of(window)
    panel.train()
    panel.stop()
    qtbot.waitUntil(lambda: not panel.is_running, timeout=30_000)
    assert panel.train_button.text() == "Train again"
    window.document.apply(
        edits.adapt(window.document.design, spec=window.document.design.input, classes=3), "Classes"
    )
    assert not panel.train_button.isEnabled()
    assert "10 classes" in panel.train_button.toolTip()
    assert "10 classes" in panel.train_button.accessibleDescription()
    assert panel.details.text() == state_words(panel.runner.history, begun=True) != ""

"""A run that the window waits for: at its close, painted and with a way to end at once; and one that waits for the disk."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.runs import requests
from resnet_studio.runs.events import Paused, Stopped, encode
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.shell import dialogs
from resnet_studio.ui.shell.answers import Answer
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.training.panel import TrainPanel
from tests.ui.shell_window import shown_window
from tests.ui.test_supervisor import PROLOGUE, is_gone, lines
from tests.ui.test_training_panel import epoch_events, started

FULL = Paused(what="events.jsonl could not be written (No space left on device).", remedy="Free some space.")
STOPPED = Stopped(step=4, reason="asked")
BEGINS = lines(started(), *epoch_events(1))
STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + BEGINS + "while True: signal.pause()\n"


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(dialogs, "ask_stop_training", lambda _parent: Answer.YES)
    with shown_window() as shown:
        shown.new_preset("digits_starter")
        yield shown


def train(qtbot: QtBot, window: MainWindow, script: str) -> TrainPanel:
    """Start a run whose child is this script, and wait for its first epoch."""
    panel = window.show_tab("trainPanel")
    assert isinstance(panel, TrainPanel)
    panel.runner._command = lambda run: [sys.executable, "-c", PROLOGUE + script, str(run.path)]
    panel.runner.start(preset("digits_starter"), default_spec())
    qtbot.waitUntil(lambda: len(panel.runner.history.epochs) == 1, timeout=30_000)
    return panel


def press(qtbot: QtBot, inside: QWidget, name: str) -> None:
    button = inside.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def farewell(window: MainWindow) -> QDialog:
    found = window.findChild(QDialog, "farewell")
    assert isinstance(found, QDialog)
    return found


def test_a_closing_window_says_what_it_waits_for_and_stays_painted(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    ready = tmp_path / "written"
    waits = f"assert asked() == 'stop'\nwhile not os.path.exists({str(ready)!r}): time.sleep(0.02)\n"
    panel = train(qtbot, window, BEGINS + waits + lines(STOPPED))
    assert not window.close()
    dialog = farewell(window)
    words = dialog.findChild(QLabel, "farewellWords")
    assert isinstance(words, QLabel)
    assert words.text() == "Saving the checkpoint of digits, run 1…"
    assert window.isVisible()
    assert panel.is_running
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not window.close()
    assert farewell(window).isVisible()
    # Its event loop goes on: what changes behind the dialog is painted.
    before = window.grab().toImage().pixelColor(300, 300)
    window.theme.choose(window.theme.choice.DARK)
    qtbot.waitUntil(lambda: window.grab().toImage().pixelColor(300, 300) != QColor(before))
    ready.touch()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    assert not panel.is_running
    assert panel.runner.history.ending == STOPPED
    assert not panel.runner.was_forced


def test_who_does_not_want_to_wait_ends_it_at_once(qtbot: QtBot, window: MainWindow) -> None:
    panel = train(qtbot, window, STUBBORN)
    pid = panel.runner.pid
    assert pid is not None
    window.close()
    press(qtbot, farewell(window), "farewellNow")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    assert is_gone(pid)


KEEPS = (
    BEGINS
    + """
from pathlib import Path
from resnet_studio.runs import requests
from resnet_studio.runs.folder import RunFolder
run = RunFolder(Path(sys.argv[1]))
with run.lock():
    assert asked() == "gone" and requests.may_go_on_alone(run)
    while not requests.stop_is_asked(run): time.sleep(0.02)
"""
)


@pytest.mark.allow_children
def test_a_run_that_is_kept_goes_on_without_the_window(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "ask_stop_training", lambda _parent: Answer.KEEP)
    panel = train(qtbot, window, KEEPS)
    run, pid = panel.current_run, panel.runner.pid
    assert run is not None
    assert pid is not None
    qtbot.waitUntil(run.is_running, timeout=30_000)
    assert window.close()
    assert window.findChild(QDialog, "farewell") is None
    assert run.is_running()
    requests.ask_to_stop(run)
    qtbot.waitUntil(lambda: is_gone(pid), timeout=30_000)


def test_the_systems_end_does_not_wait_for_a_question(qtbot: QtBot, window: MainWindow) -> None:
    panel = train(qtbot, window, BEGINS + "assert asked() == 'stop'\n" + lines(STOPPED))
    pid = panel.runner.pid
    assert pid is not None
    window.end_now()
    assert not window.isVisible()
    assert is_gone(pid)


@pytest.mark.parametrize("where", ["banner", "strip"])
def test_a_run_on_a_full_disk_asks_and_goes_on(qtbot: QtBot, window: MainWindow, where: str) -> None:
    script = BEGINS + lines(FULL) + "assert asked() == 'retry'\n" + lines(*epoch_events(2))
    panel = train(qtbot, window, script + "assert asked() == 'stop'\n" + lines(STOPPED))
    qtbot.waitUntil(lambda: bool(window.banners.banners()), timeout=30_000)
    (banner,) = window.banners.banners()
    assert "No space left" in banner.detail
    assert "No space left" in panel.page.strip.text
    assert panel.details.text() == "waiting for the disk"
    if where == "banner":
        press(qtbot, banner, "bannerTryAgain")
    else:
        press(qtbot, panel, "retryButton")
    qtbot.waitUntil(lambda: len(panel.runner.history.epochs) == 2, timeout=30_000)
    assert window.banners.banners() == []
    assert panel.findChild(QPushButton, "retryButton") is None or not panel.page.strip.isVisible()
    panel.stop()
    qtbot.waitUntil(lambda: not panel.is_running, timeout=30_000)


def test_a_run_on_a_full_disk_can_be_stopped_from_the_banner(qtbot: QtBot, window: MainWindow) -> None:
    again = f"say({encode(FULL)!r})\n"
    script = (
        BEGINS + again + "assert asked() == 'retry'\n" + again + "assert asked() == 'stop'\n" + lines(STOPPED)
    )
    panel = train(qtbot, window, script)
    for button in ("bannerTryAgain", "bannerStop"):
        qtbot.waitUntil(lambda: bool(window.banners.banners()), timeout=30_000)
        press(qtbot, window.banners.banners()[0], button)
    qtbot.waitUntil(lambda: not panel.is_running, timeout=30_000)
    assert window.banners.banners() == []
    assert panel.runner.history.ending == STOPPED

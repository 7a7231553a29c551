"""The question before a window closes on the queue, its three answers, and what each does to the queue."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.runs import requests
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.queue import Queue, added, begun, change_queue, read_queue
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.shell import dialogs
from resnet_studio.ui.shell.answers import Answer
from resnet_studio.ui.shell.main_window import MainWindow
from tests.ui.shell_window import shown_window


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as shown:
        yield shown
        change_queue(lambda _: Queue())


@pytest.fixture
def runs(window: MainWindow) -> list[RunFolder]:
    """One that the queue trains, and one behind it."""
    made = [RunFolder.create(preset("digits_starter"), default_spec()) for _ in range(2)]
    for run in made:
        change_queue(lambda queue, run=run: added(queue, run))
    change_queue(lambda queue: replace(begun(queue, made[0].path, "cpu"), going=True))
    return made


def press(name: str, seen: list[str]) -> None:
    """Answer the question that comes next."""

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append(f"{box.text()} {box.informativeText()}")
        button = box.findChild(QPushButton, name)
        assert button is not None
        button.click()

    QTimer.singleShot(0, answer)


@pytest.mark.parametrize(
    ("button", "closes", "going", "stop"),
    [
        ("askStopYes", True, False, True),
        ("askStopKeep", True, True, False),
        ("askStopCancel", False, True, False),
    ],
)
def test_the_queue_goes_on_only_where_the_user_says_so(
    window: MainWindow, runs: list[RunFolder], button: str, *, closes: bool, going: bool, stop: bool
) -> None:
    seen: list[str] = []
    with runs[0].lock():
        press(button, seen)
        assert window.close() is closes
        assert requests.stop_is_asked(runs[0]) is stop
    assert read_queue().going is going
    assert "The queue is training." in seen[0]
    assert "another run waits" in seen[0]
    change_queue(lambda _: Queue())


def test_quitting_with_several_windows_asks_the_last_one_about_the_queue(
    window: MainWindow, runs: list[RunFolder]
) -> None:
    window.acts["newWindow"].trigger()
    assert len(window.windows.open) == 2
    seen: list[str] = []
    with runs[0].lock():
        press("askStopCancel", seen)
        assert not window.windows.quit()
        assert len(window.windows.open) == 2
        press("askStopYes", seen)
        assert window.windows.quit()
        assert requests.stop_is_asked(runs[0])
    assert len(seen) == 2
    assert all("The queue is training." in words for words in seen)
    assert not read_queue().going
    assert window.windows.open == ()


def test_an_idle_queue_asks_nothing(window: MainWindow, runs: list[RunFolder]) -> None:
    change_queue(lambda queue: replace(added(Queue(), runs[1]), going=False))
    assert window.close()


def test_what_cannot_be_kept_is_not_offered(window: MainWindow, qtbot: QtBot) -> None:
    seen: list[str] = []

    def cancel() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.extend(button.objectName() for button in box.findChildren(QPushButton) if button.isVisible())
        box.reject()

    QTimer.singleShot(0, cancel)
    assert dialogs.ask_stop_training(window, keep=False) is Answer.CANCEL
    assert sorted(seen) == ["askStopCancel", "askStopYes"]

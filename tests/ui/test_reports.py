"""Errors can be copied with everything that a report of them needs, and nothing that is nobody's business."""

import sys
from collections.abc import Iterator
from pathlib import Path

import PySide6
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio import __version__
from resnet_studio.design.errors import StudioError
from resnet_studio.ui.shell.banner import Tone
from resnet_studio.ui.shell.bugs import BugCatcher, log_file
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.shell.report import error_report
from tests.ui.shell_window import shown_window


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as shown:
        yield shown


def press(window: MainWindow, name: str) -> str:
    button = window.findChild(QPushButton, name)
    assert button is not None
    button.click()
    return QGuiApplication.clipboard().text()


def test_an_error_is_copied_with_its_remedy_and_all_versions(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.engine.start()
    qtbot.waitUntil(lambda: window.engine.hello is not None, timeout=20_000)
    log_file().parent.mkdir(parents=True, exist_ok=True)
    log_file().write_text("old\n" * 100 + f"File {tmp_path}/x.py\nlast words\n")
    window.tell_error(StudioError(f"{tmp_path}/mine.resnet.json cannot be read.", "Choose another."))
    text = press(window, "bannerCopy")
    assert "~/mine.resnet.json cannot be read." in text
    assert "Choose another." in text
    for version in (__version__, PySide6.__version__, sys.version.split()[0], "PyTorch 0 on CPU, 2 threads"):
        assert version in text
    assert text.endswith("File ~/x.py\nlast words")
    assert text.count("old") < 40
    assert str(tmp_path) not in text


def test_a_refusal_is_copied_as_it_stands(window: MainWindow) -> None:
    window.banners.tell("That cannot be done.", "Do this.", Tone.WARN)
    assert press(window, "bannerCopy") == "That cannot be done.\nDo this."


def test_help_copies_what_the_system_is(window: MainWindow) -> None:
    window.new_preset("resnet18")
    told: list[str] = []
    window.acts.told.connect(told.append)
    window.acts["copyReport"].trigger()
    text = QGuiApplication.clipboard().text()
    assert "Engine: not running" in text
    assert "Drawing: 4 stages, 8 blocks, 0 problems" in text
    assert "offscreen" in text or "xcb" in text
    assert "Kept in: ~/home/state" in text
    assert told == ["Copied the system report."]


def test_a_fault_of_ours_is_copied_once_and_the_dialog_stays(window: MainWindow) -> None:
    bugs = BugCatcher(window.windows)
    bugs.install()
    try:
        try:
            raise KeyError("a fault")
        except KeyError:
            sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    finally:
        bugs.remove()
    box = window.findChild(QMessageBox, "bugDialog")
    assert box is not None
    text = press(window, "bugDialogCopyReport")
    assert box.isVisible()
    assert text.count("KeyError: 'a fault'") == 2  # what went wrong, and the traceback's last line
    assert __version__ in text
    box.close()


def test_a_log_that_cannot_be_read_keeps_no_report_from_being_made(window: MainWindow) -> None:
    log_file().mkdir(parents=True)
    assert error_report("What.", "", None).startswith("What.\n\nResNet Studio")

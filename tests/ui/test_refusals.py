"""What is refused is told as a refusal, wherever it was asked for: in the panels, by a repair, by a menu's action."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.plan import STEM
from resnet_studio.design import edits, limits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design, ShortcutKind
from resnet_studio.ui.shell.banner import Tone
from resnet_studio.ui.shell.main_window import MainWindow
from tests.ui.shell_window import shown_window


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    with shown_window() as shown:
        shown.doings.new_design(broken())
        shown.show_tab("problems")
        shown.show_tab("trainPanel")
        yield shown


def broken() -> Design:
    return edits.change_blocks(preset("resnet18"), ["s2b1"], shortcut=ShortcutKind.IDENTITY)


def press(qtbot: QtBot, window: MainWindow, name: str) -> None:
    button = window.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def told(window: MainWindow) -> list[tuple[str, str]]:
    return [(banner.what, str(banner.property("tone"))) for banner in window.banners.banners()]


@pytest.mark.parametrize("button", ["inspectorRepair1", "problemsRepairAll", "repairButton"])
def test_a_repair_that_no_file_could_hold_is_refused_in_words(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, button: str
) -> None:
    before = window.document.design
    window.document.select(["s2b1"])
    qtbot.waitUntil(lambda: isinstance(window.findChild(QWidget, button), QWidget))
    monkeypatch.setattr(limits, "MAX_CHANNELS", 100)
    press(qtbot, window, button)
    ((what, tone),) = told(window)
    assert "512 channels" in what
    assert tone == Tone.WARN
    assert window.document.design == before
    monkeypatch.undo()
    press(qtbot, window, button)
    assert window.document.plan.problems == ()


def test_a_refused_action_of_the_menus_warns_and_is_no_fault(window: MainWindow) -> None:
    window.document.select([STEM])
    window.acts["delete"].trigger()
    assert told(window) == [("The stem stays.", Tone.WARN)]
    assert window.banners.banners()[0].detail

"""History and comparison in the whole window with real focus, by the keyboard alone."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeView
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.ui.compare.view import CompareView
from resnet_studio.ui.shell.main_window import MainWindow
from tests.ui.shell_window import active_window, press

pytestmark = pytest.mark.xvfb
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with active_window(qtbot, "resnet18") as made:
        yield made


def focused(qtbot: QtBot, window: MainWindow, name: str) -> QTreeView:
    table = window.findChild(QTreeView, name)
    assert isinstance(table, QTreeView)
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    return table


def test_a_jump_and_its_undo_by_keys(qtbot: QtBot, window: MainWindow) -> None:
    document = window.document
    states = [document.design]
    for gone in ("s1b2", "s2b2", "s3b2"):
        document.apply(edits.remove_blocks(document.design, [gone]), f"Delete {gone}")
        states.append(document.design)
    press(window, Qt.Key.Key_7, CTRL)
    table = focused(qtbot, window, "historyTable")
    press(window, Qt.Key.Key_Up)
    press(window, Qt.Key.Key_Up)
    press(window, Qt.Key.Key_Return)
    assert document.design == states[1]
    assert table.hasFocus(), "whoever looks for a step tries several"
    press(window, Qt.Key.Key_Z, CTRL)
    assert document.design == states[0]
    assert table.currentIndex().row() == 0
    press(window, Qt.Key.Key_End)
    press(window, Qt.Key.Key_Return)
    assert document.design == states[3]


def test_a_comparison_is_walked_and_follows_an_edit_by_keys(qtbot: QtBot, window: MainWindow) -> None:
    document = window.document
    window.editor.views.compare_with(document.design, "before")
    view = window.findChild(CompareView, "compare")
    assert isinstance(view, CompareView)
    tree = focused(qtbot, window, "compareTree")
    document.select(["s2"])
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Down)
    assert document.selection == ("s2b2",)
    press(window, Qt.Key.Key_Delete)
    assert document.design.block("s2b2") is None
    qtbot.waitUntil(lambda: view.model.comparison is not None and not view.model.comparison.same)
    assert view.model.comparison is not None
    assert view.model.comparison.words == "1 block removed"
    assert tree.hasFocus()
    press(window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: view.model.comparison is not None and view.model.comparison.same)

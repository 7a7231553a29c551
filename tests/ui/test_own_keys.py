"""A list keeps the keys of its actions from the window's menus, which have the same ones."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.runs.home import runs_root
from resnet_studio.ui.runs.model import BEST
from resnet_studio.ui.runs.names import run_title
from resnet_studio.ui.runs.view import RunsView
from resnet_studio.ui.shell.main_window import MainWindow
from tests.ui.shell_window import active_window, press
from tests.ui.test_runs_view import DONE, click, epoch, made, open_view, texts

__all__ = ["open_view"]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))


def _runs(window: MainWindow, qtbot: QtBot, count: int) -> RunsView:
    view = window.show_tab("runs")
    assert isinstance(view, RunsView)
    qtbot.waitUntil(lambda: view.model.rowCount() == count, timeout=20_000)
    view.table.setFocus()
    qtbot.waitUntil(view.table.hasFocus)
    return view


def test_keys_of_a_run_are_the_lists_though_the_menus_have_them_too(qtbot: QtBot) -> None:
    made("20260101-000001-a", epoch(1, 0.5), DONE)
    with active_window(qtbot, "digits_starter") as window:
        design = window.document.design
        window.document.select([design.stages[0].blocks[0].id])
        view = _runs(window, qtbot, 1)
        press(window, Qt.Key.Key_F2)
        label = window.findChild(QDialog, "labelDialog")
        assert label is not None
        label.close()
        view.table.setFocus()
        press(window, Qt.Key.Key_Delete)
        question = window.findChild(QMessageBox, "deleteRunQuestion")
        assert question is not None
        assert question.text() == "Delete digits, run 1?"
        question.close()
        # What cannot be done with the run is not done with the drawing instead.
        view.run_actions.delete.setEnabled(False)
        view.run_actions.label.setEnabled(False)
        view.table.setFocus()
        press(window, Qt.Key.Key_Delete)
        press(window, Qt.Key.Key_F2)
        assert window.document.design == design
        assert not [one for one in window.findChildren(QDialog) if one.isVisible()]


def test_a_deletion_is_taken_back_by_one_click(open_view: Callable[..., RunsView], qtbot: QtBot) -> None:
    first = made("20260101-000001-a", epoch(1, 0.5), DONE)
    made("20260101-000002-b", epoch(1, 0.6), DONE)
    view = open_view(2)
    view.table.choose([first])
    assert not view.trashed.isVisible()
    click(qtbot, view, "runDeleteButton")
    sure = view.findChild(QPushButton, "confirmDeleteButton")
    assert sure is not None
    qtbot.mouseClick(sure, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.model.rowCount() == 1, timeout=20_000)
    assert view.trashed.text == "digits, run 1 is in the trash."
    undo = view.trashed.findChild(QPushButton, "undoDeleteButton")
    assert undo is not None
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.model.rowCount() == 2, timeout=20_000)
    assert first.events() == [epoch(1, 0.5), DONE]
    assert not view.trashed.isVisible()
    assert view.selected is not None
    assert run_title(view.selected.run) == "digits, run 1"


def test_what_stands_in_the_way_of_taking_back_is_told_and_nothing_is_lost(
    open_view: Callable[..., RunsView], qtbot: QtBot
) -> None:
    runs = [made("20260101-000001-a", DONE), made("20260101-000002-b", DONE)]
    view = open_view(2)
    view.trashed.delete(runs)
    assert view.trashed.text == "2 runs are in the trash."
    (runs_root() / runs[1].name).mkdir()
    with qtbot.waitSignal(view.trashed.refused) as refused:
        view.trashed.take_back()
    assert "exists" in refused.args[0].what
    (runs_root() / runs[1].name).rmdir()
    view.trashed.take_back()
    assert all(run.events() == [DONE] for run in runs)
    box = view.findChild(QMessageBox, "runsMessage")
    assert box is not None
    box.close()


def test_the_best_come_first_and_what_has_no_result_last(
    open_view: Callable[..., RunsView], qtbot: QtBot
) -> None:
    for number, accuracy in enumerate((0.9, 0.95, None)):
        made(f"20260101-00000{number}-a", *([] if accuracy is None else [epoch(1, accuracy), DONE]))
    view = open_view(3)
    header = view.table.header()
    place = header.sectionViewportPosition(BEST) + 20
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place, header.height() // 2))
    assert [row[BEST] for row in texts(view)] == ["95.0\u202f%", "90.0\u202f%", "–"]

"""Several windows of one process: what each has for itself, what they share, how they close, files that are open elsewhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from resnet_studio.design import edits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import write_design
from resnet_studio.design.presets import preset
from resnet_studio.runs.wire import CONFIRM, SUPERSEDED
from resnet_studio.ui.compare.view import CompareView
from resnet_studio.ui.confirmer import Confirmation
from resnet_studio.ui.engine_client import EngineClient, OnError, OnProgress, OnResult
from resnet_studio.ui.engine_seat import EngineSeat
from resnet_studio.ui.shell import dialogs
from resnet_studio.ui.shell.answers import Answer
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.shell.recovery import autosave_root
from resnet_studio.ui.theme import ThemeChoice
from tests.ui.shell_window import shown_window
from tests.ui.test_farewell import BEGINS, STOPPED, train
from tests.ui.test_supervisor import lines


class Questions:
    """Answers given beforehand, by the name of the drawing that is asked about."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, bool]] = []

    def save(self, _parent: object, name: str, beside: bool = False) -> Answer:
        self.asked.append((name, beside))
        return self.answers.get(name, Answer.CANCEL)


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> Questions:
    made = Questions()
    monkeypatch.setattr(dialogs, "ask_save", made.save)
    return made


@pytest.fixture
def first(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, questions: Questions
) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as shown:
        shown.new_preset("resnet18")
        yield shown


def another(window: MainWindow, name: str = "resnet34") -> MainWindow:
    window.acts["newWindow"].trigger()
    made = window.windows.open[-1]
    assert made is not window
    made.new_preset(name)
    return made


def rename(window: MainWindow, name: str) -> None:
    window.document.apply(edits.rename(window.document.design, name), "Rename drawing")


def let_qt_delete() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


# --- what each has, and what they share -------------------------------------------------------------------------------


def test_a_new_window_begins_empty_handed_and_has_its_own_history(first: MainWindow) -> None:
    first.acts["newWindow"].trigger()
    second = first.windows.open[1]
    assert second.isVisible()
    assert not second.in_editor
    second.new_preset("resnet34")
    rename(second, "Mine")
    assert first.document.design.name == "ResNet-18"
    assert first.document.undo_stack.count() == 0
    assert first.document.is_clean
    second.acts["undo"].trigger()
    assert second.document.design.name == "ResNet-34"


def test_one_engine_answers_both_and_ends_with_the_last(qtbot: QtBot, first: MainWindow) -> None:
    first.wake()
    second = another(first)
    engine = first.windows.engine
    for window in (first, second):
        qtbot.waitUntil(
            lambda window=window: window.confirmer.state is not Confirmation.COUNTING, timeout=30_000
        )
        assert window.engine.hello is engine.hello is not None
    first.close()
    let_qt_delete()
    assert not isValid(first)
    heard: list[object] = []
    second.engine.request("echo", heard.append, heard.append, text="still there")
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [{"do": "echo", "text": "still there"}]


def test_what_a_closed_window_had_asked_finds_nobody(qtbot: QtBot, first: MainWindow) -> None:
    first.wake()
    second = another(first)
    qtbot.waitUntil(lambda: second.engine.hello is not None, timeout=30_000)
    heard: list[object] = []
    second.engine.request("never", heard.append, heard.append)
    second.engine.request("echo", heard.append, heard.append, text="late")
    second.close()
    let_qt_delete()
    answered: list[object] = []
    first.engine.request("echo", answered.append, text="in time")
    qtbot.waitUntil(lambda: bool(answered))
    assert heard == []


def test_the_theme_is_one_for_all_and_outlives_the_first_window(first: MainWindow) -> None:
    second = another(first)
    first.close()
    let_qt_delete()
    second.acts["themeDark"].trigger()
    assert second.theme.theme.dark
    assert second.acts["themeDark"].isChecked()
    third = another(second, "resnet50")
    assert third.theme.choice is ThemeChoice.DARK
    assert third.acts["themeDark"].isChecked()


def test_a_new_window_looks_as_the_one_it_came_from(first: MainWindow) -> None:
    first.editor.palette_dock.hide()
    second = another(first)
    assert second.size() == first.size()
    assert not second.editor.palette_dock.isVisible()


class Crowded(EngineClient):
    """An engine that remembers what it is asked, and answers when the test does."""

    def __init__(self) -> None:
        super().__init__(())
        self.asked: list[tuple[OnResult, OnError | None]] = []

    def request(
        self,
        do: str,
        on_result: OnResult,
        on_error: OnError | None = None,
        on_progress: OnProgress | None = None,
        **args: Any,
    ) -> int:
        self.asked.append((on_result, on_error))
        return len(self.asked)


def test_a_question_that_another_windows_pushed_out_is_asked_again(qtbot: QtBot) -> None:
    engine, heard = Crowded(), list[object]()
    seat = EngineSeat(engine)
    old = seat.request(CONFIRM, heard.append, heard.append)
    seat.request(CONFIRM, heard.append, heard.append)
    refuse = [on_error for _, on_error in engine.asked]
    for on_error in refuse:
        assert on_error is not None
        on_error(StudioError(SUPERSEDED))
    # The older of the two was pushed out by the newer one of the same window.
    assert [str(error) for error in heard] == [SUPERSEDED]
    qtbot.waitUntil(lambda: len(engine.asked) == 3)
    engine.asked[2][0]("counted")
    assert heard[1:] == ["counted"]
    assert old == 1


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_window_menu_lists_what_is_open_and_goes_there(qtbot: QtBot, first: MainWindow) -> None:
    second = another(first)
    rename(second, "R & D")
    menu = second.menu_seat.menus["window"]
    for _ in range(2):  # made anew each time it is opened
        menu.aboutToShow.emit()
    listed = [action for action in menu.actions() if action.objectName().startswith("actionShowWindow")]
    assert [action.text() for action in listed] == ["&1 ResNet-18", "&2 R && D *"]
    assert [action.isChecked() for action in listed] == [False, True]
    listed[0].trigger()
    qtbot.waitUntil(first.isActiveWindow)
    first.acts["nextWindow"].trigger()
    qtbot.waitUntil(second.isActiveWindow)
    second.acts["nextWindow"].trigger()
    qtbot.waitUntil(first.isActiveWindow)


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_that_another_window_has_open_is_shown_there(
    qtbot: QtBot, first: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "mine.resnet.json"
    write_design(path, preset("resnet50"))
    assert first.open_path(path)
    second = another(first)
    first.show_start()
    assert not second.open_path(tmp_path / "." / "mine.resnet.json")
    assert second.document.design.name == "ResNet-34"
    assert first.in_editor
    qtbot.waitUntil(first.isActiveWindow)


def test_a_file_that_is_open_elsewhere_is_not_saved_over(
    first: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.resnet.json"
    write_design(path, preset("resnet50"))
    first.open_path(path)
    second = another(first)
    monkeypatch.setattr(dialogs, "choose_save", lambda *_: path)
    before = path.read_bytes()
    assert not second.files.save_as()
    assert path.read_bytes() == before
    assert "mine.resnet.json is open in another window" in second.banners.banners()[0].what


def test_unsaved_changes_stay_and_the_other_drawing_gets_a_new_window(
    first: MainWindow, questions: Questions, tmp_path: Path
) -> None:
    path = tmp_path / "other.resnet.json"
    write_design(path, preset("resnet50"))
    rename(first, "Kept")
    questions.answers["Kept"] = Answer.BESIDE
    assert not first.open_path(path)
    assert not first.new_preset("resnet34")
    assert questions.asked == [("Kept", True)] * 2
    assert [window.document.design.name for window in first.windows.open] == [
        "Kept",
        "ResNet-50",
        "ResNet-34",
    ]
    assert first.windows.open[1].document.path == path
    assert not first.document.is_clean


# --- closing ----------------------------------------------------------------------------------------------------------


def test_a_closed_window_is_gone_and_the_others_go_on(first: MainWindow) -> None:
    second = another(first)
    first.acts["closeWindow"].trigger()
    let_qt_delete()
    assert second.windows.open == (second,)
    second.new_preset("resnet50")
    rename(second, "Goes on")
    second.acts["undo"].trigger()
    assert second.document.design.name == "ResNet-50"


def test_quitting_asks_each_in_turn_and_closes_nothing_when_one_stays(
    qtbot: QtBot, first: MainWindow, questions: Questions
) -> None:
    second, third = another(first), another(first, "resnet50")
    qtbot.waitUntil(third.isActiveWindow)
    for window, name in ((first, "A"), (second, "B"), (third, "C")):
        rename(window, name)
    questions.answers = {"A": Answer.DISCARD, "C": Answer.DISCARD}
    first.acts["quit"].trigger()
    assert questions.asked == [("C", False), ("A", False), ("B", False)]
    assert len(first.windows.open) == 3
    assert all(window.isVisible() for window in first.windows.open)
    # What was agreed a moment ago is asked again.
    questions.asked.clear()
    questions.answers["B"] = Answer.DISCARD
    windows = first.windows
    first.acts["quit"].trigger()
    assert sorted(name for name, _ in questions.asked) == ["A", "B", "C"]
    assert windows.open == ()


def test_each_window_has_its_own_copy_and_all_are_kept_when_the_system_ends_the_program(
    first: MainWindow,
) -> None:
    second = another(first)
    for window, name in ((first, "A"), (second, "B")):
        rename(window, name)
        window.autosave.write_now()
    copies = sorted(autosave_root().glob("*.json"))
    assert len(copies) == 2
    second.document.undo_stack.undo()
    assert len(list(autosave_root().glob("*.json"))) == 1
    second.document.undo_stack.redo()
    first.windows.end_now()
    assert len(list(autosave_root().glob("*.json"))) == 2


def test_each_window_trains_for_itself(
    qtbot: QtBot, first: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "ask_stop_training", lambda *_, **__: Answer.YES)
    second = another(first)
    script = BEGINS + "assert asked() == 'stop'\n" + lines(STOPPED)
    one, two = (train(qtbot, window, script) for window in (first, second))
    assert one.is_running
    assert two.is_running
    assert one.runner.run != two.runner.run
    windows = first.windows
    first.close()
    qtbot.waitUntil(lambda: windows.open == (second,), timeout=30_000)
    assert two.is_running
    two.stop()
    qtbot.waitUntil(lambda: not two.is_running, timeout=30_000)


# --- blocks from one to the other -------------------------------------------------------------------------------------


def test_blocks_are_pasted_in_another_window(first: MainWindow) -> None:
    second = another(first, "resnet50")
    first.document.select(["s1b1", "s1b2"])
    first.acts["copy"].trigger()
    assert "resnet_studio_blocks" in QGuiApplication.clipboard().text()
    second.document.select(["s1b1"])
    second.acts["paste"].trigger()
    kinds = [block.spec.kind.value for block in second.document.design.stages[0].blocks]
    assert kinds == ["bottleneck", "residual", "residual", "bottleneck", "bottleneck"]
    assert first.document.design == preset("resnet18")


def test_another_windows_drawing_is_compared_as_it_is_drawn(qtbot: QtBot, first: MainWindow) -> None:
    second = another(first, "resnet50")
    menu = first.show_tab("compare").findChild(QMenu, "compareChooseMenu")
    assert menu is not None
    menu.aboutToShow.emit()
    offered = menu.findChildren(QAction, "actionCompareWindow1")
    assert [action.text() for action in offered] == ["ResNet-50"]
    offered[0].trigger()
    view = first.show_tab("compare")
    assert isinstance(view, CompareView)
    said = view.findChild(QLabel, "compareSaid")
    assert said is not None
    button = view.findChild(QPushButton, "compareOther")
    assert button is not None
    qtbot.waitUntil(lambda: button.text().startswith("ResNet-50 (other"))
    before = said.text()
    second.document.apply(edits.remove_blocks(second.document.design, ["s1b1"]), "Delete")
    qtbot.waitUntil(lambda: said.text() != before)
    told = said.text()
    second.document.undo_stack.setClean()
    second.close()
    let_qt_delete()
    qtbot.waitUntil(lambda: button.text().startswith("ResNet-50 (closed"))
    assert said.text() == told
    rename(first, "Goes on")
    view.show_against(preset("resnet34"), "a preset")
    qtbot.waitUntil(lambda: button.text().startswith("a preset"))

"""The history panel: every step with its cost and mark, jumps by click and key, and long histories of deep nets."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design
from resnet_studio.ui.document import Document
from resnet_studio.ui.format import delta, si
from resnet_studio.ui.history.model import Column
from resnet_studio.ui.history.view import HistoryView
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.view_state import ViewState
from tests.ui.shell_window import shown_window


def shown(qtbot: QtBot, document: Document) -> HistoryView:
    view = HistoryView(document, ThemeManager(ThemeChoice.LIGHT), ViewState(document))
    qtbot.addWidget(view)
    view.resize(560, 220)
    with qtbot.waitExposed(view):
        view.show()
    return view


@pytest.fixture
def document(qapp: object) -> Document:
    return Document(preset("resnet18"))


def three_steps(document: Document) -> list[Design]:
    states = [document.design]
    for words, design in (
        ("Widen", edits.change_blocks(document.design, ["s1b2"], width=96)),
        ("Remove a block", edits.remove_blocks(edits.change_blocks(document.design, ["s1b2"], width=96), ["s2b2"])),
        ("Take the head away", None),
    ):  # fmt: skip
        document.apply(design or edits.set_head(document.design, head=None), words)
        states.append(document.design)
    return states


def column(view: HistoryView, which: Column) -> list[str]:
    return [view.model.index(row, which).data() for row in range(view.model.rowCount())]


def test_without_steps_it_says_what_will_stand_there(qtbot: QtBot, document: Document) -> None:
    view = shown(qtbot, document)
    said = view.findChild(QLabel, "historyNone")
    assert isinstance(said, QLabel)
    assert said.isVisible()
    assert not view.table.isVisible()
    three_steps(document)
    assert view.table.isVisible()
    assert not said.isVisible()
    document.load(preset("resnet34"))
    assert said.isVisible()


def test_each_step_says_what_it_did_and_what_it_cost(qtbot: QtBot, document: Document) -> None:
    view = shown(qtbot, document)
    states = three_steps(document)
    plans = [analyse(state) for state in states]
    assert column(view, Column.STEP) == [
        "ResNet-18, as it began", "Widen", "Remove a block", "Take the head away"
    ]  # fmt: skip
    params = [plan.totals.params for plan in plans]
    macs = [plan.totals.macs for plan in plans]
    changes = [after - before for before, after in pairwise(params)]
    works = [after - before for before, after in pairwise(macs)]
    assert column(view, Column.PARAMS) == [si(params[0]), *map(delta, changes)]
    assert column(view, Column.WORK) == [si(macs[0]), *map(delta, works)]
    # What a step saved is green; and its sign says it too.
    assert view.model.index(2, Column.PARAMS).data(Qt.ItemDataRole.ForegroundRole) == QColor("#147a53")


def test_costs_follow_the_convention(qtbot: QtBot, document: Document) -> None:
    view = shown(qtbot, document)
    three_steps(document)
    state = view.findChild(ViewState) or document.findChild(ViewState)
    assert isinstance(state, ViewState)
    before = [view.model.changes(row)[1] for row in range(4)]
    state.show_flops(True)
    assert [view.model.changes(row)[1] for row in range(4)] == [2 * work for work in before]
    head = view.model.headerData(Column.WORK, Qt.Orientation.Horizontal)
    assert head == "FLOPs"
    state.toggle("norm")
    plan, other = analyse(document.state(0)), analyse(document.state(1))
    assert view.model.changes(1)[1] == state.of_plan(other) - state.of_plan(plan)


def test_the_saved_and_the_current_one_are_marked_in_words_and_undone_ones_are_dim(
    qtbot: QtBot, document: Document
) -> None:
    view = shown(qtbot, document)
    three_steps(document)
    assert column(view, Column.MARK) == ["unchanged", "", "", "now"]
    document.undo_stack.undo()
    document.saved(Path("/nowhere/drawing.resnet.json"))
    document.undo_stack.undo()
    assert column(view, Column.MARK) == ["", "now", "saved · undone", "undone"]
    inks = [view.model.index(row, 0).data(Qt.ItemDataRole.ForegroundRole).name() for row in range(4)]
    assert inks[0] == inks[1] != inks[2] == inks[3]
    bold = [view.model.index(row, 0).data(Qt.ItemDataRole.FontRole).bold() for row in range(4)]
    assert bold == [False, True, False, False]
    assert view.table.currentIndex().row() == 1
    spoken = view.model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Step 2 of 3: Remove a block, ")
    assert spoken.endswith(" mult-adds, saved · undone")


def test_a_click_goes_there_and_nothing_is_lost(qtbot: QtBot, document: Document) -> None:
    view = shown(qtbot, document)
    states = three_steps(document)
    for row in (1, 3, 0, 2):
        at = view.table.visualRect(view.model.index(row, 0)).center()
        qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert document.design == states[row]
        assert document.undo_stack.index() == row
    assert document.undo_stack.count() == 3


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_arrows_only_look_and_enter_goes_there(qtbot: QtBot, document: Document, key: Qt.Key) -> None:
    view = shown(qtbot, document)
    states = three_steps(document)
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_Up)
    qtbot.keyClick(view.table, Qt.Key.Key_Up)
    assert document.design == states[3]
    qtbot.keyClick(view.table, key)
    assert document.design == states[1]
    qtbot.keyClick(view.table, Qt.Key.Key_Home)
    qtbot.keyClick(view.table, key)
    assert document.design == states[0]


def test_a_new_step_after_a_jump_takes_the_place_of_the_undone(qtbot: QtBot, document: Document) -> None:
    view = shown(qtbot, document)
    states = three_steps(document)
    assert column(view, Column.PARAMS)  # all are counted, and some of them will be others
    document.jump(1)
    document.apply(edits.change_blocks(states[1], ["s3b1"], width=17), "Narrow")
    assert column(view, Column.STEP)[1:] == ["Widen", "Narrow"]
    change = analyse(document.design).totals.params - analyse(states[1]).totals.params
    assert view.model.changes(2)[0] == change
    assert column(view, Column.MARK)[-1] == "now"


def test_any_step_can_be_laid_beside_the_drawing(qtbot: QtBot, document: Document) -> None:
    view = shown(qtbot, document)
    states = three_steps(document)
    button = view.findChild(QPushButton, "historyCompare")
    assert isinstance(button, QPushButton)
    assert not button.isEnabled()  # the drawing beside itself
    view.table.setCurrentIndex(view.model.index(1, 0))
    assert button.isEnabled()
    with qtbot.waitSignal(view.compare_requested) as asked:
        button.click()
    assert asked.args == [states[1], "step 1: Widen"]


def test_five_hundred_steps_of_a_deep_net_are_counted_only_where_they_are_seen(
    qtbot: QtBot, qapp: object
) -> None:
    document = Document(preset("cifar_resnet1202"))
    first = document.design
    for width in range(500):
        document.apply(edits.change_blocks(document.design, ["s2b7"], width=33 + width), "Width")
    view = shown(qtbot, document)
    qtbot.waitUntil(lambda: view.model.counted > 0)
    assert view.model.rowCount() == 501
    assert view.model.counted < 40
    told: list[Design] = []
    document.changed.connect(lambda: told.append(document.design))
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_Home)
    qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert told == [first]
    assert view.model.counted < 80


def test_it_stands_beside_the_problems_and_follows_the_window(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as window:
        window.new_preset("resnet18")
        window.acts["showHistory"].trigger()
        view = window.findChild(HistoryView, "history")
        assert isinstance(view, HistoryView)
        assert view.isVisible()
        document = window.document
        document.apply(replace(document.design, name="Other"), "Rename drawing")
        assert column(view, Column.STEP) == ["ResNet-18, as it began", "Rename drawing"]
        assert column(view, Column.PARAMS)[1] == "±0"
        window.acts["undo"].trigger()
        assert column(view, Column.MARK) == ["now · unchanged", "undone"]

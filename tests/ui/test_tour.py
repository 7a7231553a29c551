"""The guided tour in a whole window: played by hands on the real widgets, left anywhere, and never at the user's cost."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QDialog,
    QDockWidget,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.files import write_design
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Order, ShortcutKind
from resnet_studio.runs.events import Finished, encode
from resnet_studio.ui.palette.cards import PaletteCard
from resnet_studio.ui.shell import dialogs
from resnet_studio.ui.shell.answers import Answer
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.theme import ThemeChoice
from resnet_studio.ui.tour.chapters import CHAPTERS
from resnet_studio.ui.tour.examples import EXAMPLES, find
from resnet_studio.ui.tour.guide import Guide
from resnet_studio.ui.tour.player import Place
from resnet_studio.ui.tour.ring import Ring
from resnet_studio.ui.training.panel import TrainPanel
from resnet_studio.ui.widgets.choices import ChoiceField
from resnet_studio.ui.widgets.number import NumberField
from tests.ui.shell_window import shown_window
from tests.ui.test_training_panel import epoch_events, started

Widget = TypeVar("Widget", bound=QWidget)
LEFT = Qt.MouseButton.LeftButton
PATIENCE = 20_000


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as shown:
        yield shown


def begin(window: MainWindow, chapter: int = 0) -> Guide:
    window.acts["tour"].trigger()
    guide = window.findChild(Guide)
    assert isinstance(guide, Guide)
    if chapter:
        assert guide.player.show_chapter(chapter)
    return guide


def seen(window: MainWindow, kind: type[Widget], name: str) -> Widget:
    found = [
        each for each in window.findChildren(QWidget, name) if isinstance(each, kind) and each.isVisible()
    ]
    assert found, f"{name} is not shown"
    return found[0]


def is_on(guide: Guide) -> bool:
    return guide.player.is_on


def is_done(guide: Guide) -> bool:
    return guide.player.done


# --- hands on the real widgets ----------------------------------------------------------------------------------------


def choose(window: MainWindow, name: str, value: object) -> None:
    field = seen(window, ChoiceField, name)
    assert isinstance(field, ChoiceField)
    field.setCurrentIndex(field._values.index(value))
    field.activated.emit(field.currentIndex())


def type_number(window: MainWindow, name: str, text: str) -> None:
    field = seen(window, NumberField, name)
    assert isinstance(field, NumberField)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def press(window: MainWindow, name: str) -> None:
    QTest.mouseClick(seen(window, QAbstractButton, name), LEFT)


def select_all(window: MainWindow) -> None:
    window.editor.canvas.setFocus()
    window.acts["selectAll"].trigger()


def choose_kind(window: MainWindow, words: str) -> None:
    kinds = seen(window, QWidget, "inspectorKind").findChildren(QAbstractButton)
    QTest.mouseClick(next(button for button in kinds if button.accessibleName() == words), LEFT)


def all_carry(window: MainWindow) -> None:
    select_all(window)
    choose(window, "inspectorShortcut", ShortcutKind.IDENTITY)


def all_preact(window: MainWindow) -> None:
    select_all(window)
    choose(window, "inspectorOrder", Order.FULL_PREACT)


def insert(window: MainWindow) -> None:
    window.document.select(["s2"])
    QTest.mouseDClick(seen(window, PaletteCard, "palette_residual"), LEFT, pos=QWidget().rect().center())


def zero_init(window: MainWindow) -> None:
    box = seen(window, QCheckBox, "inspectorZeroInit")
    assert isinstance(box, QCheckBox)
    box.click()


def follow_advice(window: MainWindow) -> None:
    press(window, "inspectorRepair1")
    window.document.select(["head"])
    press(window, "inspectorRepair1")


HANDS: dict[str, Callable[[MainWindow], object]] = {
    "why.shortcut": lambda w: choose(w, "inspectorShortcut", ShortcutKind.IDENTITY),
    "why.all": all_carry,
    "why.fit": lambda w: press(w, "problemsRepairAll"),
    "why.zero": zero_init,
    "block.insert": insert,
    "block.break": lambda w: choose(w, "inspectorShortcut", ShortcutKind.IDENTITY),
    "block.mend": lambda w: press(w, "inspectorRepair1"),
    "bottleneck.convert": lambda w: choose_kind(w, "Bottleneck"),
    "bottleneck.depth": lambda w: type_number(w, "inspectorCount", "16"),
    "stages.deepen": lambda w: type_number(w, "inspectorCount", "23"),
    "orders.preact": lambda w: choose(w, "inspectorOrder", Order.FULL_PREACT),
    "orders.all": all_preact,
    "orders.ends": follow_advice,
    "groups.divide": lambda w: type_number(w, "inspectorGroups", "32"),
    "groups.spend": lambda w: choose_kind(w, "ResNeXt"),
}
DRAWN = CHAPTERS[:-1]


@pytest.mark.parametrize("index", range(len(DRAWN)), ids=[chapter.key for chapter in DRAWN])
def test_a_chapter_ticks_what_is_done_on_the_real_widgets_and_waits_for_next(
    window: MainWindow, qtbot: QtBot, index: int
) -> None:
    guide = begin(window, index)
    player = guide.player
    for step in DRAWN[index].steps:
        assert player.step is step
        guide.arrange()
        assert guide.card.isVisible()
        assert guide.card.title.text() == step.title
        assert (
            window.editor.rect()
            .translated(window.editor.mapTo(window, window.editor.rect().topLeft()))
            .contains(guide.card.geometry())
        )
        if step.spots:
            # A section that has just opened is laid out with the next events.
            qtbot.waitUntil(
                lambda: any(ring.isVisible() for ring in window.findChildren(Ring)), timeout=PATIENCE
            )
        if step.task is None:
            press(window, "tourNext")
        else:
            assert not is_done(guide)
            assert guide.card.ask.text().endswith(step.task.ask)
            HANDS[step.key](window)
            assert is_done(guide), step.key
            QTest.qWait(0)
            assert player.step is step, "the result is there to be read until the user goes on"
            press(window, "tourNext")
    assert player.place.chapter == index + 1
    assert window.document.design == CHAPTERS[index + 1].drawing()
    assert window.document.is_clean


class Answers:
    """A child that trains in no time: says three epochs and the end."""

    def __init__(self, panel: TrainPanel, folder: Path) -> None:
        path = folder / "child.py"
        events = [started(), *(event for n in (1, 2, 3) for event in epoch_events(n, accuracy=0.9 + n / 100))]
        events.append(Finished(step=12, best_accuracy=0.93, best_epoch=3, seconds=1.0))
        path.write_text("\n".join(f"print({encode(event)!r}, flush=True)" for event in events) + "\n")
        panel.runner._command = lambda run: [sys.executable, str(path), str(run.path)]


def test_the_last_chapter_trains_and_exports(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.wake()
    guide = begin(window, len(CHAPTERS) - 1)
    panel = window.show_tab("trainPanel")
    assert isinstance(panel, TrainPanel)
    Answers(panel, tmp_path)
    press(window, "tourNext")
    assert guide.player.step.key == "train.start"
    qtbot.waitUntil(lambda: panel.can_train, timeout=PATIENCE)
    press(window, "trainButton")
    qtbot.waitUntil(lambda: guide.desk.training().ended, timeout=PATIENCE)
    qtbot.waitUntil(lambda: is_done(guide), timeout=PATIENCE)
    press(window, "tourNext")
    assert guide.player.step.key == "train.watch"
    assert is_done(guide)
    press(window, "tourNext")
    assert guide.player.step.key == "train.export"
    window.acts["export"].trigger()
    dialog = window.findChild(QDialog, "exportDialog")
    assert dialog is not None
    qtbot.waitUntil(lambda: is_done(guide), timeout=PATIENCE)
    dialog.close()
    press(window, "tourNext")
    assert guide.player.step.key == "train.end"
    assert guide.card.next_button.text() == "Finish"
    press(window, "tourNext")
    assert not is_on(guide)
    assert not guide.card.isVisible()
    assert window.banners.banners()[0].what == "That was the tour."


# --- walking ----------------------------------------------------------------------------------------------------------


def test_next_does_what_later_steps_build_on_and_back_returns_to_it(window: MainWindow) -> None:
    guide = begin(window)
    player, document = guide.player, window.document
    press(window, "tourNext")
    press(window, "tourNext")
    assert player.step.key == "why.shortcut"
    before = document.design
    press(window, "tourShow")
    assert player.done
    assert document.is_clean, "nobody is asked to save what the tour asked for"
    assert guide.card.ask.text() == "✓  Done."
    assert not guide.card.show_button.isVisible()
    press(window, "tourNext")
    press(window, "tourNext")
    assert player.step.key == "why.fit"
    assert len(document.plan.problems) == 3
    press(window, "tourBack")
    press(window, "tourBack")
    assert player.step.key == "why.shortcut"
    assert document.design == before
    assert document.undo_stack.canRedo(), "what was done can be had again"
    assert not is_done(guide)
    # A branch of the history that Back cannot jump to is made again as one step.
    document.apply(edits.rename(document.design, "Mine"), "Rename")
    press(window, "tourBack")
    assert player.step.key == "why.deeper"
    assert document.design == preset("plain34")


def test_the_tour_of_one_chapter_goes_back_into_the_one_before(window: MainWindow) -> None:
    guide = begin(window)
    for _ in CHAPTERS[0].steps:
        press(window, "tourNext")
    assert guide.player.step.key == "block.inside"
    press(window, "tourBack")
    assert guide.player.step.key == "why.zero"
    assert window.document.plan.totals.params == 21_797_672
    assert window.document.is_clean


def test_a_half_typed_number_is_no_task_done(window: MainWindow, qtbot: QtBot) -> None:
    guide = begin(window, 3)
    press(window, "tourNext")
    type_number(window, "inspectorCount", "2")
    assert not is_done(guide)
    QTest.keyClicks(seen(window, NumberField, "inspectorCount"), "3")
    assert is_done(guide)
    window.document.undo_stack.undo()
    assert not is_done(guide)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_the_keys_of_a_button_press_the_cards(window: MainWindow, key: Qt.Key) -> None:
    guide = begin(window)
    QTest.keyClick(guide.card.next_button, key)
    assert guide.player.step.key == "why.deeper"
    guide.card.back_button.setFocus()
    QTest.keyClick(guide.card.back_button, key)
    assert guide.player.step.key == "why.welcome"


def test_escape_on_the_canvas_ends_the_tour_before_it_unselects(window: MainWindow) -> None:
    guide = begin(window)
    guide.player.next()
    guide.player.next()
    assert window.document.selection
    QTest.keyClick(window.editor.canvas, Qt.Key.Key_Escape)
    assert not is_on(guide)
    assert window.document.selection
    QTest.keyClick(window.editor.canvas, Qt.Key.Key_Escape)
    assert not window.document.selection, "behind the tour it is as ever"


def test_a_chosen_chapter_is_checked_and_keeps_the_keyboard_on_the_card(window: MainWindow) -> None:
    guide = begin(window)
    entries = guide.card.where.menu().actions()
    window.editor.canvas.setFocus()
    entries[2].trigger()
    assert guide.player.place == Place(2, 0)
    assert window.focusWidget() is guide.card.next_button
    assert [entry.isChecked() for entry in entries] == [index == 2 for index in range(len(CHAPTERS))]
    assert [entry.text()[:2] for entry in entries] == [f"&{n + 1}" for n in range(len(CHAPTERS))]


def test_next_and_back_keep_their_place_when_the_demand_is_met(window: MainWindow) -> None:
    guide = begin(window)
    for _ in range(4):
        guide.player.next()
    assert guide.player.step.key == "why.fit"

    def places() -> list[QRect]:
        guide.arrange()
        buttons = (guide.card.next_button, guide.card.back_button)
        return [QRect(each.mapTo(window, each.rect().topLeft()), each.size()) for each in buttons]

    before = places()
    press(window, "tourShow")
    assert is_done(guide)
    assert places() == before


# --- the user's own drawing -------------------------------------------------------------------------------------------


def test_a_drawing_with_changes_is_asked_for_and_kept(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [Answer.CANCEL, Answer.DISCARD]
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: answers.pop(0))
    window.new_preset("resnet18")
    window.document.apply(edits.rename(window.document.design, "Mine"), "Rename")
    mine = window.document.design
    guide = begin(window)
    assert not is_on(guide)
    assert not guide.card.isVisible()
    assert window.document.design is mine
    begin(window)
    assert is_on(guide)
    assert answers == []
    guide.player.end()
    assert window.document.is_clean, "the tour's own drawing is nothing to ask about"


def test_the_file_that_was_open_is_offered_again(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "mine.resnet.json"
    write_design(path, preset("resnet18"))
    window.open_path(path)
    guide = begin(window)
    assert window.document.design == preset("plain34")
    guide.player.next()
    guide.player.end()
    banner = window.banners.banners()[0]
    again = next(button for button in banner.findChildren(QPushButton) if "mine" in button.text())
    QTest.mouseClick(again, LEFT)
    assert window.document.path == path
    assert window.banners.banners() == []


def test_the_users_edits_in_the_tour_are_asked_for(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [Answer.CANCEL]
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: answers.pop())
    guide = begin(window)
    window.document.apply(edits.rename(window.document.design, "Mine"), "Rename")
    place = guide.player.place
    assert not guide.player.show_chapter(1)
    assert answers == []
    assert guide.player.place == place
    assert is_on(guide)


def test_opening_another_drawing_ends_the_tour(window: MainWindow) -> None:
    guide = begin(window)
    guide.player.next()
    window.new_preset("resnet50")
    assert not is_on(guide)
    assert not any(ring.isVisible() for ring in window.findChildren(Ring))
    assert window.document.design == preset("resnet50")
    assert [banner.what for banner in window.banners.banners()] == ["You left the tour."]
    # It goes on where it was left.
    window.acts["tour"].trigger()
    assert window.banners.banners() == []
    assert guide.player.step.key == "why.deeper"
    assert window.document.design == preset("plain34")


# --- the window around it ---------------------------------------------------------------------------------------------


def test_card_and_frames_follow_whatever_moves(window: MainWindow, qtbot: QtBot) -> None:
    guide = begin(window)
    guide.player.next()
    guide.player.next()

    def framed() -> list[QRect]:
        guide.arrange()
        return [ring.geometry() for ring in guide.frames.rings if ring.isVisible()]

    first = framed()
    assert len(first) == 2
    window.resize(1500, 950)
    qtbot.waitUntil(lambda: framed() != first)
    row = seen(window, ChoiceField, "inspectorShortcut")
    ring = framed()[0]
    assert ring.contains(QRect(row.mapTo(window, row.rect().topLeft()), row.size()))
    for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT):
        window.theme.choose(choice)
        assert guide.card.isVisible()
        assert window.theme.theme.card in guide.card.styleSheet()
    # A dock that floats takes its frame along; the card stays in the window.
    dock = window.editor.inspector_dock
    dock.setFloating(True)
    qtbot.waitUntil(
        lambda: bool(framed()) and any(ring.parentWidget() is dock for ring in guide.frames.rings)
    )
    assert guide.card.parentWidget() is window
    dock.setFloating(False)
    dock.hide()
    guide.arrange()
    assert guide.card.isVisible()
    window.show_start()
    guide.arrange()
    assert not guide.card.isVisible()
    window.show_editor()
    guide.arrange()
    assert guide.card.isVisible()
    assert isinstance(dock, QDockWidget)


def test_it_works_by_the_keyboard_alone_and_says_itself_to_screen_readers(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.activateWindow()
    guide = begin(window)
    card = guide.card
    qtbot.waitUntil(card.next_button.hasFocus)
    QTest.keyClick(card.next_button, Qt.Key.Key_Space)
    assert guide.player.step.key == "why.deeper"
    QTest.keyClick(card.next_button, Qt.Key.Key_PageDown)
    assert guide.player.step.key == "why.shortcut"
    assert card.accessibleName() == "Guided tour: Let the input pass"
    said = card.next_button.accessibleDescription()
    task = guide.player.step.task
    assert task is not None
    assert task.ask in said
    assert "f(x) = x + g(x)" in said
    for button in card.findChildren(QAbstractButton):
        assert button.objectName()
        assert button.accessibleName() or not button.isVisible()
    QTest.keyClick(card.next_button, Qt.Key.Key_PageUp)
    assert guide.player.step.key == "why.deeper"
    window.editor.canvas.setFocus()
    window.document.select(["s1b1"])
    QTest.keyClick(window.editor.canvas, Qt.Key.Key_Escape)
    assert not is_on(guide)
    assert not card.isVisible()


# --- examples ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [example.name for example in EXAMPLES])
def test_an_example_opens_ready_to_play_with(window: MainWindow, name: str) -> None:
    example = find(name)
    window.acts[f"example_{name}"].trigger()
    document = window.document
    assert document.design == example.drawing()
    assert document.path is None
    assert document.is_clean
    assert document.selection == example.select
    assert window.in_editor
    banner = window.banners.banners()[0]
    assert (banner.what, banner.detail) == (example.title, example.ask)
    if example.tab:
        made = window.editor.made(example.tab)
        assert made is not None
        assert made.isVisible()
    window.new_preset("resnet18")
    assert window.banners.banners() == []


def test_examples_stand_under_help_with_what_to_try(window: MainWindow) -> None:
    _ = window.acts
    menu = window.findChild(QWidget, "menuExamples")
    assert menu is not None
    assert [action.text() for action in menu.actions()] == [example.title for example in EXAMPLES]
    assert all(action.toolTip() for action in menu.actions())
    assert len(EXAMPLES) >= 6

"""Many runs: filtered, labelled, compared, laid over each other, repeated, fine-tuned; on real folders."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMessageBox, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.runs.checkpoints import initial_of
from resnet_studio.runs.events import encode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.labels import Label, read_label, write_label
from resnet_studio.runs.recipes import RECIPES
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.curves.overlay_dialog import OverlayDialog
from resnet_studio.ui.runs.compare_dialog import CompareDialog
from resnet_studio.ui.runs.label_dialog import LabelDialog
from resnet_studio.ui.runs.view import RunsView
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets import file_dialog
from tests.ui.test_runs_view import DONE, _home, epoch, made, open_view, texts

__all__ = ["_home", "open_view"]
SUM = "ab" * 32


def titles(view: RunsView) -> list[str]:
    return sorted(row[0] for row in texts(view))


def both(view: RunsView) -> None:
    view.table.selectAll()


def test_the_filter_finds_by_every_word_in_any_column(
    open_view: Callable[..., RunsView], qtbot: QtBot
) -> None:
    made("20260101-000001-a", epoch(1, 0.5), DONE)
    other = made("20260101-000002-b", design="cifar_resnet20")
    write_label(other, Label(name="Deep one", tags=("night", "long run")))
    view = open_view(2)
    line = view.findChild(QLineEdit, "runsFilter")
    assert line is not None
    for text, wanted in (
        ("finished", ["digits, run 1"]),
        ("DEEP night", ["Deep one  #night  #long run"]),
        ("resnet-20 digits night", ["Deep one  #night  #long run"]),
        ("adamw", ["Deep one  #night  #long run", "digits, run 1"]),
        ("deep finished", []),
        ("", ["Deep one  #night  #long run", "digits, run 1"]),
    ):
        line.clear()
        qtbot.keyClicks(line, text)
        assert titles(view) == wanted, text


def test_a_name_tags_and_a_note_are_written_and_shown(
    open_view: Callable[..., RunsView], qtbot: QtBot
) -> None:
    run = made("20260101-000001-a", epoch(1, 0.5), DONE)
    view = open_view(1)
    view.run_actions.label.trigger()
    dialog = view.findChild(LabelDialog)
    assert dialog is not None
    qtbot.keyClicks(dialog.name_line, "Base")
    qtbot.keyClicks(dialog.tags_line, "a, b")
    qtbot.keyClicks(dialog.note_text, "first try")
    save = dialog.findChild(QPushButton, "labelDialogSave")
    assert save is not None
    save.click()
    assert read_label(run) == Label(name="Base", note="first try", tags=("a", "b"))
    qtbot.waitUntil(lambda: titles(view) == ["Base  #a  #b"], timeout=20_000)


def test_a_label_that_is_refused_keeps_the_dialog_open(
    open_view: Callable[..., RunsView], qtbot: QtBot
) -> None:
    run = made("20260101-000001-a", epoch(1, 0.5), DONE)
    view = open_view(1)
    view.run_actions.label.trigger()
    dialog = view.findChild(LabelDialog)
    assert dialog is not None
    dialog.tags_line.setText("x" * 50)
    dialog._save()
    assert dialog.isVisible()
    assert "tag" in dialog.strip.text
    assert read_label(run) == Label()
    dialog.close()


def test_a_damaged_label_is_told_in_the_tooltip(open_view: Callable[..., RunsView]) -> None:
    run = made("20260101-000001-a", epoch(1, 0.5), DONE)
    (run.path / "label.json").write_text("{")
    view = open_view(1)
    assert "label.json" in view.table.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert view.run_actions.open.isEnabled()


def test_two_are_compared_in_settings_and_drawing(open_view: Callable[..., RunsView]) -> None:
    one = made("20260101-000001-a", epoch(1, 0.5), DONE)
    wide = edits.change_blocks(one.design(), ["s1b1"], width=16)
    other = RunFolder.create_at(one.path.with_name("20260101-000002-b"), wide, replace(one.spec(), seed=9))
    view = open_view(2)
    view.table.choose([other])
    assert not view.run_actions.compare.isEnabled()
    both(view)
    view.run_actions.compare.trigger()
    dialog = view.findChild(CompareDialog)
    assert dialog is not None
    tree = dialog.findChild(QTreeWidget)
    assert tree is not None
    groups = {tree.topLevelItem(n).text(0): tree.topLevelItem(n) for n in range(tree.topLevelItemCount())}
    told = {
        name: [[item.child(n).text(c) for c in range(3)] for n in range(item.childCount())]
        for name, item in groups.items()
    }
    # The newer one stands first in the table.
    assert told["Settings"] == [["Seed", "9", "0"]]
    assert told["Drawing"] == [["Stage 1, block 1, width", "16", "32"]]
    assert told["Result"][0] == ["Best accuracy", "–", "50.0\u202f%"]
    dialog.close()


def test_curves_of_several_runs_are_asked_for_together(
    open_view: Callable[..., RunsView], qtbot: QtBot
) -> None:
    runs = [made(f"20260101-00000{n}-a", epoch(1, 0.5), DONE) for n in (1, 2)]
    view = open_view(2)
    both(view)
    with qtbot.waitSignal(view.curves_requested) as asked:
        view.run_actions.open.trigger()
    assert asked.args is not None
    assert sorted(run.name for run in asked.args[0]) == [run.name for run in runs]


def test_curves_lie_over_each_other_and_the_legend_hides_them(qtbot: QtBot) -> None:
    runs = [
        made("20260101-000001-a", epoch(1, 0.5), epoch(2, 0.75)),
        made("20260101-000002-b", epoch(1, 0.25)),
        made("20260101-000003-c"),
    ]
    themes = ThemeManager()
    dialog = OverlayDialog(runs, themes)
    themes.setParent(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: bool(dialog.plots), timeout=60_000)
    accuracy = dialog.plots[1]
    assert [list(line.y) for line in accuracy.lines] == [[50.0, 75.0], [25.0], []]
    assert len({line.ink for line in accuracy.lines}) == 3
    low, high = accuracy.y_range
    assert low < 25
    assert high > 75
    dialog.legend.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert [list(line.y) for line in accuracy.lines] == [[50.0, 75.0], []]
    assert accuracy.y_range[0] > 25
    train = dialog.findChild(QAbstractButton, "overlayPart.1")
    assert train is not None
    train.click()
    assert [len(line.y) for line in accuracy.lines] == [0, 0]


def test_curves_that_lie_over_each_other_are_read_under_the_pointer_told_apart_and_taken_away(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = made("20260101-000001-a", epoch(1, 0.5), epoch(2, 0.75))
    spec = replace(one.spec(), optimizer="sgd", lr=0.02)
    other = RunFolder.create_at(one.path.with_name("20260101-000002-b"), one.design(), spec)
    other.events_path.write_text(encode(epoch(1, 0.25)) + "\n")
    themes = ThemeManager()
    dialog = OverlayDialog([one, other], themes)
    themes.setParent(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: bool(dialog.plots), timeout=60_000)
    legend = dialog.legend
    assert legend.item(0).text() == "digits, run 1\n75.0\u202f%\nOptimizer AdamW\nLearning rate 0.005"
    assert legend.item(1).text() == "digits, run 2\n25.0\u202f%\nOptimizer SGD\nLearning rate 0.02"
    dialog.plots[0].hovered.emit(1.2)
    assert legend.item(0).text().splitlines()[1] == "epoch 1: 1.000 · 50.0\u202f%"
    assert legend.item(1).text().splitlines()[1] == "epoch 1: 1.000 · 25.0\u202f%"
    dialog.plots[1].hovered.emit(1.9)
    assert legend.item(0).text().splitlines()[1] == "epoch 2: 1.000 · 75.0\u202f%"
    # Where a run has ended it tells nothing of that epoch.
    assert legend.item(1).text().splitlines()[1] == "25.0\u202f%"
    dialog.plots[1].hovered.emit(None)
    assert legend.item(0).text().splitlines()[1] == "75.0\u202f%"
    actions = {action.text(): action for action in dialog.more.menu().actions()}
    monkeypatch.setattr(file_dialog, "save_name", lambda *_, **__: str(tmp_path / "both"))
    actions["Save as PNG…"].trigger()
    picture = QImage(str(tmp_path / "both.png"))
    assert picture.height() > 2 * dialog.plots[0].height()
    assert dialog.strip.text == f"Saved {tmp_path / 'both.png'}"
    legend.item(0).setCheckState(Qt.CheckState.Unchecked)
    actions["Copy values as CSV"].trigger()
    rows = list(csv.DictReader(QGuiApplication.clipboard().text().splitlines()))
    assert [(row["run"], row["epoch"], row["val_accuracy"]) for row in rows] == [
        ("digits, run 2", "1", "0.25")
    ]


def test_several_are_deleted_at_once(open_view: Callable[..., RunsView], qtbot: QtBot) -> None:
    runs = [made(f"20260101-00000{n}-a", epoch(1, 0.5), DONE) for n in (1, 2)]
    view = open_view(2)
    both(view)
    view.run_actions.delete.trigger()
    sure = view.findChild(QPushButton, "confirmDeleteButton")
    assert sure is not None
    sure.click()
    qtbot.waitUntil(lambda: view.model.rowCount() == 0, timeout=20_000)
    assert not any(run.path.exists() for run in runs)


def test_repeating_asks_for_the_run(open_view: Callable[..., RunsView], qtbot: QtBot) -> None:
    run = made("20260101-000001-a", epoch(1, 0.5), DONE)
    view = open_view(1)
    with qtbot.waitSignal(view.repeat_requested) as asked:
        view.run_actions.repeat.trigger()
    assert asked.args == [run]


def test_fine_tuning_begins_with_the_best_weights_whose_sum_is_known(
    open_view: Callable[..., RunsView], qtbot: QtBot
) -> None:
    run = made("20260101-000001-a", epoch(1, 0.5), DONE)
    for name in ("best-000000001-00001", "best-000000002-00002", "last-000000002-00002"):
        (run.checkpoints / f"{name}.pt").write_bytes(b"x")
        # The newest best was cut off before its sum came.
        if not name.startswith("best-000000002"):
            (run.checkpoints / f"{name}.sha256").write_text(SUM + "\n")
    view = open_view(1)
    with qtbot.waitSignal(view.fine_tune_requested) as asked:
        view.run_actions.tune.trigger()
    assert asked.args is not None
    design, spec, initial = asked.args
    assert design == preset("digits_starter")
    assert spec == RECIPES["fine_tune"].on(default_spec())
    assert initial.source == str(run.checkpoints / "best-000000001-00001.pt")
    assert initial.sha256 == SUM
    assert initial == initial_of(run)


def test_fine_tuning_without_a_checkpoint_is_refused_in_words(open_view: Callable[..., RunsView]) -> None:
    made("20260101-000001-a", epoch(1, 0.5), DONE)
    view = open_view(1)
    view.run_actions.tune.trigger()
    box = view.findChild(QMessageBox, "runsMessage")
    assert box is not None
    assert "no checkpoint yet" in box.text()
    box.close()


@pytest.mark.parametrize("name", ["label", "compare", "evaluate", "repeat", "tune"])
def test_every_action_says_what_it_does(open_view: Callable[..., RunsView], name: str) -> None:
    made("20260101-000001-a", epoch(1, 0.5), DONE)
    action = getattr(open_view(1).run_actions, name)
    assert action.toolTip() != action.text()

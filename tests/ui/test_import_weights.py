"""The import dialog with a scripted engine: what it asks, what it shows, what the drawing remembers; and who uses that."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import dumps, loads
from resnet_studio.design.presets import preset
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.document import Document
from resnet_studio.ui.exporting.sources import drawing
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.training.runner import Runner
from resnet_studio.ui.training.setup_page import SetupPage
from resnet_studio.ui.weights.chip import WeightsChip
from resnet_studio.ui.weights.dialog import ImportDialog
from tests.ui.asked_engine import AskedEngine

TABLE = {
    "weights": [
        {"name": "ResNet50_Weights.IMAGENET1K_V1", "preset": "resnet50", "title": "ResNet-50", "bytes": 102_530_810,
         "top1": 76.13, "here": True, "default": False},
        {"name": "ResNet50_Weights.IMAGENET1K_V2", "preset": "resnet50", "title": "ResNet-50", "bytes": 102_540_247,
         "top1": 80.858, "here": False, "default": True},
    ]
}  # fmt: skip
SUM = "ab" * 32


def fate(name: str, way: str, reason: str = "", source: str | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "way": way,
        "source": name if source is None and way == "carried" else source or "",
        "reason": reason,
    }


def unit(place: str, *fates: dict[str, Any]) -> dict[str, Any]:
    counts = {way: sum(one["way"] == way for one in fates) for way in ("carried", "sliced", "fresh")}
    return {"id": place, "name": place, "place": place, "fates": list(fates), **counts}


def answer(*, kept: int = 90, offered: int = 0) -> dict[str, Any]:
    units = [
        unit("Stem", fate("conv1.weight", "carried")),
        unit(
            "Stage 3, block 4",
            fate("layer3.3.conv1.weight", "carried", source="layer3.2.conv1.weight"),
            fate("layer3.3.conv2.weight", "fresh", "128 → 160"),
        ),
        unit("Stage 3, block 3", fate("layer3.2.conv1.weight", "fresh", "a new block")),
        unit("Head"),
    ]
    return {
        "title": "w.pt", "path": "/w.pt", "sha256": SUM, "kind": "zip", "tensors": 3, "origin": dumps(preset("resnet50")),
        "origin_name": "ResNet-50", "how": "by names and shapes", "notices": ["The prefix 'module.' was taken off every name."],
        "target": "ResNet-50", "text": "", "carried": 2, "sliced": 0, "fresh": 2, "offered": offered, "numbers": 100,
        "kept": kept, "units": units, "unused": ["fc.old"],
    }  # fmt: skip


@pytest.fixture
def engine() -> AskedEngine:
    return AskedEngine()


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    return Document(preset("resnet50"))


@pytest.fixture
def open_dialog(qtbot: QtBot, engine: AskedEngine, document: Document) -> Callable[[], ImportDialog]:
    kept: list[QWidget] = []

    def make() -> ImportDialog:
        holder = QWidget()
        qtbot.addWidget(holder)
        kept.append(holder)
        dialog = ImportDialog(document, ThemeManager(parent=holder), engine, holder)
        dialog.show()
        return dialog

    return make


def click(qtbot: QtBot, button: QWidget) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_torchvisions_newest_weights_are_offered_for_a_drawing_of_that_name(
    open_dialog: Callable[[], ImportDialog], engine: AskedEngine
) -> None:
    dialog = open_dialog()
    assert [asked.do for asked in engine.asked] == ["pretrained"]
    assert dialog.form.path_line.isVisible()
    engine.asked[-1].on_result(TABLE)
    assert "V2" in dialog.form.source_box.currentText()
    assert dialog.form.look_button.text().startswith("Download")
    assert not dialog.form.path_line.isVisible()
    assert len(engine.questions("look_weights")) == 0, "nothing is downloaded before it is asked for"


def test_there_is_nothing_to_click_before_something_is_named(
    open_dialog: Callable[[], ImportDialog], engine: AskedEngine, qtbot: QtBot
) -> None:
    dialog = open_dialog()
    assert not dialog.form.look_button.isEnabled(), (
        "a click on Look would meet Download when the list arrives"
    )
    qtbot.keyClicks(dialog.form.path_line, "/w.pt")
    assert dialog.form.look_button.isEnabled()
    engine.asked[-1].on_result(TABLE)
    assert dialog.form.path_line.isVisible(), "who types a path keeps the file"
    dialog.form.path_line.clear()
    assert not dialog.form.look_button.isEnabled()


def test_a_name_is_looked_at_with_progress_and_then_remembered(
    open_dialog: Callable[[], ImportDialog], engine: AskedEngine, qtbot: QtBot, document: Document
) -> None:
    dialog = open_dialog()
    engine.asked[-1].on_result(TABLE)
    click(qtbot, dialog.form.look_button)
    asked = engine.questions("look_weights")[0]
    assert (asked.args["source"], asked.args["origin"], asked.args["slices"]) == (
        "ResNet50_Weights.IMAGENET1K_V2",
        None,
        False,
    )
    assert loads(asked.args["design"]) == document.design
    engine.asked[-1].on_progress({"done": 50_000_000, "total": 100_000_000, "text": "Downloading"})
    assert "50" in dialog.strip.text
    assert not dialog.form.source_box.isEnabled()
    engine.asked[-1].on_result(answer())
    click(qtbot, dialog.use_button)
    assert document.initial == Initial(
        source="ResNet50_Weights.IMAGENET1K_V2", origin=preset("resnet50"), slices=False, sha256=SUM
    )
    assert document.is_clean


def named_file(dialog: ImportDialog, engine: AskedEngine, path: Path) -> None:
    engine.asked[-1].on_result(TABLE)
    dialog.form.source_box.setCurrentIndex(0)
    dialog.form.source_box.activated.emit(0)
    dialog.form.path_line.setText(str(path))


def test_the_report_lists_blocks_and_their_tensors(
    open_dialog: Callable[[], ImportDialog], engine: AskedEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = open_dialog()
    named_file(dialog, engine, tmp_path / "w.pt")
    click(qtbot, dialog.form.look_button)
    engine.asked[-1].on_result(answer())
    tree = dialog.report.tree
    rows = [tree.topLevelItem(index) for index in range(tree.topLevelItemCount())]
    told = [[row.text(column) for column in range(5)] for row in rows if row is not None]
    assert told == [
        ["Stem", "1", "–", "–", ""],
        ["Stage 3, block 4", "1", "–", "1", "128 → 160"],
        ["Stage 3, block 3", "–", "–", "1", "a new block"],
        ["Head", "–", "–", "–", ""],
        ["In the file, not used", "", "", "", "1 tensor"],
    ]
    block = rows[1]
    assert isinstance(block, QTreeWidgetItem)
    assert block.childCount() == 0
    tree.expandItem(block)
    first = block.child(0)
    assert first is not None
    assert [first.text(0), first.text(1), first.text(4)] == [
        "layer3.3.conv1.weight", "✓", "from layer3.2.conv1.weight",
    ]  # fmt: skip
    assert dialog.report.headline.text() == "ResNet-50 → ResNet-50: 2 carried, 2 fresh"
    assert "module." in dialog.report.detail.text()


def test_slicing_is_offered_only_where_something_could_be_sliced(
    open_dialog: Callable[[], ImportDialog],
    engine: AskedEngine,
    qtbot: QtBot,
    tmp_path: Path,
    document: Document,
) -> None:
    dialog = open_dialog()
    named_file(dialog, engine, tmp_path / "w.pt")
    click(qtbot, dialog.form.look_button)
    engine.asked[-1].on_result(answer())
    assert not dialog.slice_box.isVisible()
    click(qtbot, dialog.form.look_button)
    engine.asked[-1].on_result(answer(offered=3))
    assert "3 tensors" in dialog.slice_box.text()
    click(qtbot, dialog.slice_box)
    assert engine.questions("look_weights")[-1].args["slices"] is True
    engine.asked[-1].on_result(answer())
    assert dialog.slice_box.isVisible()
    click(qtbot, dialog.use_button)
    assert document.initial is not None
    assert document.initial.slices


def test_another_choice_takes_the_report_away(
    open_dialog: Callable[[], ImportDialog], engine: AskedEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = open_dialog()
    named_file(dialog, engine, tmp_path / "w.pt")
    click(qtbot, dialog.form.look_button)
    engine.asked[-1].on_result(answer())
    assert dialog.use_button.isEnabled()
    qtbot.keyClicks(dialog.form.path_line, "x")
    assert not dialog.use_button.isEnabled()
    assert not dialog.report.tree.isVisible()


def test_an_origin_can_be_told(
    open_dialog: Callable[[], ImportDialog], engine: AskedEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = open_dialog()
    named_file(dialog, engine, tmp_path / "w.pt")
    dialog.form.origin_box.setCurrentText("ResNet-101")
    click(qtbot, dialog.form.look_button)
    assert loads(engine.questions("look_weights")[0].args["origin"]) == preset("resnet101")


def test_a_refusal_is_shown_and_loses_nothing(
    open_dialog: Callable[[], ImportDialog],
    engine: AskedEngine,
    qtbot: QtBot,
    tmp_path: Path,
    document: Document,
) -> None:
    dialog = open_dialog()
    named_file(dialog, engine, tmp_path / "w.pt")
    click(qtbot, dialog.form.look_button)
    engine.asked[-1].on_error(StudioError("It is not a file of plain weights.", "It was not opened."))
    assert dialog.strip.text == "It is not a file of plain weights. It was not opened."
    assert not dialog.use_button.isEnabled()
    assert dialog.form.look_button.isEnabled()
    assert document.initial is None


def test_weights_that_reach_no_block_cannot_be_used(
    open_dialog: Callable[[], ImportDialog], engine: AskedEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = open_dialog()
    named_file(dialog, engine, tmp_path / "w.pt")
    click(qtbot, dialog.form.look_button)
    engine.asked[-1].on_result(answer(kept=0))
    assert not dialog.use_button.isEnabled()
    assert "None of these weights" in dialog.strip.text


def test_a_drawing_with_a_problem_or_no_file_asks_nothing(
    open_dialog: Callable[[], ImportDialog],
    engine: AskedEngine,
    qtbot: QtBot,
    tmp_path: Path,
    document: Document,
) -> None:
    dialog = open_dialog()
    named_file(dialog, engine, tmp_path / "w.pt")
    dialog.form.path_line.clear()
    qtbot.keyClick(dialog.form.path_line, Qt.Key.Key_Return)
    assert "Choose a file" in dialog.strip.text
    dialog.form.path_line.setText(str(tmp_path / "w.pt"))
    document.apply(edits.remove_blocks(document.design, {"s4b1", "s4b2", "s4b3"}), "Remove")
    click(qtbot, dialog.form.look_button)
    assert "problem" in dialog.strip.text
    assert not engine.questions("look_weights")


def test_cancel_stops_the_download_first_and_closes_then(
    open_dialog: Callable[[], ImportDialog], engine: AskedEngine, qtbot: QtBot, document: Document
) -> None:
    dialog = open_dialog()
    engine.asked[-1].on_result(TABLE)
    click(qtbot, dialog.form.look_button)
    click(qtbot, dialog.cancel_button)
    assert engine.cancelled == [2]
    engine.asked[1].on_error(StudioError("Cancelled."))
    assert "stays for the next try" in dialog.strip.text
    click(qtbot, dialog.cancel_button)
    assert not dialog.isVisible()
    assert document.initial is None


def test_closing_while_it_works_gives_it_up(
    open_dialog: Callable[[], ImportDialog], engine: AskedEngine, qtbot: QtBot
) -> None:
    dialog = open_dialog()
    engine.asked[-1].on_result(TABLE)
    click(qtbot, dialog.form.look_button)
    dialog.close()
    assert engine.cancelled == [2]
    assert 2 in engine.forgotten


def test_opened_again_it_shows_what_the_weights_bring_now_and_can_begin_fresh(
    open_dialog: Callable[[], ImportDialog],
    engine: AskedEngine,
    qtbot: QtBot,
    tmp_path: Path,
    document: Document,
) -> None:
    document.begin_with(Initial(source=str(tmp_path / "w.pt"), origin=preset("resnet34"), slices=True))
    dialog = open_dialog()
    assert [asked.do for asked in engine.asked] == ["pretrained", "look_weights"]
    assert engine.questions("look_weights")[0].args["slices"] is True
    assert loads(engine.questions("look_weights")[0].args["origin"]) == preset("resnet34")
    engine.asked[-1].on_result(answer())
    click(qtbot, dialog.fresh_button)
    assert document.initial is None


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_it_follows_the_theme(
    open_dialog: Callable[[], ImportDialog], engine: AskedEngine, choice: ThemeChoice
) -> None:
    dialog = open_dialog()
    themes = dialog.report._themes
    engine.asked[-1].on_result(TABLE)
    dialog.report.show_report(answer())
    themes.choose(choice)
    item = dialog.report.tree.topLevelItem(0)
    assert item is not None
    assert item.foreground(1).color().name() == themes.theme.good


# --- who uses what the document remembers -----------------------------------------------------------------------------


def test_another_drawing_begins_fresh_and_an_edit_does_not(document: Document, qtbot: QtBot) -> None:
    initial = Initial(source="/w.pt")
    with qtbot.waitSignal(document.initial_changed):
        document.begin_with(initial)
    document.apply(edits.remove_blocks(document.design, {"s3b3"}), "Remove")
    document.undo_stack.undo()
    assert document.initial == initial
    with qtbot.waitSignal(document.initial_changed):
        document.load(preset("resnet18"))
    assert document.initial is None


def test_the_status_names_them(document: Document, qtbot: QtBot) -> None:
    chip = WeightsChip(document)
    qtbot.addWidget(chip)
    assert not chip.isVisibleTo(chip.parentWidget())
    document.begin_with(Initial(source="/home/ada/R&D.pt"))
    assert chip.text() == "weights: R&&D.pt"
    assert "R&D.pt" in chip.accessibleName()
    with qtbot.waitSignal(chip.asked):
        chip.click()
    document.begin_with(Initial(source="/x/" + "w" * 90))
    assert len(chip.text()) < 60
    document.begin_with(None)
    assert chip.isHidden()


def test_an_export_takes_them(document: Document) -> None:
    initial = Initial(source="/w.pt", origin=preset("resnet50"), slices=True, sha256=SUM)
    asked = drawing(document.design, initial).arguments()
    assert (asked["weights"], asked["source"], asked["slices"], asked["sha256"]) == (
        "imported",
        "/w.pt",
        True,
        SUM,
    )
    assert loads(asked["origin"]) == preset("resnet50")
    assert "source" not in drawing(document.design).arguments()


def test_the_settings_of_a_run_name_them(document: Document, engine: AskedEngine, qtbot: QtBot) -> None:
    page = SetupPage(document, ThemeManager(), engine)
    qtbot.addWidget(page)
    assert "begins with" not in page.summary
    with qtbot.waitSignal(page.changed):
        document.begin_with(Initial(source="/w.pt"))
    assert page.summary.startswith("begins with w.pt · ")


def test_a_run_keeps_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    made: list[RunFolder] = []

    def command(run: RunFolder) -> list[str]:
        made.append(run)
        return [sys.executable, "-c", ""]

    runner = Runner(command=command)
    initial = Initial(source="/w.pt", origin=preset("resnet50"))
    runner.start(preset("digits_starter"), default_spec(), initial)
    qtbot.waitUntil(lambda: not runner.is_running, timeout=20_000)
    assert made[0].initial() == initial

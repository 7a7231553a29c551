"""The export dialog with a scripted engine: what it offers, what it asks, the receipt, failures that lose nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.runs.events import Epoch, Finished, encode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.formats import FORMATS
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.document import Document
from resnet_studio.ui.exporting.dialog import ExportDialog
from resnet_studio.ui.exporting.receipt import receipt_rows
from resnet_studio.ui.exporting.sources import free_target
from resnet_studio.ui.theme import ThemeManager
from tests.ui.asked_engine import AskedEngine

RECEIPT = {
    "path": "/home/ada/net.pt", "bytes": 312_433, "params": 77_514, "max_difference": 0.0, "weights": "fresh",
    "notes": ["Fresh weights (seed 0): this network has not been trained."],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))


@pytest.fixture
def engine() -> AskedEngine:
    return AskedEngine()


@pytest.fixture
def open_dialog(qtbot: QtBot, tmp_path: Path, engine: AskedEngine) -> Callable[..., ExportDialog]:
    def make(design: str = "digits_starter", run: RunFolder | None = None, found: int = 0) -> ExportDialog:
        holder = QWidget()
        qtbot.addWidget(holder)
        document = Document(preset(design), tmp_path / "net.resnet.json", parent=holder)
        dialog = ExportDialog(document, ThemeManager(parent=holder), engine, holder, run)
        dialog.show()
        qtbot.waitUntil(lambda: dialog.source_box.count() == 1 + found, timeout=20_000)
        _kept.append(holder)
        return dialog

    _kept: list[QWidget] = []
    return make


def trained(design: str, *accuracies: float) -> RunFolder:
    run = RunFolder.create(preset(design), default_spec())
    best = max(accuracies)
    events = [
        Epoch(
            epoch=number,
            step=number,
            train_loss=1.0,
            train_accuracy=0.5,
            val_loss=1.0,
            val_accuracy=accuracy,
            seconds=1.0,
            best=accuracy == best,
            time_left=0.0,
        )
        for number, accuracy in enumerate(accuracies, start=1)
    ]
    done = Finished(step=9, best_accuracy=best, best_epoch=1, seconds=1.0)
    run.events_path.write_text("".join(encode(event) + "\n" for event in [*events, done]))
    return run


def start(qtbot: QtBot, dialog: ExportDialog) -> None:
    assert dialog.export_button.isEnabled()
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)


def test_without_runs_it_offers_the_drawing_and_says_that_it_is_untrained(
    open_dialog: Callable[..., ExportDialog], engine: AskedEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = open_dialog()
    assert "not been trained" in dialog.note.text()
    assert dialog.path_line.text() == str(tmp_path / "digits-starter.pt")
    start(qtbot, dialog)
    asked = engine.asked[0]
    assert (asked.do, asked.args["weights"], asked.args["state_dict"]) == ("export", "fresh", False)
    assert json.loads(asked.args["design"])["name"] == "Digits starter"


def test_the_newest_run_of_this_drawing_is_offered_first(
    open_dialog: Callable[..., ExportDialog], engine: AskedEngine, qtbot: QtBot
) -> None:
    run = trained("digits_starter", 0.5, 0.9, 0.8)
    trained("cifar_resnet20", 0.99)
    dialog = open_dialog(found=4)
    assert "best, 90.0" in dialog.source_box.currentText()
    assert dialog.source.run == run
    dialog.bare_box.click()
    start(qtbot, dialog)
    assert engine.asked[0].args["run"] == str(run.path)
    assert engine.asked[0].args["weights"] == "best"
    assert engine.asked[0].args["state_dict"] is True


def test_a_run_of_another_drawing_says_so(open_dialog: Callable[..., ExportDialog]) -> None:
    run = trained("cifar_resnet20", 0.99)
    dialog = open_dialog(run=run, found=2)
    assert dialog.source.run == run
    assert "not the drawing that is open" in dialog.note.text()


def test_the_receipt_leaves_the_window_where_and_as_large_as_it_was(
    qtbot: QtBot, open_dialog: Callable[..., ExportDialog], engine: AskedEngine
) -> None:
    dialog = open_dialog()
    dialog.resize(700, 520)
    before = dialog.geometry()
    start(qtbot, dialog)
    engine.asked[0].on_result(RECEIPT)
    assert dialog.geometry() == before


def test_progress_then_the_receipt_which_can_be_copied(
    open_dialog: Callable[..., ExportDialog], engine: AskedEngine, qtbot: QtBot
) -> None:
    dialog = open_dialog()
    start(qtbot, dialog)
    assert not dialog.export_button.isEnabled()
    engine.asked[0].on_progress({"done": 2, "total": 4, "text": "Writing"})
    assert dialog.strip.text == "Writing"
    engine.asked[0].on_result(RECEIPT)
    for name, words in (("receiptParameters", "77\u202f514"), ("receiptSize", "312\u202fkB")):
        label = dialog.findChild(QLabel, name)
        assert label is not None
        assert words in label.text()
    copy = dialog.findChild(QPushButton, "copyReceiptButton")
    assert copy is not None
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "File: /home/ada/net.pt\n" in copied
    assert "Largest difference: 0, bit for bit the same" in copied
    assert "has not been trained" in copied


def test_a_failure_is_said_and_another_try_is_possible(
    open_dialog: Callable[..., ExportDialog], engine: AskedEngine, qtbot: QtBot
) -> None:
    dialog = open_dialog()
    start(qtbot, dialog)
    engine.asked[0].on_error(
        StudioError("/x.pt could not be written (No space left on device).", "Free some space.")
    )
    assert "No space left" in dialog.strip.text
    assert "Nothing was replaced" in dialog.strip.text
    start(qtbot, dialog)
    engine.asked[1].on_result(RECEIPT)
    assert dialog.export_button.text() == "Done"


def test_cancel_gives_the_work_up_before_it_closes_the_dialog(
    open_dialog: Callable[..., ExportDialog], engine: AskedEngine, qtbot: QtBot
) -> None:
    dialog = open_dialog()
    start(qtbot, dialog)
    qtbot.mouseClick(dialog.cancel_button, Qt.MouseButton.LeftButton)
    assert engine.cancelled == [1]
    assert dialog.isVisible()
    engine.asked[0].on_error(StudioError("Cancelled."))
    assert "nothing was written" in dialog.strip.text
    assert dialog.export_button.isEnabled()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "Name the file"),
        ("/", "is a folder"),
        ("/no/such/folder/x.pt", "There is no folder"),
        ("{here}", "is a folder"),
        ("~nobody-of-this-name/x.pt", "no path"),
    ],
)
def test_a_target_that_cannot_be_is_said_before_the_click(
    open_dialog: Callable[..., ExportDialog], qtbot: QtBot, tmp_path: Path, path: str, words: str
) -> None:
    (tmp_path / "x.pt").mkdir()
    dialog = open_dialog()
    dialog.path_line.selectAll()
    qtbot.keyClick(dialog.path_line, Qt.Key.Key_Delete)
    qtbot.keyClicks(dialog.path_line, path.format(here=tmp_path / "x.pt"))
    assert words in dialog.strip.text
    assert not dialog.export_button.isEnabled()


def test_an_existing_target_is_named_and_its_ending_is_added(
    open_dialog: Callable[..., ExportDialog], engine: AskedEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "net.pt").write_bytes(b"old")
    dialog = open_dialog()
    dialog.path_line.selectAll()
    qtbot.keyClicks(dialog.path_line, str(tmp_path / "net"))
    assert "net.pt exists" in dialog.strip.text
    (tmp_path / "net.state_dict.pt").write_bytes(b"old")
    dialog.bare_box.click()
    assert "net.pt and net.state_dict.pt exist" in dialog.strip.text
    start(qtbot, dialog)
    assert engine.asked[0].args["path"] == str(tmp_path / "net.pt")


def choose(dialog: ExportDialog, qtbot: QtBot, name: str) -> None:
    """Choose a format by keys, as a user does."""
    dialog.format_box.setFocus()
    dialog.format_box.setCurrentIndex(0)
    for _ in range(list(FORMATS).index(name)):
        qtbot.keyClick(dialog.format_box, Qt.Key.Key_Down)
    dialog.format_box.activated.emit(dialog.format_box.currentIndex())


def test_the_format_says_what_it_is_for_and_gives_the_file_its_ending(
    open_dialog: Callable[..., ExportDialog], engine: AskedEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = open_dialog()
    note = dialog.findChild(QLabel, "exportFormatNote")
    assert note is not None
    for name, known in FORMATS.items():
        choose(dialog, qtbot, name)
        assert dialog.path_line.text() == str(tmp_path / f"digits-starter{known.suffix}")
        assert note.text() == known.line
        assert dialog.bare_box.isEnabled() == known.bare
    choose(dialog, qtbot, "onnx")
    start(qtbot, dialog)
    assert engine.asked[0].args["format"] == "onnx"
    assert engine.asked[0].args["path"].endswith(".onnx")
    assert engine.asked[0].args["state_dict"] is False
    engine.asked[0].on_result(
        RECEIPT
        | {"format": "onnx", "max_difference": 2e-7}
        | {"differences": [{"batch": 1, "difference": 1e-7}, {"batch": 7, "difference": 2e-7}]}
    )
    rows = {row.name: row.value for row in receipt_rows(RECEIPT | {"format": "onnx", "largest_output": None})}
    assert rows["Format"] == "ONNX"
    assert "overflow" in rows["Largest difference"]
    label = dialog.findChild(QLabel, "receiptBybatch")
    assert label is not None
    assert label.text() == "1: 1e-07, 7: 2e-07"


def test_the_ending_that_is_typed_says_the_format_and_a_typed_name_is_kept(
    open_dialog: Callable[..., ExportDialog], engine: AskedEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = open_dialog()
    dialog.bare_box.click()
    dialog.path_line.selectAll()
    qtbot.keyClicks(dialog.path_line, str(tmp_path / "mine.safetensors"))
    assert dialog.form.format.name == "safetensors"
    choose(dialog, qtbot, "pt2")
    assert dialog.path_line.text() == str(tmp_path / "mine.pt2")
    start(qtbot, dialog)
    # The tick stays for when a .pt is chosen again, and asks for nothing beside another file.
    assert (engine.asked[0].args["format"], engine.asked[0].args["state_dict"]) == ("pt2", False)


def test_what_a_format_writes_beside_its_file_is_named_too(
    open_dialog: Callable[..., ExportDialog], qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "digits-starter.state_dict.pt").write_bytes(b"old")
    dialog = open_dialog()
    assert "exists" not in dialog.strip.text
    choose(dialog, qtbot, "python")
    assert "digits-starter.state_dict.pt exists" in dialog.strip.text


def test_a_drawing_with_a_problem_cannot_be_exported(qtbot: QtBot, engine: AskedEngine) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    document = Document(edits.set_head(preset("digits_starter"), head=None), parent=holder)
    dialog = ExportDialog(document, ThemeManager(parent=holder), engine, holder)
    dialog.show()
    assert "has a problem" in dialog.strip.text
    assert not dialog.export_button.isEnabled()


def test_a_free_name_is_found(tmp_path: Path) -> None:
    assert free_target(tmp_path, "net") == tmp_path / "net.pt"
    (tmp_path / "net.pt").touch()
    (tmp_path / "net-2.pt").touch()
    assert free_target(tmp_path, "net") == tmp_path / "net-3.pt"


def test_the_receipt_calls_a_run_as_the_window_does_and_tells_its_folder_on_asking(
    open_dialog: Callable[..., ExportDialog], engine: AskedEngine
) -> None:
    run = RunFolder.create(preset("digits_starter"), default_spec())
    note = f"Best weights of {run.name}, epoch 4."
    dialog = open_dialog()
    dialog.export_button.click()
    engine.asked[0].on_result(RECEIPT | {"notes": [note], "run": str(run.path)})
    label = dialog.findChild(QLabel, "receiptNote")
    assert label is not None
    assert label.text() == "Best weights of digits, run 1, epoch 4."
    assert label.toolTip() == str(run.path)

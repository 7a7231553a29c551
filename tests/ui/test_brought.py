"""What weights really brought, after they were put in: in the run's panel and in the receipt of an export, by clicks."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPushButton, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.runs.brought import brought_path, keep_brought
from resnet_studio.runs.events import encode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.results import Surveyed
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.document import Document
from resnet_studio.ui.exporting.dialog import ExportDialog
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.panel import TrainPanel
from tests.ui.asked_engine import AskedEngine
from tests.ui.test_export_dialog import RECEIPT
from tests.ui.test_import_weights import answer
from tests.ui.test_training_panel import Engine, started

ROWS = [("Stem", "1", "–", "–"), ("Stage 3, block 4", "1", "–", "1"), ("Stage 3, block 3", "–", "–", "1"),
        ("Head", "–", "–", "–")]  # fmt: skip


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))


def rows(tree: QTreeWidget) -> list[tuple[str, ...]]:
    items = [tree.topLevelItem(index) for index in range(tree.topLevelItemCount())]
    return [tuple(item.text(column) for column in range(4)) for item in items if item is not None]


def old_run(report: dict[str, Any] | None) -> RunFolder:
    run = RunFolder.create(preset("digits_starter"), default_spec())
    run.events_path.write_text(encode(started()) + "\n")
    if report is not None:
        keep_brought(run, cast(Surveyed, report))
    return run


@pytest.fixture
def panel(qtbot: QtBot) -> TrainPanel:
    holder = QWidget()
    qtbot.addWidget(holder)
    panel = TrainPanel(
        Document(preset("digits_starter"), parent=holder), ThemeManager(parent=holder), Engine(), holder
    )
    panel.resize(900, 400)
    holder.resize(900, 400)
    with qtbot.waitExposed(holder):
        holder.show()
    qtbot.kept = holder  # type: ignore[attr-defined]  # else Python's end of the test takes it along
    return panel


def show(qtbot: QtBot, panel: TrainPanel, run: RunFolder) -> QPushButton:
    with qtbot.waitSignal(panel.runner.changed):
        panel.show_run(run)
    button = panel.findChild(QPushButton, "broughtButton")
    assert isinstance(button, QPushButton)
    return button


def opened(qtbot: QtBot, panel: TrainPanel, button: QPushButton) -> QDialog:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = panel.window().findChild(QDialog, "broughtDialog")
    assert isinstance(dialog, QDialog)
    return dialog


def test_a_run_that_began_with_weights_shows_what_they_brought(qtbot: QtBot, panel: TrainPanel) -> None:
    button = show(qtbot, panel, old_run(answer()))
    assert button.isVisible()
    dialog = opened(qtbot, panel, button)
    tree = dialog.findChild(QTreeWidget)
    assert isinstance(tree, QTreeWidget)
    qtbot.waitUntil(lambda: tree.topLevelItemCount() > 0)
    assert rows(tree)[:4] == ROWS
    assert "w.pt" in dialog.title.text()  # type: ignore[attr-defined]
    close = dialog.findChild(QPushButton, "broughtCloseButton")
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    panel.show_settings()
    assert not button.isVisible(), "the settings are of the next run"


def test_a_fresh_run_offers_nothing(qtbot: QtBot, panel: TrainPanel) -> None:
    assert show(qtbot, panel, old_run(answer())).isVisible()
    assert not show(qtbot, panel, old_run(None)).isVisible()


@pytest.mark.parametrize("damage", [lambda path: path.write_text("{"), Path.unlink])
def test_a_report_that_cannot_be_read_is_said(
    qtbot: QtBot, panel: TrainPanel, damage: Callable[[Path], object]
) -> None:
    run = old_run(answer())
    button = show(qtbot, panel, run)
    damage(brought_path(run))
    dialog = opened(qtbot, panel, button)
    strip = dialog.strip  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: bool(strip.text))
    assert "report" in strip.text or "weights.json" in strip.text
    dialog.close()


def test_the_receipt_shows_the_blocks_and_copies_them(qtbot: QtBot, tmp_path: Path) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    engine = AskedEngine()
    document = Document(preset("digits_starter"), tmp_path / "net.resnet.json", parent=holder)
    dialog = ExportDialog(document, ThemeManager(parent=holder), engine, holder)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.source_box.count() == 1)
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    engine.asked[0].on_result(json.loads(json.dumps(RECEIPT | {"weights": "imported", "brought": answer()})))
    qtbot.mouseClick(dialog.findChild(QPushButton, "receiptBroughtButton"), Qt.MouseButton.LeftButton)
    shown = dialog.findChild(QDialog, "broughtDialog")
    assert isinstance(shown, QDialog)
    tree = shown.findChild(QTreeWidget)
    assert isinstance(tree, QTreeWidget)
    assert tree.isVisible()
    assert rows(tree)[:4] == ROWS
    qtbot.mouseClick(shown.findChild(QPushButton, "broughtCloseButton"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(dialog.findChild(QPushButton, "copyReceiptButton"), Qt.MouseButton.LeftButton)
    assert "Stage 3, block 4: 1 carried, 0 sliced, 1 fresh" in QGuiApplication.clipboard().text()


def test_an_export_of_fresh_weights_has_nothing_to_unfold(qtbot: QtBot, tmp_path: Path) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    engine = AskedEngine()
    dialog = ExportDialog(
        Document(preset("digits_starter"), parent=holder), ThemeManager(parent=holder), engine, holder
    )
    dialog.show()
    qtbot.waitUntil(lambda: dialog.source_box.count() == 1)
    dialog._done(dict(RECEIPT))
    assert dialog.findChild(QPushButton, "receiptBroughtButton") is None

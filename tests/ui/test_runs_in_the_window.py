"""What the list of runs wants of the whole window: fine-tuning, evaluating, curves together; with a fake engine."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.runs.labels import Label, write_label
from resnet_studio.runs.recipes import RECIPES
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.curves.overlay_dialog import OverlayDialog
from resnet_studio.ui.evaluation.dialog import EvaluationDialog
from resnet_studio.ui.runs.names import weights_title
from resnet_studio.ui.runs.view import RunsView
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.training.panel import TrainPanel
from tests.ui.shell_window import shown_window
from tests.ui.test_runs_view import DONE, epoch, made

SUM = "cd" * 32


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as shown:
        shown.new_preset("resnet18")
        yield shown


def runs_of(window: MainWindow, qtbot: QtBot, count: int) -> RunsView:
    view = window.show_tab("runs")
    assert isinstance(view, RunsView)
    qtbot.waitUntil(lambda: view.model.rowCount() == count, timeout=20_000)
    return view


def test_fine_tuning_opens_the_design_with_weights_and_settings(window: MainWindow, qtbot: QtBot) -> None:
    run = made("20260101-000001-a", epoch(1, 0.5), DONE)
    (run.checkpoints / "best-000000001-00001.pt").write_bytes(b"x")
    (run.checkpoints / "best-000000001-00001.sha256").write_text(SUM)
    runs_of(window, qtbot, 1).run_actions.tune.trigger()
    assert window.document.design == preset("digits_starter")
    initial = window.document.initial
    assert initial is not None
    assert (initial.sha256, initial.origin) == (SUM, preset("digits_starter"))
    panel = window.show_tab("trainPanel")
    assert isinstance(panel, TrainPanel)
    assert panel.setup.spec() == RECIPES["fine_tune"].on(default_spec())
    assert panel.setup.recipes.box.currentText() == "Fine-tune"
    assert panel.setup.summary.startswith("begins with digits, run 1, best of epoch 1")
    weights = str(run.checkpoints / "best-000000001-00001.pt")
    write_label(run, Label(name="the good one"))
    assert weights_title(weights) == "the good one, best of epoch 1"


def test_a_runs_design_comes_with_its_own_settings(window: MainWindow, qtbot: QtBot) -> None:
    run = made("20260101-000001-a", epoch(1, 0.5), DONE)
    view = runs_of(window, qtbot, 1)
    view.design_requested.emit(run.design(), replace(run.spec(), seed=77))
    panel = window.show_tab("trainPanel")
    assert isinstance(panel, TrainPanel)
    assert panel.setup.spec().seed == 77
    told = window.findChild(QLabel, "told")
    assert told is not None
    assert told.text() == "Digits starter as it was for the run, and its settings."


def test_an_evaluation_and_curves_open_beside_the_window(window: MainWindow, qtbot: QtBot) -> None:
    runs = [made(f"20260101-00000{n}-a", epoch(1, 0.5), DONE) for n in (1, 2)]
    view = runs_of(window, qtbot, 2)
    view.table.choose([runs[0]])
    view.run_actions.evaluate.trigger()
    evaluation = window.findChild(EvaluationDialog)
    assert evaluation is not None
    assert evaluation.isVisible()
    assert not evaluation.isModal()
    assert evaluation.windowTitle() == "Evaluation of digits, run 1"
    view.table.selectAll()
    view.run_actions.open.trigger()
    overlay = window.findChild(OverlayDialog)
    assert overlay is not None
    qtbot.waitUntil(lambda: overlay.legend.count() == 2, timeout=60_000)
    evaluation.close()
    overlay.close()

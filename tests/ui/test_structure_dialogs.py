"""Every dialog in both themes, beside a wide and a tall window, with plain and large letters: nothing is cut, nothing overlaps."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.runs.evaluation import evaluation_to
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import runs_root
from resnet_studio.runs.labels import Label
from resnet_studio.runs.results import Surveyed
from resnet_studio.runs.survey import survey_to
from resnet_studio.ui.curves.overlay_dialog import OverlayDialog
from resnet_studio.ui.data.dialog import DataDialog
from resnet_studio.ui.evaluation.dialog import EvaluationDialog
from resnet_studio.ui.exporting.dialog import ExportDialog
from resnet_studio.ui.presets_form.dialog import FamilyDialog
from resnet_studio.ui.runs.compare_dialog import CompareDialog
from resnet_studio.ui.runs.label_dialog import LabelDialog
from resnet_studio.ui.runs.log_dialog import LogDialog
from resnet_studio.ui.shell.command_palette import CommandPalette
from resnet_studio.ui.shell.drop_path_popup import DropPathPopup
from resnet_studio.ui.shell.input_popup import InputPopup
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.shell.shortcuts import show_shortcuts
from resnet_studio.ui.theme import ThemeChoice
from resnet_studio.ui.verify.numbers import NumbersPage
from resnet_studio.ui.verify.page import VerifyPage
from resnet_studio.ui.weights.brought import BroughtDialog
from resnet_studio.ui.weights.dialog import ImportDialog
from tests.ui.asked_engine import AskedEngine
from tests.ui.shell_window import shown_window
from tests.ui.structure import cut_words, overlaps, seen, without_size
from tests.ui.test_data_dialog import FOUND as SURVEY
from tests.ui.test_evaluation import FOUND as EVALUATION
from tests.ui.test_export_dialog import RECEIPT
from tests.ui.test_import_weights import answer
from tests.ui.test_runs_view import DONE, epoch, made

_FIRST, _SECOND = "20260101-000001-a", "20260101-000002-b"
SIZES = ((1280, 800), (955, 1000))


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    with shown_window(ThemeChoice.LIGHT) as shown:
        shown.new_preset("resnet50")
        make_runs()
        yield shown
        shown.theme.resize_text(100)


def make_runs() -> None:
    """One that is done, and one that was left behind."""
    made(_FIRST, epoch(1, 0.5), epoch(2, 0.75), DONE)
    made(_SECOND, epoch(1, 0.2))


def run(name: str) -> RunFolder:
    return RunFolder(runs_root() / name)


def _export(window: MainWindow) -> QWidget:
    return ExportDialog(window.document, window.theme, AskedEngine(), window)


def _receipt(window: MainWindow) -> QWidget:
    dialog = ExportDialog(window.document, window.theme, AskedEngine(), window)
    dialog.show()
    dialog._done(RECEIPT | {"weights": "imported", "brought": answer()})
    return dialog


def _import(window: MainWindow) -> QWidget:
    dialog = ImportDialog(window.document, window.theme, AskedEngine(), window)
    dialog._looked(answer(offered=2))
    return dialog


def _brought(window: MainWindow) -> QWidget:
    dialog = BroughtDialog(window.theme, window)
    dialog.show_report(Surveyed(**answer()))  # type: ignore[typeddict-item]
    return dialog


def _evaluation(window: MainWindow) -> QWidget:
    engine = AskedEngine()
    dialog = EvaluationDialog(run(_FIRST), "digits, run 1", window.theme, engine, window)
    engine.asked[-1].on_result(evaluation_to(EVALUATION))
    return dialog


def _data(window: MainWindow) -> QWidget:
    engine = AskedEngine()
    dialog = DataDialog(window.document, window.theme, engine, ("folder", "/pets"), window)
    engine.asked[-1].on_result(survey_to(SURVEY))
    return dialog


def _overlay(window: MainWindow) -> QWidget:
    runs = [
        run(_FIRST),
        run(_SECOND),
    ]
    return OverlayDialog(runs, window.theme, window)


def _compare(window: MainWindow) -> QWidget:
    return CompareDialog(run(_FIRST), run(_SECOND), window)


def _palette(window: MainWindow) -> QWidget:
    palette = CommandPalette(window.acts, window.doings, window)
    palette.open_over(window)
    return palette


OPENERS: dict[str, Callable[[MainWindow], QWidget]] = {
    "export": _export,
    "receipt": _receipt,
    "import": _import,
    "brought": _brought,
    "evaluation": _evaluation,
    "data": _data,
    "overlay": _overlay,
    "compare runs": _compare,
    "label": lambda w: LabelDialog(run(_FIRST), Label(name="Base", tags=("night",)), w),
    "log": lambda w: LogDialog("digits, run 1", "first line\nsecond line", w),
    "family": lambda w: FamilyDialog(w.theme, w),
    "shortcuts": lambda w: show_shortcuts(w.acts, w),
    "palette": _palette,
    "verify": lambda w: VerifyPage(w.theme, AskedEngine(), w),
    "numbers": NumbersPage,
    "input": lambda w: InputPopup(w.document, w.theme, w),
    "drop path": lambda w: DropPathPopup(w.document, w.theme, w),
}


def faults(dialog: QWidget, size: tuple[int, int]) -> list[str]:
    least = dialog.minimumSizeHint()
    larger = least.width() > size[0] or least.height() > size[1]
    return [
        *cut_words(dialog),
        *overlaps(dialog),
        *without_size(dialog),
        *([f"needs {least.toTuple()}"] if larger else []),
    ]


@pytest.mark.parametrize("text", [100, 150])
def test_nothing_is_cut_in_a_dialog(qtbot: QtBot, window: MainWindow, text: int) -> None:
    window.doings.resize_text(text)
    opened = {name: opened(window) for name, opened in OPENERS.items()}
    wrong = []

    def look(name: str, size: tuple[int, int]) -> None:
        dialog = opened[name]
        with suppress(qtbot.TimeoutError):
            qtbot.waitUntil(lambda: not faults(dialog, size), timeout=600)
        theme = window.theme.choice.value
        wrong.extend(f"{theme} {size} {name}: {fault}" for fault in faults(dialog, size))

    for name, dialog in opened.items():
        dialog.show()
        # As it opens, and as large as a window of these sizes.
        for size in (dialog.size().toTuple(), *SIZES):
            dialog.resize(*size)
            look(name, size)
        assert len(list(seen(dialog))) > 4, name
    window.theme.choose(ThemeChoice.DARK)
    for name, dialog in opened.items():
        look(name, SIZES[1])
        if isinstance(dialog, QDialog):
            dialog.done(0)
        dialog.close()
    assert not wrong, "\n".join(wrong)


def test_what_does_not_fit_is_told(window: MainWindow) -> None:
    dialog = _data(window)
    dialog.show()
    assert any("needs" in fault for fault in faults(dialog, (200, 100)))
    dialog.close()

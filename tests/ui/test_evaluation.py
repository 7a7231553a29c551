"""The evaluation dialog with a scripted engine: what it asks, what it shows, what it says when something is wrong."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.evaluation import Evaluation, Prediction, evaluation_to
from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.evaluation.classes import ACCURACY, CLASS, TAKEN
from resnet_studio.ui.evaluation.dialog import EvaluationDialog
from resnet_studio.ui.evaluation.gallery import picture
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from tests.ui.asked_engine import AskedEngine

GREY = Prediction(
    index=4,
    name="image 4",
    truth=0,
    said=1,
    confidence=0.75,
    shape=(1, 2, 3),
    pixels=bytes([0, 10, 20, 30, 40, 50]),
)
COLOUR = Prediction(
    index=7,
    name="/x/a.png",
    truth=2,
    said=0,
    confidence=0.5,
    shape=(3, 1, 2),
    pixels=bytes([1, 2, 3, 4, 5, 6]),
)
FOUND = Evaluation(
    classes=("cat, tame", "dog", "owl", "none"), counts=((7, 3, 0, 0), (0, 10, 0, 0), (4, 1, 5, 0), (0, 0, 0, 0)),
    top1=22 / 30, top5=None, loss=0.5, epoch=3, weights="best", worst=(GREY, COLOUR),
)  # fmt: skip


@pytest.fixture
def engine() -> AskedEngine:
    return AskedEngine()


@pytest.fixture
def dialog(qtbot: QtBot, engine: AskedEngine, tmp_path: Path) -> EvaluationDialog:
    themes = ThemeManager()
    made = EvaluationDialog(RunFolder(tmp_path / "run"), "digits, run 7", themes, engine)
    themes.setParent(made)
    qtbot.addWidget(made)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.show()
    return made


def answer(engine: AskedEngine, found: Evaluation = FOUND) -> None:
    engine.asked[-1].on_result(evaluation_to(found))


def test_it_asks_for_the_best_weights_and_shows_counts_in_words_too(
    dialog: EvaluationDialog, engine: AskedEngine, tmp_path: Path
) -> None:
    do, _, _, progress, args = engine.asked[0]
    assert (do, args) == ("evaluate", {"run": str(tmp_path / "run"), "weights": "best"})
    progress({"done": 10, "total": 40, "text": ""})
    assert "10 of 40" in dialog.strip.text
    answer(engine)
    assert not dialog.strip.isVisible()
    assert "top-1 73.3" in dialog.figures.text()
    assert "top-5" not in dialog.figures.text()
    model = dialog.matrix.model()
    shown = [[str(model.index(row, column).data() or 0) for column in range(4)] for row in range(4)]
    assert shown == [[str(count) for count in row] for row in FOUND.counts]
    said = model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "4 of 10 (40.0 %) of owl were taken for cat, tame"


def test_right_and_wrong_have_grounds_that_differ_and_more_is_stronger(
    dialog: EvaluationDialog, engine: AskedEngine
) -> None:
    answer(engine)
    model, themes = dialog.matrix.model(), dialog.findChild(ThemeManager)
    assert themes is not None
    for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        themes.choose(choice)
        ground = lambda row, column: model.index(row, column).data(Qt.ItemDataRole.BackgroundRole)  # noqa: E731
        window = int(themes.theme.window[1:3], 16)
        assert ground(0, 2) is None
        assert ground(0, 0) != ground(0, 1)
        assert abs(ground(2, 0).blue() - window) > abs(ground(2, 1).blue() - window)
        for row, column in ((0, 0), (1, 1), (2, 0)):
            assert (
                contrast(model.index(row, column).data(Qt.ItemDataRole.ForegroundRole), ground(row, column))
                >= 4.5
            )


def contrast(one: Any, other: Any) -> float:
    """WCAG 2's ratio."""

    def light(ink: Any) -> float:
        parts = [
            v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
            for v in (ink.redF(), ink.greenF(), ink.blueF())
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_classes_stand_with_the_worst_first_and_one_without_images_last(
    dialog: EvaluationDialog, engine: AskedEngine
) -> None:
    answer(engine)
    tree = dialog.classes
    rows = [[tree.topLevelItem(n).text(c) for c in (CLASS, ACCURACY, TAKEN)] for n in range(4)]
    assert rows == [
        ["owl", "50.0\u202f%", "cat, tame (4)"], ["cat, tame", "70.0\u202f%", "dog (3)"], ["dog", "100.0\u202f%", ""], ["none", "–", ""],
    ]  # fmt: skip
    tree.sortByColumn(CLASS, Qt.SortOrder.AscendingOrder)
    assert tree.topLevelItem(0).text(CLASS) == "cat, tame"


def test_pictures_have_the_pixels_that_were_sent(dialog: EvaluationDialog, engine: AskedEngine) -> None:
    grey = picture(GREY)
    assert [[grey.pixelColor(x, y).red() for x in range(3)] for y in range(2)] == [[0, 10, 20], [30, 40, 50]]
    colour = picture(COLOUR)
    assert [colour.pixelColor(x, 0).getRgb()[:3] for x in range(2)] == [(1, 3, 5), (2, 4, 6)]
    answer(engine)
    assert dialog.predictions.gallery.count() == 2
    assert (
        dialog.predictions.gallery.item(1)
        .data(Qt.ItemDataRole.AccessibleTextRole)
        .startswith("/x/a.png: it is owl")
    )


def test_the_other_weights_are_asked_for_and_the_old_answer_is_given_up(
    dialog: EvaluationDialog, engine: AskedEngine
) -> None:
    last = dialog.findChild(QAbstractButton, "evaluationWeights.1")
    assert last is not None
    last.click()
    assert engine.cancelled == [1]
    assert engine.forgotten == [1]
    assert engine.asked[-1].args["weights"] == "last"


def test_a_failure_is_said_and_can_be_tried_again(dialog: EvaluationDialog, engine: AskedEngine) -> None:
    engine.asked[0].on_error(StudioError("The data is gone.", "Bring it back."))
    assert "The data is gone. Bring it back." in dialog.strip.text
    again = dialog.findChild(QPushButton, "evaluateAgainButton")
    assert again is not None
    again.click()
    answer(engine)
    assert dialog.found == FOUND


def test_what_is_no_evaluation_is_said(dialog: EvaluationDialog, engine: AskedEngine) -> None:
    engine.asked[0].on_result({"classes": ["a"], "counts": [[1, 2]]})
    assert "could not be read" in dialog.strip.text


def test_the_matrix_is_copied_as_csv(dialog: EvaluationDialog, engine: AskedEngine) -> None:
    button = dialog.findChild(QPushButton, "evaluationCopyButton")
    assert button is not None
    assert not button.isEnabled()
    answer(engine)
    button.click()
    rows = list(csv.reader(QGuiApplication.clipboard().text().splitlines()))
    assert rows[0] == ["truth", *FOUND.classes]
    assert [list(map(int, row[1:])) for row in rows[1:]] == [list(row) for row in FOUND.counts]


def test_closing_while_it_works_cancels(dialog: EvaluationDialog, engine: AskedEngine) -> None:
    dialog.close()
    assert engine.cancelled == [1]


RIGHT = replace(GREY, index=1, name="image 1", truth=1, said=1, confidence=0.99)


def test_worst_samples_and_the_images_of_a_cell_are_shown(
    dialog: EvaluationDialog, engine: AskedEngine, qtbot: QtBot
) -> None:
    answer(engine, replace(FOUND, samples=(RIGHT, COLOUR)))
    shown, matrix = dialog.predictions, dialog.matrix
    gallery = shown.gallery

    def texts() -> list[str]:
        return [gallery.item(row).text().splitlines()[0] for row in range(gallery.count())]

    assert (shown.title.text(), texts()) == ("Worst predictions", ["cat, tame → dog", "owl → cat, tame"])
    sample = dialog.findChild(QAbstractButton, "predictionsKind.1")
    assert sample is not None
    sample.click()
    assert (shown.title.text(), texts()) == ("Sample predictions", ["dog ✓", "owl → cat, tame"])
    before = matrix.grab().toImage()
    matrix.setCurrentIndex(matrix.model().index(2, 0))
    assert (shown.title.text(), texts()) == ("owl, taken for cat, tame", ["owl → cat, tame"])
    assert shown.kind.value is None
    # The chosen cell keeps its heat.
    box = matrix.visualRect(matrix.model().index(2, 0))
    place = matrix.viewport().mapTo(matrix, box.topLeft() + QPoint(5, 5))
    assert matrix.grab().toImage().pixelColor(place) == before.pixelColor(place)
    matrix.clearSelection()
    shown.show_cell(None)
    assert shown.title.text() == "Sample predictions"
    matrix.setCurrentIndex(matrix.model().index(1, 0))
    assert shown.none.text() == "No image of dog was taken for cat, tame."
    assert not gallery.isVisible()
    matrix.setCurrentIndex(matrix.model().index(2, 2))
    assert "None of the 5 images" in shown.none.text()
    worst = dialog.findChild(QAbstractButton, "predictionsKind.0")
    assert worst is not None
    worst.click()
    assert (shown.title.text(), len(texts())) == ("Worst predictions", 2)
    assert not matrix.selectionModel().hasSelection()
    answer(engine, replace(FOUND, worst=()))
    assert shown.none.text() == "No image was taken for something else."

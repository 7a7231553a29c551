"""The dialog that shows what a run's weights get right and wrong; the engine process counts it. Computes nothing itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.evaluation import Evaluation, evaluation_from
from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.engine_client import Engine
from resnet_studio.ui.engine_dialog import EngineDialog
from resnet_studio.ui.evaluation.classes import ClassesView
from resnet_studio.ui.evaluation.matrix import MatrixView
from resnet_studio.ui.evaluation.predictions import Predictions
from resnet_studio.ui.format import thousands
from resnet_studio.ui.run_words import percent
from resnet_studio.ui.sizing import opened_at
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip, Offer
from resnet_studio.ui.widgets.segmented import Segmented

_WEIGHTS = (
    ("best", tr("Best"), tr("The weights with the highest validation accuracy.")),
    ("last", tr("Last"), tr("The weights of the last checkpoint.")),
)


def matrix_csv(found: Evaluation) -> str:
    """The counts as CSV: a row for each true class, a column for each that was said."""

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\r\n') else text

    lines = [",".join(["truth", *map(cell, found.classes)])]
    lines += [
        ",".join([cell(name), *map(str, row)]) for name, row in zip(found.classes, found.counts, strict=True)
    ]
    return "\n".join(lines) + "\n"


def _figures(found: Evaluation) -> str:
    """What stands below the run's name."""
    parts = [tr("top-1 {accuracy}", accuracy=percent(found.top1))]
    if found.top5 is not None:
        parts.append(tr("top-5 {accuracy}", accuracy=percent(found.top5)))
    parts.append(tr("loss {loss}", loss=f"{found.loss:.4f}"))
    parts.append(tr("{count} validation images", count=thousands(found.images)))
    best = found.weights == "best"
    parts.append(
        tr("best weights, epoch {number}", number=found.epoch)
        if best
        else tr("last weights, epoch {number}", number=found.epoch)
    )
    return " · ".join(parts)


class EvaluationDialog(EngineDialog):
    """Confusion matrix, classes, images with what was said of them.

    Args:
        run: it has at least one checkpoint.
        title: what people call it.
        theme: the window's theme.
        engine: counts in a process of its own.
        parent: the window.
    """

    def __init__(
        self,
        run: RunFolder,
        title: str,
        theme: ThemeManager,
        engine: Engine,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(engine, parent)
        self.setObjectName("evaluationDialog")
        words = tr("Evaluation of {run}", run=title)
        self.setAccessibleName(words)
        self.setWindowTitle(words)
        opened_at(self, 1040, 660)
        self._run = run
        self.found: Evaluation | None = None
        self.matrix, self.classes = MatrixView(theme, self), ClassesView(self)
        self.predictions = Predictions(theme, self)
        self.matrix.cell_chosen.connect(self.predictions.show_cell)
        self.predictions.kind.edited.connect(lambda _: self.matrix.clearSelection())
        self.strip = NoticeStrip("evaluationNotice", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addLayout(self._make_head(title, theme))
        layout.addWidget(self.strip)
        layout.addWidget(self._make_parts(), 1)
        layout.addLayout(self._make_buttons())
        self.look("best")

    # --- making -------------------------------------------------------------------------------------------------------

    def _make_head(self, title: str, theme: ThemeManager) -> QHBoxLayout:
        name = QLabel(title, self)
        name.setProperty("role", "title")
        self.figures = QLabel(self)
        self.figures.setObjectName("evaluationFigures")
        self.figures.setProperty("role", "soft")
        for label in (name, self.figures):
            label.setTextFormat(Qt.TextFormat.PlainText)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        words.addWidget(self.figures)
        self.weights = Segmented(theme, _WEIGHTS, parent=self)
        self.weights.setObjectName("evaluationWeights")
        self.weights.setAccessibleName(tr("Which weights"))
        self.weights.set_value("best")
        self.weights.edited.connect(lambda which: self.look(str(which)))
        row = QHBoxLayout()
        row.addLayout(words, 1)
        row.addWidget(self.weights, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _make_parts(self) -> QSplitter:
        right = QSplitter(Qt.Orientation.Vertical, self)
        right.setObjectName("evaluationDetails")
        right.addWidget(self._titled(tr("Classes, the worst first"), self.classes))
        right.addWidget(self.predictions)
        parts = QSplitter(Qt.Orientation.Horizontal, self)
        parts.setObjectName("evaluationParts")
        parts.addWidget(self._titled(tr("True class down, taken for across"), self.matrix))
        parts.addWidget(right)
        right.setContentsMargins(12, 0, 0, 0)
        parts.setStretchFactor(0, 1)
        parts.setStretchFactor(1, 1)
        parts.setChildrenCollapsible(False)
        right.setChildrenCollapsible(False)
        return parts

    def _titled(self, title: str, part: QWidget) -> QWidget:
        box = QWidget(self)
        label = QLabel(title, box)
        label.setProperty("role", "strong")
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label)
        column.addWidget(part, 1)
        return box

    def _make_buttons(self) -> QHBoxLayout:
        self.copy_button = QPushButton(tr("Copy matrix as CSV"), self)
        self.copy_button.setObjectName("evaluationCopyButton")
        self.copy_button.setEnabled(False)
        self.copy_button.clicked.connect(self._copy)
        close = QPushButton(tr("Close"), self)
        close.setObjectName("evaluationCloseButton")
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        for button in (self.copy_button, close):
            button.setAccessibleName(button.text())
        row.addWidget(self.copy_button)
        row.addStretch(1)
        row.addWidget(close)
        return row

    # --- looking ------------------------------------------------------------------------------------------------------

    def look(self, which: str) -> None:
        """Let the engine evaluate these weights."""
        self._give_up()
        self.strip.say(Message(tr("Evaluating: waiting for the engine"), "info", progress=-1.0))
        self._asked = self._engine.request(
            "evaluate", self._show, self._failed, self._progressed, run=str(self._run.path), weights=which
        )

    def _progressed(self, value: dict[str, Any]) -> None:
        done, total = int(value["done"]), int(value["total"])
        words = tr("Evaluating: {done} of {total} images", done=thousands(done), total=thousands(total))
        self.strip.say(Message(words, "info", progress=done / total if total else -1.0))

    def _failed(self, error: StudioError) -> None:
        self._asked = None
        which = str(self.weights.value)
        again = Offer(
            tr("Try again"), "evaluateAgainButton", lambda: self.look(which), tr("Evaluate once more.")
        )
        self.strip.say(Message(str(error), "bad", (again,)))

    def _show(self, value: dict[str, Any]) -> None:
        self._asked = None
        try:
            found = evaluation_from(value)
        except StudioError as error:
            self._failed(error)
            return
        self.found = found
        self.strip.say(Message())
        self.figures.setText(_figures(found))
        for part in (self.matrix, self.classes, self.predictions):
            part.show_evaluation(found)
        self.copy_button.setEnabled(True)

    def _copy(self) -> None:
        if self.found is not None:
            QGuiApplication.clipboard().setText(matrix_csv(self.found))

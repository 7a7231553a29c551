"""The dialog that says in what settings and parts of the drawing two runs differ. Trains nothing and knows no engine."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.analysis.compare import Sign, compare, folded
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import describe_run
from resnet_studio.runs.spec_words import spec_differences
from resnet_studio.ui.run_words import choice_words, percent
from resnet_studio.ui.runs.dialog_buttons import call
from resnet_studio.ui.runs.names import run_title
from resnet_studio.ui.sizing import opened_at
from resnet_studio.ui.theme import px
from resnet_studio.ui.widgets.named import name_buttons

Difference = tuple[str, str, str]


def drawing_differences(one: Design, other: Design) -> list[Difference]:
    """The parts in which two drawings differ: place and field, the one's value, the other's."""
    rows: list[Difference] = []
    for row in folded(compare(one, other)).walk():
        place = row.side.place
        rows += [
            (f"{place}, {change.field.replace('_', ' ')}", change.left, change.right)
            for change in row.changes
        ]
        if row.sign in (Sign.ADDED, Sign.REMOVED):
            here = row.moved or "there"
            rows.append((place, "–", here) if row.sign is Sign.ADDED else (place, here, "–"))
    return rows


class CompareDialog(QDialog):
    """In what two runs differ.

    Raises:
        StudioError: one of them cannot be read.
    """

    def __init__(self, one: RunFolder, other: RunFolder, parent: QWidget | None = None) -> None:
        infos = [describe_run(run) for run in (one, other)]
        settings = [
            (label, choice_words(a), choice_words(b))
            for label, a, b in spec_differences(one.spec(), other.spec())
        ]
        parts = drawing_differences(one.design(), other.design())
        super().__init__(parent)
        self.setObjectName("compareDialog")
        self.setAccessibleName(tr("Two runs compared"))
        self.setWindowTitle(tr("Two runs compared"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened_at(self, 640, 420)
        self.tree = QTreeWidget(self)
        self.tree.setObjectName("compareTree")
        self.tree.setAccessibleName(tr("Differences"))
        self.tree.setHeaderLabels(["", *(info.label.name or run_title(info.run) for info in infos)])
        best = tuple(percent(info.best_accuracy) for info in infos)
        epochs = tuple(f"{info.epochs_done}/{info.spec.epochs}" for info in infos)
        self._add(tr("Result"), [(tr("Best accuracy"), *best), (tr("Epochs done"), *epochs)])  # type: ignore[list-item]
        self._add(tr("Settings"), settings)
        self._add(tr("Drawing"), parts)
        for column, width in enumerate((260, 160)):
            self.tree.setColumnWidth(column, px(width))
        words = (
            tr("The two have the same settings and the same drawing.") if not settings and not parts else ""
        )
        self.same = QLabel(words, self)
        self.same.setProperty("role", "soft")
        self.same.setVisible(bool(words))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.setObjectName("compareButtons")
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self.same)
        layout.addWidget(self.tree, 1)
        layout.addWidget(buttons)
        call(buttons, QDialogButtonBox.StandardButton.Close, "compareDialogClose", tr("Close"))
        name_buttons(self)

    def _add(self, title: str, rows: Sequence[Difference]) -> None:
        if not rows:
            return
        group = QTreeWidgetItem(self.tree, [title])
        for row in rows:
            QTreeWidgetItem(group, list(row))
        group.setExpanded(True)

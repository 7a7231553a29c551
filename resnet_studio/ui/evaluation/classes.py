"""Each class with its images, accuracy, precision and what it is mostly taken for, the worst first. Knows no run."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from resnet_studio.language import tr
from resnet_studio.runs.evaluation import Evaluation
from resnet_studio.ui.format import thousands
from resnet_studio.ui.run_words import percent
from resnet_studio.ui.theme import px
from resnet_studio.ui.widgets.sorted_header import SortedHeader

COLUMNS = (tr("Class"), tr("Images"), tr("Accuracy"), tr("Precision"), tr("Mostly taken for"))
CLASS, IMAGES, ACCURACY, PRECISION, TAKEN = range(len(COLUMNS))
_WIDTHS = (96, 72, 88, 84)
_NUMBERS = (IMAGES, ACCURACY, PRECISION)
_KEY = Qt.ItemDataRole.UserRole


class _Row(QTreeWidgetItem):
    """Sorts by values, not by words."""

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        column = self.treeWidget().sortColumn()
        mine, its = self.data(column, _KEY), other.data(column, _KEY)
        return bool(mine < its)


class ClassesView(QTreeWidget):
    """The table of classes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classTable")
        self.setAccessibleName(tr("Accuracy of each class"))
        self.setHeaderLabels(list(COLUMNS))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        header = SortedHeader.of(self)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, px(width))
        for column in _NUMBERS:
            self.headerItem().setTextAlignment(
                column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            )

    def show_evaluation(self, found: Evaluation) -> None:
        """Show these classes, the worst first."""
        self.setSortingEnabled(False)
        self.clear()
        self.addTopLevelItems([_row(found, number) for number in range(len(found.classes))])
        self.sortByColumn(ACCURACY, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.header().setSortIndicatorShown(False)  # the head paints its own


def _row(found: Evaluation, number: int) -> QTreeWidgetItem:
    images, recall, precision = sum(found.counts[number]), found.recall(number), found.precision(number)
    mistaken = found.mistaken(number)
    taken = "" if mistaken is None else f"{found.classes[mistaken[0]]} ({thousands(mistaken[1])})"
    words = (found.classes[number], thousands(images), percent(recall), percent(precision), taken)
    row = _Row(list(words))
    # Without images there is nothing to be bad at: such a class stands behind the others.
    keys = (number, images, 2.0 if recall is None else recall, 2.0 if precision is None else precision)
    for column, key in enumerate((*keys, 0 if mistaken is None else mistaken[1])):
        row.setData(column, _KEY, key)
    for column in _NUMBERS:
        row.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return row

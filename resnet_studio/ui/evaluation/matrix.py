"""The confusion matrix as a table whose ground tells how often: rows are the truth, columns what was said. Knows no run."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from resnet_studio.language import tr
from resnet_studio.runs.evaluation import Evaluation
from resnet_studio.ui.format import thousands
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.style import mixed
from resnet_studio.ui.theme import ThemeManager, color, px
from resnet_studio.ui.widgets.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
# Cells grow with the room as far as numbers need it; with many classes the view scrolls.
_LEAST, _MOST = 28, 52
_NAME = 12
# Full colour would drown the numbers.
_STRONGEST = 0.62


def short(name: str, most: int = _NAME) -> str:
    """A class's name, cut where it is long."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


class MatrixModel(QAbstractTableModel):
    """Counts with their heat: by the part of the row, so that a rare class is seen as well as a frequent one."""

    def __init__(self, theme: ThemeManager, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found: Evaluation | None = None
        self._sums: list[int] = []

    def show_evaluation(self, found: Evaluation) -> None:
        """Show these counts."""
        self.beginResetModel()
        self._found = found
        self._sums = [sum(row) for row in found.counts]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default, a value without state
        """A row for each class."""
        return 0 if parent.isValid() or self._found is None else len(self._found.classes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as above
        """As many as rows."""
        return self.rowCount(parent)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The classes' names."""
        if self._found is None or section >= len(self._found.classes):
            return None
        name = self._found.classes[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return short(name, _NAME if orientation is Qt.Orientation.Vertical else 4)
        return plain_tip(name) if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Count, ground, ink and words of a cell."""
        found = self._found
        if found is None:
            return None
        row, column = index.row(), index.column()
        count = found.counts[row][column]
        if role == Qt.ItemDataRole.DisplayRole:
            return thousands(count) if count else ""
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._ground(row, column, count)
        if role == Qt.ItemDataRole.ForegroundRole:
            return color(self._theme.theme.text)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return plain_tip(_said(found, row, column, self._sums[row]))
        return None

    def _ground(self, row: int, column: int, count: int) -> QColor | None:
        if not count:
            return None
        theme = self._theme.theme
        # The root: one mistake among a hundred must be seen too.
        strength = _STRONGEST * max(0.18, (count / self._sums[row]) ** 0.5)
        return QColor(mixed(theme.window, theme.accent if row == column else theme.bad, strength))


def _said(found: Evaluation, row: int, column: int, images: int) -> str:
    count, truth, said = found.counts[row][column], found.classes[row], found.classes[column]
    if not images:
        return tr("{truth} has no images", truth=truth)
    return tr(
        "{count} of {images} ({share} %) of {truth} were taken for {said}",
        count=count,
        images=images,
        share=f"{100 * count / images:.1f}",
        truth=truth,
        said=said,
    )


class _Cells(QStyledItemDelegate):
    """A chosen cell keeps its heat, inside a frame: a ground of choice, or of the pointer's, would hide what the cell says."""

    def __init__(self, theme: ThemeManager, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        plain = QStyleOptionViewItem(option)
        state = QStyle.StateFlag
        chosen = bool(option.state & state.State_Selected)
        plain.state &= ~(state.State_Selected | state.State_HasFocus | state.State_MouseOver)
        super().paint(painter, plain, index)
        if chosen:
            painter.save()
            painter.setPen(QPen(color(self._theme.theme.text), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))
            painter.restore()


class MatrixView(QTableView):
    """Shows the matrix; the arrow keys go through it, and its cells say themselves in words.

    Signals:
        cell_chosen(object): (truth, said) of the cell that is chosen now, or None.
    """

    cell_chosen = Signal(object)

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusionMatrix")
        self.setAccessibleName(tr("Confusion matrix: rows are the true class, columns what was said"))
        self._model = MatrixModel(theme, self)
        self.setModel(self._model)
        self.setItemDelegate(_Cells(theme, self))
        self.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        sized(self, letters=11)
        # The style's own padding would leave no room for two digits.
        self.setStyleSheet("QTableView::item { padding: 0; }")
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(px(18))
            header.setHighlightSections(False)
            sized(header, letters=11)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.changed.connect(self.viewport().update)

    def show_evaluation(self, found: Evaluation) -> None:
        """Show these counts."""
        self._model.show_evaluation(found)
        self._fit()

    def _choose(self) -> None:
        chosen = self.selectionModel().selectedIndexes()
        self.cell_chosen.emit((chosen[0].row(), chosen[0].column()) if chosen else None)

    def _fit(self) -> None:
        classes = max(self._model.rowCount(), 1)
        room = min(self.viewport().width(), self.viewport().height()) // classes
        size = max(px(_LEAST), min(px(_MOST), room))
        for header in (self.horizontalHeader(), self.verticalHeader()):
            if header.defaultSectionSize() != size:
                header.setDefaultSectionSize(size)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Square cells, as large as there is room for."""
        super().resizeEvent(event)
        self._fit()

"""The layer table panel: filter and copy above, the tree, totals below; its selection is the document's. Rows are the model's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.language import tr, trn
from resnet_studio.ui.document import Document
from resnet_studio.ui.table.bar import COPIES, TableBar
from resnet_studio.ui.table.copying import csv_of, latex_of, markdown_of
from resnet_studio.ui.table.doings import TableDoings
from resnet_studio.ui.table.figures import COUNTED
from resnet_studio.ui.table.looks import TITLES
from resnet_studio.ui.table.model import LayerModel
from resnet_studio.ui.table.rows import WORDS, Column, Row, neighbours
from resnet_studio.ui.table.totals import TotalsLine
from resnet_studio.ui.table.tree import LayerTree
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.elided import ElidedLabel

_WRITERS = {"markdown": markdown_of, "csv": csv_of, "latex": latex_of}
_MOST_OPENED = 200  # each costs the tree some time, and nobody reads on


class LayerTable(QWidget):
    """Every layer of the drawing with its shapes and counts.

    Signals:
        refused(str): why a command of the table's keys or menu was not done.
        columns_left(str): the columns as somebody has just arranged them, for `arrange_columns` at the next start.
    """

    refused = Signal(str)
    told = Signal(str)
    columns_left = Signal(str)

    def __init__(
        self, document: Document, themes: ThemeManager, state: ViewState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("layerTable")
        self.setAccessibleName(tr("Layer table"))
        self._document, self._state = document, state
        self._guarded = self._moved = False
        self._model = LayerModel(themes, state, self)
        self._totals = TotalsLine(themes, state)
        self._doings = TableDoings(document, self._copy, self)
        self._doings.refused.connect(self.refused)
        self._make_bar()
        self._make_tree()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._bar)
        column.addWidget(self._tree, 1)
        column.addWidget(self._make_nothing(), 1)
        column.addWidget(self._totals)
        self._expanded: set[str] = set()
        document.changed.connect(self._refresh)
        document.selection_changed.connect(self._show_selection)
        state.changed.connect(self._retitle)
        themes.changed.connect(self._tree.viewport().update)
        self._refresh()

    # --- making -----------------------------------------------------------------------------------------------------

    def _make_bar(self) -> None:
        self._bar = TableBar()
        self._bar.filtered.connect(lambda text: self._arrange(self._model.sorted_by, words=text))
        self._bar.unsorted.connect(lambda: self._arrange(None))
        self._bar.copy_wanted.connect(self._copy)

    def _make_nothing(self) -> QWidget:
        self._nothing = ElidedLabel("soft")
        self._nothing.setObjectName("layerNothing")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.hide()
        return self._nothing

    def _make_tree(self) -> None:
        tree = self._tree = LayerTree(self._model, self._doings.of_keys)
        tree.columns.left.connect(self.columns_left)
        self._bar.columns_wanted.connect(tree.columns.open_below)
        tree.customContextMenuRequested.connect(self._menu)
        tree.header().sectionClicked.connect(self._sort_by)
        tree.expanded.connect(lambda index: self._expanded.add(self._model.row_at(index).key))
        tree.collapsed.connect(lambda index: self._expanded.discard(self._model.row_at(index).key))
        tree.selectionModel().selectionChanged.connect(self._selected)
        self._model.rowsInserted.connect(self._inserted)
        self._model.modelReset.connect(self._restore)
        for signal in (self._model.rowsInserted, self._model.rowsRemoved, self._model.modelReset):
            signal.connect(self._has_moved)

    # --- following the drawing --------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        self._guarded, self._moved = True, False
        told = self._model.is_told
        self._model.show_plan(self._document.plan)
        self._guarded = False
        self._totals.show_totals(self._document.plan)
        self._tree.columns.show_plan(self._document.plan)
        self._tree.show_changes(moved=self._moved)
        # Of rows that stay as they are, these say something else where what stands before or behind them is another.
        for column in (*COUNTED, *([Column.TORCHINFO] if told else [])):
            self._tree.show_column_anew(column)
        self._say_nothing()
        if self._moved:
            # Asking a selection of hundreds of rows takes milliseconds, and the view would paint before and after its layout.
            self._show_selection()
            self._tree.executeDelayedItemsLayout()

    def _retitle(self) -> None:
        self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.MACS, Column.MACS)
        self._totals.show_totals(self._document.plan)
        self._tree.viewport().update()

    def set_confirmation(self, rows: Mapping[str, Mapping[str, Any]] | None) -> None:
        """torchinfo's rows of the drawing as it is now, by name; None while it counts."""
        if rows is not None or self._model.is_told:
            self._model.set_confirmation(rows)
            self._tree.show_column_anew(Column.TORCHINFO)

    def _has_moved(self, *_: object) -> None:
        self._moved = True

    def _inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        for place in range(first, last + 1):
            index = self._model.index(place, 0, parent)
            if self._model.row_at(index).key in self._expanded:
                self._tree.expand(index)

    def _restore(self) -> None:
        for key in list(self._expanded):
            row = self._model.row_of(key)
            if row is not None:
                self._tree.expand(self._model.index_of(row))

    def arrange_columns(self, text: str) -> None:
        """The columns as they were left, see `columns_left`."""
        self._tree.columns.arrange(text)

    def reset_columns(self) -> None:
        """The columns as they were made."""
        self._tree.columns.reset()

    # --- selection --------------------------------------------------------------------------------------------------

    def _selected(self, *_: object) -> None:
        if not self._guarded:
            self._guarded = True
            self._document.select({row.unit_id for row in self._selected_rows()})
            self._guarded = False

    def _selected_rows(self) -> list[Row]:
        # By ranges: Qt's own list of hundreds of rows takes tens of milliseconds.
        found: list[Row] = []
        for span in self._tree.selectionModel().selection().toList():
            found += self._model.row_at(span.parent()).shown[span.top() : span.bottom() + 1]
        return found

    def _show_selection(self) -> None:
        """Select what the document has selected, unless rows of just that are selected already."""
        if self._guarded:
            return
        wanted = set(self._document.selection)
        if {row.unit_id for row in self._selected_rows()} == wanted:
            return
        rows = [row for row in map(self._model.row_of, self._document.selection) if row is not None]
        picked = QItemSelection()
        for first, last in neighbours(rows):
            end = self._model.index_of(last, len(TITLES) - 1)
            picked.append(QItemSelectionRange(self._model.index_of(first), end))
        flags = QItemSelectionModel.SelectionFlag
        self._guarded = True
        if rows:
            index = self._model.index_of(rows[0])
            self._tree.selectionModel().setCurrentIndex(index, flags.NoUpdate)
            self._tree.scrollTo(index)
        self._tree.selectionModel().select(picked, flags.ClearAndSelect | flags.Rows)
        self._guarded = False

    # --- order and choice -------------------------------------------------------------------------------------------

    def _sort_by(self, section: int) -> None:
        """Numbers start with the largest, words with a; the third click is network order again."""
        column = Column(section)
        words_first = column in WORDS
        descending = self._model.is_descending
        if column is Column.TORCHINFO or (self._model.sorted_by is column and descending == words_first):
            self._arrange(None)
        elif self._model.sorted_by is column:
            self._arrange(column, descending=not descending)
        else:
            self._arrange(column, descending=not words_first)

    def _arrange(
        self, column: Column | None, *, descending: bool | None = None, words: str | None = None
    ) -> None:
        if descending is None:
            descending = self._model.is_descending
        self._guarded = True
        self._model.arrange(column, descending=descending, words=words)
        if words:
            self._open_matches()
        self._guarded = False
        self._bar.show_sorted(column is not None)
        self._say_nothing()
        self._show_selection()

    def _say_nothing(self) -> None:
        """Words instead of an empty table."""
        empty = self._model.rowCount() == 0
        if empty:
            self._nothing.setText(tr("Nothing matches “{words}”.", words=self._bar.words))
        if empty != self._tree.isHidden():
            self._tree.setVisible(not empty)
            self._nothing.setVisible(empty)

    def _open_matches(self) -> None:
        """A filter shows what it found, without forgetting what was open before."""
        kept = set(self._expanded)
        for row in self._model.on_the_way()[:_MOST_OPENED]:
            self._tree.expand(self._model.index_of(row))
        self._expanded = kept

    # --- taking away ------------------------------------------------------------------------------------------------

    def _copy(self, way: str) -> None:
        """The selected rows, or all when fewer than two are selected: only below all of them a total is theirs."""
        chosen = sorted(self._selected_rows(), key=Row.path)
        rows = chosen if len(chosen) > 1 else list(self._model.all_rows())
        total = rows is not chosen and not self._bar.words
        QGuiApplication.clipboard().setText(_WRITERS[way](self._model, rows, total=total))
        said = trn("Copied {count} row as {way}", "Copied {count} rows as {way}", len(rows), way=COPIES[way])
        self.told.emit(said)

    def copy_markdown(self) -> None:
        """The selected rows, or all, as a Markdown table on the clipboard."""
        self._copy("markdown")

    def copy_csv(self) -> None:
        """The selected rows, or all, as comma-separated values with plain numbers on the clipboard."""
        self._copy("csv")

    def copy_latex(self) -> None:
        """The selected rows, or all, as a LaTeX tabular on the clipboard."""
        self._copy("latex")

    def _menu(self, at: QPoint) -> None:
        menu = self._doings.menu(self)
        menu.addSeparator()
        menu.addMenu(self._tree.columns.menu(menu))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._tree.viewport().mapToGlobal(at))

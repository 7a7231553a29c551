"""The table of runs as a view: columns that share the room, several rows to select. Knows a RunsModel and no action."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSize, QSortFilterProxyModel, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QTreeView, QWidget

from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.runs.model import (
    BEST,
    DESIGN,
    EPOCHS,
    MADE,
    RUN,
    SETTINGS,
    SORT_ROLE,
    STATE,
    Row,
    RunsModel,
)
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.widgets.own_keys import OwnKeys
from resnet_studio.ui.widgets.row_focus import frame_current_row
from resnet_studio.ui.widgets.sorted_header import SortedHeader

WIDTHS = {RUN: 104, DESIGN: 130, BEST: 74, EPOCHS: 68, STATE: 86, MADE: 78, SETTINGS: 340}
NARROW = 470
_PICTURED = 560  # in less, a drawing's picture would cut its name
_PICTURE = (40, 16)
_LEAST_SETTINGS = 160
_BAR = 16  # of the scroll bar
_ARROW = 10  # beside a head's words, of the column by which is sorted


class _Filtered(QSortFilterProxyModel):
    """Sorted by values; only rows in which every word of the filter stands."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []

    def look_for(self, text: str) -> None:
        """Show rows with all these words; none shows all rows."""
        self.beginFilterChange()
        self._words = text.casefold().split()
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        model = self.sourceModel()
        assert isinstance(model, RunsModel)
        text = model.searched(row)
        return all(word in text for word in self._words)


class RunsTable(QTreeView):
    """All runs."""

    def __init__(self, model: RunsModel, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("runsTable")
        self.setAccessibleName(tr("Runs"))
        self._runs = model
        self._sorted = _Filtered(self)
        self._sorted.setSourceModel(model)
        self._sorted.setSortRole(SORT_ROLE)
        self.setModel(self._sorted)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = SortedHeader.of(self)
        self.sortByColumn(MADE, Qt.SortOrder.DescendingOrder)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        OwnKeys(self)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(px(40))
        for column, width in WIDTHS.items():
            header.resizeSection(column, px(width))
        header.moveSection(header.visualIndex(SETTINGS), header.visualIndex(BEST))
        header.setSectionResizeMode(DESIGN, QHeaderView.ResizeMode.Stretch)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        """Both rows are painted anew as a whole: Qt does so with one cell of each, and of the frame parts would stay."""
        super().currentChanged(current, previous)
        self.viewport().update()

    def drawRow(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The row, and whether it has the keyboard."""
        super().drawRow(painter, option, index)
        frame_current_row(self, painter, option, index, self._theme.theme)

    def look_for(self, text: str) -> None:
        """Show only runs with these words."""
        self._sorted.look_for(text)

    @property
    def chosen(self) -> list[Row]:
        """The selected runs in the order of the table."""
        indices = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [self._runs.row(self._sorted.mapToSource(index)) for index in indices]

    def choose(self, runs: list[RunFolder]) -> None:
        """Select these runs, as far as they are shown; where none is, the first row."""
        rows = range(self._sorted.rowCount())
        by_run = {self._runs.row(self._sorted.mapToSource(self._sorted.index(n, 0))).run: n for n in rows}
        wanted = [by_run[run] for run in runs if run in by_run]
        if not wanted and by_run:
            wanted = [0]
        selection = self.selectionModel()
        flags = selection.SelectionFlag
        for place, number in enumerate(wanted):
            index = self._sorted.index(number, 0)
            if place == 0:
                self.setCurrentIndex(index)
            selection.select(index, (flags.Select if place else flags.ClearAndSelect) | flags.Rows)

    def fit(self, room: int) -> None:
        """Share so much width: what counts less goes first; where there is room, no run's name is cut."""
        self.setColumnHidden(EPOCHS, room < px(NARROW))
        picture = QSize(px(_PICTURE[0]), px(_PICTURE[1])) if room >= px(_PICTURED) else QSize()
        self.setIconSize(picture)
        self._runs.show_pictures(picture, self.devicePixelRatioF())
        design = min(max(px(WIDTHS[DESIGN]), self.sizeHintForColumn(DESIGN)), px(2 * WIDTHS[DESIGN]))
        # As wide as what stands there, "not started" and "100/100" whole: what is left is the names'.
        for column in (BEST, EPOCHS, STATE, MADE):
            if not self.isColumnHidden(column):
                head = self.header().sectionSizeHint(column) + px(_ARROW)
                self.setColumnWidth(column, max(head, self.sizeHintForColumn(column)))
        others = [column for column in WIDTHS if column not in (RUN, DESIGN, SETTINGS)]
        # From the whole view's width: the table has its own only when it is laid out. Hidden columns have none.
        spare = room - _BAR - design - sum(self.columnWidth(column) for column in others)
        wanted = max(px(WIDTHS[RUN]), min(self.sizeHintForColumn(RUN), spare))
        self.setColumnWidth(RUN, wanted)
        self.setColumnHidden(SETTINGS, spare - wanted < px(_LEAST_SETTINGS))
        self.setColumnWidth(SETTINGS, max(px(_LEAST_SETTINGS), min(px(WIDTHS[SETTINGS]), spare - wanted)))

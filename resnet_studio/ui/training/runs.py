"""The list of runs: open one's curves or its design, resume, export, delete. Says what is wanted; others do it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QSortFilterProxyModel, Qt, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QMessageBox,
    QStackedWidget,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import runs_root
from resnet_studio.runs.listing import BrokenRun, RunInfo, RunState, list_runs
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.background import Background
from resnet_studio.ui.training.run_names import TRASH
from resnet_studio.ui.training.runs_model import BEST, DESIGN, EPOCHS, MADE, RUN, SORT_ROLE, Row, RunsModel
from resnet_studio.ui.widgets.named import name_buttons

_EMPTY = "No runs yet.\n\nA run keeps a design, its settings, its curves and its checkpoints.\nPress Train to make the first one."
_RESUMABLE = (RunState.NEW, RunState.STOPPED, RunState.FAILED, RunState.CRASHED)
_WIDTHS = (104, 130, 74, 68, 94, 66)
_NARROW = 470
_BAR = 16  # of the scroll bar


def to_trash(run: RunFolder) -> Path:
    """Move a run's folder into the trash folder beside it; returns where it lies now.

    Raises:
        StudioError: it cannot be moved; it is where it was.
    """
    trash = run.path.parent / TRASH
    try:
        trash.mkdir(exist_ok=True)
        return Path(shutil.move(run.path, trash / run.name))
    except OSError as error:
        raise StudioError(
            f"{run.path} could not be moved ({error.strerror or error}).", "Check its rights."
        ) from error


class RunsView(QWidget):
    """All runs, newest first.

    Signals:
        open_requested(object): show this RunFolder's curves.
        design_requested(object, object): open this Design, with this TrainSpec for another run of it.
        resume_requested(object): go on with this RunFolder.
        export_requested(object): export this RunFolder.
    """

    open_requested = Signal(object)
    design_requested = Signal(object, object)
    resume_requested = Signal(object)
    export_requested = Signal(object)

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runsView")
        self.setAccessibleName("Runs")
        self._background = Background(self)
        self.model = RunsModel(theme, self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT_ROLE)
        self.table = self._make_table()
        self._make_actions()
        self._empty = QLabel(_EMPTY, self)
        self._empty.setObjectName("runsEmpty")
        self._empty.setProperty("role", "soft")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._full = QWidget(self)
        inner = QVBoxLayout(self._full)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.table, 1)
        inner.addWidget(self._make_bar())
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._full)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        theme.changed.connect(self.table.viewport().update)
        self._enable()

    # --- making -----------------------------------------------------------------------------------------------------

    def _make_table(self) -> QTreeView:
        table = QTreeView(self)
        table.setObjectName("runsTable")
        table.setAccessibleName("Runs")
        table.setModel(self._sorted)
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAllColumnsShowFocus(True)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSortingEnabled(True)
        table.sortByColumn(MADE, Qt.SortOrder.DescendingOrder)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = table.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(40)
        for column, width in enumerate(_WIDTHS):
            header.resizeSection(column, width)
        header.setSectionResizeMode(DESIGN, QHeaderView.ResizeMode.Stretch)
        table.doubleClicked.connect(lambda _: self._ask(self.open_requested.emit))
        table.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        table.customContextMenuRequested.connect(self._show_menu)
        return table

    def _make_actions(self) -> None:
        self.open_action = self._action("Curves", "Show the run's curves in the training panel.", self._open)
        self.design_action = self._action(
            "Design", "Open the design as it was for this run.", self._open_design
        )
        self.resume_action = self._action("Resume", "Go on from the last checkpoint.", self._resume)
        self.export_action = self._action("Export…", "Write the trained network as a .pt file.", self._export)
        self.folder_action = self._action("Folder", "Show the run's folder.", self._show_folder)
        self.delete_action = self._action("Delete", "Move the run to the trash folder.", self._delete)
        self.open_action.setShortcut(QKeySequence(Qt.Key.Key_Return))
        self.delete_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        self._run_actions = [
            self.open_action, self.design_action, self.resume_action,
            self.export_action, self.folder_action, self.delete_action,
        ]  # fmt: skip
        for action in self._run_actions:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self.table.addAction(action)

    def _action(self, words: str, tip: str, do: Callable[[], None]) -> QAction:
        action = QAction(words, self)
        action.setIconText(words)
        action.setToolTip(tip)
        action.triggered.connect(lambda _=False: do())
        return action

    def _make_bar(self) -> QWidget:
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(8, 4, 8, 6)
        row.setSpacing(2)
        for action in self._run_actions:
            button = QToolButton(bar)
            button.setDefaultAction(action)
            button.setProperty("role", "quiet")
            button.setObjectName(f"run{action.text().rstrip('…')}Button")
            button.setAccessibleName(f"{action.text()} of the selected run")
            row.addWidget(button)
        row.addStretch(1)
        return bar

    # --- keeping up -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the list anew; the window does not wait for it."""
        self._background.run(list_runs, self._show_rows)

    def _show_rows(self, rows: list[Row]) -> None:
        chosen = self.selected
        self.model.show_rows(rows)
        self._fit_names()
        self._pages.setCurrentWidget(self._full if rows else self._empty)
        if chosen is not None:
            self.select(chosen.run)
        elif rows:
            self.table.setCurrentIndex(self._sorted.index(0, 0))
        self._enable()

    def showEvent(self, event: QShowEvent) -> None:
        """The list may have changed since it was last seen."""
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The count of epochs gives its room to the names first."""
        super().resizeEvent(event)
        self.table.setColumnHidden(EPOCHS, self.width() < _NARROW)
        self._fit_names()

    def _fit_names(self) -> None:
        """Where there is room, no run's name is cut: the designs' names give what they do not need."""
        table = self.table
        design = min(max(_WIDTHS[DESIGN], table.sizeHintForColumn(DESIGN)), 2 * _WIDTHS[DESIGN])
        # From the whole view's width: the table has its own only when it is laid out.
        spare = (
            self.width()
            - _BAR
            - design
            - sum(table.columnWidth(column) for column in range(BEST, len(_WIDTHS)))
        )
        wanted = table.sizeHintForColumn(RUN)
        table.setColumnWidth(RUN, max(_WIDTHS[RUN], min(wanted, spare)))

    # --- the selection ----------------------------------------------------------------------------------------------

    @property
    def selected(self) -> Row | None:
        """The selected run, or None."""
        chosen = self.table.selectionModel().selectedRows()
        return self.model.row(self._sorted.mapToSource(chosen[0])) if chosen else None

    def select(self, run: RunFolder) -> None:
        """Select a run, if it is in the list."""
        for number in range(self._sorted.rowCount()):
            index = self._sorted.index(number, 0)
            if self.model.row(self._sorted.mapToSource(index)).run == run:
                self.table.setCurrentIndex(index)
                return

    def _enable(self) -> None:
        row = self.selected
        good = isinstance(row, RunInfo)
        idle = isinstance(row, BrokenRun) or (isinstance(row, RunInfo) and row.state is not RunState.RUNNING)
        self.open_action.setEnabled(good)
        self.design_action.setEnabled(good)
        self.resume_action.setEnabled(isinstance(row, RunInfo) and row.state in _RESUMABLE)
        self.export_action.setEnabled(isinstance(row, RunInfo) and row.epochs_done > 0)
        self.folder_action.setEnabled(row is not None)
        self.delete_action.setEnabled(idle)

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self.table)
        menu.addActions(self._run_actions)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.table.viewport().mapToGlobal(place))

    # --- what is wanted ---------------------------------------------------------------------------------------------

    def _ask(self, ask: Callable[[RunFolder], None]) -> None:
        row = self.selected
        if isinstance(row, RunInfo):
            ask(row.run)

    def _open(self) -> None:
        self._ask(self.open_requested.emit)

    def _resume(self) -> None:
        self._ask(self.resume_requested.emit)

    def _export(self) -> None:
        self._ask(self.export_requested.emit)

    def _open_design(self) -> None:
        row = self.selected
        if isinstance(row, RunInfo):
            try:
                self.design_requested.emit(row.run.design(), row.run.spec())
            except StudioError as error:
                self._complain(error)

    def _show_folder(self) -> None:
        row = self.selected
        if row is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(row.run.path)))

    def _delete(self) -> None:
        row = self.selected
        if row is None:
            return
        box = QMessageBox(QMessageBox.Icon.Question, "Delete the run", f"Delete {row.run.name}?", parent=self)
        box.setObjectName("deleteRunQuestion")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(f"It is moved to {runs_root() / TRASH} with its checkpoints.")
        delete = box.addButton("Delete", QMessageBox.ButtonRole.DestructiveRole)
        delete.setObjectName("confirmDeleteButton")
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        delete.clicked.connect(lambda: self._really_delete(row.run))
        box.open()
        name_buttons(box)

    def _really_delete(self, run: RunFolder) -> None:
        try:
            if run.is_running():
                raise StudioError(f"{run.name} is training now.", "Stop it first.")
            to_trash(run)
        except StudioError as error:
            self._complain(error)
        self.refresh()

    def _complain(self, error: StudioError) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "Runs", error.what, parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setObjectName("runsMessage")
        box.setInformativeText(error.remedy)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
        name_buttons(box)

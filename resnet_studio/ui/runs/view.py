"""The list of runs: open one's curves or its design, resume, export, delete. Says what is wanted; others do it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QUrl, Signal, SignalInstance
from PySide6.QtGui import QDesktopServices, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.checkpoints import initial_of
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import RunInfo, list_runs
from resnet_studio.runs.queue import Turn
from resnet_studio.runs.recipes import RECIPES
from resnet_studio.ui.background import Background
from resnet_studio.ui.runs.actions import RunActions
from resnet_studio.ui.runs.bar import RunsBar
from resnet_studio.ui.runs.head import RunsHead
from resnet_studio.ui.runs.model import Row, RunsModel
from resnet_studio.ui.runs.queue_view import QueueView
from resnet_studio.ui.runs.queue_watch import QueueWatch
from resnet_studio.ui.runs.table import RunsTable
from resnet_studio.ui.runs.trash import Trashed, ask_to_delete
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.complaint import complain

_EMPTY = tr(
    "No runs yet.\n\nA run keeps a design, its settings, its curves and its checkpoints.\nPress Train to make the first one."
)


class RunsView(QWidget):
    """All runs, newest first.

    Signals:
        open_requested(object): show this RunFolder's curves.
        design_requested(object, object): open this Design, with this TrainSpec for another run of it.
        resume_requested(object): go on with this RunFolder.
        export_requested(object), evaluate_requested(object), repeat_requested(object): do so with this RunFolder.
        queue_requested(object): put this RunFolder into the queue.
        curves_requested(object): show the curves of this list of RunFolders together.
        fine_tune_requested(object, object, object): begin with this Design, TrainSpec and Initial.
    """

    open_requested = Signal(object)
    design_requested = Signal(object, object)
    resume_requested = Signal(object)
    export_requested = Signal(object)
    evaluate_requested = Signal(object)
    repeat_requested = Signal(object)
    queue_requested = Signal(object)
    curves_requested = Signal(object)
    fine_tune_requested = Signal(object, object, object)

    def __init__(
        self, theme: ThemeManager, parent: QWidget | None = None, *, queue: QueueWatch | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("runsView")
        self.setAccessibleName(tr("Runs"))
        self._background = Background(self)
        self._is_read = False
        self._wanted: list[RunFolder] = []  # to be selected when the list is read next
        self._queue = queue or QueueWatch(self)
        self.model = RunsModel(theme, self)
        self.table = RunsTable(self.model, theme, self)
        self.table.doubleClicked.connect(lambda _: self._open())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.run_actions = RunActions(self)
        self._connect_actions()
        self._lay_out(theme)
        theme.changed.connect(self.table.viewport().update)
        self._queue.changed.connect(self._queue_changed)
        self._queue_changed()
        self._enable()

    # --- making -----------------------------------------------------------------------------------------------------

    def _lay_out(self, theme: ThemeManager) -> None:
        # Says nothing before the disk was looked at: that there are no runs would be untrue for a moment.
        self._empty = QLabel(self)
        self._empty.setObjectName("runsEmpty")
        self._empty.setProperty("role", "soft")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._full = QWidget(self)
        inner = QVBoxLayout(self._full)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        self._head = RunsHead(self)
        self._head.looked_for.connect(self.table.look_for)
        self._head.queue_asked.connect(self.show_queue)
        self.filter = self._head.filter
        inner.addWidget(self._head)
        inner.addWidget(self.table, 1)
        inner.addWidget(RunsBar(self.run_actions.first, self.run_actions.more, self))
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._full)
        self.queue_view = QueueView(self._queue, theme, self)
        self.queue_view.closed.connect(self.show_all)
        self.queue_view.open_requested.connect(self.open_requested)
        self._pages.addWidget(self.queue_view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._pages)
        # Behind all of it: the rows stay where they are when it comes.
        self.trashed = Trashed(self)
        self.trashed.refused.connect(self._complain)
        self.trashed.restored.connect(self._taken_back)
        layout.addWidget(self.trashed)

    def _connect_actions(self) -> None:
        actions = self.run_actions
        for action, do in (
            (actions.open, self._open),
            (actions.design, self._open_design),
            (actions.resume, self._asker(self.resume_requested)),
            (actions.export, self._asker(self.export_requested)),
            (actions.delete, self._delete),
            (actions.evaluate, self._asker(self.evaluate_requested)),
            (actions.compare, self._compare),
            (actions.repeat, self._asker(self.repeat_requested)),
            (actions.queue, self._asker(self.queue_requested)),
            (actions.tune, self._fine_tune),
            (actions.label, self._label),
            (actions.folder, self._show_folder),
        ):
            action.triggered.connect(lambda _=False, do=do: do())
            self.table.addAction(action)

    # --- keeping up -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the list anew; the window does not wait for it."""
        self._background.run(list_runs, self._show_rows)

    def _show_rows(self, rows: list[Row]) -> None:
        self._is_read = True
        chosen = self._wanted or [row.run for row in self.table.chosen]
        self._wanted = []
        self.model.show_rows(rows)
        self.table.fit(self.width())
        if self._pages.currentWidget() is not self.queue_view:
            self.show_all()
        self.table.choose(chosen)
        self._enable()

    def show_all(self) -> None:
        """The list of all runs, or what there could be."""
        if self._is_read:
            self._empty.setText(_EMPTY)
        self._pages.setCurrentWidget(self._full if self.model.rowCount() else self._empty)

    def show_queue(self) -> None:
        """The runs that wait for their turn."""
        self._pages.setCurrentWidget(self.queue_view)

    def _queue_changed(self) -> None:
        waiting = self._queue.queue.of(Turn.WAITING)
        self._head.count(len(waiting))
        self.model.show_waiting(frozenset(entry.run for entry in waiting))
        self._enable()
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """The list may have changed since it was last seen."""
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What counts less gives its room to the names first."""
        super().resizeEvent(event)
        self.table.fit(self.width())

    # --- the selection ----------------------------------------------------------------------------------------------

    @property
    def selected(self) -> Row | None:
        """The selected run; None where none is, or several."""
        chosen = self.table.chosen
        return chosen[0] if len(chosen) == 1 else None

    def _enable(self) -> None:
        self.run_actions.allow(self.table.chosen, self.model.waits)

    def _show_menu(self, place: QPoint) -> None:
        self.run_actions.menu(self.table).popup(self.table.viewport().mapToGlobal(place))

    # --- what is wanted ---------------------------------------------------------------------------------------------

    def _ask(self, ask: Callable[[RunFolder], None]) -> None:
        row = self.selected
        if isinstance(row, RunInfo):
            ask(row.run)

    def _asker(self, signal: SignalInstance) -> Callable[[], None]:
        return lambda: self._ask(signal.emit)

    def _open(self) -> None:
        chosen = [row.run for row in self.table.chosen if isinstance(row, RunInfo)]
        if len(chosen) > 1:
            self.curves_requested.emit(chosen)
        else:
            self._ask(self.open_requested.emit)

    def _compare(self) -> None:
        from resnet_studio.ui.runs.compare_dialog import CompareDialog

        one, other = (row.run for row in self.table.chosen)
        self._try(lambda: CompareDialog(one, other, self).open())

    def _label(self) -> None:
        from resnet_studio.ui.runs.label_dialog import LabelDialog

        row = self.selected
        if isinstance(row, RunInfo):
            dialog = LabelDialog(row.run, row.label, self)
            dialog.accepted.connect(self.refresh)
            dialog.open()

    def _fine_tune(self) -> None:
        def ask(run: RunFolder) -> None:
            spec = RECIPES["fine_tune"].on(run.spec())
            self.fine_tune_requested.emit(run.design(), spec, initial_of(run))

        self._try(lambda: self._ask(ask))

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except StudioError as error:
            self._complain(error)

    def _open_design(self) -> None:
        self._try(lambda: self._ask(lambda run: self.design_requested.emit(run.design(), run.spec())))

    def _show_folder(self) -> None:
        row = self.selected
        if row is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(row.run.path)))

    def _delete(self) -> None:
        runs = [row.run for row in self.table.chosen]
        if runs:
            ask_to_delete(runs, self).connect(lambda: self._really_delete(runs))

    def _really_delete(self, runs: list[RunFolder]) -> None:
        self.trashed.delete(runs)
        self.refresh()

    def _taken_back(self, runs: list[RunFolder]) -> None:
        self._wanted = runs
        self.refresh()

    def _complain(self, error: StudioError) -> None:
        complain(error, tr("Runs"), "runsMessage", self)

"""Makes each view from its own room and tells the others what it wants. Knows how views are made and joined, no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QMenu, QWidget

from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.confirmer import Confirmation
from resnet_studio.ui.shell.room import Room
from resnet_studio.ui.shell.train_button import Training

if TYPE_CHECKING:
    from resnet_studio.runs.initial import Initial
    from resnet_studio.runs.spec import TrainSpec
    from resnet_studio.ui.canvas.view import CanvasView
    from resnet_studio.ui.compare.view import CompareView
    from resnet_studio.ui.document import Document
    from resnet_studio.ui.inspector.inspector import Inspector
    from resnet_studio.ui.palette.view import PaletteView
    from resnet_studio.ui.runs.queue_watch import QueueWatch
    from resnet_studio.ui.runs.view import RunsView
    from resnet_studio.ui.table.table import LayerTable
    from resnet_studio.ui.training.panel import TrainPanel


class Host(Protocol):
    """What views may want of the window around them."""

    def new_preset(self, name: str) -> object: ...
    def new_design(self, design: Design) -> object: ...
    def show_tab(self, name: str) -> QWidget: ...
    def export_run(self, run: RunFolder) -> object: ...
    def tell(self, words: str) -> object: ...
    def tell_refusal(self, words: str) -> object: ...
    def fill_compare(self, menu: QMenu) -> object: ...


class Views(QObject):
    """The views of one window; those at the bottom are made when they are first shown.

    Signals:
        training_changed(object): the Training is another.
    """

    training_changed = Signal(object)

    def __init__(self, room: Room, host: Host, parent: QObject) -> None:
        super().__init__(parent)
        self._room, self._host = room, host
        self._training = Training()
        self._settings: TrainSpec | None = None
        room.document.changed.connect(self._document_changed)
        self._table_view: LayerTable | None = None
        self._queue: QueueWatch | None = None
        self.panel: TrainPanel | None = None
        self.runs: RunsView | None = None

    # --- always there -------------------------------------------------------------------------------------------------

    def canvas(self) -> CanvasView:
        """The drawing itself."""
        from resnet_studio.ui.canvas.view import CanvasView

        view = CanvasView(self._room.document, self._room.theme, self._room.view_state)
        view.refused.connect(self._host.tell_refusal)
        view.told.connect(self._host.tell)
        return view

    def palette(self) -> PaletteView:
        """What can be put into the drawing."""
        from resnet_studio.ui.palette.view import PaletteView

        view = PaletteView(self._room.document, self._room.theme)
        view.preset_requested.connect(self._host.new_preset)
        view.refused.connect(self._host.tell_refusal)
        return view

    def inspector(self) -> Inspector:
        """The properties of the selection."""
        from resnet_studio.ui.inspector.inspector import Inspector

        view = Inspector(self._room.document, self._room.theme, self._room.view_state)
        view.refused.connect(self._host.tell_refusal)
        return view

    # --- at the bottom ------------------------------------------------------------------------------------------------

    def maker(self, name: str) -> Callable[[], QWidget]:
        """What makes the view of a bottom tab."""
        makers: dict[str, Callable[[], QWidget]] = {
            "layerTable": self._table,
            "diagram": self._diagram,
            "problems": self._problems,
            "code": self._code,
            "history": self._history,
            "compare": self._compare,
            "trainPanel": self._train_panel,
            "runs": self._runs,
        }
        return makers[name]

    def _table(self) -> QWidget:
        from resnet_studio.ui.table.table import LayerTable

        room = self._room
        view = LayerTable(room.document, room.theme, room.view_state)
        view.refused.connect(self._host.tell_refusal)
        view.told.connect(self._host.tell)
        view.arrange_columns(room.settings.columns)
        view.columns_left.connect(room.settings.keep_columns)
        self._table_view = view

        def show_confirmation() -> None:
            told = room.confirmer.state in (Confirmation.AGREES, Confirmation.DIFFERS)
            view.set_confirmation(room.confirmer.rows if told else None)

        room.confirmer.changed.connect(show_confirmation)
        show_confirmation()
        return view

    def reset_columns(self) -> None:
        """The layer table's columns as they were made."""
        if self._table_view is not None:
            self._table_view.reset_columns()

    def _diagram(self) -> QWidget:
        from resnet_studio.ui.diagram.diagram import DiagramView

        return DiagramView(self._room.document, self._room.theme, self._room.engine)

    def _code(self) -> QWidget:
        from resnet_studio.ui.code.panel import CodeView

        return CodeView(self._room.document, self._room.theme)

    def _history(self) -> QWidget:
        from resnet_studio.ui.history.view import HistoryView

        view = HistoryView(self._room.document, self._room.theme, self._room.view_state)
        view.compare_requested.connect(self.compare_with)
        return view

    def _compare(self) -> QWidget:
        from resnet_studio.ui.compare.view import CompareView

        view = CompareView(self._room.document, self._room.theme, self._room.view_state)
        view.menu_wanted.connect(self._host.fill_compare)
        return view

    def compare_with(self, design: Design, title: str) -> None:
        """Lay a drawing beside the open one."""
        self._comparison().show_against(design, title)

    def compare_live(self, document: Document) -> None:
        """Lay another window's drawing beside the open one, as it is drawn."""
        self._comparison().follow(document)

    def _comparison(self) -> CompareView:
        from resnet_studio.ui.compare.view import CompareView

        view = self._host.show_tab("compare")
        assert isinstance(view, CompareView)
        return view

    def _problems(self) -> QWidget:
        from resnet_studio.ui.problems.problems import ProblemsView

        view = ProblemsView(self._room.document, self._room.theme, state=self._room.view_state)
        view.refused.connect(self._host.tell_refusal)
        return view

    def _train_panel(self) -> QWidget:
        from resnet_studio.ui.training.panel import TrainPanel

        room = self._room
        view = TrainPanel(room.document, room.theme, room.engine, queue=self.queue)
        view.refused.connect(self._host.tell_refusal)
        view.export_requested.connect(self._host.export_run)
        view.evaluate_requested.connect(self._evaluate)
        view.told.connect(self._host.tell)
        view.design_requested.connect(self._open_run_design)
        view.run_changed.connect(self._refresh_runs)
        view.state_changed.connect(self.look_at_training)
        view.page.plots.show_log(room.settings.log_curves)
        view.page.plots.log_chosen.connect(room.settings.keep_log_curves)
        view.setup.begin_with(room.settings.run)
        view.setup.used.connect(room.settings.keep_run)
        self.panel = view
        if self._settings is not None:
            view.show_spec(self._settings)
        self.look_at_training()
        return view

    @property
    def queue(self) -> QueueWatch:
        """The queue, watched from the moment on in which somebody wants to know."""
        if self._queue is None:
            from resnet_studio.ui.runs.queue_watch import QueueWatch

            self._queue = QueueWatch(self)
        return self._queue

    @property
    def training(self) -> Training:
        """How training stands."""
        return self._training

    def _document_changed(self) -> None:
        # The panel looks at every edit itself, and says so.
        if self.panel is None:
            self.look_at_training()

    def look_at_training(self) -> None:
        """See how training stands; before the panel is made, whether the drawing could be trained."""
        if self.panel is not None:
            runner = self.panel.runner
            now = Training(
                runner.is_running, runner.is_stopping, self.panel.why_not, self.panel.paused, self.panel.can_resume, self.panel.can_queue,
                self.panel.urges or self._queue_urges,
            )  # fmt: skip
        else:
            problems = self._room.document.plan.problems
            why = tr("The design has a problem. {problem}", problem=problems[0]) if problems else ""
            now = Training(why_not=why, queueable=not why, elsewhere=self._queue_urges)
        if now != self._training:
            self._training = now
            self.training_changed.emit(now)

    @property
    def _queue_urges(self) -> bool:
        return self.runs is not None and self.runs.queue_view.urges

    def _runs(self) -> QWidget:
        from resnet_studio.ui.runs.view import RunsView

        view = RunsView(self._room.theme, queue=self.queue)
        view.open_requested.connect(lambda run: self.with_panel(lambda panel: panel.show_run(run)))
        view.resume_requested.connect(lambda run: self.with_panel(lambda panel: panel.resume(run)))
        view.design_requested.connect(self._open_run_design)
        view.export_requested.connect(self._host.export_run)
        view.evaluate_requested.connect(self._evaluate)
        view.repeat_requested.connect(lambda run: self.with_panel(lambda panel: panel.repeat(run)))
        view.queue_requested.connect(self._put_into_queue)
        view.fine_tune_requested.connect(self._fine_tune)
        view.curves_requested.connect(self._show_curves)
        view.queue_view.urging_changed.connect(self.look_at_training)
        self.runs = view
        return view

    def _put_into_queue(self, run: RunFolder) -> None:
        self.queue.add(run, start=self.queue.queue.is_busy or self._training.running)
        from resnet_studio.ui.runs.names import known_as

        self._host.tell(tr("{run} waits in the queue.", run=known_as(run)))

    def _open_run_design(self, design: Design, spec: TrainSpec) -> None:
        """A run's design comes with its settings: with those of another one it might not even train."""
        if self._host.new_design(design):
            self.train_with(spec)
            # Where the same drawing was open, nothing else is seen of it.
            self._host.tell(tr("{design} as it was for the run, and its settings.", design=design.name))

    def train_with(self, spec: TrainSpec) -> None:
        """What was opened brings its own settings, whatever was used last."""
        self._settings = spec
        if self.panel is not None:
            self.panel.show_spec(spec)

    def _fine_tune(self, design: Design, spec: TrainSpec, initial: Initial) -> None:
        """The run's drawing, which begins with its weights; where it is on the canvas already, it stays."""
        if self._room.document.design != design and not self._host.new_design(design):
            return
        self._room.document.begin_with(initial)
        self._settings = spec
        self.with_panel(lambda panel: panel.show_spec(spec))

    def _evaluate(self, run: RunFolder) -> None:
        from resnet_studio.ui.evaluation.dialog import EvaluationDialog
        from resnet_studio.ui.runs.names import run_title

        room, owner = self._room, self.runs or self.panel
        assert owner is not None
        EvaluationDialog(run, run_title(run), room.theme, room.engine, owner.window()).show()

    def _show_curves(self, runs: list[RunFolder]) -> None:
        from resnet_studio.ui.curves.overlay_dialog import OverlayDialog

        assert self.runs is not None
        settings = self._room.settings
        dialog = OverlayDialog(runs, self._room.theme, self.runs.window(), log=settings.log_curves)
        dialog.log_chosen.connect(settings.keep_log_curves)
        dialog.show()

    def with_panel(self, act: Callable[[TrainPanel], object]) -> None:
        """Bring the training panel to the front and do this with it."""
        self._host.show_tab("trainPanel")
        if self.panel is not None:
            act(self.panel)

    def _refresh_runs(self) -> None:
        if self.runs is not None and self.runs.isVisible():
            self.runs.refresh()


def export_dialog(room: Room, run: RunFolder | None, parent: QWidget) -> QDialog:
    """The dialog that exports the drawing, or a run's weights."""
    from resnet_studio.ui.exporting.dialog import ExportDialog

    return ExportDialog(room.document, room.theme, room.engine, run=run, parent=parent)


def import_dialog(room: Room, parent: QWidget) -> QDialog:
    """The dialog that brings weights into the drawing."""
    from resnet_studio.ui.weights.dialog import ImportDialog

    return ImportDialog(room.document, room.theme, room.engine, parent)

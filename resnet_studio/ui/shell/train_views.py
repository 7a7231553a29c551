"""Makes the views of training, the panel and the runs, joins them, and says how training stands. Knows how they are made, no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.shell.host import Host
from resnet_studio.ui.shell.room import Room
from resnet_studio.ui.shell.train_button import Training

if TYPE_CHECKING:
    from resnet_studio.runs.initial import Initial
    from resnet_studio.runs.spec import TrainSpec
    from resnet_studio.ui.runs.queue_watch import QueueWatch
    from resnet_studio.ui.runs.view import RunsView
    from resnet_studio.ui.training.panel import TrainPanel


class TrainViews(QObject):
    """What one window shows of training; each view is made when it is first shown.

    Signals:
        changed(object): the Training is another.
    """

    changed = Signal(object)

    def __init__(self, room: Room, host: Host, parent: QObject) -> None:
        super().__init__(parent)
        self._room, self._host = room, host
        self._training = Training()
        self._settings: TrainSpec | None = None
        self._queue: QueueWatch | None = None
        self.panel: TrainPanel | None = None
        self.runs: RunsView | None = None
        room.document.changed.connect(self._document_changed)

    def maker(self, name: str) -> Callable[[], QWidget]:
        """What makes the view of a tab."""
        makers: dict[str, Callable[[], QWidget]] = {"trainPanel": self._train_panel, "runs": self._runs}
        return makers[name]

    # --- making -------------------------------------------------------------------------------------------------------

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
        view.state_changed.connect(self.look)
        view.page.plots.show_log(room.settings.log_curves)
        view.page.plots.log_chosen.connect(room.settings.keep_log_curves)
        view.setup.begin_with(room.settings.run)
        view.setup.used.connect(room.settings.keep_run)
        self.panel = view
        if self._settings is not None:
            view.show_spec(self._settings)
        self.look()
        return view

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
        view.queue_view.urging_changed.connect(self.look)
        self.runs = view
        return view

    @property
    def queue(self) -> QueueWatch:
        """The queue, watched from the moment on in which somebody wants to know."""
        if self._queue is None:
            from resnet_studio.ui.runs.queue_watch import QueueWatch

            self._queue = QueueWatch(self)
        return self._queue

    def with_panel(self, act: Callable[[TrainPanel], object]) -> None:
        """Bring the training panel to the front and do this with it."""
        self._host.show_tab("trainPanel")
        if self.panel is not None:
            act(self.panel)

    # --- how training stands ------------------------------------------------------------------------------------------

    @property
    def state(self) -> Training:
        """How training stands."""
        return self._training

    def _document_changed(self) -> None:
        # The panel looks at every edit itself, and says so.
        if self.panel is None:
            self.look()

    def look(self) -> None:
        """See how training stands; before the panel is made, whether the drawing could be trained."""
        if self.panel is not None:
            runner = self.panel.runner
            now = Training(
                runner.is_running, runner.is_stopping, self.panel.why_not, self.panel.paused, self.panel.can_resume, self.panel.can_queue,
                self.panel.urges or self._queue_urges, runner.can_pause and not runner.is_pausing,
            )  # fmt: skip
        else:
            problems = self._room.document.plan.problems
            why = tr("The design has a problem. {problem}", problem=problems[0]) if problems else ""
            now = Training(why_not=why, queueable=not why, elsewhere=self._queue_urges)
        if now != self._training:
            self._training = now
            self.changed.emit(now)

    @property
    def _queue_urges(self) -> bool:
        return self.runs is not None and self.runs.queue_view.urges

    # --- what a run is asked for --------------------------------------------------------------------------------------

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

    def _refresh_runs(self) -> None:
        if self.runs is not None and self.runs.isVisible():
            self.runs.refresh()

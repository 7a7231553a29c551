"""The training panel: settings before a run, curves while it runs and after. Arranges its pages and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.runs import requests
from resnet_studio.runs.child import train_command
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.following import log_tail
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.spec import TrainSpec
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import Engine, EngineClient
from resnet_studio.ui.runs.log_dialog import LogDialog
from resnet_studio.ui.runs.names import run_title
from resnet_studio.ui.runs.queue_watch import QueueWatch
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.other_design import OtherDesignStrip
from resnet_studio.ui.training.panel_header import PanelHeader
from resnet_studio.ui.training.panel_pages import PanelPages
from resnet_studio.ui.training.panel_words import PanelWords
from resnet_studio.ui.training.queueing import Queueing
from resnet_studio.ui.training.run_page import RunPage
from resnet_studio.ui.training.runner import Runner
from resnet_studio.ui.training.setup_page import SetupPage
from resnet_studio.ui.weights.brought import BroughtButton
from resnet_studio.ui.widgets.complaint import complain


class TrainPanel(QWidget):
    """Train, watch, stop, resume.

    Signals:
        state_changed(): `can_train`, `why_not`, `is_running` or the run is another.
        run_changed(): a run was made or ended; lists of runs are out of date.
        export_requested(object), evaluate_requested(object): export, evaluate this RunFolder.
        refused(str): why the drawing could not be repaired or adapted.
        told(str): what was done, in words.
        design_requested(object, object): open this Design, which was trained with this TrainSpec.
    """

    state_changed = Signal()
    run_changed = Signal()
    export_requested = Signal(object)
    evaluate_requested = Signal(object)
    refused = Signal(str)
    told = Signal(str)
    design_requested = Signal(object, object)

    def __init__(
        self,
        document: Document,
        theme: ThemeManager,
        engine: Engine,
        parent: QWidget | None = None,
        *,
        command: Callable[[RunFolder], Sequence[str]] = train_command,
        queue: QueueWatch | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("trainPanel")
        self.setAccessibleName(tr("Training"))
        self._document = document
        self.runner = Runner(self, command=command)
        self.queue = Queueing(self.runner, queue or QueueWatch(self), self)
        self.setup = SetupPage(document, theme, engine, self)
        self.page = RunPage(self.runner, theme, self, waits=self.queue.waits)
        self.brought_button = BroughtButton(theme, self)
        self.header = PanelHeader(self.brought_button, self)
        self._words = PanelWords(self.header, self.runner, self.setup)
        self.title, self.details = self.header.title, self.header.details
        self.train_button, self.stop_button = self.header.train, self.header.stop
        self.settings_button, self.queue_button = self.header.settings, self.header.queue
        self.other = OtherDesignStrip(self)
        self._pages = PanelPages(self.setup, self.page, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 6, 12, 6)
        layout.setSpacing(8)
        layout.addWidget(self.header)
        layout.addWidget(self.other)
        layout.addWidget(self._pages, 1)
        self._connect_settings(engine)
        self._connect_run()
        self._refresh()

    # --- making -----------------------------------------------------------------------------------------------------

    def _connect_settings(self, engine: Engine) -> None:
        """What becomes the next run."""
        self.train_button.clicked.connect(self.train)
        self.settings_button.clicked.connect(self.show_settings)
        self.queue_button.clicked.connect(self.add_to_queue)
        self.queue.watch.changed.connect(self.page.refresh)
        self.queue.watch.changed.connect(self._refresh)
        self.queue.told.connect(self.told)
        self.queue.told.connect(lambda _: self.run_changed.emit())
        self._document.loaded.connect(self._drawing_loaded)
        self.setup.changed.connect(self._refresh)
        self.setup.refused.connect(self.refused)
        if isinstance(engine, EngineClient):
            engine.ready.connect(self.setup.meet_engine)
            if engine.hello is not None:
                self.setup.meet_engine(engine.hello)

    def _connect_run(self) -> None:
        """The run that is shown."""
        self.stop_button.clicked.connect(self.stop)
        self.header.pause.clicked.connect(lambda _=False: self.pause_or_go_on())
        self.header.curves.clicked.connect(self.show_curves)
        self.other.open_asked.connect(self._open_its_design)
        self.other.new_asked.connect(self.show_settings)
        self.runner.changed.connect(self._run_changed)
        self.runner.arrived.connect(self._say_progress)
        self.runner.failed.connect(self._complain)
        self.page.next_changed.connect(self._next_changed)
        self.page.plots.refused.connect(self._complain)
        self.page.plots.told.connect(self.told)
        messages = self.page.messages
        messages.resume_asked.connect(self.resume)
        messages.log_asked.connect(self.show_log)
        messages.retry_asked.connect(self.retry)
        messages.stop_asked.connect(self.stop)
        messages.export_asked.connect(lambda: self.export_requested.emit(self.runner.run))
        messages.evaluate_asked.connect(lambda: self.evaluate_requested.emit(self.runner.run))

    # --- what others ask --------------------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether a run trains now."""
        return self.runner.is_running

    @property
    def can_train(self) -> bool:
        """Whether a new run can start now."""
        return not self.is_running and not self.why_not

    @property
    def can_queue(self) -> bool:
        """Whether the drawing with these settings can be put into the queue now."""
        return not self.setup.why_not()

    @property
    def can_resume(self) -> bool:
        """Whether the run that is shown can go on by hand, and not in its turn."""
        return self.runner.can_resume and not self.queue.waits(self.runner.run)

    @property
    def why_not(self) -> str:
        """Why no new run can start now; empty when one can."""
        return tr("A run is training.") if self.is_running else self.setup.why_not()

    @property
    def current_run(self) -> RunFolder | None:
        """The run that is shown, live or old."""
        return self.runner.run

    @property
    def run_name(self) -> str:
        """What people call the run that is shown: "digits, run 7"."""
        return run_title(self.runner.run) if self.runner.run is not None else ""

    @property
    def paused(self) -> str:
        """Why the run waits, and what to do; empty while it does not."""
        return self._words.paused

    @property
    def urges(self) -> bool:
        """Whether the panel itself shows the next step, so that no other button has to."""
        urged = self.page.strip.is_urging or self.page.next_step is not None
        return self.isVisible() and self._pages.on_run and urged

    # --- what others do ---------------------------------------------------------------------------------------------

    def train(self) -> None:
        """Start a new run of the design as it is now, behind those that train; where that cannot be, show why."""
        if self._is_ready():
            self._try(lambda: self.queue.begin(*self._next))

    def add_to_queue(self) -> None:
        """Put the design as it is now, with these settings, at the end of the queue."""
        if self._is_ready():
            self._try(lambda: self.queue.collect(*self._next))

    @property
    def _next(self) -> tuple[Design, TrainSpec, Initial | None]:
        return self._document.design, self.setup.spec(), self._document.initial

    def _is_ready(self) -> bool:
        if self.can_queue and self.setup.data.still_there():
            return True
        # Data that is not there is told beside what brings it, and leaves no failed run.
        self.show_settings()
        return False

    def stop(self) -> None:
        """Ask the run to stop; it keeps a checkpoint."""
        self.runner.stop()

    def pause(self) -> None:
        """Let the run wait behind its step."""
        self.runner.pause()

    def pause_or_go_on(self) -> None:
        """Let the run wait, or let one that waits go on."""
        (self.resume if self.runner.is_held else self.pause)()

    def retry(self) -> None:
        """Let a run that waits for the disk try again."""
        self.runner.retry()

    def resume(self, run: RunFolder | None = None) -> None:
        """Go on with a run, the one shown or another: where it waits, or from its last checkpoint."""
        if isinstance(run, RunFolder) and run != self.runner.run:
            if run.is_running():
                self._try(lambda: requests.ask_to_go_on(run))
                self.show_run(run)
            else:
                self.runner.show(run, then=self.runner.resume)
        else:
            self.runner.resume()

    def show_run(self, run: RunFolder) -> None:
        """Show a run's curves: an old one's, or one that trains elsewhere."""
        self.queue.looks_back = not run.is_running()
        self._pages.await_run(run)
        self.runner.show(run)
        self.show_curves()

    def show_curves(self) -> None:
        """Show the page of the run, where there is one."""
        if self.runner.run is not None:
            self._pages.show_run()
            self._refresh()

    def repeat(self, run: RunFolder) -> None:
        """Start a new run like this one: its drawing, settings, seed and first weights; behind those that train."""
        self._try(lambda: self.queue.begin(run.design(), run.spec(), run.initial()))

    def show_spec(self, spec: TrainSpec) -> None:
        """Offer these settings for the next run; a run that trains stays in sight."""
        self.setup.show_spec(spec)
        if not self.is_running:
            self.show_settings()

    def show_settings(self) -> None:
        """Show the settings; a run that trains goes on."""
        self._pages.show_settings()
        self.setup.look_once()
        self._refresh()

    def show_log(self) -> None:
        """Show what the run's process wrote."""
        run, outcome = self.runner.run, self.runner.outcome
        if run is not None:
            title = outcome.title if outcome is not None else run_title(run)
            LogDialog(title, log_tail(run), self).open()

    def shutdown(self) -> None:
        """The window closes: a run is stopped politely, then firmly; returns when no process is left."""
        self.setup.data.drop()
        self.runner.shutdown()

    # --- keeping up -------------------------------------------------------------------------------------------------

    def _run_changed(self) -> None:
        runner = self.runner
        self._pages.run_changed(runner.run, running=runner.is_running, unasked=self.queue.is_beginning)
        self._refresh()
        self.run_changed.emit()

    def _drawing_loaded(self) -> None:
        self.other.compare(self.runner.run, self._document.design, anew=True)
        self._refresh()

    def _open_its_design(self) -> None:
        design, run = self.other.design, self.runner.run
        if design is None or run is None:
            return
        self._try(lambda: self.design_requested.emit(design, run.spec()))
        if self._document.design == design:
            # Its settings were brought along, which shows them; here the run itself was meant.
            self.show_curves()

    def _next_changed(self) -> None:
        self.header.show_next(self.page.next_step)
        self._refresh()

    def _refresh(self) -> None:
        runner, on_run = self.runner, self._pages.on_run
        self.other.compare(runner.run, self._document.design)
        self.other.show_for(self._document.design, on_run=on_run, training=runner.is_running)
        self.page.make_room(self.other.design is not None)
        self._words.refresh(self.why_not, on_run=on_run, busy=self.queue.is_busy)
        self._look_at_weights()
        self.state_changed.emit()

    def _say_progress(self) -> None:
        self._words.say_progress(on_run=self._pages.on_run)
        self._look_at_weights()

    def _look_at_weights(self) -> None:
        begun = self.runner.history.started is not None
        self.brought_button.look(self.runner.run, begun=begun, shown=self._pages.on_run)

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except StudioError as error:
            self._complain(error)

    def _complain(self, error: StudioError) -> None:
        complain(error, tr("Training"), "trainMessage", self)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the data when the panel is first seen."""
        super().showEvent(event)
        self.setup.look_once()
        self.state_changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """What it urges to is not seen any more."""
        super().hideEvent(event)
        self.state_changed.emit()

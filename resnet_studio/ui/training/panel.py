"""The training panel: settings before a run, curves while it runs and after. Arranges its pages and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.child import train_command
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import TrainSpec
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import EngineClient
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.data_watch import Engine
from resnet_studio.ui.training.log_dialog import LogDialog
from resnet_studio.ui.training.run_names import run_title
from resnet_studio.ui.training.run_page import RunPage, progress_words, state_words
from resnet_studio.ui.training.runner import Runner
from resnet_studio.ui.training.setup_page import SetupPage
from resnet_studio.ui.weights.brought import BroughtButton
from resnet_studio.ui.widgets.elided import ElidedLabel
from resnet_studio.ui.widgets.named import name_buttons
from resnet_studio.ui.widgets.tips import plain_tip

_LOG_BYTES = 64 * 1024


class TrainPanel(QWidget):
    """Train, watch, stop, resume.

    The menus and the toolbar use `train`, `stop`, `resume`, or the QActions of `actions()`.

    Signals:
        state_changed(): `can_train`, `why_not`, `is_running` or the run is another.
        run_changed(): a run was made or ended; lists of runs are out of date.
        export_requested(object), evaluate_requested(object): export, evaluate this RunFolder.
        refused(str): why the drawing could not be repaired or adapted.
    """

    state_changed = Signal()
    run_changed = Signal()
    export_requested = Signal(object)
    evaluate_requested = Signal(object)
    refused = Signal(str)

    def __init__(
        self,
        document: Document,
        theme: ThemeManager,
        engine: EngineClient | Engine,
        parent: QWidget | None = None,
        *,
        command: Callable[[RunFolder], Sequence[str]] = train_command,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("trainPanel")
        self.setAccessibleName("Training")
        self._document = document
        self._titled: RunFolder | None = None
        self._run_title = ""
        self._why_not: str | None = None
        self.runner = Runner(self, command=command)
        self.setup = SetupPage(document, theme, engine, self)
        self.page = RunPage(self.runner, theme, self)
        self.brought_button = BroughtButton(theme, self)
        self._make_header()
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.setup)
        self._pages.addWidget(self.page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 8)
        layout.setSpacing(8)
        layout.addLayout(self._header)
        layout.addWidget(self._pages, 1)
        self._make_actions()
        self._connect(engine)
        self._refresh()

    # --- making -----------------------------------------------------------------------------------------------------

    def _make_header(self) -> None:
        self.title = ElidedLabel("strong", self)
        self.title.setObjectName("trainTitle")
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.details = ElidedLabel("soft", self)
        self.details.setObjectName("trainDetails")
        self.settings_button = self._button(
            "Settings", "settingsButton", "Back to the settings, for another run."
        )
        self.stop_button = self._button("Stop", "stopButton", "End after this step; a checkpoint is kept.")
        self.train_button = self._button("Train", "trainButton", "")
        self.train_button.setProperty("role", "primary")
        self._header = QHBoxLayout()
        self._header.setSpacing(8)
        self._header.addWidget(self.title)
        self._header.addWidget(self.details, 1)
        for button in (self.brought_button, self.settings_button, self.stop_button, self.train_button):
            self._header.addWidget(button)

    def _button(self, words: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(tip)
        return button

    def _make_actions(self) -> None:
        self.train_action = QAction("Train", self)
        self.stop_action = QAction("Stop training", self)
        self.resume_action = QAction("Resume the run", self)
        self.train_action.triggered.connect(self.train)
        self.stop_action.triggered.connect(self.stop)
        self.resume_action.triggered.connect(self.resume)
        for action in (self.train_action, self.stop_action, self.resume_action):
            self.addAction(action)

    def _connect(self, engine: EngineClient | Engine) -> None:
        self.train_button.clicked.connect(self.train)
        self.stop_button.clicked.connect(self.stop)
        self.settings_button.clicked.connect(self.show_settings)
        self.setup.changed.connect(self._refresh)
        self.setup.refused.connect(self.refused)
        self.runner.changed.connect(self._run_changed)
        self.runner.arrived.connect(self._say_progress)
        self.runner.failed.connect(self._complain)
        self.page.resume_asked.connect(self.resume)
        self.page.log_asked.connect(self.show_log)
        self.page.retry_asked.connect(self.retry)
        self.page.stop_asked.connect(self.stop)
        self.page.export_asked.connect(self._ask_export)
        self.page.evaluate_asked.connect(self._ask_evaluation)
        self.page.plots.refused.connect(self._complain)
        if isinstance(engine, EngineClient):
            engine.ready.connect(self.setup.meet_engine)
            if engine.hello is not None:
                self.setup.meet_engine(engine.hello)

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
    def why_not(self) -> str:
        """Why no new run can start now; empty when one can."""
        return "A run is training." if self.is_running else self.setup.why_not()

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
        paused = self.runner.history.paused if self.runner.is_paused else None
        return "" if paused is None else f"{paused.what} {paused.remedy}"

    # --- what others do ---------------------------------------------------------------------------------------------

    def train(self) -> None:
        """Start a new run of the design as it is now; where that cannot be, show why."""
        if self.is_running:
            self._pages.setCurrentWidget(self.page)
        elif not self.can_train or not self.setup.data.still_there():
            # Data that is not there is told beside what brings it, and leaves no failed run.
            self.show_settings()
        else:
            try:
                self.runner.start(self._document.design, self.setup.spec(), self._document.initial)
            except StudioError as error:
                self._complain(error)

    def stop(self) -> None:
        """Ask the run to stop; it keeps a checkpoint."""
        self.runner.stop()

    def retry(self) -> None:
        """Let a run that waits for the disk try again."""
        self.runner.retry()

    def resume(self, run: RunFolder | None = None) -> None:
        """Go on with a run from its last checkpoint: the one shown, or another."""
        if isinstance(run, RunFolder) and run != self.runner.run:
            self.runner.show(run, then=self.runner.resume)
        else:
            self.runner.resume()

    def show_run(self, run: RunFolder) -> None:
        """Show an old run's curves."""
        self.runner.show(run)

    def repeat(self, run: RunFolder) -> None:
        """Start a new run like this one: its drawing, settings, seed and first weights."""
        if self.is_running:
            self._complain(StudioError("Another run is training.", "Stop it first, then repeat this one."))
            return
        try:
            self.runner.start(run.design(), run.spec(), run.initial())
        except StudioError as error:
            self._complain(error)

    def show_spec(self, spec: TrainSpec) -> None:
        """Offer these settings for the next run; a run that trains stays in sight."""
        self.setup.show_spec(spec)
        if not self.is_running:
            self.show_settings()

    def show_settings(self) -> None:
        """Show the settings; a run that trains goes on."""
        self._pages.setCurrentWidget(self.setup)
        self.setup.look_once()
        self._refresh()

    def show_log(self) -> None:
        """Show what the run's process wrote."""
        run, outcome = self.runner.run, self.runner.outcome
        if run is not None:
            title = outcome.title if outcome is not None else run_title(run)
            LogDialog(title, _end_of(run), self).open()

    def shutdown(self) -> None:
        """The window closes: a run is stopped politely, then firmly; returns when no process is left."""
        self.setup.data.drop()
        self.runner.shutdown()

    # --- keeping up -------------------------------------------------------------------------------------------------

    def _run_changed(self) -> None:
        self._pages.setCurrentWidget(self.page)
        self._refresh()
        self.run_changed.emit()

    def _refresh(self) -> None:
        runner, on_run = self.runner, self._pages.currentWidget() is self.page
        why = self.why_not
        if runner.run != self._titled:
            # Asked once: it reads the disk, and this is called at every edit of the drawing.
            self._titled = runner.run
            self._run_title = run_title(runner.run) if runner.run else ""
        self.title.setText(self._run_title if on_run else self.setup.title)
        self.stop_button.setVisible(runner.is_running)
        self.stop_button.setEnabled(not runner.is_stopping)
        self.settings_button.setVisible(on_run and not runner.is_running)
        self.train_button.setVisible(not runner.is_running)
        self.train_button.setText("Train again" if on_run else "Train")
        self._say_why_not(why)
        self._say_progress()
        self.stop_action.setEnabled(runner.is_running and not runner.is_stopping)
        self.resume_action.setEnabled(runner.can_resume)
        self.state_changed.emit()

    def _say_why_not(self, why: str) -> None:
        # Called at every edit of the drawing: a tooltip that is set is an event, also when it says the same.
        if why == self._why_not:
            return
        self._why_not = why
        self.train_button.setEnabled(not why)
        self.train_button.setToolTip(plain_tip(why or "Start a new run of this design with these settings."))
        self.train_button.setAccessibleDescription(why)
        self.train_action.setEnabled(not why)
        self.train_action.setToolTip(plain_tip(why or "Train"))

    def _say_progress(self) -> None:
        on_run = self._pages.currentWidget() is self.page
        begun = self.runner.history.started is not None
        self.brought_button.look(self.runner.run, begun=begun, shown=on_run)
        if self._pages.currentWidget() is self.setup:
            words = self.setup.summary
        elif self.is_running:
            waiting = "stopping" if self.runner.is_stopping else "waiting for the disk" if self.paused else ""
            words = waiting or progress_words(self.runner.history)
        else:
            # A grey button says beside it why; how the run ended stands in the strip below.
            words = self._why_not or state_words(self.runner)
        if words != self.details.text():
            self.details.setText(words)

    def _ask_export(self) -> None:
        if self.runner.run is not None:
            self.export_requested.emit(self.runner.run)

    def _ask_evaluation(self) -> None:
        if self.runner.run is not None:
            self.evaluate_requested.emit(self.runner.run)

    def _complain(self, error: StudioError) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "Training", error.what, parent=self)
        box.setObjectName("trainMessage")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(error.remedy)
        box.open()
        name_buttons(box)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the data when the panel is first seen."""
        super().showEvent(event)
        self.setup.look_once()


def _end_of(run: RunFolder) -> str:
    try:
        with run.log_path.open("rb") as file:
            file.seek(max(0, run.log_path.stat().st_size - _LOG_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError as error:
        return f"(the log could not be read: {error.strerror})"

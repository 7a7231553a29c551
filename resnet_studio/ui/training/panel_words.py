"""Says above the training panel's pages what they are about, how the run gets on, and why none can begin. Starts nothing."""

from __future__ import annotations

from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.runs.names import run_title
from resnet_studio.ui.training.panel_header import PanelHeader
from resnet_studio.ui.training.progress import paused_words, progress_words, state_words
from resnet_studio.ui.training.runner import Runner
from resnet_studio.ui.training.setup_page import SetupPage


class PanelWords:
    """The header's words; told at every edit of the drawing, so it asks the disk only where a run is another."""

    def __init__(self, header: PanelHeader, runner: Runner, setup: SetupPage) -> None:
        self._header, self._runner, self._setup = header, runner, setup
        self._titled: RunFolder | None = None
        self._run_title = ""
        self._why_not: str | None = None

    @property
    def paused(self) -> str:
        """Why the run waits, and what to do; empty while it does not."""
        paused = self._runner.history.paused if self._runner.is_paused else None
        return "" if paused is None else f"{paused.what} {paused.remedy}"

    def refresh(self, why_not: str, *, on_run: bool, busy: bool) -> None:
        """Say it anew; `why_not` keeps a new run from starting, `busy` makes it wait."""
        runner = self._runner
        if runner.run != self._titled:
            self._titled = runner.run
            self._run_title = run_title(runner.run) if runner.run else ""
        self._header.title.setText(self._run_title if on_run else self._setup.title)
        self._header.show_pause(held=runner.is_held, possible=runner.can_pause, pausing=runner.is_pausing)
        self._header.arrange(on_run=on_run, running=runner.is_running, stopping=runner.is_stopping)
        self._header.say_queue(self._setup.why_not(), busy=busy)
        # A tooltip that is set is an event, also when it says the same.
        if why_not != self._why_not:
            self._why_not = why_not
            self._header.say_train(why_not)
        self.say_progress(on_run=on_run)

    def say_progress(self, *, on_run: bool) -> None:
        """How the run gets on, or what the next one would learn from."""
        if not on_run:
            words = self._setup.summary
        elif self._runner.is_running:
            words = self._waiting() or progress_words(self._runner.history)
        else:
            # Why no other run can start is about the open drawing: the grey button tells that itself.
            words = state_words(self._runner.history, begun=self._runner.has_begun)
        if words != self._header.details.text():
            self._header.details.setText(words)

    def _waiting(self) -> str:
        if self._runner.is_stopping:
            return tr("stopping")
        if self._runner.is_pausing:
            return tr("pausing")
        if self._runner.is_held:
            return paused_words(self._runner.history)
        return tr("waiting for the disk") if self.paused else ""

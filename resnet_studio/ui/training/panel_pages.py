"""Which page of the training panel is in sight: the settings of the next run, or a run. Decides it when runs come; starts none."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.widgets.pages import Pages


class PanelPages(Pages):
    """Whoever sets up the next run stays there while another gets on; else a run is in sight as soon as there is one."""

    def __init__(self, setup: QWidget, run: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._setup, self._run = setup, run
        self._awaited: RunFolder | None = None
        self._was_running = False
        self.addWidget(setup)
        self.addWidget(run)

    @property
    def on_run(self) -> bool:
        """Whether a run is in sight."""
        return self.currentWidget() is self._run

    def show_settings(self) -> None:
        """Show the settings; a run that trains goes on."""
        self.setCurrentWidget(self._setup)

    def show_run(self) -> None:
        """Show the run."""
        self.setCurrentWidget(self._run)

    def await_run(self, run: RunFolder) -> None:
        """Somebody asked for this run: reading it takes a moment, and the queue may bring it before."""
        self._awaited = run

    def run_changed(self, run: RunFolder | None, *, running: bool, unasked: bool) -> None:
        """The run is another, began, or ended; `unasked` where the queue began it."""
        asked = self._awaited is not None and run == self._awaited
        if asked:
            self._awaited = None
        setting_up = not self.on_run and not asked
        stays = setting_up and (self._was_running or unasked)
        self._was_running = running
        if not stays:
            self.show_run()

"""What the tour does and sees of the program: opens drawings, trains, exports. Knows no step and no card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog

from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.tour.step import Training

if TYPE_CHECKING:
    from resnet_studio.runs.folder import RunFolder
    from resnet_studio.ui.shell.main_window import MainWindow
    from resnet_studio.ui.training.panel import TrainPanel


class Desk(QObject):
    """The program, as the player of a tour asks for it.

    Signals:
        moved: training is another than before.
    """

    moved = Signal()

    def __init__(self, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self.document = window.document
        self._old_run: RunFolder | None = None
        self._panel: TrainPanel | None = None

    def open_drawing(self, design: Design) -> bool:
        """Open a drawing of the tour's, as New does; False when the user kept the one that is open."""
        self.meet_panel()
        self._old_run = self._panel.current_run if self._panel is not None else None
        if not self._window.files.new(design):
            return False
        if design == preset("digits_starter"):
            # Whoever used other data last shall see this drawing learn, too.
            self._window.editor.train_views.train_with(default_spec())
        # A comparison of the chapter before means nothing here.
        self._window.show_tab("layerTable")
        return True

    def training(self) -> Training:
        """How the run stands that was started since the chapter began."""
        self.meet_panel()
        runner = self._panel.runner if self._panel is not None else None
        if runner is None or runner.run is None or runner.run == self._old_run:
            return Training()
        best = runner.history.best
        return Training(
            running=runner.is_running,
            epochs=len(runner.history.epochs),
            best=None if best is None else 100 * best.val_accuracy,
            ended=not runner.is_running,
        )

    def exporting(self) -> bool:
        """Whether the export dialog is open."""
        return any(dialog.isVisible() for dialog in self._window.findChildren(QDialog, "exportDialog"))

    def train(self) -> None:
        """Press Train."""
        self._window.doings.train()

    def stop_training(self) -> None:
        """Press Stop."""
        self._window.doings.stop_training()

    def export(self) -> None:
        """Open the export dialog."""
        self._window.doings.export()

    def meet_panel(self) -> None:
        """Hear of training; its panel is made when it is first shown."""
        panel = self._window.editor.train_views.panel
        if panel is not None and panel is not self._panel:
            self._panel = panel
            panel.state_changed.connect(self.moved)
            panel.runner.arrived.connect(self.moved)

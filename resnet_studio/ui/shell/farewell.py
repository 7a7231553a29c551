"""Waits for the run that trains while the window closes, says so, and can end it at once. Knows the panel by what it offers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.sizing import sized

if TYPE_CHECKING:
    from resnet_studio.ui.training.panel import TrainPanel


class Farewell(QDialog):
    """Stops the run; `done` is called when no process is left. The window stays painted meanwhile."""

    def __init__(self, panel: TrainPanel, done: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("farewell")
        self.setWindowTitle(tr("Closing"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._panel, self._window, self._done = panel, parent, done
        self._words = self._label(
            tr("Saving the checkpoint of {run}…", run=panel.run_name), "farewellWords", "strong"
        )
        self.setAccessibleName(self._words.text())
        self._detail = self._label(
            tr("The run ends its step and keeps what it has learned: it can be resumed."),
            "farewellDetail",
            "soft",
        )
        bar = QProgressBar(self)
        bar.setObjectName("farewellProgress")
        bar.setAccessibleName(tr("Waiting for the run to end"))
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        self._now = QPushButton(tr("End at once"), self)
        self._now.setObjectName("farewellNow")
        self._now.setAccessibleName(tr("End the run at once"))
        self._now.setToolTip(tr("What was learned since the last checkpoint is lost."))
        # Not by an Enter that was meant for the question before.
        self._now.setAutoDefault(False)
        self._now.clicked.connect(self._end_at_once)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._now)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(8)
        column.addWidget(self._words)
        column.addWidget(self._detail)
        column.addSpacing(4)
        column.addWidget(bar)
        column.addSpacing(8)
        column.addLayout(buttons)
        sized(self, least_width=440)

    def _label(self, text: str, name: str, role: str) -> QLabel:
        label = QLabel(text, self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        label.setWordWrap(True)
        return label

    def begin(self) -> None:
        """Ask the run to stop, and wait."""
        self._panel.runner.changed.connect(self._look)
        self._panel.stop()
        self.open()
        self._look()

    def _end_at_once(self) -> None:
        self._now.setEnabled(False)
        self._words.setText(tr("Ending {run}…", run=self._panel.run_name))
        self._detail.setText(tr("Its last checkpoint is kept."))
        self._panel.runner.end_at_once()

    def _look(self) -> None:
        if not self._panel.is_running:
            self._panel.runner.changed.disconnect(self._look)
            self.accept()
            self.deleteLater()
            # The run's end is still being told to others: the window closes when they have heard of it.
            QTimer.singleShot(0, self._window, self._done)

    def reject(self) -> None:
        """Escape does not leave: the window is closing, and the run must end first."""

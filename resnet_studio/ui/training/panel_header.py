"""The line above the training panel's pages: what it is about, and the buttons. Knows no run."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from resnet_studio.ui.training.words import QUEUE_MEANING
from resnet_studio.ui.widgets.elided import ElidedLabel
from resnet_studio.ui.widgets.tips import plain_tip


class PanelHeader(QWidget):
    """Title, details and buttons, `first` before the others; who owns it connects them."""

    def __init__(self, first: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel("strong", self)
        self.title.setObjectName("trainTitle")
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.details = ElidedLabel("soft", self)
        self.details.setObjectName("trainDetails")
        self.settings = self._button("Settings", "settingsButton", "The settings, for another run.")
        self.curves = self._button("Curves", "curvesButton", "Back to the run that trains.")
        self.queue = self._button("Add to queue", "queueButton", "")
        self.stop = self._button("Stop", "stopButton", "End after this step; a checkpoint is kept.")
        self.train = self._button("Train", "trainButton", "")
        self.train.setProperty("role", "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.title)
        row.addWidget(self.details, 1)
        for button in (first, self.settings, self.curves, self.queue, self.stop, self.train):
            row.addWidget(button)

    def _button(self, words: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(tip)
        return button

    def arrange(self, *, on_run: bool, running: bool, stopping: bool) -> None:
        """Show the buttons that mean something now."""
        self.stop.setVisible(running)
        self.stop.setEnabled(not stopping)
        self.settings.setVisible(on_run)
        self.curves.setVisible(running and not on_run)
        self.queue.setVisible(not on_run)
        self.train.setVisible(not running)
        self.train.setText("Train again" if on_run else "Train")

    def say_train(self, why_not: str) -> None:
        """Let the drawing be trained, or say why it cannot be."""
        self.train.setEnabled(not why_not)
        self.train.setToolTip(plain_tip(why_not or "Start a new run of this design with these settings."))
        self.train.setAccessibleDescription(why_not)

    def say_queue(self, why_not: str, *, busy: bool) -> None:
        """Let the drawing be queued, or say why it cannot be."""
        tip = plain_tip(why_not or QUEUE_MEANING[busy])
        # Asked at every edit: a tooltip that is set is an event, also when it says the same.
        if tip != self.queue.toolTip():
            self.queue.setToolTip(tip)
            self.queue.setEnabled(not why_not)
            self.queue.setAccessibleDescription(why_not)

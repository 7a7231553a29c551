"""The line above the list of runs: the filter, and the way to the queue. Knows no run."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from resnet_studio.language import tr


class RunsHead(QWidget):
    """Filter and queue button.

    Signals:
        looked_for(str): the filter is another.
        queue_asked(): show the queue.
    """

    looked_for = Signal(str)
    queue_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = QLineEdit(self)
        self.filter.setObjectName("runsFilter")
        self.filter.setAccessibleName(tr("Filter the runs"))
        self.filter.setPlaceholderText(tr("Filter by name, tag, design, data, settings or state"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.looked_for)
        self.queue = QToolButton(self)
        self.queue.setObjectName("runsQueueButton")
        self.queue.setAccessibleName(tr("Queue"))
        self.queue.setToolTip(tr("Runs that wait for their turn: their order, start and pause."))
        self.queue.setProperty("role", "quiet")
        self.queue.clicked.connect(self.queue_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.addWidget(self.filter)
        row.addWidget(self.queue)
        self.count(0)

    def count(self, waiting: int) -> None:
        """Say how many runs wait."""
        self.queue.setText(tr("Queue · {count}", count=waiting) if waiting else tr("Queue"))

"""What can be done with the queue: the actions, which of them are possible now, and their buttons. Do nothing by themselves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from resnet_studio.language import tr
from resnet_studio.runs.queue import Entry, Queue, Turn
from resnet_studio.ui.widgets import role as roles


class QueueBar(QWidget):
    """A button for each action; who owns it connects them.

    Attributes:
        go: starts the queue, or pauses it.
        up, down, remove, open: for the selected entry.
        clear: for those that have ended.

    Signals:
        urging_changed(): `urges` is another.
    """

    urging_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.go = self._action(tr("Start"), "queueGo", "")
        self.up = self._action("↑", "queueUp", tr("Up: let it begin earlier (Alt+Up)."))
        self.down = self._action("↓", "queueDown", tr("Down: let it begin later (Alt+Down)."))
        self.remove = self._action(
            tr("Remove"), "queueRemove", tr("Take it out of the queue; the run itself is kept.")
        )
        self.open = self._action(tr("Curves"), "queueOpen", tr("Show the run's curves."))
        self.clear = self._action(
            tr("Clear"), "queueClear", tr("Forget those that have ended; their runs are kept.")
        )
        alt = Qt.KeyboardModifier.AltModifier
        self.up.setShortcut(QKeySequence(alt | Qt.Key.Key_Up))
        self.down.setShortcut(QKeySequence(alt | Qt.Key.Key_Down))
        self.remove.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        self.all = [self.go, self.up, self.down, self.remove, self.open, self.clear]
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 6)
        row.setSpacing(2)
        self._go_button, *others = [self._button(action) for action in self.all]
        row.addWidget(self._go_button)
        row.addSpacing(6)
        for button in others:
            row.addWidget(button)
        row.addStretch(1)

    def _action(self, words: str, name: str, tip: str) -> QAction:
        action = QAction(words, self)
        action.setObjectName(name)
        action.setToolTip(tip)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        return action

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setObjectName(f"{action.objectName()}Button")
        button.setAccessibleName(action.toolTip().partition(".")[0] or action.text())
        button.setProperty("role", "quiet")
        return button

    def allow(self, queue: Queue, chosen: Entry | None) -> None:
        """Enable what can be done with this queue and its selected entry."""
        waiting = queue.of(Turn.WAITING)
        place = waiting.index(chosen) if chosen in waiting else None
        self.go.setText(tr("Pause") if queue.going else tr("Start"))
        self.go.setToolTip(
            tr("Begin no other run; what trains goes on.")
            if queue.going
            else tr("Train these one after another, also while the window is closed.")
        )
        self.go.setEnabled(queue.going or bool(waiting))
        # Start is what runs that were collected wait for.
        self._dress_go("quiet" if queue.going or not waiting else "primary")
        self.up.setEnabled(place is not None and place > 0)
        self.down.setEnabled(place is not None and place < len(waiting) - 1)
        self.remove.setEnabled(chosen is not None and chosen.turn is not Turn.RUNNING)
        self.open.setEnabled(chosen is not None and chosen.turn is not Turn.WAITING)
        self.clear.setEnabled(bool(queue.of(Turn.ENDED)))

    @property
    def urges(self) -> bool:
        """Whether Start is the next step."""
        return bool(self._go_button.property("role") == "primary")

    def _dress_go(self, role: str) -> None:
        if roles.give(self._go_button, role):
            self.urging_changed.emit()

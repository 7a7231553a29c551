"""What can be done with runs: the actions, which of them the selected runs allow, and their menu. Do nothing by themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import BrokenRun, RunInfo, RunState
from resnet_studio.ui.runs.model import Row

# By name: words and meaning.
_WORDS = {
    "Curves": (tr("Curves"), tr("Show the run's curves; those of several runs in one plot.")),
    "Design": (tr("Design"), tr("Open the design as it was for this run.")),
    "Resume": (tr("Resume"), tr("Go on from the last checkpoint.")),
    "Export": (tr("Export…"), tr("Write the trained network for other programs.")),
    "Folder": (tr("Show the folder"), tr("Show the run's folder.")),
    "Delete": (tr("Delete"), tr("Move the runs to the trash folder.")),
    "Evaluate": (tr("Evaluate…"), tr("Confusion matrix, classes, worst predictions.")),
    "Compare": (tr("Compare two…"), tr("In what settings and parts of the drawing two runs differ.")),
    "Repeat": (tr("Repeat with the same settings"), tr("A new run of the same drawing, settings and seed.")),
    "Queue": (tr("Add to queue"), tr("Train it, or go on with it, when other runs have ended.")),
    "Tune": (tr("Fine-tune from it"), tr("Open its design, beginning with its best weights.")),
    "Label": (tr("Name, tags and note…"), tr("Write a name, tags or a note on the run.")),
}
_RESUMABLE = (RunState.NEW, RunState.STOPPED, RunState.FAILED, RunState.CRASHED)


class RunActions(QObject):
    """Actions for the selected runs; who owns them connects them.

    Attributes:
        first: those that have a button.
        more: those that are wanted less often.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.open = self._make("Curves", QKeySequence(Qt.Key.Key_Return))
        self.design = self._make("Design")
        self.resume = self._make("Resume")
        self.export = self._make("Export")
        self.delete = self._make("Delete", QKeySequence(QKeySequence.StandardKey.Delete))
        self.evaluate = self._make("Evaluate")
        self.compare = self._make("Compare")
        self.repeat = self._make("Repeat")
        self.queue = self._make("Queue")
        self.tune = self._make("Tune")
        self.label = self._make("Label", QKeySequence(Qt.Key.Key_F2))
        self.folder = self._make("Folder")
        self.first = [self.open, self.design, self.resume, self.export, self.delete]
        self.more = [
            self.evaluate, self.compare, self.repeat, self.queue, self.tune, self.label, self.folder,
        ]  # fmt: skip

    def _make(self, name: str, key: QKeySequence | None = None) -> QAction:
        words, meaning = _WORDS[name]
        action = QAction(words, self)
        action.setObjectName(f"run{name}")
        action.setIconText(words)
        action.setToolTip(meaning)
        if key is not None:
            action.setShortcut(key)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        return action

    def allow(self, chosen: Sequence[Row], waits: Callable[[RunFolder], bool]) -> None:
        """Enable what can be done with these runs; `waits` tells whether one waits for its turn in the queue."""
        infos = [row for row in chosen if isinstance(row, RunInfo)]
        info = infos[0] if len(chosen) == len(infos) == 1 else None
        all_good = bool(chosen) and len(infos) == len(chosen)
        trained = info is not None and info.epochs_done > 0
        # A run that waits for its turn begins in the queue: by hand it would train twice.
        resumable = info is not None and info.state in _RESUMABLE and not waits(info.run)
        held = info is not None and info.state is RunState.PAUSED
        idle = all(isinstance(row, BrokenRun) or not row.state.is_alive for row in chosen)
        for on, actions in (
            (all_good, (self.open,)),
            (info is not None, (self.design, self.repeat, self.label)),
            (resumable or held, (self.resume,)),
            (resumable, (self.queue,)),
            (trained, (self.export, self.evaluate, self.tune)),
            (all_good and len(chosen) == 2, (self.compare,)),
            (len(chosen) == 1, (self.folder,)),
            (bool(chosen) and idle, (self.delete,)),
        ):
            for action in actions:
                action.setEnabled(on)

    def menu(self, parent: QWidget) -> QMenu:
        """All of them; what cannot be taken back at once stands last."""
        menu = QMenu(parent)
        menu.addActions([action for action in (*self.first, *self.more) if action is not self.delete])
        menu.addSeparator()
        menu.addAction(self.delete)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

"""What can be done with runs, in words; the buttons below their list, and the menu of what is seldomer wanted. Knows no run."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from resnet_studio.language import tr

# What can be done with runs, by name: words and meaning.
ACTIONS = {
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


class RunsBar(QWidget):
    """A button for each of `first`, and one with a menu of `more`."""

    def __init__(
        self, first: Sequence[QAction], more: Sequence[QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 6)
        row.setSpacing(2)
        for action in first:
            button = QToolButton(self)
            button.setDefaultAction(action)
            button.setProperty("role", "quiet")
            button.setObjectName(f"{action.objectName()}Button")
            button.setAccessibleName(tr("{action} of the selected run", action=action.text()))
            row.addWidget(button)
        row.addWidget(self._make_more_button(more))
        row.addStretch(1)

    def _make_more_button(self, actions: Sequence[QAction]) -> QToolButton:
        menu = QMenu(self)
        menu.setObjectName("runsMoreMenu")
        menu.setAccessibleName(tr("More to do with runs"))
        menu.addActions(list(actions))
        button = QToolButton(self)
        button.setText("⋯")
        button.setObjectName("runsMoreButton")
        button.setAccessibleName(tr("More to do with runs"))
        button.setToolTip(tr("Evaluate, compare, repeat, fine-tune, name, show the folder."))
        button.setProperty("role", "quiet")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        return button

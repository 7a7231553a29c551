"""The buttons below the list of runs, and the menu of what is wanted less often. Knows no run."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from resnet_studio.language import tr


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

"""Chooses a group of settings: by a row of words, or by a list where the row has no room. Knows no setting."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLayout, QSizePolicy, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.widgets.segmented import Segmented

# The words without the air beside them: what the panel has in the smallest window.
_LEAST = 396


class GroupChooser(QWidget):
    """One of a few groups, each by its name with its words and what it is about.

    Signals:
        chosen(str): the user wants the group of this name.
    """

    chosen = Signal(str)

    def __init__(
        self, theme: ThemeManager, about: Mapping[str, tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.row = Segmented(theme, [(name, words, tip) for name, (words, tip) in about.items()], parent=self)
        self.row.setObjectName("settingGroups")
        self.row.setAccessibleName(tr("Groups of settings"))
        # No wider than its words.
        self.row.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        sized(self.row, least_width=_LEAST)
        self.list = QComboBox(self)
        self.list.setObjectName("settingGroupsList")
        self.list.setAccessibleName(tr("Groups of settings"))
        for name, (words, _) in about.items():
            self.list.addItem(words, name)
        self.list.setVisible(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        # Else the row's words would be the least of the whole panel, and it would scroll sideways.
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.addWidget(self.row)
        layout.addWidget(self.list)
        layout.addStretch(1)
        self.row.edited.connect(lambda name: self._choose(str(name)))
        self.list.activated.connect(lambda index: self._choose(self.list.itemData(index)))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.row.set_value(next(iter(about)))

    def minimumSizeHint(self) -> QSize:
        """Room for the list."""
        return QSize(self.list.minimumSizeHint().width(), self.sizeHint().height())

    def sizeHint(self) -> QSize:
        """The row, if it can be had."""
        return QSize(
            self.row.sizeHint().width(), max(self.row.minimumHeight(), self.list.minimumSizeHint().height())
        )

    def _choose(self, name: str) -> None:
        self.row.set_value(name)
        self.list.setCurrentIndex(self.list.findData(name))
        self.chosen.emit(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The row where it has room."""
        super().resizeEvent(event)
        # In some languages the words need more than the least.
        narrow = self.width() < max(px(_LEAST), self.row.least_width)
        self.row.setVisible(not narrow)
        self.list.setVisible(narrow)

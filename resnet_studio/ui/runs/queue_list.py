"""The list of the queue's entries, to be moved by drag among those that wait. Shows what it is given; changes no queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from resnet_studio.language import tr
from resnet_studio.runs.queue import Entry, Turn
from resnet_studio.ui.runs.queue_rows import ENTRY, FACE, Face, QueueRows
from resnet_studio.ui.runs.queue_words import state_words
from resnet_studio.ui.theme import ThemeManager


class QueueList(QListWidget):
    """A row an entry.

    Signals:
        dropped(): a row was dropped at another place; `entries` has them in the order that is seen.
    """

    dropped = Signal()

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queueList")
        self.setAccessibleName(tr("Runs in the queue"))
        self.setItemDelegate(QueueRows(theme, self))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Told in the middle of the drop: the list is put right when that is over.
        self.model().rowsMoved.connect(self._row_moved, Qt.ConnectionType.QueuedConnection)
        theme.changed.connect(self.viewport().update)

    @property
    def entries(self) -> list[Entry]:
        """The entries in the order that is seen."""
        return [self.item(row).data(ENTRY) for row in range(self.count())]

    @property
    def chosen(self) -> Entry | None:
        """The selected entry, as it was when it was shown."""
        items = self.selectedItems()
        return items[0].data(ENTRY) if items else None

    def show_entries(self, entries: Sequence[Entry], faces: Mapping[Path, Face]) -> None:
        """Show these, with the face of each one's run; what was selected stays so."""
        chosen = self.chosen
        self.clear()
        for entry in entries:
            item, face = QListWidgetItem(), faces[entry.run]
            item.setData(ENTRY, entry)
            item.setData(FACE, face)
            item.setText(f"{face.title}, {state_words(entry)}")
            item.setToolTip(entry.said)
            if entry.turn is not Turn.WAITING:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDragEnabled)
            self.addItem(item)
            if chosen is not None and entry.run == chosen.run:
                self.setCurrentItem(item)

    def _row_moved(self, _parent: QModelIndex, _first: int, _last: int, _to: QModelIndex, _row: int) -> None:
        self.dropped.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Other letters may be larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.doItemsLayout()

"""The layer table's tree view: fixed widths, columns to choose, and the editor's keys. Knows the model's columns, no drawing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTreeView

from resnet_studio.ui.table.model import LayerModel
from resnet_studio.ui.table.rows import Column
from resnet_studio.ui.theme import font

# Widths are fixed: fitting them to the contents costs ten times the whole update.
_WIDTHS = (180, 104, 66, 60, 86, 86, 96, 84, 78)
# What a narrow table does without first.
_SPARED = (Column.INPUT, Column.KIND)


class LayerTree(QTreeView):
    """A tree in which the editor's keys act on the blocks, and Ctrl+C copies rows as text."""

    def __init__(self, model: LayerModel, action_for: Callable[[QKeyEvent], QAction | None]) -> None:
        super().__init__()
        self._layers, self._action_for = model, action_for
        self._chosen: set[Column] = set()
        self.setObjectName("layerTree")
        self.setAccessibleName("Layers")
        self.setModel(model)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setIndentation(14)
        self.setFont(font(13))
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._set_up_header()

    def _set_up_header(self) -> None:
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsClickable(True)
        header.setMinimumSectionSize(40)
        header.setFont(font(12, bold=True))
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        for section, width in enumerate(_WIDTHS):
            header.resizeSection(section, width)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        header.customContextMenuRequested.connect(self._column_menu)

    def _column_menu(self, at: QPoint) -> None:
        """Which columns are shown."""
        menu = QMenu(self)
        menu.setObjectName("layerColumns")
        header = self.header()
        for column in list(Column)[1:]:
            action = menu.addAction(self._layers.title(column))
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(column))
            action.toggled.connect(lambda on, column=column: self.show_column(column, on))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(header.mapToGlobal(at))

    def show_column(self, column: Column, on: bool) -> None:
        """Show or hide a column for good."""
        self._chosen.add(column)
        self.header().setSectionHidden(column, not on)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow table shows fewer columns, but for those that somebody chose."""
        super().resizeEvent(event)
        room = self.viewport().width() - sum(_WIDTHS)
        for column in _SPARED:
            if column not in self._chosen:
                self.header().setSectionHidden(column, room < 0)
                room += _WIDTHS[column] if room < 0 else 0

    def event(self, event: QEvent) -> bool:
        """Here the keys are the tree's own, though the window's menus have the same ones."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._action_for(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the editor; the rest moves in the tree."""
        act = self._action_for(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act.trigger()

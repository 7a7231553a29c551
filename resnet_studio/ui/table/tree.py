"""The layer table's tree view: paints what has changed, and gives the editor its keys. Knows the model's rows, no drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QAccessible, QAction, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QTreeView

from resnet_studio.language import tr
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.table.columns import TableColumns
from resnet_studio.ui.table.model import LayerModel
from resnet_studio.ui.table.row_paint import RowPaint
from resnet_studio.ui.table.rows import Column, Row
from resnet_studio.ui.theme import px

Index = QModelIndex | QPersistentModelIndex


class LayerTree(QTreeView):
    """A tree in which the editor's keys act on the blocks, and Ctrl+C copies rows as text; its `columns` stand by themselves."""

    def __init__(self, model: LayerModel, action_for: Callable[[QKeyEvent], QAction | None]) -> None:
        super().__init__()
        self._layers, self._action_for = model, action_for
        self._paint = RowPaint(model)
        self._changed: list[tuple[Row, Row]] = []
        self.setObjectName("layerTree")
        self.setAccessibleName(tr("Layers"))
        self.setModel(model)
        self.columns = TableColumns(self, model.title)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setIndentation(px(14))
        sized(self, letters=13)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # Rows and ground cover all of it: without this, eight widgets behind paint theirs first at every edit.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # --- painting ---------------------------------------------------------------------------------------------------

    def dataChanged(self, top: Index, bottom: Index, roles: Sequence[int] = ()) -> None:
        """Only noted: Qt's own asks the model for every row that changed, seen or not."""
        if QAccessible.isActive():
            super().dataChanged(top, bottom, roles)  # tells screen readers
        layers = self._layers
        self._changed.append((layers.row_at(top), layers.row_at(bottom)))

    def show_changes(self, *, moved: bool) -> None:
        """Paint what the model told since the last time; everything where rows came or went."""
        changed, self._changed = self._changed, []
        if moved:
            self.viewport().update()
            return
        wide = self.viewport().width()
        for first, last in changed:
            above = first.parent
            if above is not None and above.parent is not None and not self._is_open(above):
                continue
            box = self.visualRect(self._layers.index_of(first))
            if last is not first:
                box = box.united(self.visualRect(self._layers.index_of(last)))
            self.viewport().update(0, box.top(), wide, box.height())

    def show_column_anew(self, column: Column) -> None:
        """Paint one column."""
        header = self.header()
        if not header.isSectionHidden(column):
            left, wide = header.sectionViewportPosition(column), header.sectionSize(column)
            self.viewport().update(left, 0, wide, self.viewport().height())

    def _is_open(self, row: Row) -> bool:
        return self.isExpanded(self._layers.index_of(row))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground below the rows, then the rows."""
        area = event.region()
        painter = QPainter(self.viewport())
        painter.fillRect(area.boundingRect(), self._layers.looks.ground)
        painter.end()
        self._paint.begin(self.header(), None if area.contains(self.viewport().rect()) else area)
        super().paintEvent(event)

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A whole row at once."""
        row = self._layers.row_at(index)
        self._paint.draw(
            painter,
            option.rect,
            row,
            chosen=self.selectionModel().isRowSelected(index.row(), index.parent()),
            is_open=self._is_open(row),
            indent=self.indentation(),
        )
        if self.hasFocus() and index.row() == self.currentIndex().row() and self._is_current(row):
            self._paint.frame(painter, option.rect)

    def _is_current(self, row: Row) -> bool:
        return self._layers.row_at(self.currentIndex()) is row

    # --- room and keys ----------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow table shows fewer columns."""
        super().resizeEvent(event)
        self.columns.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Other letters: the columns share the room anew when all of them have grown."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            QTimer.singleShot(0, self, self.columns.fit)

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

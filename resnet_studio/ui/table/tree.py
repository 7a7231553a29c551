"""The layer table's tree view: fixed widths, columns to choose, and the editor's keys. Knows the model's columns, no drawing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QStyleOptionViewItem, QTreeView

from resnet_studio.analysis.plan import HEAD, STEM
from resnet_studio.ui.table.model import LayerModel
from resnet_studio.ui.table.rows import Column, Row
from resnet_studio.ui.theme import font

# Widths are fixed: fitting them to the contents costs ten times the whole update.
_WIDTHS = (180, 104, 66, 60, 86, 86, 96, 84, 78)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_WIDEST = 9  # points of the widest usual character
Index = QModelIndex | QPersistentModelIndex
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

    # --- painting ---------------------------------------------------------------------------------------------------

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A whole row at once: the style sheet's way of painting each cell takes ten times as long."""
        looks, row = self._layers.looks, self._layers.row_at(index)
        box: QRect = option.rect
        chosen = self.selectionModel().isRowSelected(index.row(), index.parent())
        painter.fillRect(box, looks.chosen if chosen else looks.ground)
        painter.setPen(looks.hairline)
        painter.drawLine(box.left(), box.bottom(), box.right(), box.bottom())
        header = self.header()
        for column in range(header.count()):
            if header.isSectionHidden(column):
                continue
            left, width = header.sectionViewportPosition(column), header.sectionSize(column)
            if column == Column.NAME:
                self._draw_name(painter, QRect(left, box.top(), width, box.height()), row)
                continue
            text = self._layers.text(row, column)
            if text:
                painter.setPen(looks.ink(row, column, text))
                flags = _LEFT if column == Column.KIND else _RIGHT
                cell = QRect(left + 8, box.top(), width - 16, box.height())
                painter.drawText(cell, flags, self._fitting(painter, text, cell.width()))
        if self.hasFocus() and index.row() == self.currentIndex().row() and self._is_current(row):
            painter.setPen(looks.focus)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(0, 0, -1, -1))

    def _is_current(self, row: Row) -> bool:
        return self._layers.row_at(self.currentIndex()) is row

    def _draw_name(self, painter: QPainter, cell: QRect, row: Row) -> None:
        looks = self._layers.looks
        depth = 0 if row.parent is None or row.parent.parent is None else 1 if row.layer is None else 2
        if row.layer is not None and row.parent is not None and row.parent.unit_id in (STEM, HEAD):
            depth = 1
        left = cell.left() + depth * self.indentation()
        if row.children is None or row.shown:
            self._draw_mark(
                painter, left + 9, cell.center().y() + 1, is_open=self.isExpanded(self._layers.index_of(row))
            )
        bold = depth == 0
        if bold:
            painter.setFont(looks.strong)
        painter.setPen(looks.ink(row, Column.NAME, ""))
        words = QRect(left + 20, cell.top(), cell.right() - left - 24, cell.height())
        painter.drawText(words, _LEFT, self._fitting(painter, row.cells.name, words.width()))
        if bold:
            painter.setFont(looks.plain)

    def _draw_mark(self, painter: QPainter, x: int, y: int, *, is_open: bool) -> None:
        """The triangle that says whether there is more inside."""
        points = [(-4, -2), (4, -2), (0, 3)] if is_open else [(-2, -4), (-2, 4), (3, 0)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._layers.looks.mark)
        painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in points]))
        painter.setBrush(
            Qt.BrushStyle.NoBrush
        )  # one painter draws all rows: what stays set fills the next frame
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    @staticmethod
    def _fitting(painter: QPainter, text: str, width: int) -> str:
        # Measuring costs as much as drawing: only what may be too long is measured.
        if len(text) * _WIDEST <= width:
            return text
        return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, width)

    # --- columns and keys -------------------------------------------------------------------------------------------

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

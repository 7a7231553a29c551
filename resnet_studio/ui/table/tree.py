"""The layer table's tree view: fixed widths, columns to choose, and the editor's keys. Knows the model's columns, no drawing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAction,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QStyleOptionViewItem, QTreeView, QWidget

from resnet_studio.analysis.plan import HEAD, STEM
from resnet_studio.language import tr
from resnet_studio.ui.face import LEFT, RIGHT, Face
from resnet_studio.ui.format import THIN
from resnet_studio.ui.sizing import FITS_ITSELF, sized
from resnet_studio.ui.table.column_memory import Columns, columns_of
from resnet_studio.ui.table.model import LayerModel
from resnet_studio.ui.table.rows import WORDS, Column, Row
from resnet_studio.ui.theme import px, text_scale

# Widths are fixed: fitting them to the contents costs ten times the whole update. Each holds its title with the arrow, and
# the first a layer's name as long as layer3.0.downsample.0.
_WIDTHS = (184, 108, 59, 58, 66, 70, 70, 89, 82, 90, 74, 81, 86, 92, 62)
Index = QModelIndex | QPersistentModelIndex
# What a narrow table does without, the first one first; name, parameters and work always stay.
_SPARED = (
    Column.JUMP,
    Column.RECEPTIVE,
    Column.ACTIVATIONS,
    Column.INTENSITY,
    Column.MEMORY,
    Column.KIND,
    Column.INPUT,
    Column.STRIDE,  # stands behind the kernel then
    Column.GROUPS,
    Column.TORCHINFO,
    Column.KERNEL,
    Column.OUTPUT,
)
_PAD = 4  # beside a cell's words
_NAMES = 20  # left of a name: there is the mark of what can be opened
_OPEN = QPolygonF([QPointF(-4, -2), QPointF(4, -2), QPointF(0, 3)])
_CLOSED = QPolygonF([QPointF(-2, -4), QPointF(-2, 4), QPointF(3, 0)])


class LayerTree(QTreeView):
    """A tree in which the editor's keys act on the blocks, and Ctrl+C copies rows as text.

    Signals:
        columns_left(str): the columns as somebody has just arranged them, to be kept and given to `arrange_columns`.
    """

    columns_left = Signal(str)

    def __init__(self, model: LayerModel, action_for: Callable[[QKeyEvent], QAction | None]) -> None:
        super().__init__()
        self._layers, self._action_for = model, action_for
        self._columns, self._fitting = Columns(), False
        self._heads = Face(12, bold=True)
        self._changed: list[tuple[Row, Row]] = []
        self._exposed: QRegion | None = None  # what is to be painted, None for all of it
        self._cells: list[tuple[Column, int, int]] = []
        self.setObjectName("layerTree")
        self.setAccessibleName(tr("Layers"))
        self.setModel(model)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setIndentation(px(14))
        sized(self, letters=13)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # Rows and ground cover all of it: without this, eight widgets behind paint theirs first at every edit.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._set_up_header()

    def _set_up_header(self) -> None:
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsClickable(True)
        header.setProperty(FITS_ITSELF, True)
        # Left of numbers that stand to the right there is room enough. The first title stands above the names.
        header.setStyleSheet(
            f"QHeaderView::section {{ padding: 4px {_PAD}px; }} QHeaderView::section:first {{ padding-left: {_NAMES}px; }}"
        )
        sized(header, letters=12, bold=True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._size_columns()
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Fixed)
        header.sectionResized.connect(self._resized)
        header.customContextMenuRequested.connect(self._column_menu)

    def _column_menu(self, at: QPoint) -> None:
        self._open_columns(self.header().mapToGlobal(at))

    def open_columns_below(self, button: QWidget) -> None:
        """Let the columns be chosen from a menu below a button."""
        self._open_columns(button.mapToGlobal(button.rect().bottomLeft()))

    def _open_columns(self, at: QPoint) -> None:
        menu = self.columns_menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def columns_menu(self, parent: QWidget) -> QMenu:
        """Which columns are shown."""
        menu = QMenu(tr("Columns"), parent)
        menu.setObjectName("layerColumns")
        for column in list(Column)[1:]:
            action = menu.addAction(self._layers.title(column))
            action.setCheckable(True)
            action.setChecked(not self.header().isSectionHidden(column))
            action.toggled.connect(lambda on, column=column: self.show_column(column, on))
        menu.addSeparator()
        fit = menu.addAction(tr("As there is room"))
        fit.setEnabled(bool(self._columns.shown))
        fit.triggered.connect(self.forget_columns)
        return menu

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
        area, header = event.region(), self.header()
        painter = QPainter(self.viewport())
        painter.fillRect(area.boundingRect(), self._layers.looks.ground)
        painter.end()
        self._exposed = None if area.contains(self.viewport().rect()) else area
        self._cells = [
            (column, header.sectionViewportPosition(column), header.sectionSize(column))
            for column in Column
            if not header.isSectionHidden(column)
        ]
        super().paintEvent(event)

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A whole row at once, but for what is not to be painted: the style sheet's way with each cell takes ten times as long."""
        looks, row = self._layers.looks, self._layers.row_at(index)
        box: QRect = option.rect
        if self.selectionModel().isRowSelected(index.row(), index.parent()):
            painter.fillRect(box, looks.chosen)
        painter.setPen(looks.hairline)
        painter.drawLine(box.left(), box.bottom(), box.right(), box.bottom())
        top, high, exposed = box.top(), box.height(), self._exposed
        joined = Column.KERNEL if self.header().isSectionHidden(Column.STRIDE) else None
        for column, left, wide in self._cells:
            if exposed is not None and not exposed.intersects(QRect(left, top, wide, high)):
                continue
            if column == Column.NAME:
                self._draw_name(painter, QRect(left, top, wide, high), row)
                continue
            text = row.cells.kernel_and_stride if column == joined else self._layers.text(row, column)
            if text:
                painter.setPen(looks.ink(row, column, text))
                cell = QRectF(left + _PAD, top, wide - 2 * _PAD, high)
                looks.plain.write(painter, cell, text, LEFT if column in WORDS else RIGHT)
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
            self._draw_mark(painter, left + 9, cell.center().y() + 1, is_open=self._is_open(row))
        painter.setPen(looks.ink(row, Column.NAME, ""))
        # What can never be opened needs no room for the mark, and still stands behind the name above it.
        start = left + (_NAMES if row.layer is None else 10)
        words = QRectF(start, cell.top(), cell.right() - start - 2, cell.height())
        (looks.plain if depth else looks.strong).write(painter, words, row.cells.name)

    def _draw_mark(self, painter: QPainter, x: int, y: int, *, is_open: bool) -> None:
        """The triangle that says whether there is more inside."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._layers.looks.mark)
        painter.drawPolygon((_OPEN if is_open else _CLOSED).translated(x, y))
        # One painter draws all rows: what stays set fills the next frame.
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    # --- columns and keys -------------------------------------------------------------------------------------------

    def show_column(self, column: Column, on: bool) -> None:
        """Show or hide a column for good."""
        self._columns.shown[column] = on
        self._fit_columns()
        self.columns_left.emit(self._columns.as_text())

    def arrange_columns(self, text: str) -> None:
        """The columns as they were left, see `columns_left`."""
        self._columns = columns_of(text)
        self._fit_columns()

    def reset_columns(self) -> None:
        """All as they were made: which are shown, and how wide they are."""
        self._columns = Columns()
        self._fit_columns()

    def forget_columns(self) -> None:
        """Show what there is room for."""
        self._columns.shown.clear()
        self._fit_columns()
        self.columns_left.emit(self._columns.as_text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow table shows fewer columns, but for those that somebody chose."""
        super().resizeEvent(event)
        self._fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        """Other letters: the columns share the room anew when all of them have grown."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            QTimer.singleShot(0, self, self._fit_columns)

    def _fit_columns(self) -> None:
        self._heads.follow_text()
        header = self.header()
        shown = {column for column in Column if self._columns.shown.get(column, True)}
        for column in _SPARED:
            if px(_WIDTHS[Column.NAME]) + self._widths(shown) <= self.viewport().width():
                break
            if column not in self._columns.shown:
                shown.discard(column)
        self._fitting = True
        for column in Column:
            if header.isSectionHidden(column) != (column not in shown):
                header.setSectionHidden(column, column not in shown)
        self._size_columns()
        self._fitting = False
        self._fit_name(shown)

    def _size_columns(self) -> None:
        """Each as wide as it was made or drawn, at the size of the text in force; of one that is hidden Qt tells no width."""
        header, moved = self.header(), False
        header.setMinimumSectionSize(px(40))
        for column in list(Column)[1:]:
            width = self._wanted_width(column)
            if not header.isSectionHidden(column) and header.sectionSize(column) != width:
                header.resizeSection(column, width)
                moved = True
        if moved:
            # Qt paints the columns anew that it knows to have moved: some are left where they were.
            self.viewport().update()

    def _widths(self, shown: Collection[Column]) -> int:
        """The room of all columns but the names'."""
        return sum(self._wanted_width(column) for column in shown if column != Column.NAME)

    def _wanted_width(self, column: Column) -> int:
        """As it was drawn, else as it was made; a head in another language may need more."""
        if column in self._columns.widths:
            return px(self._columns.widths[column])
        head = ("" if column is Column.TORCHINFO else f"▼{THIN}") + self._layers.title(column)
        return max(px(_WIDTHS[column]), round(self._heads.width(head)) + 2 * _PAD)

    def _fit_name(self, shown: Collection[Column]) -> None:
        """The names have the room that the others leave, and never less than a name needs."""
        width = max(self.viewport().width() - self._widths(shown), px(_WIDTHS[Column.NAME]))
        if width != self.header().sectionSize(Column.NAME):
            self.header().resizeSection(Column.NAME, width)

    def _resized(self, section: int, _old: int, new: int) -> None:
        if section != Column.NAME and not self._fitting:
            if new and self._wanted_width(Column(section)) != new:
                self._columns.widths[Column(section)] = round(new / text_scale())
                self.columns_left.emit(self._columns.as_text())
            header = self.header()
            self._fit_name([column for column in Column if not header.isSectionHidden(column)])

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

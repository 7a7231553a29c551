"""The layer table's columns: which are shown, how wide they are, and the menu to choose them. Knows the header, and no rows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from math import ceil

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QMenu, QTreeView, QWidget

from resnet_studio.analysis.plan import Plan
from resnet_studio.language import tr
from resnet_studio.ui.face import Face
from resnet_studio.ui.format import THIN
from resnet_studio.ui.sizing import FITS_ITSELF, sized
from resnet_studio.ui.table.column_memory import Columns, columns_of
from resnet_studio.ui.table.figure_widths import FigureWidths
from resnet_studio.ui.table.row_paint import NAMES, PAD, name_room
from resnet_studio.ui.table.rows import Column
from resnet_studio.ui.theme import px, text_scale

# Widths are of the columns and not of the rows that are shown: fitting them to those costs ten times the whole update. Each
# holds its title with the arrow; longer figures widen theirs.
_WIDTHS = (184, 108, 59, 58, 66, 70, 70, 89, 82, 90, 74, 81, 86, 92, 62)
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
_LONG_NAME = "layer3.0.downsample.0"


class TableColumns(QObject):
    """The columns of one tree.

    Signals:
        left(str): the columns as somebody has just arranged them, to be kept and given to `arrange`.
    """

    left = Signal(str)

    def __init__(self, tree: QTreeView, title: Callable[[int], str]) -> None:
        super().__init__(tree)
        self._tree, self._header, self._title = tree, tree.header(), title
        self._kept, self._fitting = Columns(), False
        self._heads, self._figures = Face(12, bold=True), FigureWidths()
        self._set_up()

    def _set_up(self) -> None:
        header = self._header
        header.setStretchLastSection(False)
        header.setSectionsClickable(True)
        header.setProperty(FITS_ITSELF, True)
        # Left of numbers that stand to the right there is room enough. The first title stands above the names.
        header.setStyleSheet(
            f"QHeaderView::section {{ padding: 4px {PAD}px; }} QHeaderView::section:first {{ padding-left: {NAMES}px; }}"
        )
        sized(header, letters=12, bold=True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._size()
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Fixed)
        header.sectionResized.connect(self._resized)
        header.customContextMenuRequested.connect(lambda at: self._open(header.mapToGlobal(at)))

    # --- choosing ---------------------------------------------------------------------------------------------------

    def open_below(self, button: QWidget) -> None:
        """Let the columns be chosen from a menu below a button."""
        self._open(button.mapToGlobal(button.rect().bottomLeft()))

    def _open(self, at: QPoint) -> None:
        menu = self.menu(self._tree)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def menu(self, parent: QWidget) -> QMenu:
        """Which columns are shown."""
        menu = QMenu(tr("Columns"), parent)
        menu.setObjectName("layerColumns")
        for column in list(Column)[1:]:
            action = menu.addAction(self._title(column))
            action.setCheckable(True)
            action.setChecked(not self._header.isSectionHidden(column))
            action.toggled.connect(lambda on, column=column: self.show(column, on))
        menu.addSeparator()
        fit = menu.addAction(tr("As there is room"))
        fit.setEnabled(bool(self._kept.shown))
        fit.triggered.connect(self.forget)
        return menu

    def show(self, column: Column, on: bool) -> None:
        """Show or hide a column for good."""
        self._kept.shown[column] = on
        self.fit()
        self.left.emit(self._kept.as_text())

    def arrange(self, text: str) -> None:
        """The columns as they were left, see `left`."""
        self._kept = columns_of(text)
        self.fit()

    def reset(self) -> None:
        """All as they were made: which are shown, and how wide they are."""
        self._kept = Columns()
        self.fit()

    def forget(self) -> None:
        """Show what there is room for."""
        self._kept.shown.clear()
        self.fit()
        self.left.emit(self._kept.as_text())

    def show_plan(self, plan: Plan) -> None:
        """Another plan: none of its figures is cut."""
        if self._figures.show_plan(plan):
            self.fit()

    # --- room -------------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Share the room: a narrow table shows fewer columns, but for those that somebody chose."""
        self._heads.follow_text()
        self._figures.follow_text()
        header = self._header
        shown = {column for column in Column if self._kept.shown.get(column, True)}
        for column in _SPARED:
            if self._least_name() + self._widths(shown) <= self._tree.viewport().width():
                break
            if column not in self._kept.shown:
                shown.discard(column)
        self._fitting = True
        for column in Column:
            if header.isSectionHidden(column) != (column not in shown):
                header.setSectionHidden(column, column not in shown)
        self._size()
        self._fitting = False
        self._fit_name(shown)

    def _size(self) -> None:
        """Each as wide as it was made or drawn, at the size of the text in force; of one that is hidden Qt tells no width."""
        header, moved = self._header, False
        header.setMinimumSectionSize(px(40))
        for column in list(Column)[1:]:
            width = self._wanted_width(column)
            if not header.isSectionHidden(column) and header.sectionSize(column) != width:
                header.resizeSection(column, width)
                moved = True
        if moved:
            # Qt paints the columns anew that it knows to have moved: some are left where they were.
            self._tree.viewport().update()

    def _widths(self, shown: Collection[Column]) -> int:
        """The room of all columns but the names'."""
        return sum(self._wanted_width(column) for column in shown if column != Column.NAME)

    def _wanted_width(self, column: Column) -> int:
        """As it was drawn, else as it was made; a head in another language may need more, and a figure is never cut."""
        figures = ceil(self._figures.of(column)) + 2 * PAD
        if column in self._kept.widths:
            return max(px(self._kept.widths[column]), figures)
        head = ("" if column is Column.TORCHINFO else f"▼{THIN}") + self._title(column)
        return max(px(_WIDTHS[column]), round(self._heads.width(head)) + 2 * PAD, figures)

    def _least_name(self) -> int:
        """As it was made, and never less than a layer's name needs."""
        needed = name_room(self._tree.indentation()) + ceil(self._figures.width(_LONG_NAME))
        return max(px(_WIDTHS[Column.NAME]), needed)

    def _fit_name(self, shown: Collection[Column]) -> None:
        """The names have the room that the others leave, and never less than a name needs."""
        width = max(self._tree.viewport().width() - self._widths(shown), self._least_name())
        if width != self._header.sectionSize(Column.NAME):
            self._header.resizeSection(Column.NAME, width)

    def _resized(self, section: int, _old: int, new: int) -> None:
        if section != Column.NAME and not self._fitting:
            column, header = Column(section), self._header
            if new and self._wanted_width(column) != new:
                self._kept.widths[column] = round(new / text_scale())
                self.left.emit(self._kept.as_text())
                # What is drawn too narrow for its figures stops there.
                self._fitting = True
                header.resizeSection(column, self._wanted_width(column))
                self._fitting = False
            self._fit_name([column for column in Column if not header.isSectionHidden(column)])

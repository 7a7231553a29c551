"""The layer table's tree model: texts, sorting, filtering, torchinfo's word. Knows no view."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt

from resnet_studio.analysis.plan import Plan
from resnet_studio.language import tr
from resnet_studio.ui.format import THIN
from resnet_studio.ui.table.confirmation import Rows, verdict
from resnet_studio.ui.table.figures import COUNTED
from resnet_studio.ui.table.looks import Looks
from resnet_studio.ui.table.row_tree import Index, RowTree
from resnet_studio.ui.table.rows import WORDS, Column, Row, sort_value
from resnet_studio.ui.theme import ThemeManager, text_scale
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.headings import Headed, Heading, alignment

# What clicks on a column's head do, one after the other; numbers start with the largest.
_OF_NUMBERS = (
    tr("A click sorts: the largest first."),
    tr("Sorted, the largest first; a click sorts the smallest first."),
    tr("Sorted, the smallest first; a click brings network order back."),
)
_OF_WORDS = (
    tr("A click sorts: from A to Z."),
    tr("Sorted from A to Z; a click sorts from Z to A."),
    tr("Sorted from Z to A; a click brings network order back."),
)
# Comparing plain numbers is several times faster than comparing Qt's enums.
_DISPLAY, _TIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_SIZE = int(Qt.ItemDataRole.SizeHintRole)
_ROLES = (_DISPLAY, _TIP, _ALIGNMENT, _SIZE, int(Qt.ItemDataRole.AccessibleTextRole))
_ROW = QSize(40, 24)


def _typed(text: str) -> str:
    """A text as somebody types it: "3×3" has no key of its own."""
    return text.casefold().replace("×", "x")


class LayerModel(Headed, RowTree):
    """Stem, stages, blocks, head, and their layers."""

    def __init__(self, themes: ThemeManager, state: ViewState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.looks = Looks(themes, state)
        state.changed.connect(self._forget_texts)
        self._column: Column | None = None
        self._descending = False
        self._filter = ""
        self._plan: Plan | None = None
        self._rows: Rows | None = None
        self._verdicts: dict[int, str] = {}
        self._counted: dict[tuple[int, int], str] = {}

    # --- following the drawing --------------------------------------------------------------------------------------

    @property
    def is_arranged(self) -> bool:
        """Whether a sort or filter is in force."""
        return self._column is not None or bool(self._filter)

    def show_plan(self, plan: Plan) -> None:
        """Another plan: rows that stay are told where they changed, others come and go."""
        self._rows = None
        self._verdicts.clear()
        self._counted.clear()
        self._plan = plan
        self.looks.figures.show_plan(plan)
        if self.is_arranged or not self._root.children:
            self.beginResetModel()
            self._sync(plan, quiet=True)
            self._arrange_all()
            self.endResetModel()
        else:
            self._sync(plan, quiet=False)

    # --- order and choice -------------------------------------------------------------------------------------------

    def arrange(self, column: Column | None, *, descending: bool = False, words: str | None = None) -> None:
        """Sort within each level by a column (None: order of computation), and show what has `words` in name, kind or kernel."""
        self.beginResetModel()
        self._column, self._descending = column, descending
        if words is not None:
            self._filter = _typed(words.strip())
        self._arrange_all()
        self.endResetModel()

    @property
    def sorted_by(self) -> Column | None:
        """The column that rows are sorted by."""
        return self._column

    @property
    def is_descending(self) -> bool:
        """Whether the largest come first."""
        return self._descending

    def _arrange_all(self) -> None:
        self._arrange_under(self._root, False)

    def _arrange_under(self, parent: Row, all_of_it: bool) -> bool:
        """Choose and order the children; whether anything is shown. A match shows all that is under it."""
        if parent.children is None:
            if not self._filter:
                return True
            self._layers(parent)
        kept = []
        for child in parent.children or []:
            hit = all_of_it or not self._filter or self._matches(child)
            inside = self._arrange_under(child, hit)
            if hit or inside:
                kept.append(child)
        parent.shown = self._arranged(kept)
        parent.renumber()
        return bool(kept)

    def on_the_way(self) -> list[Row]:
        """The rows that are shown only for what is under them: to see what a filter found, open these."""
        return [row for row in self.all_rows() if row.shown and not self._matches(row)]

    def _matches(self, row: Row) -> bool:
        cells, words = row.cells, self._filter
        # Only what looks like a kernel: else a 3 would find every 3×3.
        asks_kernel = "x" in words and any(map(str.isdigit, words))
        return (
            words in _typed(cells.name)
            or words in _typed(cells.kind)
            or (asks_kernel and words in _typed(cells.kernel_and_stride))
        )

    def _arranged(self, rows: list[Row]) -> list[Row]:
        column = self._column
        if column is None:
            return list(rows)
        if column is Column.MACS:
            return sorted(rows, key=self.looks.work, reverse=self._descending)
        if column in COUNTED:
            value = self.looks.figures.value
            return sorted(rows, key=lambda row: value(row, column) or 0, reverse=self._descending)
        return sorted(rows, key=lambda row: sort_value(row, column), reverse=self._descending)

    def all_rows(self) -> Iterator[Row]:
        """Every row in the order and choice in force, parents before children."""
        waiting = list(reversed(self._root.shown))
        while waiting:
            row = waiting.pop()
            yield row
            waiting.extend(reversed(self._layers(row)))

    # --- torchinfo --------------------------------------------------------------------------------------------------

    @property
    def is_told(self) -> bool:
        """Whether torchinfo has answered about this drawing."""
        return self._rows is not None

    def set_confirmation(self, rows: Rows | None) -> None:
        """torchinfo's rows by name, or None while it counts. The view repaints by itself."""
        self._rows = rows
        self._verdicts.clear()

    def verdict(self, row: Row) -> str:
        """What torchinfo says of a row."""
        found = self._verdicts.get(row.number)
        if found is None:
            found = self._verdicts[row.number] = verdict(row, self._rows)
        return found

    # --- Qt's own names ---------------------------------------------------------------------------------------------

    def heading(self, column: int) -> Heading:
        """A column's title, with the arrow on the side where it leaves the words above the cells, and what it means."""
        number = column not in WORDS
        words, tip = self.title(column), self.looks.column_tip(column)
        if column == self._column:
            arrow = "▼" if self._descending else "▲"
            words = f"{arrow}{THIN}{words}" if number else f"{words}{THIN}{arrow}"
        return Heading(words, number, f"{tip}\n\n{self._order_words(Column(column))}".rstrip())

    def _order_words(self, column: Column) -> str:
        """How the rows are ordered by a column, and what a click on its head does."""
        if column is Column.TORCHINFO:
            return ""
        clicks = _OF_WORDS if column in WORDS else _OF_NUMBERS
        turned = self._descending == (column in WORDS)
        return clicks[0 if column is not self._column else 2 if turned else 1]

    def title(self, column: int) -> str:
        """A column's title; the work's names its convention."""
        return self.looks.title(column)

    def text(self, row: Row, column: int) -> str:
        """What a cell says."""
        if column == Column.TORCHINFO:
            return self.verdict(row)
        if column in COUNTED:
            # Not with the row, which stays the same when what stands before or behind it is another.
            asked = row.number, column
            if asked not in self._counted:
                self._counted[asked] = self.looks.text(row, column)
            return self._counted[asked]
        found = row.texts.get(column)
        if found is None:
            found = row.texts[column] = self.looks.text(row, column)
        return found

    @property
    def plan(self) -> Plan:
        """The plan that is shown."""
        assert self._plan is not None, "no plan was shown"
        return self._plan

    def total_texts(self) -> list[str]:
        """The whole drawing in one row, as the table would write it."""
        return [self.looks.total_text(self.plan, column) for column in Column]

    def _forget_texts(self) -> None:
        for row in self._by_number.values():
            row.texts.clear()

    def data(self, index: Index, role: int = 0) -> Any:
        """Qt's: what a cell says, for screen readers and tests; the view paints rows by itself."""
        if role not in _ROLES or not index.isValid():
            return None
        if role == _SIZE:
            return _ROW * text_scale()
        row, column = self.row_at(index), index.column()
        if role == _DISPLAY:
            return self.text(row, column)
        if role == _TIP:
            return self.looks.tip(row, column, self.verdict(row))
        if role == _ALIGNMENT:
            return alignment(number=column not in WORDS)
        return f"{self.title(column)} {self.text(row, column) or tr('none')}"

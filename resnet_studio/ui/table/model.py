"""The layer table's tree model: follows the Plan with as few changes as an edit needs, sorts, filters. Knows no view."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt

from resnet_studio.analysis.plan import HEAD, STEM, Plan, Unit
from resnet_studio.design.types import BlockKind
from resnet_studio.ui.table.confirmation import Rows, verdict
from resnet_studio.ui.table.looks import TITLES, Looks
from resnet_studio.ui.table.rows import (
    Cells,
    Column,
    Row,
    kinds,
    layer_cells,
    make_layers,
    skeleton,
    sort_value,
    stage_cells,
    unit_cells,
)
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.view_state import ViewState

Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
# Comparing plain numbers is several times faster than comparing Qt's enums.
_DISPLAY, _TIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_SIZE = int(Qt.ItemDataRole.SizeHintRole)
_ROLES = (_DISPLAY, _TIP, _ALIGNMENT, _SIZE, int(Qt.ItemDataRole.AccessibleTextRole))
_ROW = QSize(40, 24)


class LayerModel(QAbstractItemModel):
    """Stem, stages, blocks, head, and their layers."""

    def __init__(self, themes: ThemeManager, state: ViewState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.looks = Looks(themes, state)
        state.changed.connect(self._forget_texts)
        self._root = Row("", "", None)
        self._by_number: dict[int, Row] = {}
        self._by_key: dict[str, Row] = {}
        self._column: Column | None = None
        self._descending = False
        self._filter = ""
        self._rows: Rows | None = None
        self._verdicts: dict[int, str] = {}

    # --- following the drawing --------------------------------------------------------------------------------------

    @property
    def is_arranged(self) -> bool:
        """Whether a sort or filter is in force."""
        return self._column is not None or bool(self._filter)

    def show_plan(self, plan: Plan) -> None:
        """Another plan: rows that stay are told where they changed, others come and go."""
        self._rows = None
        self._verdicts.clear()
        self.looks.waiting = (
            "waits until the problems are solved" if plan.problems else "has not answered yet"
        )
        if self.is_arranged or not self._root.children:
            self.beginResetModel()
            self._sync(plan, quiet=True)
            self._arrange_all()
            self.endResetModel()
        else:
            self._sync(plan, quiet=False)

    def _sync(self, plan: Plan, *, quiet: bool) -> None:
        tops = skeleton(plan)
        self._match(self._root, [key for key, _ in tops], quiet=quiet)
        units = {unit.id: unit for unit in plan.units}
        names = {stage.id: stage.name for stage in plan.design.stages}
        kind_of = kinds(plan.design)
        changed = []
        for index, (key, blocks) in enumerate(tops):
            top = self._by_key[key]
            if key in (STEM, HEAD):
                differs = self._set_unit(top, units[key], None, quiet=quiet)
            else:
                self._match(top, blocks, quiet=quiet)
                rows = top.children or []
                self._tell(
                    [r for r in rows if self._set_unit(r, units[r.key], kind_of[r.key], quiet=quiet)],
                    quiet=quiet,
                )
                differs = self._set_cells(
                    top, stage_cells(index - 1, names[key], [units[block] for block in blocks])
                )
            if differs:
                changed.append(top)
        self._tell(changed, quiet=quiet)

    def _match(self, parent: Row, keys: list[str], *, quiet: bool) -> None:
        """Let the children be those of `keys`: what is gone goes, what is new comes, in runs."""
        assert parent.children is not None
        old = [child.key for child in parent.children]
        if old == keys:
            return
        head = 0
        while head < min(len(old), len(keys)) and old[head] == keys[head]:
            head += 1
        tail = 0
        while tail < min(len(old), len(keys)) - head and old[-1 - tail] == keys[-1 - tail]:
            tail += 1
        self._remove(parent, head, len(old) - tail, quiet=quiet)
        self._insert(parent, head, keys[head : len(keys) - tail], quiet=quiet)

    def _remove(self, parent: Row, start: int, end: int, *, quiet: bool) -> None:
        assert parent.children is not None
        if start >= end:
            return
        if not quiet:
            self.beginRemoveRows(self.index_of(parent), start, end - 1)
        gone = parent.children[start:end]
        del parent.children[start:end]
        parent.shown = list(parent.children)
        parent.renumber()
        for row in gone:
            self._forget(row)
        if not quiet:
            self.endRemoveRows()

    def _forget(self, row: Row) -> None:
        self._by_number.pop(row.number, None)
        # A block that moved to another stage may already have its new row.
        if self._by_key.get(row.key) is row:
            del self._by_key[row.key]
        for child in row.children or []:
            self._forget(child)

    def _insert(self, parent: Row, at: int, keys: list[str], *, quiet: bool) -> None:
        assert parent.children is not None
        if not keys:
            return
        if not quiet:
            self.beginInsertRows(self.index_of(parent), at, at + len(keys) - 1)
        made = [Row(key, key, parent) for key in keys]
        for row in made:
            self._by_number[row.number] = self._by_key[row.key] = row
        parent.children[at:at] = made
        parent.shown = list(parent.children)
        parent.renumber()
        if not quiet:
            self.endInsertRows()

    def _set_unit(self, row: Row, unit: Unit, kind: BlockKind | None, *, quiet: bool) -> bool:
        """Another meaning of a unit's row; whether the row says something else now."""
        old = row.unit
        row.unit, row.kind = unit, kind
        if old is None:
            row.children = None
        elif old.part is unit.part and old.name == unit.name:
            return False
        changed = self._set_cells(row, unit_cells(unit, kind))
        if row.children is not None and old is not None:
            self._set_layers(row, unit, quiet=quiet)
        return changed

    def _set_layers(self, row: Row, unit: Unit, *, quiet: bool) -> None:
        layers = unit.part.layers()
        self._match(row, [f"{row.key}/{layer.name}" for layer in layers], quiet=quiet)
        changed = []
        for child, layer in zip(row.children or [], layers, strict=True):
            child.unit, child.unit_id, child.layer = unit, row.unit_id, layer
            if self._set_cells(child, layer_cells(unit, layer)):
                changed.append(child)
        self._tell(changed, quiet=quiet)

    @staticmethod
    def _set_cells(row: Row, cells: Cells) -> bool:
        if row.cells == cells:
            return False
        row.cells = cells
        row.texts.clear()
        return True

    def _tell(self, changed: list[Row], *, quiet: bool) -> None:
        """One signal for neighbours that changed: a view takes its time for each."""
        if changed and not quiet:
            first, last = self.index_of(changed[0]), self.index_of(changed[-1], Column.TORCHINFO)
            self.dataChanged.emit(first, last)

    def _layers(self, row: Row) -> list[Row]:
        """The children, made when first asked for: most blocks are never opened."""
        if row.children is None:
            row.children = make_layers(row)
            row.shown = self._arranged(row.children)
            row.renumber()
            for child in row.children:
                self._by_number[child.number] = self._by_key[child.key] = child
        return row.shown

    # --- order and choice -------------------------------------------------------------------------------------------

    def arrange(self, column: Column | None, *, descending: bool = False, words: str | None = None) -> None:
        """Sort within each level by a column (None: order of computation), and show what has `words` in name or kind."""
        self.beginResetModel()
        self._column, self._descending = column, descending
        if words is not None:
            self._filter = words.strip().casefold()
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

    def _matches(self, row: Row) -> bool:
        return self._filter in row.cells.name.casefold() or self._filter in row.cells.kind.casefold()

    def _arranged(self, rows: list[Row]) -> list[Row]:
        column = self._column
        if column is None:
            return list(rows)
        return sorted(rows, key=lambda row: sort_value(row, column), reverse=self._descending)

    def all_rows(self) -> Iterator[Row]:
        """Every row in the order and choice in force, parents before children."""
        waiting = list(reversed(self._root.shown))
        while waiting:
            row = waiting.pop()
            yield row
            waiting.extend(reversed(self._layers(row)))

    # --- torchinfo --------------------------------------------------------------------------------------------------

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

    def row_at(self, index: Index) -> Row:
        """The row behind an index; the root for none."""
        return self._by_number.get(index.internalId(), self._root) if index.isValid() else self._root

    def row_of(self, key: str) -> Row | None:
        """The row of a stage's, block's or unit's key."""
        return self._by_key.get(key)

    def index_of(self, row: Row, column: int = 0) -> QModelIndex:
        """The index of a row."""
        return QModelIndex() if row is self._root else self.createIndex(row.place, column, row.number)

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """Qt's: the index of a child."""
        shown = self._layers(self.row_at(parent))
        if not 0 <= row < len(shown) or not 0 <= column < len(TITLES):
            return QModelIndex()
        return self.createIndex(row, column, shown[row].number)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        """Qt's: the index of the parent."""
        above = self.row_at(index).parent
        return QModelIndex() if above is None else self.index_of(above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt's: how many children are shown."""
        return len(self._layers(self.row_at(parent))) if parent.column() <= 0 else 0

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        """Qt's: whether there is something to open, without making it."""
        row = self.row_at(parent)
        return row.children is None or bool(row.shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt's: the number of columns."""
        return len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Qt's: titles and their meaning."""
        if role == Qt.ItemDataRole.DisplayRole:
            arrow = (" ↓" if self._descending else " ↑") if section == self._column else ""
            return self.title(section) + arrow
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.looks.column_tip(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section in (Column.NAME, Column.KIND) else _RIGHT
        return None

    def title(self, column: int) -> str:
        """A column's title; the work's names its convention."""
        return self.looks.title(column)

    def text(self, row: Row, column: int) -> str:
        """What a cell says."""
        if column == Column.TORCHINFO:
            return self.verdict(row)
        found = row.texts.get(column)
        if found is None:
            found = row.texts[column] = self.looks.text(row, column)
        return found

    def _forget_texts(self) -> None:
        for row in self._by_number.values():
            row.texts.clear()

    def data(self, index: Index, role: int = 0) -> Any:
        """Qt's: what a cell says, for screen readers and tests; the view paints rows by itself."""
        if role not in _ROLES or not index.isValid():
            return None
        if role == _SIZE:
            return _ROW
        row, column = self.row_at(index), index.column()
        if role == _DISPLAY:
            return self.text(row, column)
        if role == _TIP:
            return self.looks.tip(row, column, self.verdict(row))
        if role == _ALIGNMENT:
            return _LEFT if column in (Column.NAME, Column.KIND) else _RIGHT
        return f"{self.title(column)} {self.text(row, column) or 'none'}"

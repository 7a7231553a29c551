"""The tree of rows behind Qt's model interface: follows a Plan with as few changes as an edit needs. Knows no texts and no order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex

from resnet_studio.analysis.plan import HEAD, STEM, Plan, Unit
from resnet_studio.design.types import BlockKind, Stage
from resnet_studio.ui.table.looks import TITLES
from resnet_studio.ui.table.rows import (
    Cells,
    Column,
    Row,
    layer_cells,
    make_layers,
    stage_cells,
    unit_cells,
)

Index = QModelIndex | QPersistentModelIndex


class RowTree(QAbstractItemModel):
    """Stem, stages, blocks, head, and their layers, by permanent keys."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = Row("", "", None)
        self._by_number: dict[int, Row] = {}
        self._by_key: dict[str, Row] = {}

    def _arranged(self, rows: list[Row]) -> list[Row]:
        """The order in which children are shown; a subclass may sort."""
        return list(rows)

    # --- following the drawing --------------------------------------------------------------------------------------

    def _sync(self, plan: Plan, *, quiet: bool) -> None:
        stages = plan.design.stages
        head = [] if plan.design.head is None else [HEAD]
        self._match(self._root, [STEM, *(stage.id for stage in stages), *head], quiet=quiet)
        changed, start = [], 1
        for index, stage in enumerate(stages):
            units = plan.units[start : start + len(stage.blocks)]
            start += len(units)
            if self._set_stage(self._by_key[stage.id], stage, index, units, quiet=quiet):
                changed.append(self._by_key[stage.id])
        for key, unit in ((STEM, plan.units[0]), (HEAD, plan.units[-1])):
            top = self._by_key.get(key)
            if top is not None and self._set_unit(top, unit, None, quiet=quiet):
                changed.append(top)
        self._tell(sorted(changed, key=lambda row: row.place), quiet=quiet)

    def _set_stage(self, top: Row, stage: Stage, index: int, units: Sequence[Unit], *, quiet: bool) -> bool:
        """Another meaning of a stage's row and of those in it; whether its own says something else now."""
        source = (stage, index, [unit.part for unit in units])
        before, top.source = top.source, source
        # Stages that an edit has not touched are the same objects; of their shapes the parts tell.
        if before is not None and before[0] is stage and before[1:] == source[1:]:
            return False
        self._match(top, [unit.id for unit in units], quiet=quiet)
        rows = top.children or []
        told = [
            row
            for row, unit, block in zip(rows, units, stage.blocks, strict=True)
            if self._set_unit(row, unit, block.spec.kind, quiet=quiet)
        ]
        self._tell(told, quiet=quiet)
        return self._set_cells(top, stage_cells(index, stage.name, units))

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
            sound = child.layer is None or child.layer.sound
            child.unit, child.unit_id, child.layer = unit, row.unit_id, layer
            if self._set_cells(child, layer_cells(unit, layer)) or sound != layer.sound:
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

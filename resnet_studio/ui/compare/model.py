"""A comparison as a tree for Qt: totals, input, stem, stages with their blocks, head. Knows tokens and words, no widget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor

from resnet_studio.analysis.comparison import MEASURES, Comparison, Row, RowKind, Side, Sign, totals_of
from resnet_studio.analysis.plan import Plan
from resnet_studio.language import tr
from resnet_studio.ui.compare.words import SIGN_WORDS, Piece, line, name_of, pieces, sign_of
from resnet_studio.ui.format import delta, si, size
from resnet_studio.ui.theme import Theme, ThemeManager, font, px
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.headings import Headed, Heading, alignment
from resnet_studio.ui.widgets.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """What a row tells; from PARAMS on, what the right drawing has more."""

    PLACE = 0
    LEFT = 1
    RIGHT = 2
    PARAMS = 3
    WORK = 4
    ACTIVATIONS = 5
    MEMORY = 6
    RECEPTIVE = 7


_MEASURES = {
    Column.PARAMS: "params", Column.ACTIVATIONS: "activations", Column.MEMORY: "memory", Column.RECEPTIVE: "receptive"
}  # fmt: skip
_TITLES = {
    Column.PARAMS: tr("Params"),
    Column.ACTIVATIONS: tr("Activ."),
    Column.MEMORY: tr("Memory"),
    Column.RECEPTIVE: tr("Field"),
}
_UNITS = {Column.MEMORY: "B", Column.RECEPTIVE: "px"}


@dataclass(slots=True, eq=False)
class Node:
    """One line of the tree; without a row it is the line of totals."""

    row: Row | None
    number: int
    parent: Node | None = None
    place: int = 0
    children: list[Node] = field(default_factory=list)

    def ids(self, *, right: bool = True) -> tuple[str, ...]:
        """Ids of what stands on a side."""
        side = None if self.row is None else self.row.right if right else self.row.left
        return () if side is None else side.ids


def ink_of(theme: Theme, row: Row | None) -> str:
    """The colour of a row's sign."""
    if row is None or row.sign is Sign.EQUAL:
        return theme.text_soft
    if row.moved:
        return theme.accent
    return {Sign.CHANGED: theme.warn, Sign.ADDED: theme.good, Sign.REMOVED: theme.bad}[row.sign]


class CompareModel(Headed, QAbstractItemModel):
    """`show_comparison` fills it; `only_differences` leaves out what is equal and costs the same."""

    def __init__(self, themes: ThemeManager, state: ViewState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._themes, self._state = themes, state
        self.comparison: Comparison | None = None
        self.names = ("", "")
        self._only = False
        self.nodes: list[Node] = []
        self._by_number: dict[int, Node] = {}
        self._numbers = count(1)
        themes.changed.connect(self._repaint)
        state.changed.connect(self._repaint)

    def show_comparison(
        self, comparison: Comparison | None, names: tuple[str, str], *, only_differences: bool
    ) -> None:
        """Show another one; `names` are the two columns' titles."""
        self.beginResetModel()
        self.comparison, self.names, self._only = comparison, names, only_differences
        # Numbers never come again: an index that Qt kept for too long finds nothing, and no line that is gone.
        self._by_number = {}
        self.nodes = [] if comparison is None else [self._made(None, None, 0)]
        for row in () if comparison is None else comparison.rows:
            if not only_differences or row.differs:
                self._add(row)
        self.endResetModel()

    def _add(self, row: Row) -> None:
        node = self._made(row, None, len(self.nodes))
        shown = [inner for inner in row.rows if not self._only or inner.differs]
        node.children = [self._made(inner, node, place) for place, inner in enumerate(shown)]
        self.nodes.append(node)

    def _made(self, row: Row | None, parent: Node | None, place: int) -> Node:
        node = Node(row, next(self._numbers), parent, place)
        self._by_number[node.number] = node
        return node

    def walk(self) -> Iterator[Node]:
        """Every line, from top to bottom."""
        for node in self.nodes:
            yield node
            yield from node.children

    def _repaint(self) -> None:
        if self.nodes:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.nodes) - 1, Column.RECEPTIVE))
            for node in self.nodes:
                if node.children:
                    above = self.index_of(node)
                    last = self.index(len(node.children) - 1, Column.RECEPTIVE, above)
                    self.dataChanged.emit(self.index(0, 0, above), last)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.WORK, Column.WORK)

    # --- what a line says ---------------------------------------------------------------------------------------------

    def pieces(self, node: Node, column: int) -> list[Piece]:
        """What stands on one side of a line."""
        right = column == Column.RIGHT
        if node.row is not None:
            return pieces(node.row, node.row.right if right else node.row.left, right=right)
        plan = self._plan(right=right)
        work = si(self._state.of_plan(plan))
        return [Piece(si(plan.totals.params)), Piece(f"{work} {self._state.card_label}", short=work)]

    def _plan(self, *, right: bool) -> Plan:
        assert self.comparison is not None, "there are lines only where there is a comparison"
        return self.comparison.right if right else self.comparison.left

    def number(self, node: Node, column: Column, *, right: bool) -> int | None:
        """A side's own number; None where nothing stands there."""
        if node.row is None:
            plan = self._plan(right=right)
            return self._state.of_plan(plan) if column == Column.WORK else totals_of(plan)[_MEASURES[column]]
        side = node.row.right if right else node.row.left
        return None if side is None else self._measure(side, column)

    def _measure(self, side: Side, column: Column) -> int:
        if column == Column.WORK:
            return side.cost.work.counted(self._state.convention)
        return MEASURES[_MEASURES[column]](side)

    def change(self, node: Node, column: Column) -> int:
        """What the right drawing has more there."""
        left, right = (self.number(node, column, right=side) or 0 for side in (False, True))
        return right - left

    def text(self, node: Node, column: int) -> str:
        """A cell as text."""
        if column == Column.PLACE:
            return tr("Total") if node.row is None else f"{sign_of(node.row)} {name_of(node.row)}".strip()
        if column in (Column.LEFT, Column.RIGHT):
            return line(self.pieces(node, column)) or "–"
        if node.row is not None and node.row.kind is RowKind.INPUT:
            return ""
        change = self.change(node, Column(column))
        return delta(change, _UNITS.get(Column(column), "")) if change else "·"

    def spoken(self, node: Node) -> str:
        """A whole line for those who hear it, and as its tooltip."""
        row = node.row
        what = tr("Totals") if row is None else f"{row.side.place}: {row.what or SIGN_WORDS[row.sign]}"
        numbers = [
            f"{self.text(node, column)} {words}"
            for column, words in (
                (Column.PARAMS, tr("parameters")),
                (Column.WORK, self._state.work_text),
            )
            if (row is None or row.kind is not RowKind.INPUT) and self.change(node, column)
        ]
        return f"{what}; {', '.join(numbers)}" if numbers else what

    def _tip(self, node: Node, column: int) -> str:
        if column in (Column.PLACE, Column.LEFT, Column.RIGHT):
            return plain_tip(f"{self._whole(node, column)}\n{self.spoken(node)}")
        if node.row is not None and node.row.kind is RowKind.INPUT:
            return ""
        numbers = (self.number(node, Column(column), right=right) for right in (False, True))
        shown = [_number(number, Column(column)) for number in numbers]
        return plain_tip(f"{self.title(column)}: {shown[0]} → {shown[1]}")

    def _whole(self, node: Node, column: int) -> str:
        """What a cell may have no room for."""
        if column == Column.PLACE:
            return self.text(node, column)
        return f"{self.title(column)}: {line(self.pieces(node, column)) or tr('nothing')}"

    def title(self, column: int) -> str:
        """A column's title."""
        if column == Column.PLACE:
            return ""
        if column in (Column.LEFT, Column.RIGHT):
            return self.names[column - Column.LEFT]
        return f"Δ {self._state.card_label if column == Column.WORK else _TITLES[Column(column)]}"

    # --- what Qt asks -------------------------------------------------------------------------------------------------

    def node(self, index: Index) -> Node | None:
        """The line at an index."""
        return self._by_number.get(index.internalId()) if index.isValid() else None

    def index_of(self, node: Node, column: int = 0) -> QModelIndex:
        """Where a line stands."""
        return self.createIndex(node.place, column, node.number)

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's own default
        above = self.node(parent)
        nodes = self.nodes if above is None else above.children
        if not (0 <= row < len(nodes) and 0 <= column < len(Column)):
            return QModelIndex()
        return self.createIndex(row, column, nodes[row].number)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]  # Qt overloads it with QObject.parent()
        node = self.node(index)
        return QModelIndex() if node is None or node.parent is None else self.index_of(node.parent)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        above = self.node(parent)
        if above is None:
            return len(self.nodes)
        return len(above.children) if parent.column() == 0 else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return len(Column)

    def heading(self, column: int) -> Heading:
        """A column's title; the whole of it is its tooltip."""
        return Heading(self.title(column), column >= Column.PARAMS, self.title(column))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self.node(index)
        if node is None:
            return None
        column = index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(node, column)
            case Qt.ItemDataRole.SizeHintRole if column not in (Column.LEFT, Column.RIGHT):
                # Without it, a layout would ask for letters and words of every row.
                return QSize(px(40), px(26))
            case Qt.ItemDataRole.TextAlignmentRole:
                return alignment(number=column >= Column.PARAMS)
            case Qt.ItemDataRole.FontRole:
                heavy = node.row is None or (node.row.kind is not RowKind.BLOCK and column == Column.PLACE)
                return font(13, bold=heavy)
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(self._ink(node, column))
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(node, column)
            case Qt.ItemDataRole.AccessibleTextRole if column == Column.PLACE:
                return self.spoken(node)
        return None

    def _ink(self, node: Node, column: int) -> str:
        theme = self._themes.theme
        if column == Column.PLACE:
            return (
                ink_of(theme, node.row)
                if node.row is not None and node.row.sign is not Sign.EQUAL
                else theme.text
            )
        if column in (Column.LEFT, Column.RIGHT) or (node.row is not None and node.row.kind is RowKind.INPUT):
            return theme.text
        change = self.change(node, Column(column))
        return theme.good if change < 0 else theme.warn if change else theme.text_faint


def _number(number: int | None, column: Column) -> str:
    if number is None:
        return tr("nothing")
    return size(number) if column == Column.MEMORY else si(number, _UNITS.get(column, ""))

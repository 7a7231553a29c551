"""The undo steps of a Document as rows: what each did, what it cost, which is the current and which the saved one. Changes nothing.

A step's cost is counted when somebody looks at its row, and then kept: a deep net with hundreds of steps opens at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from resnet_studio.analysis.conventions import Work, plan_work
from resnet_studio.analysis.plan import analyse
from resnet_studio.design.types import Design
from resnet_studio.language import tr, trn
from resnet_studio.ui.document import Document
from resnet_studio.ui.format import delta, si
from resnet_studio.ui.theme import ThemeManager, font
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.headings import Headed, Heading, alignment
from resnet_studio.ui.widgets.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """What a row tells."""

    STEP = 0
    PARAMS = 1
    WORK = 2
    MARK = 3


@dataclass(frozen=True, slots=True)
class _Figures:
    """What a drawing costs. Its plan is not kept: hundreds of those of a deep net fill the memory."""

    design: Design
    params: int
    work: Work
    problems: int


class HistoryModel(Headed, QAbstractTableModel):
    """Row 0 is the drawing as it began, row n the drawing after n steps.

    Signals:
        moved: steps came or went, or another one is the current.
    """

    moved = Signal()

    def __init__(
        self, document: Document, themes: ThemeManager, state: ViewState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._themes, self._state = document, themes, state
        self._stack = document.undo_stack
        self._rows = self._stack.count() + 1
        self._known: dict[int, _Figures] = {}
        document.history_changed.connect(self._refresh)
        document.clean_changed.connect(self._repaint)
        document.path_changed.connect(self._repaint)
        document.loaded.connect(self._refresh)
        themes.changed.connect(self._repaint)
        state.changed.connect(self._count_anew)

    @property
    def current(self) -> int:
        """The row of the drawing as it is."""
        return self._stack.index()

    @property
    def counted(self) -> int:
        """Of how many rows the costs are known."""
        return len(self._known)

    def _refresh(self) -> None:
        rows = self._stack.count() + 1
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            # Those behind are others now, or gone; nobody needs to remember their drawings.
            self._known = {row: known for row, known in self._known.items() if row < rows}
            self.endResetModel()
        else:
            self._repaint()
        self.moved.emit()

    def _repaint(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(self._rows - 1, Column.MARK))

    def _count_anew(self) -> None:
        self._repaint()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.WORK, Column.WORK)

    # --- what a row says ----------------------------------------------------------------------------------------------

    def _figures(self, row: int) -> _Figures:
        """What the drawing after that many steps costs."""
        design = self._document.state(row)
        known = self._known.get(row)
        if known is None or known.design is not design:
            current = self._document.plan
            plan = current if current.design is design else analyse(design)
            known = _Figures(design, plan.totals.params, plan_work(plan), len(plan.problems))
            self._known[row] = known
        return known

    def totals(self, row: int) -> tuple[int, int]:
        """(parameters, work) of the drawing after that many steps."""
        figures = self._figures(row)
        return figures.params, figures.work.counted(self._state.convention)

    def step(self, row: int) -> str:
        """What was done."""
        if row:
            return self._stack.text(row - 1)
        name = self._document.state(0).name
        return tr("{drawing}, as it began", drawing=name)

    def changes(self, row: int) -> tuple[int, int]:
        """(parameters, work) that the step added; of the beginning all that it has."""
        params, work = self.totals(row)
        before = self.totals(row - 1) if row else (0, 0)
        return params - before[0], work - before[1]

    def mark(self, row: int) -> str:
        """Where the drawing stands, and what was saved, in words."""
        words = []
        if row == self._stack.index():
            words.append(tr("now"))
        if row == self._stack.cleanIndex():
            # A drawing without a file was not saved: it has only not changed.
            words.append(tr("saved") if self._document.path is not None else tr("unchanged"))
        if row > self._stack.index():
            words.append(tr("undone"))
        return " · ".join(words)

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        if column == Column.STEP:
            return self.step(row)
        if column == Column.MARK:
            return self.mark(row)
        change = self.changes(row)[column - Column.PARAMS]
        return delta(change) if row else si(change)

    def spoken(self, row: int) -> str:
        """The whole row for those who hear it."""
        params, work = (self.text(row, column) for column in (Column.PARAMS, Column.WORK))
        step = self.step(row)
        if row:
            step = tr("Step {number} of {count}: {step}", number=row, count=self._rows - 1, step=step)
        return ", ".join(part for part in (step, self._costs(params, work), self.mark(row)) if part)

    def _costs(self, params: str, work: str) -> str:
        return tr("{params} parameters, {work} {unit}", params=params, work=work, unit=self._state.work_text)

    def _tip(self, row: int) -> str:
        params, work = self.totals(row)
        totals, problems = self._costs(si(params), si(work)), self._figures(row).problems
        if problems:
            totals += ", " + trn("{count} problem", "{count} problems", problems)
        return f"{self.step(row)}\n{tr('The drawing then: {totals}', totals=totals)}"

    # --- what Qt asks -------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(Column)

    def heading(self, column: int) -> Heading:
        """A column's title."""
        words = (tr("Step"), tr("Parameters"), self._state.work_label, "")[column]
        return Heading(words, column in (Column.PARAMS, Column.WORK))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if not 0 <= row < self._rows:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return alignment(number=column in (Column.PARAMS, Column.WORK))
            case Qt.ItemDataRole.FontRole:
                return font(13, bold=row == self.current)
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(self._ink(row, column))
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self._tip(row))
            case Qt.ItemDataRole.AccessibleTextRole if column == Column.STEP:
                return self.spoken(row)
        return None

    def _ink(self, row: int, column: int) -> str:
        theme = self._themes.theme
        if row > self.current:
            return theme.text_faint
        if column in (Column.PARAMS, Column.WORK):
            change = self.changes(row)[column - Column.PARAMS] if row else 0
            return theme.good if change < 0 else theme.text_soft if change == 0 else theme.text
        return theme.text if column == Column.STEP else theme.text_soft

"""The list of problems as a Qt model, and how an item is painted. Knows Problems and tokens, and makes no repairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from resnet_studio.analysis.plan import Problem
from resnet_studio.ui import icons
from resnet_studio.ui.theme import ThemeManager, color, font
from resnet_studio.ui.widgets.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
HEIGHT, _BUTTON = 46, 26


class ProblemModel(QAbstractListModel):
    """The drawing's problems."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.problems: tuple[Problem, ...] = ()

    def show_problems(self, problems: Sequence[Problem]) -> bool:
        """Other problems; whether they differ from those shown."""
        found = tuple(problems)
        same = [(p.where, p.message) for p in found] == [(p.where, p.message) for p in self.problems]
        if same:
            self.problems = found  # their repairs may be newer
            return False
        self.beginResetModel()
        self.problems = found
        self.endResetModel()
        return True

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Qt's: how many there are."""
        return 0 if parent.isValid() else len(self.problems)

    def data(self, index: Index, role: int = 0) -> Any:
        """Qt's: the whole text, for screen readers, tooltips and copies; the delegate paints."""
        if not 0 <= index.row() < len(self.problems):
            return None
        problem = self.problems[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return str(problem)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(str(problem))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            repair = f" Repair: {problem.repair.label}" if problem.repair is not None else ""
            return f"{problem}.{repair}"
        return None


class ProblemDelegate(QStyledItemDelegate):
    """Paints place, message and repair button of one problem."""

    def __init__(self, model: ProblemModel, themes: ThemeManager, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problems, self._themes = model, themes
        self.hovered: tuple[int, bool] = (-1, False)
        self._marks: dict[str, QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines and air."""
        return QSize(200, HEIGHT)

    def button(self, item: QRect, row: int) -> QRect:
        """Where the repair's button stands in an item; empty where there is none."""
        problem = self._problems.problems[row]
        if problem.repair is None:
            return QRect()
        width = QFontMetrics(font(12, bold=True)).horizontalAdvance(problem.repair.label) + 24
        return QRect(item.right() - width - 10, item.top() + (item.height() - _BUTTON) // 2, width, _BUTTON)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A mark, the place, the message, the button."""
        theme = self._themes.theme
        row = index.row()
        problem = self._problems.problems[row]
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, color(theme.accent_soft))
        elif self.hovered[0] == row:
            painter.fillRect(box, color(theme.field))
        painter.setPen(color(theme.grid))
        painter.drawLine(box.left() + 10, box.bottom(), box.right() - 10, box.bottom())
        painter.drawPixmap(box.left() + 12, box.top() + 15, 16, 16, self._mark(theme.warn))
        button = self.button(box, row)
        right = (button.left() if not button.isEmpty() else box.right()) - 12
        text = QRectF(box.left() + 40, box.top() + 5, right - box.left() - 40, 18)
        self._line(painter, text, problem.place, bold=True, ink=theme.text)
        self._line(painter, text.translated(0, 18), problem.message, bold=False, ink=theme.text_soft)
        if problem.repair is not None:
            self._paint_button(painter, button, problem.repair.label, hot=self.hovered == (row, True))
        painter.restore()

    def _mark(self, ink: str) -> QPixmap:
        # Drawing an icon anew for each item takes longer than all the rest of it.
        if ink not in self._marks:
            self._marks[ink] = icons.pixmap("warning", ink, size=16, scale=2)
        return self._marks[ink]

    @staticmethod
    def _line(painter: QPainter, box: QRectF, words: str, *, bold: bool, ink: str) -> None:
        painter.setFont(font(13 if bold else 12, bold=bold))
        painter.setPen(color(ink))
        short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)

    def _paint_button(self, painter: QPainter, box: QRect, words: str, *, hot: bool) -> None:
        theme = self._themes.theme
        painter.setPen(QPen(color(theme.warn, 1.0 if hot else 0.6), 1))
        painter.setBrush(color(theme.warn_soft))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(font(12, bold=True))
        painter.setPen(color(theme.warn))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

"""The list of problems and advice as a Qt model, and how an item is painted. Knows Problems and tokens, makes no repairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from resnet_studio.language import tr
from resnet_studio.ui import icons
from resnet_studio.ui.theme import ThemeManager, color, font, px
from resnet_studio.ui.widgets.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
HEIGHT, _BUTTON = 46, 26


class ProblemModel(QAbstractListModel):
    """The drawing's problems, and below them advice. `effect` tells what a repair would do, where somebody asks."""

    def __init__(self, effect: Callable[[Problem], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.problems: tuple[Problem, ...] = ()
        self.count = 0
        self._effect = effect

    def show_problems(self, problems: Sequence[Problem], advice: Sequence[Problem]) -> bool:
        """Other problems or advice; whether they differ from those shown."""
        found, count = (*problems, *advice), len(problems)
        before = (self.count, [(p.where, p.message) for p in self.problems])
        if before == (count, [(p.where, p.message) for p in found]):
            self.problems = found  # their repairs may be newer
            return False
        self.beginResetModel()
        self.problems, self.count = found, count
        self.endResetModel()
        return True

    def is_advice(self, row: int) -> bool:
        """Whether a row is no problem but advice."""
        return row >= self.count

    def effect(self, row: int) -> str:
        """What the row's repair would do to the drawing; empty where it has none."""
        problem = self.problems[row]
        return self._effect(problem) if problem.repair is not None else ""

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
            effect = self.effect(index.row())
            label = "" if problem.repair is None else f"\n{problem.repair.label}: {effect}"
            return plain_tip(f"{problem}{label}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = tr("Advice: {problem}.", problem=problem) if self.is_advice(index.row()) else f"{problem}."
            if problem.repair is None:
                return said
            return tr("{problem} Repair: {repair}", problem=said, repair=problem.repair.label)
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
        return QSize(px(200), px(HEIGHT))

    def button(self, item: QRect, row: int) -> QRect:
        """Where the repair's button stands in an item; empty where there is none."""
        problem = self._problems.problems[row]
        if problem.repair is None:
            return QRect()
        width = QFontMetrics(font(12, bold=True)).horizontalAdvance(problem.repair.label) + 24
        high = px(_BUTTON)
        return QRect(item.right() - width - 10, item.top() + (item.height() - high) // 2, width, high)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A mark, the place, the message (at the button: what it would do), the button. Advice is quieter."""
        theme = self._themes.theme
        row = index.row()
        advice, hot = self._problems.is_advice(row), self.hovered == (row, True)
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
        edge, line = px(16), px(18)
        painter.drawPixmap(
            box.left() + 12, box.top() + (box.height() - edge) // 2, edge, edge, self._mark(advice)
        )
        button = self.button(box, row)
        right = (button.left() if not button.isEmpty() else box.right()) - 12
        left = box.left() + 24 + edge
        text = QRectF(left, box.top() + (box.height() - 2 * line) / 2, right - left, line)
        self._line(
            painter, text, problem.place, bold=not advice, ink=theme.text_soft if advice else theme.text
        )
        words = self._problems.effect(row) if hot else problem.message
        self._line(painter, text.translated(0, line), words, bold=False, ink=theme.text_soft)
        if problem.repair is not None:
            self._paint_button(painter, button, problem.repair.label, hot=hot, quiet=advice)
        painter.restore()

    def _mark(self, advice: bool) -> QPixmap:
        # Drawing an icon anew for each item takes longer than all the rest of it.
        theme = self._themes.theme
        name, ink = ("info", theme.text_soft) if advice else ("warning", theme.warn)
        if name + ink not in self._marks:
            self._marks[name + ink] = icons.pixmap(name, ink, size=16, scale=2)
        return self._marks[name + ink]

    @staticmethod
    def _line(painter: QPainter, box: QRectF, words: str, *, bold: bool, ink: str) -> None:
        painter.setFont(font(13 if bold else 12, bold=bold))
        painter.setPen(color(ink))
        short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)

    def _paint_button(self, painter: QPainter, box: QRect, words: str, *, hot: bool, quiet: bool) -> None:
        theme = self._themes.theme
        edge, ground, ink = (
            (theme.line_strong, theme.field, theme.text)
            if quiet
            else (theme.warn, theme.warn_soft, theme.warn)
        )
        painter.setPen(QPen(color(edge, 1.0 if hot else 0.6), 1))
        painter.setBrush(color(ground))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(font(12, bold=True))
        painter.setPen(color(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

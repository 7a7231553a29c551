"""Paints a row of the queue: a mark for its turn, what is trained, with which settings, and how it stands. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from resnet_studio.runs.queue import Entry, Turn
from resnet_studio.ui.runs.queue_words import state_words
from resnet_studio.ui.theme import Theme, ThemeManager, px

ENTRY = Qt.ItemDataRole.UserRole
FACE = Qt.ItemDataRole.UserRole + 1
_SIGNS = {Turn.RUNNING: "▶", Turn.WAITING: "·", Turn.ENDED: "✓"}


@dataclass(frozen=True, slots=True)
class Face:
    """What stands in a row beside its state."""

    title: str
    settings: str


class QueueRows(QStyledItemDelegate):
    """One line a row: what does not fit is cut, and stands in the tooltip."""

    def __init__(self, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as a row of the table of runs."""
        return QSize(px(200), max(px(26), option.fontMetrics.height() + px(8)))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The ground, then the words."""
        theme, entry, face = self._theme.theme, index.data(ENTRY), index.data(FACE)
        area: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.accent_soft))
        area = area.adjusted(px(12), 0, -px(12), 0)
        sign, ink = _mark(entry, theme)
        self._write(painter, area, sign, ink)
        area.setLeft(area.left() + px(20))
        metrics = painter.fontMetrics()
        state = metrics.elidedText(state_words(entry), Qt.TextElideMode.ElideRight, area.width() // 2)
        room = metrics.horizontalAdvance(state)
        ink = theme.text_soft if entry.good else theme.bad
        self._write(painter, area, state, ink, Qt.AlignmentFlag.AlignRight)
        area.setRight(area.right() - room - px(16))
        title = metrics.elidedText(face.title, Qt.TextElideMode.ElideRight, area.width())
        self._write(painter, area, title, theme.text if entry.turn is not Turn.ENDED else theme.text_soft)
        area.setLeft(area.left() + metrics.horizontalAdvance(title) + px(16))
        if area.width() > px(40):
            settings = metrics.elidedText(face.settings, Qt.TextElideMode.ElideRight, area.width())
            self._write(painter, area, settings, theme.text_soft)
        painter.restore()

    @staticmethod
    def _write(
        painter: QPainter,
        area: QRect,
        text: str,
        ink: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        painter.setPen(QColor(ink))
        painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), text)


def _mark(entry: Entry, theme: Theme) -> tuple[str, str]:
    if not entry.good:
        return "✗", theme.bad
    ink = {Turn.RUNNING: theme.accent, Turn.WAITING: theme.text_soft, Turn.ENDED: theme.good}[entry.turn]
    return _SIGNS[entry.turn], ink

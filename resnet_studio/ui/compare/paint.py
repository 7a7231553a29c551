"""Paints the two sides of a comparison's line: tinted by how they differ, changed pieces with sign, colour and weight. Knows no drawing."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from resnet_studio.analysis.comparison import Sign
from resnet_studio.ui.compare.model import Column, CompareModel, Node
from resnet_studio.ui.compare.words import Piece
from resnet_studio.ui.style import mixed
from resnet_studio.ui.theme import Theme, ThemeManager, color, font, px

Index = QModelIndex | QPersistentModelIndex
HEIGHT, _PAD, _GAP = 26, 8, 10


def ground(theme: Theme, node: Node, column: int) -> str | None:
    """A cell's tint: changed on both sides, removed on the left, added on the right; a stage is told by its blocks."""
    row = node.row
    if row is None or (row.sign is Sign.CHANGED and not row.changes):
        return None
    there = row.left if column == Column.LEFT else row.right
    if there is None or row.sign is Sign.EQUAL:
        return None
    added = mixed(theme.good, theme.window, 0.88)
    return {Sign.CHANGED: theme.warn_soft, Sign.REMOVED: theme.bad_soft, Sign.ADDED: added}[row.sign]


class SideDelegate(QStyledItemDelegate):
    """The cells of the two drawings."""

    def __init__(self, model: CompareModel, themes: ThemeManager, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines, self._themes = model, themes

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line and air."""
        return QSize(px(80), px(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Tint and pieces."""
        node = self._lines.node(index)
        if node is None:
            return
        theme = self._themes.theme
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, color(theme.accent_soft))
        tint = ground(theme, node, index.column())
        if tint is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(tint))
            painter.drawRoundedRect(box.adjusted(2, 1, -2, -1), 4, 4)
        inner = box.adjusted(_PAD, 0, -_PAD, 0)
        parts = self._lines.pieces(node, index.column())
        self._paint_pieces(painter, inner, parts, theme, heavy=node.row is None)
        painter.restore()

    def _paint_pieces(
        self, painter: QPainter, box: QRect, parts: list[Piece], theme: Theme, *, heavy: bool
    ) -> None:
        left = box.left()
        for number, piece in enumerate(parts or [Piece("–")]):
            bold = heavy or piece.changed
            letters = font(13, bold=bold)
            metrics = QFontMetrics(letters)
            room = box.right() - left
            if room < metrics.horizontalAdvance("…"):
                return
            shown = metrics.elidedText(piece.shown, Qt.TextElideMode.ElideRight, room)
            ink = theme.warn if piece.changed else theme.text if not number and parts else theme.text_soft
            painter.setFont(letters)
            painter.setPen(color(ink))
            area = QRect(left, box.top(), room, box.height())
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
            left += metrics.horizontalAdvance(shown) + _GAP

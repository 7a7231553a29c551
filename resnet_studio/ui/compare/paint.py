"""Paints the two sides of a comparison's line: tinted by how they differ, changed pieces with sign, colour and weight. Knows no drawing.

What differs must be read: a piece of it that finds no room beside the others stands below them. What is equal fills the last line.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from resnet_studio.analysis.comparison import Sign
from resnet_studio.ui.compare.model import Column, CompareModel, Node
from resnet_studio.ui.compare.words import Piece
from resnet_studio.ui.style import mixed
from resnet_studio.ui.theme import Theme, ThemeManager, color, font, px

Index = QModelIndex | QPersistentModelIndex
HEIGHT, LINE, _PAD, _GAP = 26, 20, 8, 10


def flow(widths: Iterable[tuple[int, bool]], room: int) -> list[tuple[int, int]]:
    """(left, line) of pieces, each with its width and whether it must be seen whole.

    One stands beside the one before while there is room. Else it stands on the next line where it must be seen; where
    it need not, it is cut where it stands, and nothing follows.
    """
    places: list[tuple[int, int]] = []
    left = line = 0
    for width, must in widths:
        cut = left > 0 and left + width > room
        if cut and must:
            left, line, cut = 0, line + 1, False
        places.append((left, line))
        if cut:
            break
        left += width + px(_GAP)
    return places


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
    """The cells of the two drawings in a tree, whose columns say how much room there is."""

    def __init__(self, model: CompareModel, themes: ThemeManager, tree: QTreeView) -> None:
        super().__init__(tree)
        self._lines, self._themes, self._tree = model, themes, tree

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As many lines as the pieces need, and air."""
        node = self._lines.node(index)
        room = self._tree.columnWidth(index.column()) - 2 * _PAD
        lines = 0
        if node is not None:
            heavy = node.row is None
            parts = _fitting(self._lines.pieces(node, index.column()), room, heavy=heavy)
            lines = max((line for _, line in _places(parts, room, heavy=heavy)), default=0)
        return QSize(px(80), px(HEIGHT + LINE * lines))

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
        shown = _fitting(parts, box.width(), heavy=heavy) or [Piece("–")]
        places = _places(shown, box.width(), heavy=heavy)
        high = px(LINE)
        top = box.center().y() + 1 - high * (places[-1][1] + 1) // 2
        for number, (piece, (left, line)) in enumerate(zip(shown, places, strict=False)):
            letters = _letters(piece, heavy=heavy)
            ink = theme.warn if piece.changed else theme.text if not number and parts else theme.text_soft
            painter.setFont(letters)
            painter.setPen(color(ink))
            area = QRect(box.left() + left, top + line * high, box.width() - left, high)
            words = QFontMetrics(letters).elidedText(piece.shown, Qt.TextElideMode.ElideRight, area.width())
            if words == "…" and left:
                return
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)


def _fitting(parts: list[Piece], room: int, *, heavy: bool) -> list[Piece]:
    """The pieces, shorter ones where they would not all stand side by side."""
    if not any(piece.short for piece in parts) or all(
        line == 0 for _, line in _places(parts, room, heavy=heavy)
    ):
        return parts
    return [piece._replace(text=piece.short or piece.text) for piece in parts]


def _places(parts: list[Piece], room: int, *, heavy: bool) -> list[tuple[int, int]]:
    whole = [heavy or piece.changed for piece in parts]
    widths = [_width(piece.shown, bold, px(13)) for piece, bold in zip(parts, whole, strict=True)]
    return flow(zip(widths, whole, strict=True), room)


@lru_cache(maxsize=2_000)  # every layout asks for each row, and many rows say the same
def _width(text: str, bold: bool, _size: int) -> int:
    """How wide a text is; the letters' size stands there for the cache, for it may change."""
    return QFontMetrics(font(13, bold=bold)).horizontalAdvance(text)


def _letters(piece: Piece, *, heavy: bool) -> QFont:
    return font(13, bold=heavy or piece.changed)

"""A table's head whose sort arrow stands beside the words: Qt paints it over the last letters of words at the right.

Knows no table; how each column is sorted first is the model's `InitialSortOrderRole`.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPalette, QPolygonF
from PySide6.QtWidgets import QHeaderView, QTreeView

_DOWN = QPolygonF([QPointF(-3.5, -1.5), QPointF(3.5, -1.5), QPointF(0, 2.5)])
_UP = QPolygonF([QPointF(-3.5, 2), QPointF(3.5, 2), QPointF(0, -2)])
_PAD = 8  # beside a head's words, as the style has it
_AWAY = 8  # from the words to the arrow's middle


class SortedHeader(QHeaderView):
    """The head of a view that can be sorted."""

    @classmethod
    def of(cls, view: QTreeView) -> SortedHeader:
        """Give a view such a head and let it sort; to be called before its columns are sized."""
        header = cls(Qt.Orientation.Horizontal, view)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        view.setHeader(header)
        view.setSortingEnabled(True)
        header.setSortIndicatorShown(False)  # painted here
        return header

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """The words, then the arrow behind them, or before words at the right: pointing to where the larger are."""
        painter.save()
        super().paintSection(painter, rect, section)
        painter.restore()
        if section != self.sortIndicatorSection():
            return
        ascending = self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.translate(self._arrow_at(rect, section), rect.center().y() + 1)
        painter.drawPolygon(_UP if ascending else _DOWN)
        painter.restore()

    def _arrow_at(self, rect: QRect, section: int) -> float:
        model = self.model()
        words = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
        side = model.headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        font = self.font()
        font.setWeight(QFont.Weight.DemiBold)  # as the style has it
        width = QFontMetricsF(font).horizontalAdvance(words)
        if side is not None and Qt.AlignmentFlag(side) & Qt.AlignmentFlag.AlignRight:
            return max(rect.right() - _PAD - width - _AWAY, rect.left() + 5)
        return min(rect.left() + _PAD + width + _AWAY, rect.right() - 5)

"""What a table's header answers Qt: each column's words, their meaning and the side they stand on. Knows no table."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import Qt

from resnet_studio.ui.widgets.tips import plain_tip


class Heading(NamedTuple):
    """A column's head. Numbers stand at the right, and so do the words above them; of some the largest are looked for."""

    words: str
    number: bool = False
    tip: str = ""
    largest_first: bool = False


def alignment(*, number: bool) -> Qt.AlignmentFlag:
    """The side of a cell, and of the head above it."""
    side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class Headed:
    """A table model that says its columns' heads by `heading`; stands before Qt's model among the bases."""

    def heading(self, column: int) -> Heading:
        """A column's head."""
        raise NotImplementedError

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Qt's: the heads; rows have none."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        found = self.heading(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return found.words
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(number=found.number)
        if role == Qt.ItemDataRole.InitialSortOrderRole:
            order = Qt.SortOrder
            return order.DescendingOrder if found.largest_first else order.AscendingOrder
        return plain_tip(found.tip) if role == Qt.ItemDataRole.ToolTipRole and found.tip else None

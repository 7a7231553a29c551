"""A choice that shortens its words with an ellipsis; its open list has them whole. Knows no values."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from resnet_studio.ui.theme import px

_AROUND_WORDS = 36
_LIST_PADDING = 44  # beside an entry's words: margins, border and a scroll bar


class ShortBox(QComboBox):
    """Words that would run under the arrow end before it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's own painting, with the words cut to the room."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        words = self.currentText() or self.placeholderText()
        room = self.width() - _AROUND_WORDS
        option.currentText = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def showPopup(self) -> None:
        """The list is as wide as its words, though the box is not."""
        letters = self.view().fontMetrics()
        words = max((letters.horizontalAdvance(self.itemText(at)) for at in range(self.count())), default=0)
        self.view().setTextElideMode(Qt.TextElideMode.ElideNone)
        self.view().setMinimumWidth(words + px(_LIST_PADDING))
        super().showPopup()

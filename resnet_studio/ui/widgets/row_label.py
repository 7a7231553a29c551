"""The words before a field, as wide as their column: in two lines where one has no room, and never cut without a word.

Knows no field. Made for translations: words a third longer are usual.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from resnet_studio.ui.widgets.tips import plain_tip


class RowLabel(QLabel):
    """Plain text that breaks between its words; a word that is too long itself is shortened, and whole in the tooltip."""

    def __init__(self, words: str, meaning: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._words, self._meaning = words, meaning
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "soft")
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(meaning))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another column."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Other letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        metrics, room = self.fontMetrics(), self.width()
        broken = metrics.horizontalAdvance(self._words) > room
        elide = Qt.TextElideMode.ElideRight
        shown = " ".join(metrics.elidedText(word, elide, room) for word in self._words.split(" "))
        self.setWordWrap(broken)
        if shown != self.text():
            self.setText(shown)
            whole = f"{self._words}\n{self._meaning}".rstrip() if shown != self._words else self._meaning
            self.setToolTip(plain_tip(whole))

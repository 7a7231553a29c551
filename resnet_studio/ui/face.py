"""One font with what painting asks of it again and again: widths, shortened and laid-out texts. Knows no theme and no view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText

from resnet_studio.ui.theme import font, text_scale

LEFT, RIGHT, CENTER = 0, 1, 2
_MOST = 4000  # texts that are remembered of each kind


class Face:
    """A font with its metrics and the texts that it has shortened. It follows the size of the text unless told not to."""

    def __init__(
        self,
        size: int,
        *,
        bold: bool = False,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        grows: bool = True,
    ) -> None:
        self._elide, self._grows, self._size, self._bold = elide, grows, size, bold
        self._make()

    def _make(self) -> None:
        self._scale = text_scale()
        self.font: QFont = font(self._size, bold=self._bold, grows=self._grows)
        self.metrics = QFontMetricsF(self.font)
        self._short: dict[tuple[str, float], str] = {}
        self._widths: dict[str, float] = {}
        self._laid: dict[str, QStaticText] = {}
        self.height = self.metrics.height()

    def follow_text(self) -> bool:
        """Take the size of the text in force; whether it is another. Whoever keeps a face does this on a change of theme."""
        changed = self._grows and self._scale != text_scale()
        if changed:
            self._make()
        return changed

    def width(self, text: str) -> float:
        """Advance width of a text."""
        found = self._widths.get(text)
        if found is None:
            if len(self._widths) > _MOST:
                self._widths.clear()
            found = self._widths[text] = self.metrics.horizontalAdvance(text)
        return found

    def laid(self, text: str) -> QStaticText:
        """The text laid out for painting."""
        found = self._laid.get(text)
        if found is None:
            if len(self._laid) > _MOST:
                self._laid.clear()
            found = self._laid[text] = QStaticText(text)
            found.setTextFormat(Qt.TextFormat.PlainText)
            found.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        return found

    def short(self, text: str, width: float) -> str:
        """The text, shortened with an ellipsis to fit."""
        found = self._short.get((text, width))
        if found is None:
            if len(self._short) > _MOST:
                self._short.clear()
            found = self.metrics.elidedText(text, self._elide, max(width, 0))
            self._short[text, width] = found
        return found

    def write(self, painter: QPainter, box: QRectF, text: str, align: int = LEFT) -> None:
        """Write one line in the painter's pen, in the middle of the box's height, shortened to its width."""
        wide = box.width()
        if self.width(text) > wide:
            text = self.short(text, wide)
        x = box.x()
        if align != LEFT:
            x += (wide - self.width(text)) * (1.0 if align == RIGHT else 0.5)
        painter.setFont(self.font)
        # Laid out once: laying a word out takes five times as long as drawing it.
        painter.drawStaticText(QPointF(x, box.y() + (box.height() - self.height) / 2), self.laid(text))

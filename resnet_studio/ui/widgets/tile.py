"""A tile with one number: what it is, how much, and what the last change did to it. Knows tokens, and no drawing."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_studio.ui.theme import ThemeManager, color, font


class StatTile(QWidget):
    """A caption, a value and a delta; the delta's token says whether it is welcome."""

    def __init__(self, themes: ThemeManager, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._caption = themes, caption
        self._value, self._delta, self._token = "", "", "text_faint"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def show_value(self, value: str, delta: str, token: str) -> None:
        """Another value; `token` names the delta's colour."""
        if (value, delta, token) != (self._value, self._delta, self._token):
            self._value, self._delta, self._token = value, delta, token
            self._name()
            self.update()

    def set_caption(self, caption: str) -> None:
        """Another caption (multiply-adds or FLOPs)."""
        if caption != self._caption:
            self._caption = caption
            self._name()
            self.update()

    @property
    def texts(self) -> tuple[str, str, str]:
        """(caption, value, delta) as shown."""
        return self._caption, self._value, self._delta

    def _name(self) -> None:
        change = f", change {self._delta}" if self._delta else ""
        self.setAccessibleName(f"{self._caption} {self._value}{change}")

    def sizeHint(self) -> QSize:
        """Two lines of text with room around them."""
        return QSize(120, 52)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Caption above; value left and delta right below."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color(theme.line))
        painter.setBrush(color(theme.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        box = QRectF(self.rect()).adjusted(9, 7, -8, -8)
        painter.setFont(font(11))
        painter.setPen(color(theme.text_soft))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self._caption)
        large, small = self._sizes(box.width())
        painter.setFont(font(large, bold=True))
        painter.setPen(color(theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, self._value)
        painter.setFont(font(small))
        painter.setPen(color(getattr(theme, self._token)))
        painter.drawText(
            box.adjusted(0, 0, 0, -1), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, self._delta
        )
        painter.end()

    def _sizes(self, room: float) -> tuple[int, int]:
        """Font sizes of value and delta that keep them apart in a narrow tile."""
        value = QFontMetrics(font(14, bold=True)).horizontalAdvance(self._value)
        change = QFontMetrics(font(11)).horizontalAdvance(self._delta)
        return (14, 11) if value + change + 8 <= room else (13, 10)

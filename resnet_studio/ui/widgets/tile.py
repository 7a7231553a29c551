"""A tile with one number: what it is, how much, and what the last change did to it. Knows tokens, and no drawing."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.face import RIGHT, Face
from resnet_studio.ui.theme import ThemeManager, color, px


class StatTile(QWidget):
    """A caption, a value and a delta; the delta's token says whether it is welcome."""

    def __init__(self, themes: ThemeManager, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes, self._caption = themes, caption
        self._value, self._delta, self._token = "", "", "text_faint"
        self._large, self._small = Face(14, bold=True), Face(11)
        self._narrow_large, self._narrow_small = Face(13, bold=True), Face(10)
        # Else eleven widgets behind it paint their grounds first at every edit.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._follow)

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

    def _follow(self) -> None:
        for face in (self._large, self._small, self._narrow_large, self._narrow_small):
            face.follow_text()
        self.update()

    def _name(self) -> None:
        said = f"{self._caption} {self._value}"
        if self._delta:
            said = tr("{figure}, change {delta}", figure=said, delta=self._delta)
        self.setAccessibleName(said)

    def sizeHint(self) -> QSize:
        """Two lines of text with room around them."""
        return QSize(px(120), px(52))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Caption above; value left and delta right below."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(theme.window))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color(theme.line))
        painter.setBrush(color(theme.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        box = QRectF(self.rect()).adjusted(9, 7, -8, -8)
        painter.setPen(color(theme.text_soft))
        high = self._small.height
        self._small.write(painter, QRectF(box.x(), box.y(), box.width(), high), self._caption)
        large, small = self._faces(box.width())
        painter.setPen(color(theme.text))
        high = large.height
        large.write(painter, QRectF(box.x(), box.bottom() - high, box.width(), high), self._value)
        painter.setPen(color(getattr(theme, self._token)))
        high = small.height
        small.write(painter, QRectF(box.x(), box.bottom() - 1 - high, box.width(), high), self._delta, RIGHT)
        painter.end()

    def _faces(self, room: float) -> tuple[Face, Face]:
        """The faces of value and delta that keep them apart in a narrow tile."""
        if self._large.width(self._value) + self._small.width(self._delta) + 8 <= room:
            return self._large, self._small
        return self._narrow_large, self._narrow_small

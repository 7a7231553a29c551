"""A switch of two or three words side by side, of which one is on. Knows tokens and values, and no drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from resnet_studio.ui.sizing import sized
from resnet_studio.ui.style import mixed
from resnet_studio.ui.theme import Theme, ThemeManager, color, font, px
from resnet_studio.ui.widgets.choices import Choice

RADIUS = 6.0
HEIGHT = 30


def checked_colours(theme: Theme, token: str) -> tuple[str, str]:
    """(ink, ground) of the word that is on: the plain token on its own tint would fall short of 4.5 to 1."""
    hue: str = getattr(theme, token)
    return mixed(hue, theme.text, 0.3), mixed(theme.field, hue, 0.16 if theme.dark else 0.11)


class _Segment(QAbstractButton):
    def __init__(self, themes: ThemeManager, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.themes, self.token, self.ends = themes, "accent", (False, False)
        self.setText(words)
        self.setAccessibleName(words)
        self.setCheckable(True)
        sized(self, letters=12, bold=True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 18, px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 4, px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12, bold=self.isChecked()))
        ink = theme.text_soft
        if self.isChecked():
            ink, ground = checked_colours(theme, self.token)
            painter.fillPath(self._shape(QRectF(self.rect())), color(ground))
        elif self.underMouse():
            painter.fillPath(self._shape(QRectF(self.rect())), color(theme.line, 0.5))
            ink = theme.text
        painter.setPen(color(ink))
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - 4)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
        if self.hasFocus():
            painter.setPen(QPen(color(theme.accent), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 4, 4)
        painter.end()

    def _shape(self, box: QRectF) -> QPainterPath:
        """Round where the switch ends, straight where another word follows."""
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addRoundedRect(box, RADIUS, RADIUS)
        first, last = self.ends
        half = box.width() / 2
        if not first:
            path.addRect(box.adjusted(0, 0, -half, 0))
        if not last:
            path.addRect(box.adjusted(half, 0, 0, 0))
        return path


class Segmented(QWidget):
    """One of a few values; no word is on when a selection disagrees. Arrow keys go along it (Qt's button group does that).

    Signals:
        edited(object): the user chose another value.
    """

    edited = Signal(object)
    left = Signal()
    refused = Signal(str)

    def __init__(
        self,
        themes: ThemeManager,
        choices: Sequence[Choice],
        *,
        tokens: Mapping[object, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._themes = themes
        self._values = [value for value, _, _ in choices]
        self._value: object = None
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for index, (value, words, tip) in enumerate(choices):
            button = _Segment(themes, words, self)
            button.token = (tokens or {}).get(value, "accent")
            button.ends = (index == 0, index == len(choices) - 1)
            button.setToolTip(tip)
            self._group.addButton(button, index)
            row.addWidget(button, button.sizeHint().width())
        sized(self, height=HEIGHT)
        self._group.idClicked.connect(self._clicked)
        themes.changed.connect(self.update)

    def setObjectName(self, name: str) -> None:
        """The words get names too: `switch.0`, `switch.1`."""
        super().setObjectName(name)
        for index, button in enumerate(self._group.buttons()):
            button.setObjectName(f"{name}.{index}")

    def set_value(self, value: object, placeholder: str = "") -> None:
        """Switch to a value without telling anybody; None switches all off."""
        if value == self._value and value is not None:
            return
        self._value = value
        self._group.setExclusive(value is not None)
        for index, button in enumerate(self._group.buttons()):
            button.setChecked(self._values[index] == value)
        self._group.setExclusive(True)

    @property
    def value(self) -> object:
        """The value that is on, or None."""
        return self._value

    @property
    def least_width(self) -> int:
        """In less, words are cut."""
        return sum(button.minimumSizeHint().width() for button in self._group.buttons()) + 2

    def set_hint(self, hint: str) -> None:
        """A switch says everything itself."""

    def _clicked(self, index: int) -> None:
        if self._values[index] != self._value:
            self._value = self._values[index]
            self.edited.emit(self._value)
        self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The frame and the dividers."""
        theme: Theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(color(theme.field))
        painter.setPen(color(theme.line))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        for button in self._group.buttons()[1:]:
            painter.drawLine(button.x(), 7, button.x(), self.height() - 8)
        painter.end()

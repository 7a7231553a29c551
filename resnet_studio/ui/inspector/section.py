"""A section of the form that opens and closes: its heading tells, while closed too, what stands in it. Knows no drawing."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.theme import ThemeManager, color, font, px, text_scale

HEIGHT, _LEFT = 28, 18


class SectionHeading(QAbstractButton):
    """The line to press: a chevron, the title, and quietly the values."""

    def __init__(self, themes: ThemeManager, name: str, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes, self._values, self._special = themes, "", False
        self.setText(title)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setObjectName(f"inspectorSection{name}")
        themes.changed.connect(self.update)
        self.toggled.connect(self._name)
        self._name()

    @property
    def values(self) -> str:
        """What it says of the values."""
        return self._values

    def show_values(self, values: str, special: bool) -> None:
        """Say what stands in the section; what is unusual is said louder."""
        if (values, special) != (self._values, self._special):
            self._values, self._special = values, special
            self.setToolTip(f"{self.text()}: {values}")
            self._name()
            self.update()

    def _name(self) -> None:
        opened = tr("{section}: {values}, open", section=self.text(), values=self._values)
        closed = tr("{section}: {values}, closed", section=self.text(), values=self._values)
        self.setAccessibleName(opened if self.isChecked() else closed)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(px(160), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """One line; the values give way."""
        return QSize(px(80), px(HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right opens and Left closes, as in a tree; Return does either."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.setChecked(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A hairline above, the chevron, title and values."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color(theme.line))
        painter.drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))
        ink = color(theme.text if self.underMouse() else theme.text_soft)
        painter.setPen(
            QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        painter.drawPolyline(self._chevron())
        box = QRectF(self.rect()).adjusted(px(_LEFT), 1, -2, 0)
        painter.setFont(font(12, bold=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        box.setLeft(box.left() + painter.fontMetrics().horizontalAdvance(self.text()) + 10)
        painter.setFont(font(12))
        painter.setPen(color(theme.text if self._special else theme.text_faint))
        words = painter.fontMetrics().elidedText(self._values, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        if self.hasFocus():
            painter.setPen(QPen(color(theme.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 2, -1, -1), 4, 4)
        painter.end()

    def _chevron(self) -> QPolygonF:
        arm, half = 4.0 * text_scale(), 2.0 * text_scale()
        x, y = arm + 2, self.height() / 2 + 0.5
        if self.isChecked():
            return QPolygonF([QPointF(x - arm, y - half), QPointF(x, y + half), QPointF(x + arm, y - half)])
        return QPolygonF([QPointF(x - half, y - arm), QPointF(x + half, y), QPointF(x - half, y + arm)])


class FormSection(QWidget):
    """A heading and what it opens.

    Signals:
        opened(bool): the user opened or closed it.
    """

    opened = Signal(bool)

    def __init__(self, themes: ThemeManager, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = SectionHeading(themes, name, title, self)
        self._body = QWidget(self)
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 2, 0, 8)
        self._column.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(self._body)
        self._body.hide()
        self.heading.toggled.connect(self._toggled)

    def add(self, row: QWidget) -> None:
        """One more row."""
        self._column.addWidget(row)

    def set_open(self, on: bool) -> None:
        """Open or close without telling anybody."""
        if on != self.heading.isChecked():
            self.heading.setChecked(on)

    def _toggled(self, on: bool) -> None:
        self._body.setVisible(on)
        self.opened.emit(on)

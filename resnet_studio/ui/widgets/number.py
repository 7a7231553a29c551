"""A field for a whole number: typing, formulas, arrow keys and wheel, a hint inside. Knows limits, and no drawing.

Every valid value is reported at once. As soon as what is typed is none, and at Escape, the value from before the typing is
given back: nobody asked for the digits on the way. A half-typed number is no error until the field is left; then it is refused
in words.
"""

from __future__ import annotations

from math import ceil, floor

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from resnet_studio.language import tr
from resnet_studio.ui.format import thousands
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager, color, font, px
from resnet_studio.ui.widgets.field_hint import hint_of, hush
from resnet_studio.ui.widgets.field_words import MIXED, limit_words, refusal
from resnet_studio.ui.widgets.formula import NotANumberError, parse
from resnet_studio.ui.widgets.line_field import LineField

_RIGHT = 10
_SHOWN = 24
_DIGITS = 52  # what a number needs beside the hint, in pixels


class NumberField(LineField):
    """A whole number from `low` to `high`. `_read` and `_written` are what another kind of number changes.

    Signals:
        edited(number): a valid value other than the one shown was typed or stepped to.
        taken_back(object): what `edited` told since the field was entered does not count; the value before it, None if mixed.
        left: the field was left, or Return or Escape was pressed.
        refused(str): why the text is not taken; empty when there is nothing to say any more.
    """

    edited = Signal(object)
    taken_back = Signal(object)
    left = Signal()
    refused = Signal(str)

    def __init__(
        self,
        themes: ThemeManager,
        *,
        low: float,
        high: float,
        step: float = 1,
        odd: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._themes, self._low, self._high, self._step, self._odd = themes, low, high, step, odd
        self._value: float | None = None
        self._origin: float | None = None  # the value before the typing, while `_typing`
        self._typing = False
        self._hint = self._said = self._fault_outside = ""
        self._is_refused = False
        self._wheel = 0
        sized(self, letters=13)
        sized(self, least_width=72)  # else the hint's margin would widen the whole panel
        self.textEdited.connect(self._typed)
        themes.changed.connect(self.update)

    @property
    def value(self) -> float | None:
        """The last valid value, None where the selection disagrees."""
        return self._value

    def set_value(self, value: object, placeholder: str = MIXED) -> None:
        """Show what the drawing holds; None shows the placeholder. What is being typed is left alone."""
        number = value if isinstance(value, int | float) else None
        if number == self._value and (self.hasFocus() or self._is_refused):
            return
        hush(self)
        self._value, self._typing = number, False
        # An emptied field says faintly what holds meanwhile.
        self.setPlaceholderText(placeholder if number is None else self._written(number))
        text = "" if number is None else self._written(number)
        if text != self.text() and not (self.hasFocus() and self._means(number)):
            self.setText(text)
        self._say("")

    def refuse(self, fault: str) -> None:
        """The value just told cannot be taken, for a reason that the field does not know."""
        self._take_back()
        self._say(fault)
        self._fault_outside = fault

    def forget(self) -> None:
        """What was half typed or refused belongs to something that is no longer shown."""
        hush(self)
        self._typing = False
        if not self._is_refused and self.text() == self._shown():
            return
        self._say("")
        self._value = None
        self.setText("")

    def set_hint(self, hint: str) -> None:
        """A few derived words at the right end ("→ 128")."""
        if hint != self._hint:
            self._hint = hint
            self._make_room()
            self.update()

    def _make_room(self) -> None:
        """The hint has what the digits leave."""
        room = max(self.width() - px(_DIGITS), 0)
        self._said = self.fontMetrics().elidedText(self._hint, Qt.TextElideMode.ElideRight, room)
        self.setTextMargins(
            0, 0, self.fontMetrics().horizontalAdvance(self._said) + 6 if self._said else 0, 0
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width."""
        super().resizeEvent(event)
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        """Other letters ask for another room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._make_room()

    @property
    def hint(self) -> str:
        """The derived words in the field."""
        return self._hint

    def nudge(self, steps: int) -> None:
        """Go up or down by whole steps, to multiples of the step."""
        if self._value is None:
            return
        # Broken numbers are stepped in whole steps too: 0.15 / 0.05 is a little less than 3.
        grid = round((self._value - self._odd) / self._step, 6)
        target = (floor(grid) + steps if steps > 0 else ceil(grid) + steps) * self._step
        self._tell_limit(target + self._odd)
        self._take(min(max(target + self._odd, self._low), self._high))

    def scale(self, up: bool) -> None:
        """Double or halve."""
        if self._value is None or self._odd:
            return
        target = self._value * 2 if up else self._halved(self._value)
        self._tell_limit(target)
        self._take(min(target, self._high) if up else max(target, self._low))

    def speak(self) -> None:
        """Say below the field why a text is not taken: for places that do not show `refused` themselves."""
        self.refused.connect(lambda fault: hint_of(self).say(fault) if fault else hush(self))

    def _tell_limit(self, wanted: float) -> None:
        """Nobody asked for the limit in place of the number behind it."""
        if not self._low <= wanted <= self._high:
            up = wanted > self._high
            limit = self._limit() if up else self._written(self._low)
            hint_of(self).say(limit_words(limit, up=up))

    # --- what the user does -----------------------------------------------------------------------------------------

    def _typed(self, text: str) -> None:
        hush(self)
        self._say("")
        if self._fault(text) is None:
            self._give(self._read(text))
        else:
            self._take_back()

    def _take(self, number: float) -> None:
        self._say("")
        self.setText(self._written(number))
        self.selectAll()
        self._give(self._read(self.text()))

    def _give(self, number: float) -> None:
        if number == self._value:
            return
        if not self._typing:
            self._typing, self._origin = True, self._value
        self._value = number
        self.edited.emit(number)

    def _take_back(self) -> None:
        if self._typing and self._value != self._origin:
            self._value = self._origin
            self.taken_back.emit(self._origin)

    def _leave(self) -> None:
        typed, fault = self.text().strip(), self._fault_outside or self._fault(self.text())
        if not typed and self._value is None:
            fault = None  # a mixture that is left alone
        if fault is not None:
            held = None if self._value is None else self._shown()
            fault = refusal(typed[:_SHOWN], fault, held)
        self._end(fault or "")

    def _end(self, fault: str) -> None:
        """Show the value that holds, and begin anew."""
        if self.text() != self._shown():
            self.setText(self._shown())
        self._typing = False
        self._say(fault)
        self.left.emit()

    def _fault(self, text: str) -> str | None:
        try:
            number = self._read(text)
        except NotANumberError as error:
            return str(error)
        if not self._low <= number <= self._high:
            return tr("From {low} to {high}", low=self._low, high=self._limit())
        if self._odd and number % 2 == 0:
            return tr("Only odd sizes have a middle")
        return None

    def _is_touched(self) -> bool:
        return self._typing or self._is_refused or not self._means(self._value)

    def _means(self, number: float | None) -> bool:
        try:
            return number is not None and self._written(self._read(self.text())) == self._written(number)
        except NotANumberError:
            return False

    # --- what another kind of number changes ------------------------------------------------------------------------

    def _read(self, text: str) -> float:
        return parse(text)

    def _written(self, number: float) -> str:
        return str(int(number))

    def _limit(self) -> str:
        return thousands(int(self._high))

    def _halved(self, number: float) -> float:
        return number // 2

    def _shown(self) -> str:
        return "" if self._value is None else self._written(self._value)

    def _say(self, fault: str) -> None:
        self._fault_outside = ""
        if self._is_refused or fault:
            self._is_refused = bool(fault)
            self.refused.emit(fault)
            self.update()

    # --- Qt's own names ---------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step, Page Up and Down double and halve, Escape takes the typing back."""
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.nudge(1 if key == Qt.Key.Key_Up else -1)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.scale(key == Qt.Key.Key_PageUp)
        elif key == Qt.Key.Key_Escape and self._is_touched():
            self._take_back()
            self._end("")
            self.selectAll()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._leave()
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel nudges the focused field; over others it scrolls the panel."""
        if not self.hasFocus():
            event.ignore()
            return
        self._wheel += event.angleDelta().y()
        steps, self._wheel = int(self._wheel / 120), self._wheel - int(self._wheel / 120) * 120
        if steps:
            self.nudge(steps)
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Typing replaces the value when one comes by key."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Now a wrong text is an error."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, the hint at its right end, and the mark of a refused text."""
        super().paintEvent(event)
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._said:
            painter.setFont(font(11))
            painter.setPen(color(theme.text_faint))
            box = QRectF(self.rect()).adjusted(0, 0, -_RIGHT, 0)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._said)
        if self._is_refused:
            painter.setPen(QPen(color(theme.bad), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)
        painter.end()

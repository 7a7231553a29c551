"""What spin boxes do beyond Qt's: formulas, typing that nothing blocks, and words where a number is not taken. Knows no setting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox

from resnet_studio.language import tr
from resnet_studio.ui.format import thousands
from resnet_studio.ui.widgets.field_hint import hint_of, hush
from resnet_studio.ui.widgets.field_words import limit_words, refusal
from resnet_studio.ui.widgets.formula import NotANumberError, parse, parse_number

_SHOWN = 24
_UP, _DOWN = (Qt.Key.Key_Up, Qt.Key.Key_PageUp), (Qt.Key.Key_Down, Qt.Key.Key_PageDown)
# What every number and every formula of numbers is made of; anything else is no beginning of one.
_LETTERS = frozenset(
    "0123456789.,eE+-*/() \N{MULTIPLICATION SIGN}\N{DIVISION SIGN}\N{MINUS SIGN}\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}"
)

State = QValidator.State

# A mixin stands before the spin box it is for: what it calls by `super` is that one's.
if TYPE_CHECKING:
    _Box = QAbstractSpinBox
else:
    _Box = object


class _Typed(_Box):
    """For a spin box: what is typed counts when it is a number within the limits; when the field is left, a formula too, or words.

    What is refused in the end takes back what was taken on the way to it: the 999 of "99999" is nobody's wish.
    """

    _held: float | None = None  # the value before the typing, while somebody types

    def read(self, text: str) -> float:
        """The number that a text means.

        Raises:
            NotANumberError: it means none.
        """
        raise NotImplementedError

    def written(self, value: float) -> str:
        """A limit in words."""
        raise NotImplementedError

    def validate(self: Any, text: str, position: int) -> tuple[State, str, int]:
        """Whether the text is a value, or may become one; Qt swallows the keys of what may not."""
        plain = text.strip()
        simple = plain.replace(".", "", 1).replace(",", "", 1).isdecimal()
        try:
            value = self.read(plain)
        except NotANumberError:
            return (State.Intermediate if set(text) <= _LETTERS else State.Invalid, text, position)
        inside = self.minimum() <= value <= self.maximum()
        # A formula is taken as a whole, when it is done: the 64 of "64*4" is nobody's wish.
        done = inside and (simple or not set(plain) & set("*/()+\N{MULTIPLICATION SIGN}\N{DIVISION SIGN}"))
        return (State.Acceptable if done else State.Intermediate, text, position)

    def settle(self: Any) -> None:
        """The field is left or Return is pressed: take a formula, or say why the text is not taken."""
        typed = self.lineEdit().text().strip()
        held, self._held = self._held, None
        try:
            value = self.read(typed)
        except NotANumberError as error:
            self._refuse(typed, str(error), held)
            return
        if not self.minimum() <= value <= self.maximum():
            self._refuse(
                typed,
                tr(
                    "From {low} to {high}",
                    low=self.written(self.minimum()),
                    high=self.written(self.maximum()),
                ),
                held,
            )
        elif value != self.value():
            self.setValue(value)

    def _refuse(self: Any, typed: str, fault: str, held: float | None) -> None:
        if held is not None:
            self.setValue(held)
        self.lineEdit().setText(self.textFromValue(self.value()))
        hint_of(self).say(refusal(typed[:_SHOWN], fault, self.written(self.value())))

    def tell_limit(self: Any, *, up: bool) -> None:
        """Where it is at its limit, say so."""
        limit = self.maximum() if up else self.minimum()
        if self.value() == limit:
            hint_of(self).say(limit_words(self.written(limit), up=up))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key, before Qt deals with it."""
        self._key(event)
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel, before Qt deals with it."""
        self._turned(event)
        super().wheelEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed is settled where somebody leaves."""
        self.settle()
        super().focusOutEvent(event)

    def _key(self: Any, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.settle()
        elif event.key() in (*_UP, *_DOWN):
            self.settle()
            self.tell_limit(up=event.key() in _UP)
        elif event.text():
            hush(self)
            self._held = self.value() if self._held is None else self._held

    def _turned(self: Any, event: QWheelEvent) -> None:
        if self.hasFocus() and event.angleDelta().y():
            self.settle()
            self.tell_limit(up=event.angleDelta().y() > 0)


class WholeBox(_Typed, QSpinBox):
    """A spin box for whole numbers."""

    def read(self, text: str) -> float:
        """A whole number or a formula of some."""
        return parse(text)

    def written(self, value: float) -> str:
        """With thin spaces between thousands."""
        return thousands(int(value))

    def valueFromText(self, text: str) -> int:
        """Also a formula's value; of what is none, the one that holds."""
        try:
            return int(self.read(text))
        except NotANumberError:
            return self.value()


class BrokenBox(_Typed, QDoubleSpinBox):
    """A spin box for broken numbers; who derives from it says how they are written."""

    def read(self, text: str) -> float:
        """A number of any size or a formula of some."""
        return parse_number(text)

    def written(self, value: float) -> str:
        """As the field itself shows it."""
        return self.textFromValue(value)

    def valueFromText(self, text: str) -> float:
        """Also a formula's value; of what is none, the one that holds."""
        try:
            return self.read(text)
        except NotANumberError:
            return self.value()

"""Fields for one of several words, for yes or no, and for a name; each can show that a selection disagrees. Know no drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.widgets.field_words import MIXED
from resnet_studio.ui.widgets.line_field import LineField
from resnet_studio.ui.widgets.short_box import ShortBox

# (value, words, tooltip)
Choice = tuple[object, str, str]


class ChoiceField(ShortBox):
    """One of several values, by name."""

    edited = Signal(object)
    left = Signal()
    refused = Signal(str)

    def __init__(self, choices: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values = [value for value, _, _ in choices]
        for _, words, tip in choices:
            self.addItem(words)
            self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        sized(self, letters=13)
        self.setPlaceholderText(MIXED)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(5)
        sized(self, least_width=80)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The sheet's padding and the arrow's own place would take the room twice.
        self.setStyleSheet("QComboBox { padding-right: 2px; }")
        self.activated.connect(self._chosen)
        self._shown = -1

    def set_value(self, value: object, placeholder: str = MIXED) -> None:
        """Show a value; None shows the placeholder."""
        self._shown = self._values.index(value) if value in self._values else -1
        if self._shown != self.currentIndex():
            self.setCurrentIndex(self._shown)
        if self._shown < 0:
            self.setPlaceholderText(placeholder)

    def set_hint(self, hint: str) -> None:
        """A choice says everything itself."""

    def _chosen(self, index: int) -> None:
        if index != self._shown:
            self._shown = index
            self.edited.emit(self._values[index])
        self.left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the panel unless the field has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving ends the gesture."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class FlagField(QCheckBox):
    """Yes, no, or a selection that disagrees."""

    edited = Signal(object)
    left = Signal()
    refused = Signal(str)

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        sized(self, letters=13)
        sized(self, least_height=28)
        self.clicked.connect(self._clicked)

    def set_value(self, value: object, placeholder: str = MIXED) -> None:
        """Show yes or no; None is neither."""
        if value is None:
            self.setCheckState(Qt.CheckState.PartiallyChecked)
        else:
            self.setTristate(False)
            self.setChecked(bool(value))

    def set_hint(self, hint: str) -> None:
        """The words beside the box."""
        if hint:
            self.setText(hint)

    def _clicked(self) -> None:
        on = self.checkState() != Qt.CheckState.Unchecked
        self.setTristate(False)
        self.setChecked(on)
        self.edited.emit(on)
        self.left.emit()


class TextField(LineField):
    """A name. `fault` says what is wrong with a text, or nothing; while something is, the name from before the typing holds."""

    edited = Signal(object)
    taken_back = Signal(object)
    left = Signal()
    refused = Signal(str)

    def __init__(self, fault: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fault, self._value = fault, ""
        self._origin: str | None = None  # the name before the typing
        self._wrong = False
        sized(self, letters=13)
        self.textEdited.connect(self._typed)

    def set_value(self, value: object, placeholder: str = MIXED) -> None:
        """Show a name; what is being typed is left alone."""
        text = value if isinstance(value, str) else ""
        if text == self._value and (self.hasFocus() or self._wrong):
            return
        self._value, self._origin = text, None
        if text != self.text():
            self._write(text)
        self._say("")

    def _write(self, text: str) -> None:
        """Of a name that is longer than the field, its beginning is what it is known by."""
        self.setText(text)
        if not self.hasFocus():
            self.home(False)

    def forget(self) -> None:
        """What was half typed or refused belongs to something that is no longer shown."""
        self._say("")
        self._value, self._origin = "", None
        self.setText("")

    def set_hint(self, hint: str) -> None:
        """A name says everything itself."""

    def _typed(self, text: str) -> None:
        self._say("")
        if self._fault(text):
            self._take_back()
        elif text != self._value:
            self._origin = self._value if self._origin is None else self._origin
            self._value = text
            self.edited.emit(text)

    def _take_back(self) -> None:
        if self._origin is not None and self._value != self._origin:
            self._value = self._origin
            self.taken_back.emit(self._origin)

    def _leave(self) -> None:
        fault = self._fault(self.text())
        self._end(tr("The name {fault}. It stays {name}.", fault=fault, name=self._value) if fault else "")

    def _end(self, fault: str) -> None:
        """Show the name that holds, and begin anew."""
        if self.text() != self._value:
            self._write(self._value)
        self._origin = None
        self._say(fault)
        self.left.emit()

    def _say(self, fault: str) -> None:
        if fault or self._wrong:
            self._wrong = bool(fault)
            self.refused.emit(fault)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return ends the gesture, Escape takes the typing back."""
        touched = self._origin is not None or self._wrong or self.text() != self._value
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._leave()
            self.selectAll()
        elif event.key() == Qt.Key.Key_Escape and touched:
            self._take_back()
            self._end("")
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Now a wrong name is an error."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._leave()
            self.home(False)

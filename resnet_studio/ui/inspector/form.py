"""The rows of controls for one type of subject: shows readings in place, and turns edits into undoable steps. Builds once."""

from __future__ import annotations

from typing import Any, Protocol, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from resnet_studio.design import limits
from resnet_studio.design.schema_fields import name_fault
from resnet_studio.design.types import BlockKind, Design
from resnet_studio.language import spoken, tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.inspector.field import SECTION_TITLES, Control, Field, Section
from resnet_studio.ui.inspector.section import FormSection
from resnet_studio.ui.inspector.special import section_words
from resnet_studio.ui.inspector.subject import Reading, Subject
from resnet_studio.ui.inspector.subjects import refusal
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager, color
from resnet_studio.ui.widgets.choices import ChoiceField, FlagField, TextField
from resnet_studio.ui.widgets.number import NumberField
from resnet_studio.ui.widgets.rate import RateField
from resnet_studio.ui.widgets.row_label import RowLabel
from resnet_studio.ui.widgets.segmented import Segmented

LABEL_WIDTH = 98
_TOKENS = {BlockKind.RESIDUAL: "residual", BlockKind.BOTTLENECK: "bottleneck", BlockKind.RESNEXT: "resnext"}


class _Editor(Protocol):
    """What all controls have in common, beside being widgets with signals `edited`, `left` and `refused`."""

    def set_value(self, value: object, placeholder: str = ...) -> None: ...

    def set_hint(self, hint: str) -> None: ...


def make_control(field: Field, themes: ThemeManager) -> QWidget:
    """The control that a field asks for."""
    if field.control is Control.NUMBER:
        return NumberField(themes, low=field.low, high=field.high, step=field.step, odd=field.odd)
    if field.control is Control.RATE:
        return RateField(themes, high=limits.MAX_RATE)
    if field.control is Control.CHOICE:
        return ChoiceField(field.choices)
    if field.control is Control.FLAG:
        return FlagField("")
    if field.control is Control.TEXT:
        return TextField(name_fault)
    tokens = _TOKENS if field.control is Control.SWITCH else None
    return Segmented(themes, field.choices, tokens=cast("dict[object, str]", tokens))


class Row(QWidget):
    """A label, a control, and below them what is wrong with what was typed."""

    edited = Signal(str, object)
    taken_back = Signal(str)
    left = Signal(str)

    def __init__(self, field: Field, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field, self._themes = field, themes
        self.control = make_control(field, themes)
        self._message = QLabel()
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setWordWrap(True)
        sized(self._message, letters=11)
        self._message.hide()
        self._lay_out()
        self._name()
        signals: Any = self.control
        signals.edited.connect(lambda value: self.edited.emit(field.name, value))
        if isinstance(self.control, NumberField | TextField):
            self.control.taken_back.connect(lambda _: self.taken_back.emit(field.name))
        signals.left.connect(lambda: self.left.emit(field.name))
        signals.refused.connect(self.say)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        line = QHBoxLayout()
        line.setSpacing(4)
        if self.field.control is not Control.SWITCH:
            label = RowLabel(self.field.label, self.field.meaning)
            sized(label, width=LABEL_WIDTH)
            label.setBuddy(self.control)
            line.addWidget(label)
        line.addWidget(self.control, 1)
        column.addLayout(line)
        column.addWidget(self._message)

    def _name(self) -> None:
        words = self.field.name.replace("_", " ").title().replace(" ", "")
        self.control.setObjectName(f"inspector{words}")
        self.control.setAccessibleName(self.field.label)
        self.control.setAccessibleDescription(self.field.meaning)
        self.control.setToolTip(self.field.meaning)
        self._message.setObjectName(f"inspector{words}Message")

    def show_reading(self, reading: Reading | None) -> None:
        """Show a value, or hide the row when the field does not apply."""
        if self.isHidden() == (reading is not None):
            self.setVisible(reading is not None)
        if reading is not None:
            editor = cast("_Editor", self.control)
            editor.set_value(reading.value, reading.placeholder)
            editor.set_hint(reading.hint)

    def refuse(self, fault: str, reading: Reading | None) -> None:
        """What was just set cannot be: the control shows again what holds, and the row says why."""
        if isinstance(self.control, NumberField):
            self.control.refuse(fault)
            return
        self.show_reading(reading)
        self.say(fault)

    def forget(self) -> None:
        """Another subject is shown: what was typed for the last one goes."""
        if isinstance(self.control, NumberField | TextField):
            self.control.forget()
        self.say("")

    def say(self, fault: str) -> None:
        """Show or clear what is wrong."""
        if not fault and self._message.isHidden():
            return
        palette = self._message.palette()
        palette.setColor(self._message.foregroundRole(), color(self._themes.theme.bad))
        self._message.setPalette(palette)
        self._message.setText(fault)
        self._message.setVisible(bool(fault))

    @property
    def message(self) -> str:
        """What is wrong, as shown."""
        return self._message.text()


class Form(QWidget):
    """All rows of one type of subject.

    Signals:
        topic(str): the name of the field that the user changed.
    """

    topic = Signal(str)

    def __init__(
        self,
        document: Document,
        themes: ThemeManager,
        fields: tuple[Field, ...],
        open_sections: set[Section],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._subject: Subject | None = None
        self._readings: dict[str, Reading] = {}
        self._gesture: tuple[str, Design, Design] | None = None
        self._themes, self._open = themes, open_sections
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.rows: dict[str, Row] = {}
        self.sections: dict[Section, FormSection] = {}
        for field in fields:
            # The heading before its rows: Tab goes in the order in which they were made.
            section = None if field.section is Section.NONE else self._section(field.section)
            row = self.rows[field.name] = Row(field, themes, self)
            row.edited.connect(self._edit)
            row.taken_back.connect(self._take_back)
            row.left.connect(self._end)
            if section is None:
                self._column.addWidget(row)
            else:
                section.add(row)

    def _section(self, section: Section) -> FormSection:
        found = self.sections.get(section)
        if found is None:
            if not self.sections:
                self._column.addSpacing(6)
            found = self.sections[section] = FormSection(
                self._themes, section.value, SECTION_TITLES[section], self
            )
            found.opened.connect(lambda on: self._remember(section, on))
            self._column.addWidget(found)
        return found

    def _remember(self, section: Section, on: bool) -> None:
        """The next subject, of whatever type, shows open what is open here."""
        if on:
            self._open.add(section)
        else:
            self._open.discard(section)

    def _show_sections(self, readings: dict[str, Reading]) -> None:
        inside: dict[Section, dict[str, Reading]] = {section: {} for section in self.sections}
        for name, reading in readings.items():
            section = self.rows[name].field.section
            if section is not Section.NONE:
                inside[section][name] = reading
        for section, widget in self.sections.items():
            if widget.isHidden() == bool(inside[section]):
                widget.setVisible(bool(inside[section]))
            widget.set_open(section in self._open)
            if inside[section]:
                widget.heading.show_values(*section_words(section, inside[section]))

    def show_subject(self, subject: Subject, readings: dict[str, Reading]) -> None:
        """Show a subject of this form's type."""
        if subject != self._subject:
            self._subject, self._gesture = subject, None
            for row in self.rows.values():
                row.forget()
        if self._gesture is not None and self._gesture[2] != self._document.design:
            self._gesture = None  # undone: a redo does not bring the typing back
        self._readings = readings
        for name, row in self.rows.items():
            row.show_reading(readings.get(name))
        self._show_sections(readings)

    def _edit(self, name: str, value: object) -> None:
        if self._subject is None:
            return
        base = self._base(name)
        fault = self._subject.fault(base, name, value)
        after = base if fault else self._subject.write(base, name, value)
        fault = fault or refusal(after)
        if fault:
            self.rows[name].refuse(fault, self._readings.get(name))
            return
        self.rows[name].say("")
        self._gesture = (name, base, after)
        self._apply(name, after)
        self.topic.emit(name)

    def _apply(self, name: str, after: Design) -> None:
        label = self.rows[name].field.label
        # English writes it small within a sentence; another language may not.
        setting = label if spoken() else f"{label[0].lower()}{label[1:]}"
        self._document.apply(after, tr("Change {setting}", setting=setting), merge=f"inspector/{name}")

    def _take_back(self, name: str) -> None:
        """The gesture comes back to where it began, and so leaves no step."""
        if self._gesture is not None and self._gesture[0] == name:
            base = self._base(name)
            self._gesture = (name, base, base)
            self._apply(name, base)

    def _base(self, name: str) -> Design:
        """The drawing before the gesture: while "12" is typed over "4", the "1" on the way must take nothing with it."""
        now = self._document.design
        if self._gesture is not None and self._gesture[0] == name and self._gesture[2] == now:
            return self._gesture[1]
        return now

    def _end(self, name: str) -> None:
        if self._gesture is not None:
            self._gesture = None
            self._document.end_gesture()

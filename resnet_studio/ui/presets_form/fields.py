"""The fields of one family, made from its parameters' own description. Knows no family by name."""

from __future__ import annotations

from math import ceil, floor

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from resnet_studio.design.presets import Family, Parameter, Value
from resnet_studio.language import tr
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.choices import ChoiceField
from resnet_studio.ui.widgets.number import NumberField


class SeriesField(NumberField):
    """A number that steps along low, low + step, low + 2 step: depths are 6n+2, not multiples of 6."""

    def nudge(self, steps: int) -> None:
        """Go up or down along the series."""
        if self._value is not None:
            grid = (self._value - self._low) / self._step
            target = (floor(grid) + steps if steps > 0 else ceil(grid) + steps) * self._step + self._low
            self._tell_limit(target)
            self._take(min(max(target, self._low), self._high))


class FamilyFields(QWidget):
    """One field for each parameter.

    Signals:
        edited: a field says something else; `values` has it.
    """

    edited = Signal()

    def __init__(self, family: Family, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.family = family
        self.values: dict[str, Value] = family.defaults()
        self._themes = themes
        self.fields: dict[str, ChoiceField | NumberField] = {}
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for parameter in family.parameters:
            field = self._field(parameter)
            label = QLabel(parameter.label, self)
            label.setBuddy(field)
            label.setToolTip(parameter.meaning)
            form.addRow(label, field)
            self.fields[parameter.name] = field

    def _field(self, parameter: Parameter) -> ChoiceField | NumberField:
        field: ChoiceField | NumberField
        if parameter.choices:
            choices = [(value, words, parameter.meaning) for value, words in parameter.choices]
            field = ChoiceField(choices, self)
        else:
            field = SeriesField(
                self._themes, low=parameter.low, high=parameter.high, step=parameter.step, parent=self
            )
            field.set_hint(parameter.rule)
            field.speak()
        field.setObjectName(f"family_{parameter.name}")
        field.setAccessibleName(parameter.label)
        field.setAccessibleDescription(parameter.meaning)
        field.setToolTip(self._tip(parameter))
        field.set_value(parameter.default)
        field.edited.connect(lambda value, name=parameter.name: self._take(name, value))
        if isinstance(field, NumberField):
            field.taken_back.connect(lambda value, name=parameter.name: self._take(name, value))
        return field

    @staticmethod
    def _tip(parameter: Parameter) -> str:
        if parameter.choices:
            return parameter.meaning
        span = tr("{low} to {high}", low=parameter.low, high=parameter.high)
        return f"{parameter.meaning} ({f'{parameter.rule}, {span}' if parameter.rule else span})"

    def _take(self, name: str, value: object) -> None:
        if isinstance(value, int | str) and not isinstance(value, bool):
            self.values[name] = value
            self.edited.emit()
        elif isinstance(value, float):
            self.values[name] = int(value)
            self.edited.emit()

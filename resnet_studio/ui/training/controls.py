"""One control per kind of setting, all with the same two doors: `value` and `set_value`. Know a SettingField, no run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from math import floor, log10
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from resnet_studio.language import tr
from resnet_studio.runs.fields import FieldKind, SettingField
from resnet_studio.ui.run_words import choice_words, number
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.widgets import file_dialog
from resnet_studio.ui.widgets.short_box import ShortBox
from resnet_studio.ui.widgets.spin import BrokenBox, WholeBox

_WIDTH = 80
# Inside a spin box the style sheet's padding does not reach the text.
_INSET = 8


class _Quiet(QObject):
    """The wheel scrolls the form, and changes a setting only where the keyboard already is."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


class NumberBox(BrokenBox):
    """A number over many orders of magnitude: written short, stepped 1, 2, 5, 10."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(12)
        self.setStepType(QAbstractSpinBox.StepType.DefaultStepType)

    def textFromValue(self, value: float) -> str:
        """No trailing zeros."""
        return number(value)

    def stepBy(self, steps: int) -> None:
        """To the next of 1, 2, 5 times a power of ten."""
        for _ in range(abs(steps)):
            self.setValue(stepped(self.value(), up=steps > 0))


def stepped(value: float, *, up: bool) -> float:
    """The next round value above or below: ... 0.05, 0.1, 0.2, 0.5 ...; zero goes up to 1e-5."""
    if value <= 0:
        return 1e-5 if up else 0.0
    power = 10.0 ** floor(log10(value) + 1e-9)
    ladder = [factor * power for factor in (0.5, 1.0, 2.0, 5.0, 10.0)]
    if up:
        return next(rung for rung in ladder if rung > value * 1.0001)
    below = next(rung for rung in reversed(ladder) if rung < value * 0.9999)
    return below if below >= 0.99e-5 else 0.0


class Control(QWidget):
    """A setting's control.

    Signals:
        changed(): the user set another value.
    """

    changed = Signal()

    def __init__(self, setting: SettingField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self._quiet = _Quiet(self)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)

    def _adopt(self, widget: QWidget) -> None:
        widget.setObjectName(f"setting_{self.setting.name}")
        widget.setAccessibleName(self.setting.label)
        widget.setAccessibleDescription(self.setting.meaning)
        widget.setToolTip(self.setting.meaning)
        sized(widget, least_width=_WIDTH)
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        widget.installEventFilter(self._quiet)
        self.setFocusProxy(widget)
        self._layout.addWidget(widget, 1)

    def explain(self, why_idle: str) -> None:
        """Work, or rest because of other settings, which the tooltip then says."""
        if self.isEnabled() == bool(why_idle):
            self.setEnabled(not why_idle)
            why = tr("{meaning}\nWithout effect: {why}", meaning=self.setting.meaning, why=why_idle)
            self.setToolTip(why if why_idle else "")

    def value(self) -> Any:
        """The value as TrainSpec holds it."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value; says nothing."""
        raise NotImplementedError


class _Choice(Control):
    def __init__(self, setting: SettingField, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.box = ShortBox(self)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(6)
        self._adopt(self.box)
        self.offer([(value, choice_words(value)) for value in setting.choices])
        self.box.activated.connect(lambda _: self.changed.emit())

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer (value, words); what was chosen stays chosen, if only by its bare name."""
        chosen = self.value()
        self.box.clear()
        for value, words in choices:
            self.box.addItem(words, value)
        if chosen is not None:
            self.set_value(chosen)

    def value(self) -> Any:
        return self.box.currentData()

    def set_value(self, value: Any) -> None:
        index = self.box.findData(value)
        if index < 0:
            self.box.addItem(str(value), value)
            index = self.box.count() - 1
        self.box.setCurrentIndex(index)


class DeviceControl(_Choice):
    """Auto, and every device that the engine found."""

    def __init__(self, setting: SettingField, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.offer([("auto", tr("Auto")), ("cpu", "CPU")])

    def show_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer what was found, as (torch's name, words); the first graphics card is what auto takes."""
        cards = [words for name, words in devices if name != "cpu"]
        first = cards[0] if cards else next((words for _, words in devices), "CPU")
        # They train together by NCCL, which torch does not have there.
        together = len(cards) > 1 and sys.platform != "win32"
        many = [("all", tr("All {count} graphics cards", count=len(cards)))] if together else []
        self.offer([("auto", tr("Auto: {device}", device=first)), *many, *devices])
        found = "; ".join(words for _, words in devices)
        self.box.setToolTip(tr("{meaning} Found: {devices}.", meaning=self.setting.meaning, devices=found))


class _Number(Control):
    """A spin box of either kind; to show a value is no change by the user."""

    def __init__(
        self, setting: SettingField, box: WholeBox | NumberBox, parent: QWidget | None = None
    ) -> None:
        super().__init__(setting, parent)
        self.box = box
        self._adopt(self.box)
        self.box.lineEdit().setTextMargins(_INSET, 0, 0, 0)
        self.box.valueChanged.connect(lambda _: self.changed.emit())

    def value(self) -> Any:
        return self.box.value()

    def set_value(self, value: Any) -> None:
        self.box.blockSignals(True)
        self.box.setValue(value)
        self.box.blockSignals(False)


class _Int(_Number):
    def __init__(self, setting: SettingField, parent: QWidget | None = None) -> None:
        box = WholeBox()
        box.setRange(int(setting.low), int(setting.high))
        super().__init__(setting, box, parent)


class _Float(_Number):
    def __init__(self, setting: SettingField, parent: QWidget | None = None) -> None:
        box = NumberBox()
        box.setRange(setting.low, setting.high)
        super().__init__(setting, box, parent)


class _Flag(Control):
    def __init__(self, setting: SettingField, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.box = QCheckBox(self)
        self._adopt(self.box)
        self.box.clicked.connect(lambda _: self.changed.emit())

    def value(self) -> Any:
        return self.box.isChecked()

    def set_value(self, value: Any) -> None:
        self.box.setChecked(value)


class FolderControl(Control):
    """A folder's path, typed or chosen."""

    def __init__(self, setting: SettingField, parent: QWidget | None = None) -> None:
        super().__init__(setting, parent)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(tr("own data folder"))
        self._adopt(self.line)
        self.line.editingFinished.connect(self._finished)
        self._told: str | None = None
        button = QPushButton(tr("Choose…"), self)
        button.setObjectName(f"choose_{setting.name}")
        button.setAccessibleName(tr("Choose: {setting}", setting=setting.label))
        button.clicked.connect(lambda _=False: self.choose())
        self._layout.addWidget(button)

    def value(self) -> Any:
        return self.line.text().strip() or None

    def set_value(self, value: Any) -> None:
        self._told = value
        self.line.setText(value or "")

    def _finished(self) -> None:
        if self.value() != self._told:
            self._told = self.value()
            self.changed.emit()

    def choose(self) -> None:
        """Let the user choose a folder."""
        chosen = file_dialog.folder_name(self, tr("Folder of the data"), self.line.text())
        if chosen:
            self.line.setText(chosen)
            self._finished()


_KINDS: dict[FieldKind, type[Control]] = {
    FieldKind.CHOICE: _Choice,
    FieldKind.INT: _Int,
    FieldKind.FLOAT: _Float,
    FieldKind.FLAG: _Flag,
    FieldKind.FOLDER: FolderControl,
    FieldKind.DEVICE: DeviceControl,
}


def control_for(setting: SettingField, parent: QWidget | None = None) -> Control:
    """The control of a setting."""
    return _KINDS[setting.kind](setting, parent)

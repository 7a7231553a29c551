"""The settings of a run as a form made from the FIELDS table, a group at a time. Knows no run and no engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.language import tr
from resnet_studio.runs.effects import idle
from resnet_studio.runs.fields import FIELDS, SettingField
from resnet_studio.runs.spec import TrainSpec, checked, default_spec
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import px
from resnet_studio.ui.training.controls import Control, DeviceControl, control_for
from resnet_studio.ui.widgets.row_label import RowLabel

# Less cuts what a choice says.
_CELL_WIDTH = 214
_LABEL_WIDTH = 88
_MAX_COLUMNS = 3
_LEAST_HEIGHT = 42
# What stays as it is when the data changes; the rest has other sound values for other data.
_LASTING = ("seed", "device", "precision", "compile", "fit_memory")
# What is seldom changed, by what it is about.
_ADVANCED = {
    "Optimizer": ("momentum", "nesterov", "decay_norms", "clip_norm", "parts", "fit_memory"),
    "Schedule": ("warmup_epochs", "patience"),
    "Augment": (
        "trivial_augment", "erasing", "mixup", "cutmix", "repeats", "train_size", "start_size", "grow_epochs", "val_part",
    ),
    "Regularise": ("label_smoothing", "averaging", "averaging_every"),
    "Machine": ("precision", "channels_last", "compile", "sync_norms", "deterministic", "workers"),
}  # fmt: skip
BASICS = "Basics"
_REST = 0  # a cell that takes what is left of its row
_SPANS = {"root": 2, "device": _REST}
# What the groups are called; the keys are their names for the program.
GROUP_WORDS = {
    BASICS: tr("Basics"),
    "Optimizer": tr("Optimizer"),
    "Schedule": tr("Schedule"),
    "Augment": tr("Augment"),
    "Regularise": tr("Regularise"),
    "Machine": tr("Machine"),
}
GROUPS: dict[str, tuple[str, ...]] = {BASICS: tuple(f.name for f in FIELDS if not f.advanced), **_ADVANCED}


class SettingsForm(QScrollArea):
    """Shows and edits a TrainSpec.

    Signals:
        changed(): the user changed some setting.
        data_changed(): the data or its folder is another one.
    """

    changed = Signal()
    data_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainSettings")
        self.setAccessibleName(tr("Settings of the run"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # Its settings have the keyboard, and bring themselves into sight; a frame around them all would cut their words.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # A row and the sight of a second: then it scrolls, before the panel around it would.
        sized(self, least_height=_LEAST_HEIGHT)
        self._controls: dict[str, Control] = {}
        self._cells: dict[str, QWidget] = {}
        self._labels: dict[str, QLabel] = {}
        self._group = BASICS
        body = QWidget(self)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setSpacing(8)
        self._grid = _grid()
        layout.addLayout(self._grid)
        layout.addStretch(1)
        for setting in FIELDS:
            self._cells[setting.name] = self._make_cell(setting, body)
        self._recipe: QWidget | None = None
        self.setWidget(body)
        self.show_spec(default_spec())

    def adopt_recipes(self, recipes: QWidget) -> None:
        """Let the chooser of recipes stand before the first settings."""
        self._recipe = recipes
        recipes.setParent(self.widget())
        self._arrange()

    def show_group(self, name: str) -> None:
        """Show the settings of one of GROUPS."""
        self._group = name
        self._arrange()
        self.verticalScrollBar().setValue(0)

    def _make_cell(self, setting: SettingField, parent: QWidget) -> QWidget:
        control = control_for(setting)
        cell = QWidget(parent)
        row = QHBoxLayout(cell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        label = RowLabel(setting.label, setting.meaning, cell)
        sized(label, width=_LABEL_WIDTH)
        label.setBuddy(control)
        row.addWidget(label)
        row.addWidget(control, 1)
        self._controls[setting.name] = control
        self._labels[setting.name] = label
        control.changed.connect(lambda: self._edited(setting.name))
        return cell

    # --- values -----------------------------------------------------------------------------------------------------

    def control(self, name: str) -> Control:
        """The control of one setting."""
        return self._controls[name]

    def spec(self) -> TrainSpec:
        """The settings as they stand.

        Raises:
            StudioError: they contradict each other, or lack the folder.
        """
        return checked(self._draft())

    @property
    def data(self) -> tuple[str, str | None]:
        """Name of the data, and its folder or None."""
        draft = self._draft()
        return draft.data, draft.root

    def _draft(self) -> TrainSpec:
        values: dict[str, Any] = {name: control.value() for name, control in self._controls.items()}
        return TrainSpec(**values)

    def show_spec(self, spec: TrainSpec) -> None:
        """Show these settings."""
        for name, control in self._controls.items():
            control.set_value(getattr(spec, name))
        self._explain()
        self._arrange()

    @property
    def draft(self) -> TrainSpec:
        """The settings as they stand, sound or not."""
        return self._draft()

    def take(self, spec: TrainSpec) -> None:
        """Show these settings as if the user had set each of them."""
        before = self.data
        self.show_spec(spec)
        if self.data != before:
            self.data_changed.emit()
        self.changed.emit()

    def _explain(self) -> None:
        """What has no effect rests, and says why."""
        why = idle(self._draft())
        for name, control in self._controls.items():
            control.explain(why.get(name, ""))
            self._labels[name].setEnabled(name not in why)

    def show_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer the devices that were found, as (torch's name, words)."""
        control = self._controls["device"]
        assert isinstance(control, DeviceControl)
        control.show_devices(devices)

    def _edited(self, name: str) -> None:
        if name == "data":
            self._restore()
        if name in ("data", "root"):
            self.data_changed.emit()
        self._explain()
        self.changed.emit()

    def _restore(self) -> None:
        """What suits the data, all but what belongs to this machine or names the draw."""
        now = self._draft()
        kept = {name: getattr(now, name) for name in _LASTING}
        self.show_spec(replace(default_spec(now.data), **kept))

    # --- arranging --------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        columns = max(1, min(_MAX_COLUMNS, self.viewport().width() // px(_CELL_WIDTH)))
        idle = {"root"} if self._controls["data"].value() == "digits" else set()
        shown = [name for name in GROUPS[self._group] if name not in idle]
        cells = [(self._cells[name], _SPANS.get(name, 1)) for name in shown]
        if self._recipe is not None:
            self._recipe.setVisible(self._group == BASICS)
            if self._group == BASICS:
                cells.insert(0, (self._recipe, 1))
        _fill(self._grid, cells, columns)
        for name, cell in self._cells.items():
            cell.setVisible(name in shown)
        QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        """Filled within a resize, the grid would keep the places that the cells had in other columns."""
        body = self.widget()
        layout = body.layout() if body is not None else None
        if body is not None and layout is not None:
            layout.invalidate()
            layout.setGeometry(body.rect())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as there is room for."""
        super().resizeEvent(event)
        self._arrange()


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    return grid


def _fill(grid: QGridLayout, cells: Sequence[tuple[QWidget, int]], columns: int) -> None:
    """Lay cells out in rows; a wide one takes as many columns as it wants and there are, or what is left of its row."""
    while grid.count():
        grid.takeAt(0)
    row = column = 0
    for cell, wanted in cells:
        least = min(wanted or 1, columns)
        if column + least > columns:
            row, column = row + 1, 0
        span = columns - column if wanted == _REST else least
        grid.addWidget(cell, row, column, 1, span)
        column += span
    for index in range(_MAX_COLUMNS):
        grid.setColumnStretch(index, 1 if index < columns else 0)

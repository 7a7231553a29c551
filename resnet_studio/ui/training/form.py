"""The settings of a run as a form made from the FIELDS table; the common ones first. Knows no run and no engine."""

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
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.runs.fields import FIELDS, SettingField
from resnet_studio.runs.spec import TrainSpec, checked, default_spec
from resnet_studio.ui.training.controls import Control, DeviceControl, control_for

_CELL_WIDTH = 190
_LABEL_WIDTH = 88
_MAX_COLUMNS = 3
# What stays as it is when the data changes; the rest has other sound values for other data.
_LASTING = ("seed", "device", "precision")


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
        self.setAccessibleName("Settings of the run")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._controls: dict[str, Control] = {}
        self._cells: dict[str, QWidget] = {}
        self._columns = 0
        body = QWidget(self)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setSpacing(8)
        self._common, self._more = _grid(), _grid()
        layout.addLayout(self._common)
        layout.addLayout(self._make_more_row(body))
        self._advanced = QWidget(body)
        self._advanced.setLayout(self._more)
        self._advanced.setVisible(False)
        layout.addWidget(self._advanced)
        layout.addStretch(1)
        for setting in FIELDS:
            self._cells[setting.name] = self._make_cell(setting, body)
        self.setWidget(body)
        self.show_spec(default_spec())

    def _make_more_row(self, parent: QWidget) -> QHBoxLayout:
        self.more_button = QPushButton("More settings", parent)
        self.more_button.setObjectName("moreSettingsButton")
        self.more_button.setAccessibleName("More settings")
        self.more_button.setProperty("role", "link")
        self.more_button.setCheckable(True)
        self.more_button.toggled.connect(self._show_more)
        self.defaults_button = QPushButton("Defaults", parent)
        self.defaults_button.setObjectName("defaultSettingsButton")
        self.defaults_button.setAccessibleName("Back to the settings that suit the data")
        self.defaults_button.setToolTip("Back to the settings that suit this data.")
        self.defaults_button.setProperty("role", "link")
        self.defaults_button.clicked.connect(self._restore)
        row = QHBoxLayout()
        row.addWidget(self.more_button)
        row.addWidget(self.defaults_button)
        row.addStretch(1)
        return row

    def _make_cell(self, setting: SettingField, parent: QWidget) -> QWidget:
        control = control_for(setting)
        cell = QWidget(parent)
        row = QHBoxLayout(cell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        label = QLabel(setting.label, cell)
        label.setProperty("role", "soft")
        label.setToolTip(setting.meaning)
        label.setFixedWidth(_LABEL_WIDTH)
        label.setWordWrap(len(setting.label) > 13)
        label.setBuddy(control)
        row.addWidget(label)
        row.addWidget(control, 1)
        self._controls[setting.name] = control
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
        self._arrange()

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
        self.changed.emit()

    def _restore(self) -> None:
        now = self._draft()
        kept = {name: getattr(now, name) for name in _LASTING}
        self.show_spec(replace(default_spec(now.data), **kept))
        self.changed.emit()

    # --- arranging --------------------------------------------------------------------------------------------------

    def _show_more(self, on: bool) -> None:
        self.more_button.setText("Fewer settings" if on else "More settings")
        self._advanced.setVisible(on)
        if on:
            # After the layout has given it its place.
            QTimer.singleShot(0, self, self._scroll_to_more)

    def _scroll_to_more(self) -> None:
        self.ensureWidgetVisible(self._advanced, 0, 0)

    def _arrange(self) -> None:
        columns = max(1, min(_MAX_COLUMNS, self.viewport().width() // _CELL_WIDTH))
        shows_root = self._controls["data"].value() != "digits"
        common = [f for f in FIELDS if not f.advanced and (f.name != "root" or shows_root)]
        self._cells["root"].setVisible(shows_root)
        _fill(self._common, [(self._cells[f.name], 2 if f.name == "root" else 1) for f in common], columns)
        _fill(self._more, [(self._cells[f.name], 1) for f in FIELDS if f.advanced], columns)

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
    """Lay cells out in rows; a wide one takes as many columns as it wants and there are."""
    while grid.count():
        grid.takeAt(0)
    row = column = 0
    for cell, wanted in cells:
        span = min(wanted, columns)
        if column + span > columns:
            row, column = row + 1, 0
        if cell is cells[-1][0] and column == 0:
            span = columns
        grid.addWidget(cell, row, column, 1, span)
        column += span
    for index in range(_MAX_COLUMNS):
        grid.setColumnStretch(index, 1 if index < columns else 0)

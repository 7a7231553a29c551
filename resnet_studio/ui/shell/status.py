"""The status bar: totals at the left; problems, autosave and device at the right. Knows no view."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from resnet_studio.language import tr, trn
from resnet_studio.ui.shell.autosave import Autosave
from resnet_studio.ui.shell.room import Room
from resnet_studio.ui.shell.told import Told
from resnet_studio.ui.shell.totals import Totals
from resnet_studio.ui.weights.chip import WeightsChip
from resnet_studio.ui.widgets.tips import plain_tip

if TYPE_CHECKING:
    from resnet_studio.ui.shell.main_window import MainWindow

_TICK_MS = 5_000


class Status(QWidget):
    """One row.

    Signals:
        problems_asked: the user wants to see the problems.
        engine_asked: the user wants the engine to be started again.
    """

    problems_asked = Signal()
    engine_asked = Signal()

    def __init__(self, room: Room, autosave: Autosave, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self._room, self._autosave = room, autosave
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(16)
        self.totals = Totals(room.document, room.theme, room.view_state, room.confirmer, self)
        row.addWidget(self.totals, 1)
        self._problems = QPushButton(self)
        self._problems.setObjectName("problemCount")
        self._problems.setProperty("role", "link")
        self._problems.setToolTip(tr("Show the problems"))
        self._problems.clicked.connect(self.problems_asked)
        self.told = Told(room.document, self)
        self.weights = WeightsChip(room.document, self)
        self._saved = QLabel(self)
        self._saved.setObjectName("autosaved")
        self._saved.setProperty("role", "soft")
        self._device = QPushButton(tr("starting…"), self)
        self._device.setObjectName("device")
        self._device.setProperty("role", "link")
        self._device.clicked.connect(self.engine_asked)
        for part in (self.told, self._problems, self.weights, self._saved, self._device):
            part.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._show_saved)
        room.document.changed.connect(self._show_problems)
        room.theme.changed.connect(self._color)
        autosave.written.connect(self._show_saved)
        room.engine.ready.connect(self._show_device)
        room.engine.died.connect(self._show_dead)
        self._color()
        self._show_problems()
        self._show_saved()
        self._show_waiting()

    def _color(self) -> None:
        # Not with every edit: a style sheet of its own is parsed anew each time.
        self._problems.setStyleSheet(f"color: {self._room.theme.theme.warn};")

    def _show_problems(self) -> None:
        count = len(self._room.document.plan.problems)
        words = trn("{count} problem", "{count} problems", count)
        if words == self._problems.text():
            return
        self._problems.setText(words)
        self._problems.setVisible(count > 0)
        self._problems.setAccessibleName(tr("{problems}: show them", problems=words))

    def _show_saved(self) -> None:
        at = self._autosave.written_at
        if at is None:
            self._tick.stop()
        elif not self._tick.isActive():
            self._tick.start()
        words = "" if at is None else tr("autosaved {ago}", ago=ago(time.monotonic() - at))
        self._saved.setText(words)
        self._saved.setVisible(at is not None)

    def _show_waiting(self) -> None:
        if self._room.engine.hello is not None:
            self._show_device(self._room.engine.hello)
        else:
            hint = tr("PyTorch is starting in its own process")
            self._tell_device(tr("engine starting…"), hint, pressable=False)

    def _show_device(self, hello: dict[str, Any]) -> None:
        devices = hello.get("devices", [])
        best = devices[-1]["label"] if devices else tr("no device")
        every = "\n".join(device["label"] for device in devices)
        self._tell_device(best, f"PyTorch {hello.get('torch', '')}\n{every}".strip(), pressable=False)

    def _show_dead(self, words: str) -> None:
        if self._room.engine.gave_up:
            hint = tr("{reason}\nClick to start it again.", reason=words)
            self._tell_device(tr("engine stopped · Retry"), hint, pressable=True)
        else:
            self._tell_device(tr("engine restarting…"), words, pressable=False)

    def _tell_device(self, text: str, hint: str, *, pressable: bool) -> None:
        self._device.setText(text)
        self._device.setToolTip(plain_tip(hint))
        self._device.setAccessibleName(text)
        self._device.setEnabled(pressable)


def make_status(window: MainWindow) -> Status:
    """The status bar's row, joined to its window."""
    status = Status(window.room, window.autosave, window)
    status.problems_asked.connect(lambda: window.show_tab("problems"))
    status.engine_asked.connect(window.engine.retry)
    status.weights.asked.connect(window.doings.import_weights)
    window.acts.told.connect(status.told.tell)
    return status


def ago(seconds: float) -> str:
    """ "just now", "12 s ago", "3 min ago"."""
    if seconds < 5:
        return tr("just now")
    if seconds < 60:
        return tr("{seconds} s ago", seconds=f"{seconds // 5 * 5:.0f}")
    return tr("{minutes} min ago", minutes=f"{seconds // 60:.0f}")

"""Asks the engine how much memory the chosen device has left, now and then while somebody looks. Knows no widget and no design."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from resnet_studio.design.errors import StudioError
from resnet_studio.ui.engine_client import Engine

if TYPE_CHECKING:
    from resnet_studio.runs.results import Memory

# Other programs come and go.
_AGAIN_MS = 10_000


class MemoryWatch(QObject):
    """The memory of one device, as it was told last.

    Signals:
        changed(): `found` is another.
    """

    changed = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._device: str | None = None
        self._asked: int | None = None
        self._awake = self._waits = False
        self.found: Memory | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self._ask)

    def wake(self) -> None:
        """The engine is there: it answers at once."""
        self._awake = True
        self._ask()

    def look(self, device: str) -> None:
        """Look at what this setting means from now on."""
        if device != self._device:
            self._device = device
            self._drop()
            self._ask()

    def watch(self, on: bool) -> None:
        """Whether somebody looks."""
        if on == self._timer.isActive():
            return
        if on:
            self._timer.start()
            self._ask()
        else:
            self._timer.stop()

    def _ask(self) -> None:
        # One question at a time: an engine that is busy is not asked again and again.
        if not self._awake or self._device is None or self._waits:
            return
        self._waits = True
        self._asked = self._engine.request("memory", self._told, self._failed, device=self._device)

    def _drop(self) -> None:
        if self._waits and self._asked is not None:
            self._engine.forget(self._asked)
        self._waits = False

    def _told(self, value: dict[str, Any]) -> None:
        self._waits = False
        free, total = value["free"], value["total"]
        self._set(
            {
                "name": str(value["name"]),
                "label": str(value["label"]),
                "free": None if free is None else int(free),
                "total": None if total is None else int(total),
                "count": int(value["count"]),
            }
        )

    def _failed(self, _error: StudioError) -> None:
        # A device that is not there: training says so in words; here it has no memory.
        self._waits = False
        self._set(None)

    def _set(self, found: Memory | None) -> None:
        if found != self.found:
            self.found = found
            self.changed.emit()

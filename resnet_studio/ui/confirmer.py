"""Asks the engine whether torchinfo agrees with our arithmetic, and publishes the answer. Knows no widget."""

from __future__ import annotations

from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import EngineClient

_DEBOUNCE_MS = 150


class Confirmation(Enum):
    """How far torchinfo is with the drawing as it is now."""

    COUNTING = "counting"
    AGREES = "agrees"
    DIFFERS = "differs"
    UNAVAILABLE = "unavailable"


class Confirmer(QObject):
    """Follows the Document; an answer about an older drawing is dropped.

    Signals:
        changed: `state`, `rows`, `differences`, `skipped` or `reason` is new.
    """

    changed = Signal()

    def __init__(self, document: Document, engine: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._engine = document, engine
        self._state = Confirmation.COUNTING
        self._asked_for: Design | None = None
        self._request: int | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DEBOUNCE_MS)
        self._timer.timeout.connect(self._ask)
        self.rows: dict[str, dict[str, Any]] = {}
        self.differences: tuple[str, ...] = ()
        self.skipped: tuple[str, ...] = ()
        self.reason = ""
        document.changed.connect(self.refresh)
        engine.ready.connect(self.refresh)
        engine.died.connect(self._lost)

    @property
    def state(self) -> Confirmation:
        """How far torchinfo is."""
        return self._state

    def is_confirmed(self, layer: str) -> bool:
        """Whether torchinfo has counted this layer of the drawing as it is now, and agrees."""
        return layer in self.rows and not any(d.startswith(f"{layer}:") for d in self.differences)

    def refresh(self) -> None:
        """Ask (again) about the drawing as it is now."""
        if self._request is not None:
            self._engine.forget(self._request)
            self._request = None
        if self._engine.gave_up:
            self._publish(Confirmation.UNAVAILABLE, reason=self.reason)
            return
        self._timer.start()
        # While it counts, a further edit is no news: every listener would show the same again.
        if self._state is not Confirmation.COUNTING:
            self._publish(Confirmation.COUNTING)

    def _ask(self) -> None:
        # JSON is no part of the window's start.
        from resnet_studio.design.files import dumps

        self._asked_for = self._document.design
        text = dumps(self._asked_for)
        self._request = self._engine.request("confirm", self._answered, self._refused, design=text)

    def _answered(self, result: dict[str, Any]) -> None:
        self._request = None
        if self._asked_for is not self._document.design:
            return
        rows = {row["name"]: row for row in result["rows"]}
        state = Confirmation.AGREES if result["agrees"] else Confirmation.DIFFERS
        self._publish(
            state, rows=rows, differences=tuple(result["differences"]), skipped=tuple(result["skipped"])
        )

    def _refused(self, error: StudioError) -> None:
        self._request = None
        if error.what != "superseded" and self._asked_for is self._document.design:
            self._publish(Confirmation.UNAVAILABLE, reason=str(error))

    def _lost(self, words: str) -> None:
        self._publish(Confirmation.UNAVAILABLE, reason=words)

    def _publish(
        self,
        state: Confirmation,
        *,
        rows: dict[str, dict[str, Any]] | None = None,
        differences: tuple[str, ...] = (),
        skipped: tuple[str, ...] = (),
        reason: str = "",
    ) -> None:
        self._state, self.rows, self.differences = state, rows or {}, differences
        self.skipped, self.reason = skipped, reason
        self.changed.emit()

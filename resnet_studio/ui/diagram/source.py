"""Asks the engine for the diagram of the drawing as it is now, and drops what comes too late. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import dumps
from resnet_studio.runs.wire import DIAGRAM, RENDER, SUPERSEDED
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeManager, family

DEBOUNCE_MS = 120
Answer = dict[str, Any]


class Engine(Protocol):
    """What the diagram needs of the engine's client."""

    def request(
        self,
        do: str,
        on_result: Callable[[Answer], None],
        on_error: Callable[[StudioError], None] | None = None,
        on_progress: Callable[[Answer], None] | None = None,
        **args: Any,
    ) -> int:
        """Ask; one of the two is called later."""

    def forget(self, number: int) -> None:
        """Neither of the two is called any more."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A diagram: its SVG, the unit ids behind each node, the nodes' boxes in SVG units, its size."""

    svg: bytes
    units: dict[str, tuple[str, ...]] = field(default_factory=dict)
    boxes: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    size: tuple[float, float] = (0.0, 0.0)
    notes: tuple[str, ...] = ()


def drawing_from(answer: Answer) -> Drawing:
    """The engine's answer as our value."""
    runs = answer.get("runs", {})
    units = {node: tuple(runs.get(node, (unit,))) for node, unit in answer["nodes"].items()}
    boxes = {node: (float(x), float(y), float(w), float(h)) for node, (x, y, w, h) in answer["boxes"].items()}
    width, height = answer["size"]
    return Drawing(
        answer["svg"].encode(), units, boxes, (float(width), float(height)), tuple(answer.get("notes", ()))
    )


class DiagramSource(QObject):
    """The diagram of the document, asked for with a pause after each change.

    Signals:
        asking: what is shown is no longer the drawing.
        drawn(object): a Drawing of the document as it is now.
        failed(str, str): what happened and what to do.
        written(str): the path of a file that was exported.
    """

    asking = Signal()
    drawn = Signal(object)
    failed = Signal(str, str)
    written = Signal(str)
    not_written = Signal(str)

    def __init__(
        self, document: Document, themes: ThemeManager, engine: Engine, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._themes, self._engine = document, themes, engine
        self._request: int | None = None
        self._awake = False
        self._stale = True
        self.detail, self.fold, self.direction = "blocks", True, "LR"
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._ask)
        document.changed.connect(self.refresh)
        themes.changed.connect(self.refresh)

    def wake(self, on: bool) -> None:
        """Nothing is asked while nobody looks; what was missed is asked when somebody does."""
        self._awake = on
        if on and self._stale:
            self._start(0)

    def show(
        self, *, detail: str | None = None, fold: bool | None = None, direction: str | None = None
    ) -> None:
        """Another look at the same drawing."""
        wanted = (
            self.detail if detail is None else detail,
            self.fold if fold is None else fold,
            self.direction if direction is None else direction,
        )
        if wanted != (self.detail, self.fold, self.direction):
            self.detail, self.fold, self.direction = wanted
            self._stale = True
            self._start(0)

    def refresh(self) -> None:
        """The drawing or the theme is another one."""
        self._stale = True
        self._start(DEBOUNCE_MS)

    def _start(self, pause: int) -> None:
        if self._request is not None:
            self._engine.forget(self._request)
            self._request = None
        if self._awake:
            self.asking.emit()
            self._timer.start(pause)

    def _look(self) -> dict[str, Any]:
        return {
            "design": dumps(self._document.design),
            "detail": self.detail,
            "fold": self.fold,
            "theme": "dark" if self._themes.theme.dark else "light",
            "direction": self.direction,
            "font": family(),
        }

    def _ask(self) -> None:
        self._stale = False
        self._request = self._engine.request(DIAGRAM, self._answered, self._refused, **self._look())

    def _answered(self, answer: Answer) -> None:
        self._request = None
        self.drawn.emit(drawing_from(answer))

    def _refused(self, error: StudioError) -> None:
        self._request = None
        self._stale = True
        if error.what != SUPERSEDED:
            self.failed.emit(error.what, error.remedy)

    def export(self, path: Path) -> None:
        """Write the diagram as it is shown to a file, in the format of its suffix."""
        self._engine.request(
            RENDER,
            lambda answer: self.written.emit(str(answer.get("path", path))),
            lambda error: self.not_written.emit(str(error)),
            path=str(path),
            format=path.suffix.lstrip(".").lower(),
            **self._look(),
        )

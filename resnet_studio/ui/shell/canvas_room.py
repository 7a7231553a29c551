"""Keeps the canvas's share of a window that shrinks, and gives the docks theirs back as it grows. Knows docks by their size.

Left to itself Qt takes all that a window loses from its middle, down to the least size; here that is where the drawing is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

_SHARE = 0.5
_LEAST = QSize(400, 240)
_NEAR = 3  # pixels by which a layout may miss what it was given


class CanvasRoom(QObject):
    """Watches the frame around canvas and docks. A size that the user gave a dock is kept for when there is room again."""

    def __init__(self, frame: QMainWindow, docks: Sequence[QDockWidget]) -> None:
        super().__init__(frame)
        self._frame, self._docks = frame, list(docks)
        self._size = frame.size()
        self._wanted: dict[tuple[str, bool], int] = {}
        self._given: dict[tuple[str, bool], int] = {}
        self._fitting = False
        frame.installEventFilter(self)
        for dock in self._docks:
            dock.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            if watched is self._frame:
                # The layout has dealt with it already: a widget's layout hears of its events first.
                self._size = self._frame.size()
                self._fit()
            elif not self._fitting and self._frame.size() == self._size and isinstance(watched, QDockWidget):
                self._keep(watched)
        return super().eventFilter(watched, event)

    def _keep(self, dock: QDockWidget) -> None:
        """A dock has another size in a frame of the same: it is what the user or an arrangement wants, unless it was given here."""
        down = self._is_below(dock)
        key, now = (dock.objectName(), down), dock.height() if down else dock.width()
        if abs(now - self._given.get(key, -_NEAR)) >= _NEAR:
            self._wanted[key] = now
            self._given.pop(key, None)

    def _is_below(self, dock: QDockWidget) -> bool:
        return self._frame.dockWidgetArea(dock) in (
            Qt.DockWidgetArea.BottomDockWidgetArea,
            Qt.DockWidgetArea.TopDockWidgetArea,
        )

    def _fit(self) -> None:
        if self._fitting:
            return
        self._fitting = True
        try:
            shown = [dock for dock in self._docks if dock.isVisible() and not dock.isFloating()]
            below = [dock for dock in shown if self._is_below(dock)]
            beside = [dock for dock in shown if not self._is_below(dock)]
            high, wide = self._frame.height(), self._frame.width()
            self._share(below[:1], high - _middle(high, _LEAST.height()), Qt.Orientation.Vertical)
            self._share(beside, wide - _middle(wide, _LEAST.width()), Qt.Orientation.Horizontal)
        finally:
            self._fitting = False

    def _share(self, docks: Sequence[QDockWidget], most: int, way: Qt.Orientation) -> None:
        """Give docks what is wanted of them, or, where that is too much together, each its part above its least size."""
        down = way == Qt.Orientation.Vertical
        size: Callable[[QWidget], int] = QWidget.height if down else QWidget.width
        wanted = {dock: self._wanted.get((dock.objectName(), down), size(dock)) for dock in docks}
        least = {dock: min(wanted[dock], _least(dock, down)) for dock in docks}
        above = sum(wanted.values()) - sum(least.values())
        part = min(1.0, max(0.0, (most - sum(least.values())) / above)) if above else 1.0
        sizes = {dock: least[dock] + int((wanted[dock] - least[dock]) * part) for dock in docks}
        if any(size(dock) != sizes[dock] for dock in docks):
            self._given |= {(dock.objectName(), down): sizes[dock] for dock in docks}
            self._frame.resizeDocks(list(sizes), list(sizes.values()), way)


def _middle(room: int, least: int) -> int:
    """What of so much room belongs to the canvas."""
    return max(least, round(room * _SHARE))


def _least(dock: QDockWidget, down: bool) -> int:
    hint = dock.minimumSizeHint().expandedTo(dock.minimumSize())
    return hint.height() if down else hint.width()

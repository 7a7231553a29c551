"""The frames around what a step speaks of, and the word that one of these things has moved. Knows no card and no player."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.tour.ring import Ring
from resnet_studio.ui.tour.sight import Sight
from resnet_studio.ui.tour.step import Spot

MOVES = (
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.ParentChange,
    QEvent.Type.LayoutRequest,
)


class Frames(QObject):
    """Of one window.

    Signals:
        moved: what a frame stands around, or anything around it, is elsewhere or has another size.
    """

    moved = Signal()

    def __init__(self, window: QWidget, sight: Sight, themes: ThemeManager) -> None:
        super().__init__(window)
        self._window, self._sight, self._themes = window, sight, themes
        self._watched: list[QWidget] = []
        self.rings: list[Ring] = []

    def show(self, spots: Sequence[Spot]) -> list[tuple[QWidget, QRect]]:
        """Frame these; (window, where it is in there) of each that is in sight."""
        found = [box for spot in spots if (box := self._sight.box(spot)) is not None]
        self._watch(spots)
        while len(self.rings) < len(found):
            self.rings.append(Ring(self._themes, self._window))
        for index, ring in enumerate(self.rings):
            if index < len(found):
                ring.frame(*found[index])
            else:
                ring.hide()
        return found

    def hide(self) -> None:
        """None for now; what moves is still told."""
        for ring in self.rings:
            ring.hide()

    def end(self) -> None:
        """None, and nothing is told."""
        self.hide()
        self._watch(())

    def _watch(self, spots: Sequence[Spot]) -> None:
        around: list[QWidget] = []
        for spot in spots:
            at = self._sight.widget_of(spot)
            while at is not None and at is not self._window and at not in around:
                around.append(at)
                at = at.parentWidget()
        for old in self._watched:
            if old not in around:
                old.removeEventFilter(self)
        for new in around:
            if new not in self._watched:
                new.installEventFilter(self)
        self._watched = around

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in MOVES:
            self.moved.emit()
        return super().eventFilter(watched, event)

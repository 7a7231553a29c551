"""Where the keyboard goes when what it was on vanishes: to one harmless place. Knows no view's inside."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


class FocusKeeper(QObject):
    """Watches a room's widgets: of a pressed button that hides or greys, the focus goes to `refuge`.

    Left to itself Qt goes on to the next widget as Tab does: into some name with all its text selected, which the next key
    would overwrite.
    """

    def __init__(self, room: QWidget, refuge: QWidget) -> None:
        super().__init__(room)
        self._room, self._refuge = room, refuge
        QGuiApplication.instance().focusChanged.connect(self._moved)  # type: ignore[union-attr]

    def _moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is None or new is None or new is self._refuge or not self._room.isAncestorOf(old):
            return
        gone = not (old.isVisible() and old.isEnabled())
        if gone and self._room.isAncestorOf(new) and self._refuge.isVisible():
            self._refuge.setFocus()

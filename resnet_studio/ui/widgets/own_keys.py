"""Gives a view the keys of its own actions, though the window's menus have the same ones. Knows no action.

Qt calls a key ambiguous that an action of the view and one of a menu share, and does neither. Worse, where the view's
action is disabled the menu's is done: Delete in a list would delete blocks of the drawing.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget


class OwnKeys(QObject):
    """Watches a view; what its actions are is looked up at each key."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the key from the menus, then do what it means here; a disabled action keeps it too."""
        if isinstance(event, QKeyEvent):
            action = self._action(event)
            if action is not None and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if action is not None and event.type() == QEvent.Type.KeyPress:
                action.trigger()  # which does nothing where it is disabled
                return True
        return super().eventFilter(watched, event)

    def _action(self, event: QKeyEvent) -> QAction | None:
        held = (
            event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        )  # arrow keys come with it on some systems
        pressed = QKeySequence(QKeyCombination(held, event.keyCombination().key()))
        return next((act for act in self._view.actions() if pressed in act.shortcuts()), None)

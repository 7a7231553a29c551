"""The list of all shortcuts, made from the actions themselves. Knows nothing of what they do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from resnet_studio.ui.shell.actions import Actions

# In the menu these say what they would take back, which is not what the key is for.
_PLAIN = {"actionUndo": "Undo", "actionRedo": "Redo"}


def show_shortcuts(actions: Actions, parent: QWidget) -> QDialog:
    """Show them; the dialog blocks nothing."""
    dialog = QDialog(parent)
    dialog.setObjectName("shortcuts")
    dialog.setAccessibleName("Keyboard shortcuts")
    dialog.setWindowTitle("Keyboard shortcuts")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(460, 560)
    body = QWidget(dialog)
    grid = QGridLayout(body)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    known = [action for action in actions.all() if not action.shortcut().isEmpty()]
    for row, action in enumerate(known):
        keys = QLabel(action.shortcut().toString(QKeySequence.SequenceFormat.NativeText), body)
        keys.setProperty("role", "strong")
        text = _PLAIN.get(action.objectName(), action.text())
        words = QLabel(text.replace("&", "").rstrip("…"), body)
        words.setTextFormat(Qt.TextFormat.PlainText)
        grid.addWidget(keys, row, 0)
        grid.addWidget(words, row, 1)
    grid.setColumnStretch(1, 1)
    scroll = QScrollArea(dialog)
    scroll.setObjectName("shortcutsScroll")
    scroll.setAccessibleName("Shortcuts")
    scroll.setWidgetResizable(True)
    scroll.setWidget(body)
    QVBoxLayout(dialog).addWidget(scroll)
    dialog.open()
    return dialog

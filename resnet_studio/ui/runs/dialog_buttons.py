"""The buttons of the dialogs about runs, in the window's own words. Knows no run."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox


def call(buttons: QDialogButtonBox, which: QDialogButtonBox.StandardButton, name: str, words: str) -> None:
    """Our words in place of Qt's, which are in the system's language, and alone: the style's icons are another program's."""
    button = buttons.button(which)
    button.setObjectName(name)
    button.setText(words)
    button.setAccessibleName(words)
    button.setIcon(QIcon())

"""Puts actions into a menu. Knows no action."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu


def fill(menu: QMenu, entries: Sequence[QAction | None]) -> None:
    """Add these in order; None is a line between groups."""
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        else:
            menu.addAction(entry)

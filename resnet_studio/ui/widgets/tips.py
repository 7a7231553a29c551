"""Tooltips that show text as it is: Qt takes what looks like markup for rich text. Knows no widget."""

from __future__ import annotations

from PySide6.QtGui import Qt


def plain_tip(text: str) -> str:
    """A tooltip for text that a user or a file may have written."""
    if not Qt.mightBeRichText(text):
        return text
    # Not at the top: this module is part of the window's start.
    from html import escape

    lines = escape(text).replace("\n", "<br>")
    return f"<span style='white-space: pre'>{lines}</span>"

"""Breaks a short text to the lines that it needs at a width. Knows no widget and no font."""

from __future__ import annotations

from collections.abc import Callable


def broken(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """As few lines as hold all words, each as full as `width` allows; a word that is wider has a line of its own."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else ""
        if longer and measure(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines

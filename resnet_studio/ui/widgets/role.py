"""What a widget is to the style sheet, changed while it is seen: Qt dresses it anew only when it is told to. Knows no role's look."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def give(widget: QWidget, value: str, *, name: str = "role") -> bool:
    """Give it another role, or another property `name` of the style sheet's; False where it has that already."""
    if (widget.property(name) or "") == value:
        return False
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    return True

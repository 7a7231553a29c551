"""The layer table's columns as somebody left them, as one line of text for the settings. Knows no widget."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from resnet_studio.ui.table.rows import Column

# A header can be pulled so far; what a spoilt settings file says beyond that is not believed.
_NARROWEST, _WIDEST = 40, 2000


@dataclass(slots=True)
class Columns:
    """Which columns somebody showed or hid for good, and how wide they drew them; of the others nothing is said."""

    shown: dict[Column, bool] = field(default_factory=dict)
    widths: dict[Column, int] = field(default_factory=dict)

    def as_text(self) -> str:
        """One line, by names: a number would mean another column when one is added."""
        return json.dumps({
            "shown": {column.name: on for column, on in self.shown.items()},
            "widths": {column.name: width for column, width in self.widths.items()},
        })  # fmt: skip


def columns_of(text: str) -> Columns:
    """What the line says. What cannot be read counts as not there, as everywhere in the settings."""
    found = Columns()
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return found
    for column in list(Column)[1:]:
        on = _entry(value, "shown", column)
        width = _entry(value, "widths", column)
        if isinstance(on, bool):
            found.shown[column] = on
        if type(width) is int and _NARROWEST <= width <= _WIDEST:
            found.widths[column] = width
    return found


def _entry(value: object, part: str, column: Column) -> object:
    entries = value.get(part) if isinstance(value, dict) else None
    return entries.get(column.name) if isinstance(entries, dict) else None

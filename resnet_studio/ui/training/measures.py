"""The quantities that a plot can show, and how their values are written. Knows no plot."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Which quantity a plot shows.

    Args:
        title: its name, with the unit.
        text: a value's text, "%" included.
        ceiling: the highest possible value, or None.
        logs: whether factors tell more than differences, so that a logarithmic axis makes sense.
    """

    title: str
    template: str
    ceiling: float | None
    logs: bool = False

    def text(self, value: float) -> str:
        """A value as the caption writes it."""
        return self.template.format(value) if isfinite(value) else "not finite"


LOSS = Measure(title="Loss", template="{:.3f}", ceiling=None, logs=True)
ACCURACY = Measure(title="Accuracy", template="{:.1f}\u2009%", ceiling=100.0)
RATE = Measure(title="Learning rate", template="{:.3g}", ceiling=None, logs=True)
SPEED = Measure(title="Images a second", template="{:.0f}", ceiling=None)

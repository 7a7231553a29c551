"""Which values a plot shows, and the ticks beside them, on plain and logarithmic axes. Pure functions; knows no Qt."""

from __future__ import annotations

import math

import numpy as np

from resnet_studio.ui.curves.reduce import Floats, tick_text, ticks
from resnet_studio.ui.run_words import short

Tick = tuple[float, str]  # its place on the axis, and its text
# Of 10: beyond them a float is nothing or everything.
_POWERS = 300


def value_range(
    values: Floats, room: float, *, ceiling: float | None, from_nothing: bool
) -> tuple[float, float]:
    """The lowest and the highest place of an axis.

    Args:
        values: what is seen; may hold NaN.
        room: part of the extent that is left free above and below.
        ceiling: the highest possible value, or None.
        from_nothing: whether an axis that comes near zero begins there; a logarithmic one never does.
    """
    values = values[np.isfinite(values)]
    if not len(values):
        return (0.0, ceiling or 1.0)
    bottom, top = float(values.min()), float(values.max())
    if from_nothing and 0 <= bottom < top - bottom:
        bottom = 0.0
        # A range from nothing on is the whole range: 0, 50 and 100 have their places.
        top = max(top, ceiling) if ceiling is not None else top
    # Of all that is seen: the lowest and the highest number have room for their letters.
    margin = max((top - bottom) * room, abs(top) * 1e-3, 1e-9)
    return bottom - margin, top + margin if ceiling is None else min(top, ceiling) + margin


def plain_ticks(
    low: float, high: float, most: int, *, quarters: bool, ceiling: float | None = None
) -> list[Tick]:
    """Places and texts of round values, none above the ceiling."""
    values = ticks(low, high, most, quarters=quarters)
    step = values[1] - values[0] if len(values) > 1 else abs(values[0]) if values else 0.0
    return [(value, tick_text(value, step)) for value in values if ceiling is None or value <= ceiling]


def log_ticks(low: float, high: float, most: int) -> list[Tick]:
    """Places and texts of round values on a logarithmic axis from `low` to `high` (both log10): powers of ten, with 2 and 5 where
    there is room, and steps as on a plain axis where hardly a decade is seen."""
    if (
        not (math.isfinite(low) and math.isfinite(high))
        or high <= low
        or most < 1
        or max(abs(low), abs(high)) > _POWERS
    ):
        return []
    powers = range(math.floor(low), math.ceil(high) + 1)
    for factors in ((1, 2, 5), (1, 3), (1,)):
        values = [factor * 10.0**power for power in powers for factor in factors]
        seen = [value for value in values if low <= math.log10(value) <= high]
        if len(seen) <= most:
            break
    if len(seen) > most:
        seen = seen[:: -(-len(seen) // most)]
    if len(seen) < 2:
        seen = [value for value in ticks(10.0**low, 10.0**high, most) if value > 0]
    # One style for all of an axis: "0.001" and "3e\u22124" beside each other read as if they were two kinds of things.
    in_powers = any(not 0.001 <= value < 100_000 for value in seen)
    return [(math.log10(value), short(value, powers=in_powers)) for value in seen]

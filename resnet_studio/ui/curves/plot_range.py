"""Which values a plot shows, and the ticks beside them, on plain and logarithmic axes. Pure functions; knows no Qt."""

from __future__ import annotations

import math

import numpy as np

from resnet_studio.ui.curves.reduce import Floats
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


def differ(one: tuple[float, float], other: tuple[float, float], pixels: float) -> bool:
    """Whether two ranges of an axis that is so long are told apart: by more than half a pixel."""
    shift = max(abs(one[0] - other[0]), abs(one[1] - other[1]))
    return not shift * pixels <= 0.5 * abs(other[1] - other[0])


def ticks(low: float, high: float, most: int, *, quarters: bool = True) -> list[float]:
    """As many round values within [low, high] as fit into `most`: steps of 1, 2, 5, and 2.5 with `quarters`, times a power of ten."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low or most < 1:
        return []
    power = 10.0 ** math.floor(math.log10((high - low) / (most + 1)))
    for factor in (1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 50.0, 100.0):
        if factor == 2.5 and not quarters:
            continue
        step = factor * power
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            return [index * step for index in range(first, last + 1)]
    return []


def tick_text(value: float, step: float) -> str:
    """A tick's value with just the digits that its step needs."""
    digits = max(0, min(6, -math.floor(math.log10(step) + 1e-9))) if step > 0 else 0
    if step > 0 and round(step, digits) != round(step, digits + 1):
        digits += 1
    return f"{value:.{digits}f}".replace("-", "\u2212")


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

"""Numbers and shapes as the window writes them: SI units, thin thousands separators, signed deltas. Knows no widget."""

from __future__ import annotations

from resnet_studio.analysis.layers import Shape
from resnet_studio.language import tr
from resnet_studio.written import MINUS, THIN, si, thousands

__all__ = ["MINUS", "THIN", "delta", "percent", "resolution", "shape", "si", "size", "thousands"]


def delta(change: float, unit: str = "") -> str:
    """A signed change: "+21.0 M", "\N{MINUS SIGN}38.0 k", "±0"."""
    if change == 0:
        return "±0"
    return si(change, unit) if change < 0 else f"+{si(change, unit)}"


def percent(after: float, before: float) -> str:
    """By how much a number has changed: "+0.7 %", "\N{MINUS SIGN}25 %", "±0"; from nothing it is "new"."""
    if after == before:
        return "±0"
    if not before:
        return tr("new")
    change = 100 * (after / before - 1)
    sign = "+" if change > 0 else MINUS
    if abs(change) < 0.05:
        return f"{sign}<0.1{THIN}%"
    return f"{sign}{abs(change):.1f}{THIN}%" if abs(change) < 9.95 else f"{sign}{abs(change):.0f}{THIN}%"


def size(count: float) -> str:
    """Bytes in decimal units: 102228128 -> "102 MB"."""
    return si(count, "B") if abs(count) >= 1000 else f"{count:.0f}{THIN}B"


def shape(value: Shape) -> str:
    """A shape as cards and tables write it: (256, 28, 28) -> "256·28²", (256, 28, 14) -> "256·28×14"."""
    if len(value) < 3:
        return "×".join(map(str, value))
    return f"{value[0]}·{resolution(value)}"


def resolution(value: Shape) -> str:
    """Only the map: (256, 28, 28) -> "28²"; features alone have none."""
    if len(value) < 3:
        return ""
    return f"{value[1]}²" if value[1] == value[2] else f"{value[1]}×{value[2]}"

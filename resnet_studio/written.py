"""Numbers as the program writes them for people: SI units, thin thousands separators. Knows no room and no widget.

Rooms whose words reach the window stand on the standard library alone, so this stands beside them. A terminal's tables have commas.
"""

from __future__ import annotations

import re

# Narrow, and no line breaks at it: a number is read in one piece.
THIN = "\u202f"
MINUS = "\u2212"
# Between a number and its percent sign, and on both sides of an arrow between two numbers.
_LOOSE = re.compile(r"(?<=\d) (?=%|→ \d)|(?<=\d →) (?=\d)")
_UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def thousands(number: int) -> str:
    """9408 -> "9 408", with thin spaces; exact."""
    return f"{number:,}".replace(",", THIN).replace("-", MINUS)


def si(number: float, unit: str = "") -> str:
    """Three significant digits and an SI prefix: 25557032 -> "25.6 M"; under a thousand as it is."""
    sign = MINUS if number < 0 else ""
    value = abs(number)
    for scale, prefix in _UNITS:
        # 999,500 would round to "1000 k": it belongs to the next prefix.
        if value >= scale * 0.9995:
            return f"{sign}{_three(value / scale)}{THIN}{prefix}{unit}"
    text = f"{value:.0f}" if float(value).is_integer() else _three(value)
    return f"{sign}{text}{THIN + unit if unit else ''}"


def _three(value: float) -> str:
    if value >= 99.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def firm(text: str) -> str:
    """The text with its numbers in one piece: no line ends between a number and what belongs to it, "24.80 → 23.29 %"."""
    return _LOOSE.sub("\u00a0", text)

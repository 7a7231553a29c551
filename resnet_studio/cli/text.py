"""Numbers and aligned tables for a terminal. Knows no command.

Commas, not the window's thin spaces: terminals give those the width they like.
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import category

_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def harmless(words: str) -> str:
    """The words without what a terminal obeys: a file's name may hold an escape sequence. Line ends stay."""
    hidden = {"Cc", "Cf", "Zl", "Zp"}
    return "".join("\ufffd" if c != "\n" and category(c) in hidden else c for c in words)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> list[str]:
    """Lines of a table; the first `left` columns stand to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        placed = [
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return "  ".join(placed).rstrip()

    return [line(head), "  ".join("-" * width for width in widths), *(line(row) for row in rows)]


def si(number: float, unit: str = "", *, digits: int = 3) -> str:
    """A count with a prefix, as the papers' tables print it: 4089184256 -> "4.089 G"."""
    for scale, prefix in _PREFIXES:
        # 999,999.9 would round to "1000.000 k": it belongs to the next prefix.
        if round(number / scale, digits) >= 1:
            return f"{number / scale:.{digits}f} {prefix}{unit}"
    return f"{number:g} {unit}".rstrip()


def size(count: int) -> str:
    """Bytes in decimal units: 102228128 -> "102.2 MB"."""
    return si(count, "B", digits=1)


def shape(value: Sequence[int]) -> str:
    """3x224x224."""
    return "x".join(map(str, value))


def seconds(value: float) -> str:
    """How long, for people: 4.2 s, 3 min 20 s, 2 h 5 min."""
    if value < 60:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"

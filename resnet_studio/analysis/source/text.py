"""Lines of Python, broken where the usual formatters break them, and who each line speaks of. Knows no network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 88
_STEP = 4


@dataclass(frozen=True, slots=True)
class Span:
    """Lines first to last (from 1, inclusive) that speak of these units."""

    first: int
    last: int
    units: tuple[str, ...]


class Lines:
    """The file as it grows."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self.spans: list[Span] = []

    def add(self, *lines: str, units: tuple[str, ...] = ()) -> None:
        """Append lines; `units` are the ids of stem, blocks or head that they speak of."""
        first = len(self._lines) + 1
        for line in lines:
            self._lines += line.split("\n")
        if units:
            self.spans.append(Span(first, len(self._lines), units))

    def text(self) -> str:
        """All of it, with a newline at the end."""
        return "\n".join(self._lines) + "\n"


def broken(indent: int, before: str, items: Sequence[str], after: str) -> list[str]:
    """`before` + items + `after` in one line; else the items in a line of their own; else one item a line."""
    pad, inner = " " * indent, " " * (indent + _STEP)
    whole = pad + before + ", ".join(items) + after
    if len(whole) <= WIDTH:
        return [whole]
    middle = inner + ", ".join(items)
    if len(middle) <= WIDTH:
        return [pad + before, middle, pad + after]
    return [pad + before, *(f"{inner}{item}," for item in items), pad + after]


def filled(indent: int, items: Iterable[str]) -> list[str]:
    """Items one behind the other in as few lines as they need, each with its comma."""
    pad = " " * indent
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(item) + 2 <= WIDTH:
            lines[-1] += f" {item},"
        else:
            lines.append(f"{pad}{item},")
    return lines


def call(function: str, *positional: object, **named: object) -> str:
    """A call in one line; what is None is left out."""
    return f"{function}({', '.join(arguments(*positional, **named))})"


def arguments(*positional: object, **named: object) -> list[str]:
    """The arguments of a call; what is None is left out."""
    words = [str(value) for value in positional if value is not None]
    return words + [f"{name}={value}" for name, value in named.items() if value is not None]

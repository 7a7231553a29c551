"""Where the tour's card stands: beside what it speaks of, inside the window, over as little of it as can be. Knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

GAP = 14
_SLACK = 6  # of the air at an edge that a card may take without hiding anything


class Box(NamedTuple):
    """A rectangle in the window's pixels."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """One past its last column."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """One past its last row."""
        return self.y + self.h

    def shared(self, other: Box) -> int:
        """Pixels that lie in both."""
        wide = min(self.right, other.right) - max(self.x, other.x)
        high = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(0, wide) * max(0, high)


def _into(box: Box, area: Box) -> Box:
    """The box, shifted into the area; a larger one begins where the area does."""
    x = max(area.x, min(box.x, area.right - box.w))
    y = max(area.y, min(box.y, area.bottom - box.h))
    return box._replace(x=x, y=y)


def _core(box: Box) -> Box:
    return Box(box.x + _SLACK, box.y + _SLACK, max(0, box.w - 2 * _SLACK), max(0, box.h - 2 * _SLACK))


def _candidates(size: tuple[int, int], targets: Sequence[Box], area: Box, busy: Sequence[Box]) -> list[Box]:
    w, h = size
    found = []
    for at in targets:
        found += [
            Box(at.right + GAP, at.y, w, h),
            Box(at.x - GAP - w, at.y, w, h),
            Box(at.x, at.bottom + GAP, w, h),
            Box(at.x, at.y - GAP - h, w, h),
        ]
    corners = (
        (area.right - w, area.bottom - h),
        (area.x, area.bottom - h),
        (area.right - w, area.y),
        (area.x, area.y),
    )
    found += [Box(x, y, w, h) for x, y in corners]
    for other in busy:
        found += [Box(x, area.bottom - h, w, h) for x in (other.right, other.x - w)]
    return [_into(box, area) for box in found]


def place(size: tuple[int, int], targets: Sequence[Box], area: Box, busy: Sequence[Box] = ()) -> Box:
    """Where a card of this size stands.

    Args:
        size: width and height.
        targets: what must stay seen, the most important first.
        area: where it may stand.
        busy: what the user works with: better not covered, but rather than a target.
    """
    candidates = _candidates(size, targets, area, busy)
    first = targets[0] if targets else None

    def cost(box: Box) -> tuple[int, int, int]:
        return (
            box.shared(first) if first is not None else 0,
            sum(box.shared(other) for other in targets),
            sum(box.shared(_core(other)) for other in busy),
        )

    # min() takes the first of equals: beside the first thing, to the right where there is room.
    return min(candidates, key=cost)

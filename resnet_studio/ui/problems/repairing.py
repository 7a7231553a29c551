"""Repairs a drawing as far as its Problems' own repairs carry. Pure; knows no window."""

from __future__ import annotations

from resnet_studio.analysis.plan import analyse
from resnet_studio.design.types import Design


def repair_all(design: Design) -> tuple[Design, int]:
    """The drawing after one repair after another, and how many were made.

    A repair may bring another problem to light or solve several; it ends when nothing is left that can be repaired, or when a drawing
    comes that was there before.
    """
    seen = {design}
    made = 0
    while True:
        after = next(
            (
                changed
                for problem in analyse(design).problems
                if problem.repair is not None and (changed := problem.repair.apply(design)) not in seen
            ),
            None,
        )
        if after is None:
            return design, made
        design = after
        seen.add(design)
        made += 1

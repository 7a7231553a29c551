"""Keeps a sound drawing sound when a pattern changes many blocks: makes the repairs that the program offers anyway.

Knows nothing of the patterns.
"""

from __future__ import annotations

from resnet_studio.analysis.plan import analyse
from resnet_studio.analysis.problems import Problem
from resnet_studio.design.types import Design

# A repair mends one fault of a block, which has at most so many at once.
_ROUNDS = 6


def keep_sound(before: Design, after: Design) -> Design:
    """`after` with a repair made for every Problem that `before` did not have; what was wrong before stays as it was."""
    known = {_name(problem) for problem in analyse(before).problems}
    for _ in range(_ROUNDS):
        first: dict[str, Problem] = {}
        for problem in analyse(after).problems:
            if _name(problem) not in known and problem.repair is not None:
                first.setdefault(problem.where, problem)
        if not first:
            break
        for problem in first.values():
            assert problem.repair is not None
            after = problem.repair.apply(after)
    return after


def _name(problem: Problem) -> tuple[str, str]:
    return problem.where, problem.code

"""Repairs a drawing as far as its Problems' own repairs carry, and tells what one repair would do. Pure; knows no window."""

from __future__ import annotations

from resnet_studio.analysis.conventions import PAPERS, Convention, plan_work
from resnet_studio.analysis.plan import Plan, Problem, analyse
from resnet_studio.design.types import Design
from resnet_studio.language import tr, trn
from resnet_studio.ui.format import delta


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


def effect_words(plan: Plan, problem: Problem, by: Convention = PAPERS) -> str:
    """What a repair does: "+131 k parameters, +103 M multiply-adds, no problem left"."""
    if problem.repair is None:
        return ""
    after = analyse(problem.repair.apply(plan.design))
    params = after.totals.params - plan.totals.params
    work = plan_work(after).counted(by) - plan_work(plan).counted(by)
    left = len(after.problems)
    cost = tr("{params} parameters, {work} {unit}", params=delta(params), work=delta(work), unit=by.unit)
    if not left:
        return cost if not plan.problems else tr("{cost}, no problem left", cost=cost)
    return trn("{cost}, {count} problem left", "{cost}, {count} problems left", left, cost=cost)

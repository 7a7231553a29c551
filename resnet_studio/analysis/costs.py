"""Everything that a block costs, one row for each unit, and the same in total. Counts nothing itself; knows no view."""

from __future__ import annotations

from dataclasses import dataclass

from resnet_studio.analysis.conventions import Work, part_work, total
from resnet_studio.analysis.intensity import part_bytes
from resnet_studio.analysis.layers import elements
from resnet_studio.analysis.plan import Plan, Unit

FLOAT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one unit, or several together, cost for one image.

    Args:
        params: learned numbers.
        work: multiply-adds and other operations.
        activations: elements of the convolutions' outputs.
        kept: float32 bytes that autograd keeps for the backward pass.
        moved: bytes read and written, layer by layer.
    """

    params: int
    work: Work
    activations: int
    kept: int
    moved: int

    @property
    def intensity(self) -> float:
        """Operations for each byte moved."""
        return self.work.operations / self.moved if self.moved else 0.0


def unit_costs(plan: Plan) -> list[Cost]:
    """The cost of each of the plan's units, in its order; their `kept` adds up to the plan's own."""
    return [_cost(unit, kept_of(plan, index)) for index, unit in enumerate(plan.units)]


def kept_of(plan: Plan, index: int) -> int:
    """Bytes that the unit of this index keeps for the backward pass.

    A map between two units is kept once, and counted where it is made; the image is counted with the stem.
    """
    own = plan.units[index].part.kept
    reader = index + 1 < len(plan.units) and plan.units[index + 1].part.kept.keeps_input
    kept = own.inside + (own.output if own.keeps_output or reader else 0)
    return kept + (FLOAT * elements(plan.design.input.shape) if index == 0 and own.keeps_input else 0)


def _cost(unit: Unit, kept: int) -> Cost:
    part = unit.part
    return Cost(
        params=part.params, work=part_work(part), activations=part.activations, kept=kept, moved=part_bytes(part)
    )  # fmt: skip


def together(costs: list[Cost]) -> Cost:
    """The sum of several."""
    return Cost(
        params=sum(cost.params for cost in costs),
        work=total([cost.work for cost in costs]),
        activations=sum(cost.activations for cost in costs),
        kept=sum(cost.kept for cost in costs),
        moved=sum(cost.moved for cost in costs),
    )

"""The Plan: every unit of a drawing in its place, with names, shapes, totals and Problems. The one truth about shapes.

Table, canvas, diagram and torch modules all read it. Knows no Qt and no torch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from resnet_studio.analysis.layers import Layer, Shape, elements
from resnet_studio.analysis.problems import Problem, Repair, advice_of, problems_of
from resnet_studio.analysis.units import HEAD, STEM, WHOLE, Unit, place_words, units_of
from resnet_studio.design.types import Design

__all__ = [
    "HEAD",
    "STEM",
    "WHOLE",
    "Plan",
    "Problem",
    "Repair",
    "Totals",
    "Unit",
    "analyse",
    "place_words",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over the sound part of the drawing, batch 1.

    Args:
        params: learned numbers.
        macs: multiply-adds of convolutions and classifier (the papers' count).
        torchinfo_macs: the same by torchinfo's convention.
        activations: elements of all convolution outputs (Radosavovic et al. 2020).
        backward_bytes: float32 bytes that autograd keeps for one image.
        param_bytes: float32 bytes of the parameters (the model's size).
        receptive: receptive field of the last block in pixels, without the clip to the image.
    """

    params: int
    macs: int
    torchinfo_macs: int
    activations: int
    backward_bytes: int
    param_bytes: int
    receptive: int

    @property
    def flops(self) -> int:
        """Floating-point operations: a multiply-add is two."""
        return 2 * self.macs


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The meaning of a whole drawing.

    Args:
        design: the drawing.
        units: stem, blocks, head, in order of computation.
        totals: sums over the sound part.
        problems: what keeps it from being built.
        advice: what can be built, but what no paper would do.
    """

    design: Design
    units: tuple[Unit, ...]
    totals: Totals
    problems: tuple[Problem, ...]
    advice: tuple[Problem, ...] = ()

    @property
    def output(self) -> Shape:
        """Shape that leaves the drawing."""
        return self.units[-1].part.output

    def layers(self) -> Iterator[tuple[str, Layer, Unit]]:
        """Every layer with its full name and its unit, in order of computation."""
        for unit in self.units:
            for layer in unit.part.layers():
                yield unit.full_name(layer), layer, unit

    def unit(self, unit_id: str) -> Unit | None:
        """The unit of a block id, STEM or HEAD; None when it is not there."""
        return next((unit for unit in self.units if unit.id == unit_id), None)

    def problems_at(self, unit_id: str) -> tuple[Problem, ...]:
        """The Problems of one unit or stage."""
        return tuple(problem for problem in self.problems if problem.where == unit_id)


def analyse(design: Design) -> Plan:
    """The Plan of a drawing, by arithmetic alone. Pure; the last results are memoised by identity of the parts."""
    units = tuple(units_of(design))
    return Plan(
        design=design,
        units=units,
        totals=_totals(design, units),
        problems=tuple(problems_of(design, units)),
        advice=tuple(advice_of(design)),
    )


def _totals(design: Design, units: tuple[Unit, ...]) -> Totals:
    params = sum(unit.part.params for unit in units)
    kept = elements(design.input.shape) * 4 if units[0].part.kept.keeps_input else 0
    for index, unit in enumerate(units):
        own = unit.part.kept
        reader = index + 1 < len(units) and units[index + 1].part.kept.keeps_input
        kept += own.inside + (own.output if own.keeps_output or reader else 0)
    return Totals(
        params=params,
        macs=sum(unit.part.macs for unit in units),
        torchinfo_macs=sum(unit.part.torchinfo_macs for unit in units),
        activations=sum(unit.part.activations for unit in units),
        backward_bytes=kept,
        param_bytes=4 * params,
        receptive=units[-1].receptive,
    )

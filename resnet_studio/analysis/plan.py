"""The Plan: every unit of a drawing in its place, with names, shapes, totals and Problems. The one truth about shapes.

Table, canvas, diagram and torch modules all read it. Knows no Qt and no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from resnet_studio.analysis.layers import Layer, LayerKind, Shape, elements
from resnet_studio.analysis.parts import Part, block_part, head_part, stem_part
from resnet_studio.design import edits
from resnet_studio.design.limits import MAX_PARAMS
from resnet_studio.design.types import Design, Head

STEM, HEAD, WHOLE = "stem", "head", "design"


@dataclass(frozen=True, slots=True)
class Repair:
    """One click that mends a Problem: the words on the button and the edit it makes."""

    label: str
    apply: Callable[[Design], Design]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the drawing, as a value.

    Args:
        code: short stable name: shortcut, groups, shrunk, head, empty_stage, size.
        where: the block's or stage's id, or STEM, HEAD, WHOLE.
        place: how people name that place ("Stage 2, block 1", "Head").
        message: what is wrong, in shapes and words.
        repair: the one-click repair, where there is one.
    """

    code: str
    where: str
    place: str
    message: str
    repair: Repair | None = None

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A stem, block or head in its place.

    Args:
        id: the block's id, or STEM or HEAD.
        name: prefix of its layers' names ("layer1.0"); empty for stem and head.
        stage: index of its stage, or None.
        position: index within the stage, or None.
        part: what it becomes there.
        receptive: edge of the input window that one output pixel sees, in pixels, along the main path.
        jump: input pixels between two neighbouring output pixels (effective stride).
    """

    id: str
    name: str
    stage: int | None
    position: int | None
    part: Part
    receptive: int
    jump: int

    def full_name(self, layer: Layer) -> str:
        """The layer's name in the state_dict ("layer1.0.conv2")."""
        return f"{self.name}.{layer.name}" if self.name else layer.name


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
    """The meaning of a whole drawing. `units` holds stem, blocks, head, in order of computation."""

    design: Design
    units: tuple[Unit, ...]
    totals: Totals
    problems: tuple[Problem, ...]

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
    units = tuple(_units(design))
    return Plan(
        design=design, units=units, totals=_totals(design, units), problems=tuple(_problems(design, units))
    )


@lru_cache(maxsize=8192)
def _sight(part: Part) -> tuple[int, int]:
    """(growth of the receptive field in units of the arriving jump, factor on the jump) of the main path."""
    grown, jump = 0, 1
    for row in part.pre + part.body + part.after:
        if row.kind in (LayerKind.CONV, LayerKind.MAX_POOL):
            grown += (row.kernel - 1) * jump
            jump *= row.stride
    return grown, jump


class _Walk:
    """The shape, receptive field and jump as one walks from input to output."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.receptive = 1
        self.jump = 1
        self._sights: dict[int, tuple[int, int]] = {}

    def place(self, unit_id: str, name: str, part: Part, stage: int | None, position: int | None) -> Unit:
        sight = self._sights.get(id(part))
        if sight is None:
            sight = self._sights[id(part)] = _sight(part)
        self.receptive += sight[0] * self.jump
        self.jump *= sight[1]
        self.shape = part.output
        return Unit(
            id=unit_id, name=name, stage=stage, position=position, part=part, receptive=self.receptive, jump=self.jump
        )  # fmt: skip


def _units(design: Design) -> Iterator[Unit]:
    walk = _Walk(design.input.shape)
    yield walk.place(STEM, "", stem_part(design.stem, walk.shape), None, None)
    spec, shape, part = None, None, None
    for s, stage in enumerate(design.stages):
        prefix = f"layer{s + 1}."
        for b, block in enumerate(stage.blocks):
            # Neighbours in a run share spec and shape: skipping the memo's hash makes deep nets three times faster.
            if part is None or block.spec is not spec or walk.shape != shape:
                spec, shape = block.spec, walk.shape
                part = block_part(spec, shape)
            yield walk.place(block.id, f"{prefix}{b}", part, s, b)
    if design.head is not None:
        yield walk.place(HEAD, "", head_part(design.head, walk.shape), None, None)


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


def _problems(design: Design, units: tuple[Unit, ...]) -> Iterator[Problem]:
    for unit in units:
        for fault in unit.part.faults:
            repair = None
            if fault.spec is not None:
                repair = Repair(fault.label, partial(edits.replace_spec, block_id=unit.id, spec=fault.spec))
            yield Problem(fault.code, unit.id, place_words(unit), fault.message, repair)
    for stage in design.stages:
        if not stage.blocks:
            repair = Repair("Remove stage", partial(edits.remove_stage, stage_id=stage.id))
            yield Problem("empty_stage", stage.id, stage.name, "no block stands in this stage", repair)
    if design.head is None:
        repair = Repair("Add head", partial(edits.set_head, head=Head()))
        yield Problem("head", HEAD, "Head", "missing: nothing pools the last map and names a class", repair)
    params = sum(unit.part.params for unit in units)
    if params > MAX_PARAMS:
        message = f"{params:,} parameters; more than {MAX_PARAMS:,} are never built"
        yield Problem("size", WHOLE, "Design", message)


def place_words(unit: Unit) -> str:
    """How people name a unit's place: Stem, "Stage 2, block 1", Head."""
    if unit.stage is None or unit.position is None:
        return "Stem" if unit.id == STEM else "Head"
    return f"Stage {unit.stage + 1}, block {unit.position + 1}"

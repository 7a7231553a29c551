"""torchinfo as the source that confirms the Plan: layer for layer, shapes, parameters and multiply-adds. Draws nothing.

Memoised per distinct (spec, input shape), on throw-away modules: torchinfo with a device of its own would move the
caller's modules, and with an input of its own making use up the global random state. Small units run on the CPU, for the
first convolution on meta imports 900 modules (seconds); large ones on meta, which needs no memory and no time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
import torchinfo
from torch import nn

from resnet_studio.analysis.layers import WITHOUT_MODULE, Layer, Shape, elements
from resnet_studio.analysis.parts import Part, block_part, head_part, stem_part
from resnet_studio.analysis.plan import HEAD, STEM, Plan, Unit, analyse
from resnet_studio.design.types import BlockSpec, Design, Head, Stem
from resnet_studio.engine.build import blueprint, materialise
from resnet_studio.engine.modules import Block, Network
from resnet_studio.runs.results import Confirmed


@dataclass(frozen=True, slots=True)
class Counted:
    """One layer as torchinfo counted it."""

    name: str
    params: int
    macs: int
    output: Shape


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What torchinfo says of the sound part of a drawing.

    Args:
        params, macs: torchinfo's totals (its own convention), batch 1.
        rows: every layer, with the Plan's names.
        differences: in words, where Plan and torchinfo disagree; empty when they agree.
        skipped: ids of the units that have Problems and so cannot be built.
    """

    params: int
    macs: int
    rows: tuple[Counted, ...]
    differences: tuple[str, ...]
    skipped: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether every number that could be asked is confirmed."""
        return not self.differences

    @property
    def text(self) -> str:
        """All of it in one line."""
        if self.differences:
            count = len(self.differences)
            return f"torchinfo differs in {count} place{'s' if count > 1 else ''}: {self.differences[0]}"
        if self.skipped:
            count = len(self.skipped)
            return (
                f"torchinfo agrees on the sound part; {count} unit{'s' if count > 1 else ''} cannot be built"
            )
        return "torchinfo agrees"

    def to_wire(self) -> Confirmed:
        """The answer to a `confirm` request."""
        return {
            "agrees": self.agrees,
            "params": self.params,
            "macs": self.macs,
            "rows": [
                {"name": row.name, "params": row.params, "macs": row.macs, "output": list(row.output)}
                for row in self.rows
            ],
            "differences": list(self.differences),
            "skipped": list(self.skipped),
            "text": self.text,
        }


def confirm(source: Design | Plan) -> Confirmation:
    """Ask torchinfo about every unit that can be built. Never raises for a wrong drawing: its bad units are skipped."""
    plan = source if isinstance(source, Plan) else analyse(source)
    rows: list[Counted] = []
    differences: list[str] = []
    skipped: list[str] = []
    params = macs = 0
    for unit in plan.units:
        if unit.part.faults:
            skipped.append(unit.id)
            continue
        told = _asked(plan.design, unit)
        params += told.params
        macs += told.macs
        prefix = f"{unit.name}." if unit.name else ""
        rows += [Counted(prefix + row.name, row.params, row.macs, row.output) for row in told.rows]
        differences += [prefix + words for words in told.differences]
    return Confirmation(params, macs, tuple(rows), tuple(differences), tuple(skipped))


def full_summary(source: Design | Plan, *, device: str | None = None) -> Confirmation:
    """The same from one `torchinfo.summary` of the whole network, without any memo.

    Args:
        source: the drawing.
        device: "cpu" or "meta"; None takes the one that suits the size.

    Raises:
        ProblemsError: the drawing has Problems.
    """
    plan = source if isinstance(source, Plan) else analyse(source)
    small = (
        plan.totals.macs <= _WHOLE_MACS and max(_largest(unit.part) for unit in plan.units) <= _CPU_ELEMENTS
    )
    suits = "cpu" if small else "meta"
    rows, params, macs = _summary(blueprint(plan), plan.design.input.shape, device or suits)
    expected = [(name, layer) for name, layer, _ in plan.layers()]
    differences = _compare(expected, rows)
    totals = (("parameters", plan.totals.params, params), ("mult-adds", plan.totals.torchinfo_macs, macs))
    differences += [
        f"total {what}: counted {ours}, torchinfo {told}" for what, ours, told in totals if ours != told
    ]
    return Confirmation(params, macs, rows, tuple(differences), ())


@dataclass(frozen=True, slots=True)
class _Told:
    rows: tuple[Counted, ...]
    params: int
    macs: int
    differences: tuple[str, ...]


def _asked(design: Design, unit: Unit) -> _Told:
    shape = unit.part.input
    if unit.id == STEM:
        return _ask_stem(design.stem, shape)
    if unit.id == HEAD:
        assert design.head is not None
        return _ask_head(design.head, shape)
    assert unit.stage is not None
    assert unit.position is not None
    return _ask_block(design.stages[unit.stage].blocks[unit.position].spec, shape)


@lru_cache(maxsize=4096)
def _ask_block(spec: BlockSpec, shape: Shape) -> _Told:
    part = block_part(spec, shape)
    return _ask(part, Block(part))


@lru_cache(maxsize=256)
def _ask_stem(stem: Stem, shape: Shape) -> _Told:
    return _ask_alone(STEM, stem_part(stem, shape))


@lru_cache(maxsize=256)
def _ask_head(head: Head, shape: Shape) -> _Told:
    return _ask_alone(HEAD, head_part(head, shape))


def _ask_alone(unit_id: str, part: Part) -> _Told:
    unit = Unit(id=unit_id, name="", stage=None, position=None, part=part, receptive=0, jump=0)
    return _ask(part, Network((unit,)))


def _ask(part: Part, module: nn.Module) -> _Told:
    rows, params, macs = _summary(module, part.input, _suiting(part))
    differences = _compare([(row.name, row) for row in part.layers()], rows)
    if (part.params, part.torchinfo_macs) != (params, macs):
        differences.append(
            f"sum: counted {part.params} parameters and {part.torchinfo_macs} mult-adds, torchinfo {params} and {macs}"
        )
    return _Told(rows, params, macs, tuple(differences))


# Above these a CPU pass would take longer, or more memory, than meta's imports: for a unit about 50 ms and 64 MiB a tensor.
_UNIT_MACS, _WHOLE_MACS = 2**31, 2**34
_CPU_ELEMENTS = 2**24


def _suiting(part: Part) -> str:
    small = part.macs <= _UNIT_MACS and part.params <= _CPU_ELEMENTS and _largest(part) <= _CPU_ELEMENTS
    return "cpu" if small else "meta"


def _largest(part: Part) -> int:
    return max(elements(shape) for row in part.layers() for shape in (row.input, row.output))


def _compare(expected: Iterable[tuple[str, Layer]], rows: Iterable[Counted]) -> list[str]:
    """In words, where the Plan's layers and torchinfo's differ. Circled plus and times have no module, so torchinfo no row."""
    told = {row.name: row for row in rows}
    found: list[str] = []
    for name, layer in expected:
        if layer.kind in WITHOUT_MODULE:
            continue
        row = told.pop(name, None)
        if row is None:
            found.append(f"{name}: torchinfo has no such layer")
            continue
        pairs = (
            ("parameters", layer.params, row.params),
            ("mult-adds", layer.torchinfo_macs, row.macs),
            ("output", layer.output, row.output),
        )
        found += [
            f"{name}: counted {what} {ours}, torchinfo {its}" for what, ours, its in pairs if ours != its
        ]
    found += [f"{name}: torchinfo has it, the plan has not" for name in told]
    return found


def _summary(module: nn.Module, shape: Shape, device: str) -> tuple[tuple[Counted, ...], int, int]:
    """torchinfo's leaf rows with their full names, and its totals, for a module that stands on meta."""
    if device != "meta":
        materialise(module, device)
        for tensor in (*module.parameters(), *module.buffers()):
            tensor.detach().zero_()  # whatever lies in fresh memory may be denormal, and then ten times slower
    image = torch.zeros((1, *shape), device=device)
    module.eval()
    try:
        told: Any = torchinfo.summary(module, input_data=image, mode="eval", verbose=0, device=None)
    finally:
        # WORKAROUND torchinfo 1.8 keeps the last module of each class name alive, and its hooks' rows with it.
        torchinfo.torchinfo._cached_forward_pass.clear()
    rows = tuple(
        Counted(_full_name(info), info.num_params, info.macs, tuple(info.output_size[1:]))
        for info in told.summary_list
        if info.is_leaf_layer and info.depth > 0
    )
    return rows, told.total_params, told.total_mult_adds


def _full_name(info: Any) -> str:
    names: list[str] = []
    while info.parent_info is not None:
        names.append(info.var_name)
        info = info.parent_info
    return ".".join(reversed(names))

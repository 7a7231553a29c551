"""What training a drawing needs of a device's memory, before anything is built, and which batch would fit. Knows no settings by name.

Weights, gradients and what the optimizer carries are counted to the byte; so is what autograd keeps (`memory`). What libraries take
beside them (gradients of maps on their way, gaps between freed tensors, a checkpoint on its way to the disk) is measured: see
`benchmarks/memory.py`, which holds the sum within TOLERANCE of the peak of a real run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from resnet_studio.analysis.layers import elements
from resnet_studio.analysis.memory import FLOAT
from resnet_studio.analysis.parts import Part
from resnet_studio.analysis.plan import STEM, Plan

# The estimate lies within this part of the measured peak on the processor.
TOLERANCE = 0.15
# Taken up to here a device is not called full: others use it too.
SAFE = 0.9
# On the processor: gradients on their way and reordered copies, so many of the blocks' largest map; the gaps between freed tensors.
_COPIES, _GAPS = 6, 0.12
# Code that is made for the layers' shapes on a processor; cuDNN's working memory on a card.
_WORKSPACE = 30_000_000
_CARD_WORKSPACE = 100_000_000
# A checkpoint on its way to the disk, in parts of what it holds.
_SAVING = 1.15
# Validation takes twice a training batch; what a layer reads and what it writes are alive at once.
_CHECKING = 2 * 2
# A process with torch in it, on a card its context; no part of any peak that is measured.
PROGRAM, CARD_PROGRAM = 400_000_000, 500_000_000
_LARGEST = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What of a run's settings decides its memory.

    Args:
        batch: images of a step, on one device.
        parts: in how many parts a batch is taken.
        slots: numbers that the optimizer carries for each weight.
        averaged: whether a moving average of the weights is kept.
        half: whether the forward pass computes with 16 bits.
        on_card: whether the device is a graphics card.
        data: bytes of a data set that lives in memory.
    """

    batch: int
    parts: int = 1
    slots: int = 1
    averaged: bool = False
    half: bool = False
    on_card: bool = False
    data: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Bytes, by what they are for."""

    weights: int
    gradients: int
    optimizer: int
    average: int
    activations: int
    workspace: int
    data: int

    @property
    def total(self) -> int:
        """All of it."""
        return (
            self.weights + self.gradients + self.optimizer + self.average + self.activations + self.workspace + self.data
        )  # fmt: skip


def need(plan: Plan, load: Load) -> Need:
    """What one device needs at the peak of a run."""
    params = plan.totals.param_bytes
    # In 16 bits the weights are cast too.
    weights = params + (params // 2 if load.half else 0)
    optimizer, average = load.slots * params, params if load.averaged else 0
    # A checkpoint of a network on a card goes through the machine's memory.
    saving = round(_SAVING * (params + optimizer + average))
    return Need(
        weights=weights, gradients=params, optimizer=optimizer, average=average,
        activations=_activations(_each(plan, load), load),
        workspace=_CARD_WORKSPACE if load.on_card else _WORKSPACE + saving, data=load.data,
    )  # fmt: skip


def _activations(each: float, load: Load) -> int:
    return round(each * ceil(load.batch / load.parts))


def _each(plan: Plan, load: Load) -> float:
    """Bytes for each image of a part."""
    largest, in_blocks = _largest_maps(plan)
    kept = plan.totals.backward_bytes
    if load.on_card:
        # Tensor by tensor: when the backward pass begins all maps are kept, and one gradient is on its way.
        kept += in_blocks
    else:
        kept += round(_GAPS * kept) + _COPIES * in_blocks
    return (0.5 if load.half else 1.0) * max(kept, _CHECKING * largest)


# The plan that was asked about last: one verdict asks several times.
_LAST: list[tuple[Plan, tuple[int, int]]] = []


def _largest_maps(plan: Plan) -> tuple[int, int]:
    """Bytes of the largest map of one image: of the whole drawing, and of what stands behind the stem."""
    if not _LAST or _LAST[0][0] is not plan:
        sizes = [(_largest(unit.part), unit.id != STEM) for unit in plan.units]
        whole = max((size for size, _ in sizes), default=0)
        _LAST[:] = [(plan, (whole, max((size for size, behind in sizes if behind), default=0)))]
    return _LAST[0][1]


_KNOWN: dict[int, tuple[Part, int]] = {}
_MOST = 8192


def _largest(part: Part) -> int:
    """Bytes of a part's largest map of one image. Memoised by identity: it is asked for at every edit, and most parts stay."""
    known = _KNOWN.get(id(part))
    if known is not None and known[0] is part:
        return known[1]
    largest = FLOAT * max((elements(layer.output) for layer in part.layers()), default=0)
    if len(_KNOWN) >= _MOST:
        _KNOWN.clear()
    _KNOWN[id(part)] = (part, largest)
    return largest


def program(load: Load) -> int:
    """What the process itself takes, before any network."""
    return CARD_PROGRAM if load.on_card else PROGRAM


def fits(plan: Plan, load: Load, free: int) -> bool:
    """Whether a run of this load goes into so many free bytes."""
    return need(plan, load).total + program(load) <= SAFE * free


def _room(plan: Plan, load: Load, free: int) -> tuple[float, float]:
    """(bytes for each image of a part, bytes that are left for all of them)."""
    found = need(plan, load)
    return _each(plan, load), SAFE * free - program(load) - (found.total - found.activations)


def largest_batch(plan: Plan, load: Load, free: int) -> int:
    """The largest power of two that would fit as a batch; 0 where not even one image does."""
    each, room = _room(plan, load, free)
    batch = _LARGEST
    while batch and _activations(each, replace(load, batch=batch)) > room:
        batch //= 2
    return batch


def fewest_parts(plan: Plan, load: Load, free: int) -> int:
    """In how many parts this batch would fit, doubled until it does; 0 where it does in none."""
    each, room = _room(plan, load, free)
    parts = load.parts
    while parts <= load.batch:
        if _activations(each, replace(load, parts=parts)) <= room:
            return parts
        parts *= 2
    return 0

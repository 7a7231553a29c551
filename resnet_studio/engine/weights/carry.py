"""Weights follow their blocks: by the permanent ids, from the drawing they belong to into another. Knows no file and no run.

A name like `layer3.4.conv2` says where a block stands, not which one it is: when a block is inserted before it, names and
shapes still agree for the wrong ones. So tensors are matched by block id, then by what their layer does in the block.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import prod

import torch
from torch import Tensor

from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.plan import HEAD, STEM
from resnet_studio.design.types import Design
from resnet_studio.engine.weights.slots import Role, Shape, Slot, UnitSlots, unit_slots


class Way(StrEnum):
    """What becomes of one tensor of the target: the whole one is carried, a part of it is, or it begins fresh."""

    CARRIED = "carried"
    SLICED = "sliced"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """One tensor of the target.

    Args:
        name: its name there.
        way: what becomes of it.
        source: the tensor it comes from, in the file's names; empty when fresh.
        reason: why it is not carried whole; empty when it is.
        offered: it is fresh only because slicing was not allowed.
        summed: the three colours' kernels are added up, for grey images.
        numbers: how many numbers it has.
        kept: how many of them come from the file.
    """

    name: str
    way: Way
    source: str = ""
    reason: str = ""
    offered: bool = False
    summed: bool = False
    numbers: int
    kept: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFates:
    """One unit of the target: its id, its name in the state_dict, how people name it, its tensors."""

    id: str
    name: str
    place: str
    fates: tuple[Fate, ...]

    def count(self, way: Way) -> int:
        """How many of its tensors go that way."""
        return sum(fate.way is way for fate in self.fates)

    @property
    def is_whole(self) -> bool:
        """Whether all of it comes from the file; so also where there is nothing to carry."""
        return all(fate.way is Way.CARRIED for fate in self.fates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a carry does, or would do.

    Args:
        origin, target: names of the two drawings.
        units: every unit of the target.
        unused: names of the file's tensors that go nowhere.
    """

    origin: str
    target: str
    units: tuple[UnitFates, ...]
    unused: tuple[str, ...]

    def fates(self) -> Iterator[Fate]:
        """Every tensor of the target."""
        for unit in self.units:
            yield from unit.fates

    def count(self, way: Way) -> int:
        """How many tensors go that way."""
        return sum(unit.count(way) for unit in self.units)

    @property
    def offered(self) -> int:
        """How many tensors could be sliced, were it allowed."""
        return sum(fate.offered for fate in self.fates())

    @property
    def numbers(self) -> int:
        """Numbers of the whole target, buffers included."""
        return sum(fate.numbers for fate in self.fates())

    @property
    def kept(self) -> int:
        """Numbers that come from the file."""
        return sum(fate.kept for fate in self.fates())

    @property
    def text(self) -> str:
        """All of it in one line."""
        counts = Counter(fate.way for fate in self.fates())
        parts = [f"{counts[way]} {way}" for way in Way if counts[way] or way is not Way.SLICED]
        share = 100 * self.kept / max(self.numbers, 1)
        left = f"; {len(self.unused)} of the file's are not used" if self.unused else ""
        # Rounded down: 99.99 % is not all.
        return f"{', '.join(parts)} of {sum(counts.values())} tensors ({int(share * 10) / 10:g} % of the numbers){left}"


def compare(origin: Design, target: Design, shapes: Mapping[str, Shape], *, slices: bool = False) -> Report:
    """What `carry` would do, from names and shapes alone.

    Args:
        origin: the drawing that the weights belong to.
        target: the drawing that gets them.
        shapes: of the tensors that are there, by the origin's names; what is missing begins fresh.
        slices: whether a part of a tensor may be carried where channels changed.

    Raises:
        ProblemsError: a drawing has Problems.
    """
    origins = unit_slots(origin)
    theirs = {slot.key: slot for unit in origins for slot in unit.slots}
    there = {unit.id for unit in origins}
    units = tuple(
        UnitFates(
            id=unit.id, name=unit.name, place=unit.place,
            fates=tuple(_fates(unit, theirs, there, shapes, slices=slices)),
        )
        for unit in unit_slots(target)
    )  # fmt: skip
    used = {fate.source for unit in units for fate in unit.fates}
    unused = tuple(name for name in shapes if name not in used)
    return Report(origin=origin.name, target=target.name, units=units, unused=unused)


def carry(
    origin: Design,
    target: Design,
    state: Mapping[str, Tensor],
    *,
    fresh: Mapping[str, Tensor],
    slices: bool = False,
) -> tuple[dict[str, Tensor], Report]:
    """The target's state_dict, each tensor from its own block of the origin where there is one.

    Args:
        origin: the drawing that the weights belong to.
        target: the drawing that gets them.
        state: by the origin's names, known to have its shapes.
        fresh: the target's whole state_dict with fresh weights, for everything else; not changed.
        slices: whether a part of a tensor may be carried where channels changed.

    Raises:
        ProblemsError: a drawing has Problems.
    """
    report = compare(
        origin, target, {name: tuple(tensor.shape) for name, tensor in state.items()}, slices=slices
    )
    made = {fate.name: _made(fate, state, fresh[fate.name]) for fate in report.fates()}
    return made, report


@torch.no_grad()
def _made(fate: Fate, state: Mapping[str, Tensor], fresh: Tensor) -> Tensor:
    made = fresh.detach().clone()
    if fate.way is Way.FRESH:
        return made
    source = state[fate.source].to(made.dtype)
    if fate.way is Way.CARRIED:
        made.copy_(source)
    elif fate.summed:
        made.copy_(source.sum(dim=1, keepdim=True))
    else:
        place = tuple(slice(0, size) for size in _overlap(tuple(source.shape), tuple(made.shape)))
        made[place] = source[place]
    return made


def _overlap(first: Shape, second: Shape) -> Shape:
    return tuple(map(min, first, second))


# --- one tensor -------------------------------------------------------------------------------------------------------


def _fates(
    unit: UnitSlots,
    theirs: Mapping[tuple[str, Role, str], Slot],
    there: set[str],
    shapes: Mapping[str, Shape],
    *,
    slices: bool,
) -> Iterator[Fate]:
    made = {slot.key: _fate(slot, theirs, there, shapes, slices=slices) for slot in unit.slots}
    for slot in unit.slots:
        fate = made[slot.key]
        means = made.get((slot.unit, slot.role, "running_mean"))
        if slot.suffix == "num_batches_tracked" and means is not None and means.way is Way.FRESH:
            # It counts what the running mean has seen: one number that always fits would look like something carried.
            fate = Fate(name=slot.name, way=Way.FRESH, numbers=fate.numbers, reason=means.reason)
        yield fate


def _fate(
    slot: Slot,
    theirs: Mapping[tuple[str, Role, str], Slot],
    there: set[str],
    shapes: Mapping[str, Shape],
    *,
    slices: bool,
) -> Fate:
    numbers = prod(slot.shape)
    source = theirs.get(slot.key)
    if source is None or source.name not in shapes:
        return Fate(name=slot.name, way=Way.FRESH, numbers=numbers, reason=_why_none(slot, source, there))
    if source.shape == slot.shape and not _other_layer(source, slot):
        return Fate(name=slot.name, way=Way.CARRIED, source=source.name, numbers=numbers, kept=numbers)
    reason = _other_layer(source, slot) or _why_whole_no_part(source, slot)
    if reason:
        return Fate(name=slot.name, way=Way.FRESH, numbers=numbers, reason=reason)
    words = f"{_words(source.shape)} → {_words(slot.shape)}"
    if not slices:
        return Fate(name=slot.name, way=Way.FRESH, numbers=numbers, reason=words, offered=True)
    # A grey image is one whose three colours are equal: the sum of their kernels answers it as the three would.
    grey = _is_grey_of_colour(source, slot)
    return Fate(
        name=slot.name, way=Way.SLICED, source=source.name, numbers=numbers, summed=grey,
        kept=numbers if grey else prod(_overlap(source.shape, slot.shape)),
        reason=f"{words}, colours summed" if grey else words,
    )  # fmt: skip


def _why_none(slot: Slot, source: Slot | None, there: set[str]) -> str:
    if source is not None:
        return "not in the file"
    if slot.unit not in there:
        return "a new block" if slot.unit not in (STEM, HEAD) else "not in the origin"
    return "no such layer there"


def _other_layer(source: Slot, slot: Slot) -> str:
    """Why two layers of one role do not mean the same; empty when they do."""
    old, new = source.layer, slot.layer
    if old.kind is LayerKind.CONV and old.kernel != new.kernel:
        return f"kernel {old.kernel} → {new.kernel}"
    if old.kind is LayerKind.NORM and old.groups != new.groups:
        return "another norm"
    if old.groups != new.groups and _group_shape(source) != _group_shape(slot):
        return f"{old.groups} → {new.groups} groups"
    return ""


def _why_whole_no_part(source: Slot, slot: Slot) -> str:
    """Why not even a part can be carried between other shapes; empty when it can."""
    old, new = source.layer, slot.layer
    if slot.unit == HEAD and old.kind is LayerKind.LINEAR and old.output != new.output:
        return f"{old.output[0]} → {new.output[0]} classes"
    if max(old.groups, new.groups) > 1 and _group_shape(source) != _group_shape(slot):
        # Channel 5 stands in another group now, and sees others than it was trained on.
        return "the groups hold other channels"
    return ""


def _is_grey_of_colour(source: Slot, slot: Slot) -> bool:
    """The network's first convolution, once for colour images, now for grey ones."""
    if slot.unit != STEM or len(slot.shape) != 4:
        return False
    others = (source.shape[0], *source.shape[2:]) == (slot.shape[0], *slot.shape[2:])
    return others and (source.shape[1], slot.shape[1]) == (3, 1)


def _group_shape(slot: Slot) -> tuple[int, int]:
    """Channels that arrive at and leave one group of a convolution."""
    groups = max(slot.layer.groups, 1)
    return slot.layer.input[0] // groups, slot.layer.output[0] // groups


def _words(shape: Shape) -> str:
    return "x".join(map(str, shape)) or "one number"

"""The tensors of a network as places with a meaning: whose block, which layer, what it does there. Knows no file.

A name tells where a tensor stands now; a Slot tells what it is, so that it can be found again when its block has moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import torch

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.plan import Unit, place_words
from resnet_studio.design.types import Design
from resnet_studio.engine.build import sound_plan
from resnet_studio.engine.modules import Block, Network

Shape = tuple[int, ...]
# What a layer does within its unit: (row, kind, which one). Two layers of one role mean the same.
Role = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One tensor of a network.

    Args:
        name: in the state_dict ("layer3.4.conv2.weight").
        unit: id of its block, or STEM or HEAD.
        role: what its layer does in the unit.
        suffix: which of the layer's tensors ("weight", "running_mean").
        shape, dtype: what the network wants there.
        layer: the layer.
    """

    name: str
    unit: str
    role: Role
    suffix: str
    shape: Shape
    dtype: torch.dtype
    layer: Layer

    @property
    def key(self) -> tuple[str, Role, str]:
        """What finds the same tensor in another version of the drawing."""
        return self.unit, self.role, self.suffix


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSlots:
    """The tensors of one unit, with how people name it."""

    id: str
    name: str
    place: str
    slots: tuple[Slot, ...]


@lru_cache(maxsize=8)
def unit_slots(design: Design) -> tuple[UnitSlots, ...]:
    """Every unit of a drawing with its tensors, in order of computation. The last few drawings are remembered.

    Raises:
        ProblemsError: the drawing has Problems.
    """
    # Equal blocks share one part: the modules of each are made once, which in deep nets is nearly all of the time.
    known: dict[int, tuple[_Tensor, ...]] = {}
    units: list[UnitSlots] = []
    for unit in sound_plan(design).units:
        tensors = known.get(id(unit.part))
        if tensors is None:
            tensors = known[id(unit.part)] = tuple(_tensors(unit))
        before = f"{unit.name}." if unit.name else ""
        slots = tuple(
            Slot(
                name=before + one.name, unit=unit.id, role=one.role, suffix=one.suffix, shape=one.shape,
                dtype=one.dtype, layer=one.layer,
            )
            for one in tensors
        )  # fmt: skip
        units.append(UnitSlots(id=unit.id, name=unit.name, place=place_words(unit), slots=slots))
    return tuple(units)


class _Tensor(NamedTuple):
    """A tensor within its unit, wherever that stands."""

    name: str
    role: Role
    suffix: str
    shape: Shape
    dtype: torch.dtype
    layer: Layer


def _tensors(unit: Unit) -> Iterator[_Tensor]:
    part = unit.part
    module = Network((unit,)) if unit.stage is None else Block(part)
    rows = {"pre": part.pre, "body": part.body, "shortcut": part.shortcut, "after": part.after}
    layers = {
        layer.name: (role, layer) for place, row in rows.items() for role, layer in _roles_of(place, row)
    }
    for name, tensor in module.state_dict().items():
        layer_name, suffix = _split(name, layers)
        role, layer = layers[layer_name]
        yield _Tensor(name, role, suffix, tuple(tensor.shape), tensor.dtype, layer)


def _split(name: str, layers: Mapping[str, object]) -> tuple[str, str]:
    """("bn1", "running_mean"); a layer with modules of its own keeps their names in the second."""
    layer = name
    while layer not in layers:
        layer = layer.rpartition(".")[0]
        if not layer:
            raise AssertionError(f"the tensor {name} belongs to no layer of the plan")
    return layer, name[len(layer) + 1 :]


def _roles_of(place: str, layers: tuple[Layer, ...]) -> Iterator[tuple[Role, Layer]]:
    """A convolution is the k-th of n; a norm is the one behind the k-th, whatever number its name bears in this order."""
    # The attention stands beside the branch: its layers are what their names say.
    main = [layer for layer in layers if layer.kind is LayerKind.CONV and not layer.name.startswith("se.")]
    seen = 0
    for layer in layers:
        if layer.name.startswith("se."):
            yield (place, layer.kind.value, layer.name), layer
        elif layer.kind is LayerKind.CONV:
            seen += 1
            yield (place, layer.kind.value, f"{seen} of {len(main)}"), layer
        elif layer.kind is LayerKind.NORM:
            yield (place, layer.kind.value, f"behind {seen} of {len(main)}"), layer
        else:
            yield (place, layer.kind.value, layer.name), layer

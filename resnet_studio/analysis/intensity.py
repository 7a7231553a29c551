"""Arithmetic intensity: floating-point operations for each byte that is moved. Knows no machine and no view.

Every layer reads what arrives and its weights once and writes what leaves once, in float32, for one image, and nothing is
fused or kept in a cache: the usual lower bound for a framework that runs layer by layer (Williams et al. 2009, roofline).
An addition reads two maps; a circled times reads a map and its weights; a batch norm reads its running statistics too;
dropout and stochastic depth do nothing at inference. Operations are all of them, a multiply-add being two.
"""

from __future__ import annotations

from resnet_studio.analysis.conventions import part_work
from resnet_studio.analysis.layers import Layer, LayerKind, elements
from resnet_studio.analysis.parts import Part
from resnet_studio.analysis.plan import Plan

FLOAT = 4
_IDLE = (LayerKind.DROPOUT, LayerKind.DROP_PATH)


def layer_bytes(layer: Layer) -> int:
    """Bytes that one layer moves."""
    if layer.kind in _IDLE or not layer.sound:
        return 0
    moved = elements(layer.input) + elements(layer.output) + layer.params
    if layer.kind is LayerKind.ADD:
        moved += elements(layer.input)
    elif layer.kind is LayerKind.SCALE:
        moved += layer.input[0]
    elif layer.kind is LayerKind.NORM and not layer.groups:
        moved += layer.params  # as many running statistics as scales and shifts
    return FLOAT * moved


_KNOWN: dict[int, tuple[Part, int]] = {}
_MOST = 8192


def part_bytes(part: Part) -> int:
    """Bytes that a stem, block or head moves. Memoised, as the work is."""
    known = _KNOWN.get(id(part))
    if known is not None and known[0] is part:
        return known[1]
    moved = sum(map(layer_bytes, part.layers()))
    if len(_KNOWN) >= _MOST:
        _KNOWN.clear()
    _KNOWN[id(part)] = (part, moved)
    return moved


def part_intensity(part: Part) -> float:
    """Operations for each byte, in one stem, block or head; 0 where nothing moves."""
    moved = part_bytes(part)
    return part_work(part).operations / moved if moved else 0.0


def plan_bytes(plan: Plan) -> int:
    """Bytes that the sound part of a drawing moves for one image."""
    return sum(part_bytes(unit.part) for unit in plan.units)


def plan_intensity(plan: Plan) -> float:
    """Operations for each byte, over the sound part of a drawing."""
    moved = plan_bytes(plan)
    return sum(part_work(unit.part).operations for unit in plan.units) / moved if moved else 0.0

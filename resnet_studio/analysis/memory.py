"""Which tensors autograd keeps for the backward pass, by the rules of each layer. Counts bytes of float32 at batch 1.

Convolution, norm, pooling and the classifier keep what arrives (a max-pool also one 8-byte index per output); ReLU and the
sigmoid of a gate keep what leaves; other activations keep what arrives; dropout keeps its mask; the circled times keeps both
its factors; the addition keeps nothing. A tensor kept twice is one tensor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from resnet_studio.analysis.layers import Layer, LayerKind, Shape
from resnet_studio.design.types import Activation

FLOAT = 4
INDEX = 8
_KEEPS_INPUT = (
    LayerKind.CONV,
    LayerKind.CONV_1D,
    LayerKind.NORM,
    LayerKind.MAX_POOL,
    LayerKind.AVG_POOL,
    LayerKind.LINEAR,
)
_POOLS_ASIDE = (LayerKind.GLOBAL_POOL, LayerKind.CHANNEL_POOL)


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes per image that one unit adds.

    Args:
        inside: tensors made and kept within the unit, without its output.
        output: size of the unit's output, kept once if the unit itself or whoever reads it keeps it.
        keeps_output: the unit itself keeps its output.
        keeps_input: the unit keeps what arrives.
    """

    inside: int = 0
    output: int = 0
    keeps_output: bool = False
    keeps_input: bool = False


class _Tensors:
    def __init__(self, shape: Shape) -> None:
        self.sizes = [prod(shape) * FLOAT]
        self.kept: set[int] = set()
        self.extra = 0

    def run(self, start: int, rows: Iterable[Layer]) -> int:
        weighed = start  # the map that an attention's circled times will weigh
        for row in rows:
            made = len(self.sizes)
            self.sizes.append(prod(row.output) * FLOAT)
            relu = row.activation is Activation.RELU
            if row.kind in _KEEPS_INPUT or (row.activation is not None and not relu):
                self.kept.add(start)
            if relu or row.kind is LayerKind.GATE:
                self.kept.add(made)
            if row.kind in _POOLS_ASIDE:
                weighed = start
            if row.kind is LayerKind.SCALE:
                self.kept |= {weighed, start}
            self.extra += self._beside(row, start)
            start = made
        return start

    def _beside(self, row: Layer, start: int) -> int:
        """What a layer keeps that is neither its input nor its output; marks the input where a maximum needs it."""
        if row.kind is LayerKind.MAX_POOL:
            return prod(row.output) * INDEX
        if row.kind is LayerKind.GLOBAL_POOL and row.pool != "avg":
            self.kept.add(start)
            return row.output[0] * INDEX
        if row.kind is LayerKind.CHANNEL_POOL:
            self.kept.add(start)
            return prod(row.output[1:]) * INDEX
        return prod(row.output) * FLOAT if row.kind is LayerKind.DROPOUT else 0


def kept_for_backward(
    shape: Shape,
    *,
    pre: tuple[Layer, ...],
    body: tuple[Layer, ...],
    shortcut: tuple[Layer, ...],
    add: Layer | None,
    after: tuple[Layer, ...],
    shortcut_from_pre: bool,
) -> Kept:
    """What one unit keeps, its rows as in `Part`."""
    tensors = _Tensors(shape)
    forked = tensors.run(0, pre)
    end = tensors.run(forked, body)
    tensors.run(forked if shortcut_from_pre else 0, shortcut)
    if add is not None:
        end = len(tensors.sizes)
        tensors.sizes.append(prod(add.output) * FLOAT)
    end = tensors.run(end, after)
    inside = sum(tensors.sizes[index] for index in tensors.kept - {0, end}) + tensors.extra
    return Kept(inside, tensors.sizes[end], end in tensors.kept, 0 in tensors.kept)

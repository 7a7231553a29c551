"""Random numbers as a function of (seed, epoch, index): sample order and augmentation without any generator's state.

This is what makes a resumed run equal an uninterrupted one at any step, with any number of loader workers. Knows no images.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

import torch
from torch import Tensor

from resnet_studio.engine.device import exact_type


class Stream(IntEnum):
    """What a draw is for; draws of different streams are independent."""

    ORDER = 1
    ROW = 2
    COLUMN = 3
    MIRROR = 4
    SCALE = 5
    RATIO = 6
    POLICY = 7
    MAGNITUDE = 8
    SIGN = 9
    ERASE = 10
    ERASE_AREA = 11
    ERASE_RATIO = 12
    ERASE_ROW = 13
    ERASE_COLUMN = 14
    MIX = 15


# Makes something of dice and some numbers.
Making = Callable[..., Tensor]

# The constants of splitmix64 (Steele et al. 2014, "Fast splittable pseudorandom number generators"), as signed 64-bit numbers.
_GOLDEN = 0x9E3779B97F4A7C15 - 2**64
_MIX_1 = 0xBF58476D1CE4E5B9 - 2**64
_MIX_2 = 0x94D049BB133111EB - 2**64


def _shifted(x: Tensor, bits: int) -> Tensor:
    """Logical shift to the right; torch's is arithmetic for signed numbers."""
    return (x >> bits) & ((1 << (64 - bits)) - 1)


def _mixed(x: Tensor) -> Tensor:
    x = (x ^ _shifted(x, 30)) * _MIX_1
    x = (x ^ _shifted(x, 27)) * _MIX_2
    return x ^ _shifted(x, 31)


def key(*parts: int) -> int:
    """splitmix64 over the parts, as a signed 64-bit number; in plain ints, for a tensor operation costs a microsecond."""
    whole = 2**64 - 1
    state = 0
    for part in parts:
        x = (state + (part + 1) * _GOLDEN) & whole
        x = ((x ^ (x >> 30)) * _MIX_1) & whole
        x = ((x ^ (x >> 27)) * _MIX_2) & whole
        state = x ^ (x >> 31)
    return state - 2**64 if state >= 2**63 else state


def draws(seed: int, epoch: int, indices: Tensor, stream: Stream, attempt: int = 0) -> Tensor:
    """One number from 0 to 2**31 - 1 for each index: int64, of the indices' shape and device; another one at each attempt."""
    if indices.device.type == "mps":
        # What overflows is promised on processors and NVIDIA's cards alone.
        return draws(seed, epoch, indices.cpu(), stream, attempt).to(indices.device)
    again = (attempt,) if attempt else ()
    return _shifted(_mixed(indices * _GOLDEN + key(seed, epoch, int(stream), *again)), 33)


class Dice:
    """What is drawn in an epoch for some images, made once: that of a whole epoch serves all its batches, each its own part.

    Drawing for every batch anew would cost a graphics card some fifty tiny kernels a step.

    Args:
        seed: of the run.
        epoch: from 1.
        indices: (N,) of the images, on the processor.
        device: where the draws are wanted.
    """

    def __init__(self, seed: int, epoch: int, indices: Tensor, device: torch.device | str = "cpu") -> None:
        self.seed, self.epoch, self.here = seed, epoch, indices
        self.indices = indices.to(device, non_blocking=True)
        self._kept: dict[tuple[Stream, int], Tensor] = {}
        self._made: dict[tuple[Making, tuple[int, ...]], Tensor] = {}

    def part(self, start: int, stop: int) -> Dice:
        """Those of the images from `start` to `stop`."""
        return _Part(self, slice(start, stop))

    def draws(self, stream: Stream) -> Tensor:
        """One number from 0 to 2**31 - 1 for each image: (N,) int64, on the device."""
        return self.integers(stream, 2**31)

    def integers(self, stream: Stream, below: int) -> Tensor:
        """One whole number from 0 to below - 1 for each image: (N,) int64, on the device."""
        asked = (stream, below)
        if asked not in self._kept:
            self._kept[asked] = draws(self.seed, self.epoch, self.indices, stream) % below
        return self._kept[asked]

    def uniforms(self, stream: Stream, attempt: int = 0) -> Tensor:
        """One number from 0 to 1, 1 excluded, for each image: (N,) float64, on Apple's cards float32, on the device.

        Those of later attempts are not kept.
        """
        drawn = draws(self.seed, self.epoch, self.indices, stream, attempt) if attempt else self.draws(stream)
        return drawn.to(exact_type(self.indices.device)) / 2.0**31

    def made(self, make: Making, *numbers: int) -> Tensor:
        """What `make` makes of these dice and the numbers: (N, ...), each image's by its own draws alone. Made once."""
        asked = (make, numbers)
        if asked not in self._made:
            self._made[asked] = make(self, *numbers)
        return self._made[asked]

    def on_processor(self) -> Dice:
        """The same, drawn where nobody has to wait for the device to learn what came up."""
        return Dice(self.seed, self.epoch, self.here)


class _Part(Dice):
    """Some images of another's."""

    def __init__(self, whole: Dice, place: slice) -> None:
        self.seed, self.epoch = whole.seed, whole.epoch
        self.here, self.indices = whole.here[place], whole.indices[place]
        self._whole, self._place = whole, place

    def integers(self, stream: Stream, below: int) -> Tensor:
        """One whole number from 0 to below - 1 for each image: (N,) int64, on the device."""
        return self._whole.integers(stream, below)[self._place]

    def made(self, make: Making, *numbers: int) -> Tensor:
        """What `make` makes of these dice and the numbers: (N, ...), each image's by its own draws alone. Made once for all."""
        return self._whole.made(make, *numbers)[self._place]


def order(seed: int, epoch: int, count: int) -> Tensor:
    """The order in which an epoch sees its images: a permutation, int64 on the CPU."""
    return torch.argsort(draws(seed, epoch, torch.arange(count), Stream.ORDER), stable=True)

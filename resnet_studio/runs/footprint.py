"""What of a run's settings decides its memory, as plain numbers for `analysis.training_memory.Load`. Knows no network."""

from __future__ import annotations

from math import ceil, prod
from typing import TypedDict

from resnet_studio.runs.spec import TrainSpec

# Above this a data set stays in the machine's memory, and only batches go to the card.
RESIDENT_BYTES = 4 * 2**30
_SLOTS = {"adamw": 2, "adam": 2, "nadam": 2}


class Footprint(TypedDict):
    """The arguments of Load."""

    batch: int
    parts: int
    slots: int
    averaged: bool
    half: bool
    on_card: bool
    data: int


def footprint(
    spec: TrainSpec,
    *,
    device: str,
    devices: int = 1,
    train: int = 0,
    val: int = 0,
    shape: tuple[int, int, int] | None = None,
) -> Footprint:
    """What a run with these settings asks of one device.

    Args:
        spec: the settings.
        device: as torch names it ("cpu", "cuda:0").
        devices: how many share each batch.
        train, val: images of the two splits of the data, 0 while unknown.
        shape: of one image of the data, None while unknown.
    """
    on_card = device.partition(":")[0] not in ("cpu", "mps")
    data = 0 if shape is None or spec.data == "folder" else (train + val) * prod(shape)
    batch = min(spec.batch_size, train) if train else spec.batch_size
    return {
        "batch": ceil(batch / devices),
        "parts": spec.parts,
        "slots": slots(spec),
        "averaged": spec.averaging > 0,
        "half": spec.precision != "float32",
        "on_card": on_card,
        "data": 0 if on_card and data > RESIDENT_BYTES else data,
    }


def slots(spec: TrainSpec) -> int:
    """Numbers that the optimizer carries for each weight."""
    moving = int(spec.momentum > 0)
    return _SLOTS.get(spec.optimizer, moving + (spec.optimizer == "rmsprop"))

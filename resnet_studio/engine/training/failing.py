"""What torch says where training fails, told in words with a remedy. Knows no run's folder and no loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import torch

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.device import is_out_of_memory
from resnet_studio.engine.training.advice import MemoryAdvice
from resnet_studio.engine.training.world import World, gone
from resnet_studio.language import tr

T = TypeVar("T")


def in_words(trained: Iterator[T], world: World, advice: MemoryAdvice) -> Iterator[T]:
    """All that `trained` gives.

    Raises:
        StudioError: what torch cannot do of it, or what failed beneath it.
    """
    try:
        yield from trained
    except (RuntimeError, MemoryError) as error:
        told = str(error).partition("\n")[0][:200]
        if "deterministic" in told:
            raise StudioError(
                tr("This network cannot be trained deterministically: {told}", told=told),
                tr("Switch Deterministic off."),
            ) from error
        if world.lost(error):
            raise gone(told) from error
        if _is_cards_fault(error):
            raise StudioError(
                tr("The graphics card failed: {told}", told=told),
                tr(
                    "Look whether another program has it for itself, and at the driver's log; then resume, or choose another device. Restart the machine if it stays so."
                ),
            ) from error
        if not is_out_of_memory(error):
            raise
    else:
        return
    # Outside the except block, whose traceback would keep every tensor of the step alive.
    raise advice.error()


def _is_cards_fault(error: BaseException) -> bool:
    """Whether the driver says that the card failed (busy, lost, a fault of its own): not memory, nor what a wrong index is told as."""
    told = str(error).lower()
    return isinstance(error, torch.AcceleratorError) and not is_out_of_memory(error) and "assert" not in told

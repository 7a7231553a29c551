"""Numbers on their way from the device to the processor, which need not wait for anything behind them. Knows no training."""

from __future__ import annotations

import torch
from torch import Tensor


class Telling:
    """Sent where it is made, among the work that the device has in line; waited for only where it is read.

    A plain `.tolist()` would wait for all that is in line by then, and leave the device without work until more is launched.

    Args:
        numbers: (n,) on any device.
    """

    def __init__(self, numbers: Tensor) -> None:
        self._numbers, self._there = numbers, None
        if numbers.device.type == "cuda":
            # Only into memory that stays in its place can a card write by itself.
            self._numbers = torch.empty_like(numbers, device="cpu", pin_memory=True)
            self._numbers.copy_(numbers, non_blocking=True)
            # Blocking: whoever waits sleeps, and leaves the processor to the loaders.
            self._there = torch.cuda.Event(blocking=True)  # type: ignore[no-untyped-call]
            self._there.record(torch.cuda.current_stream(numbers.device))

    def read(self) -> list[float]:
        """The numbers, as soon as they are there."""
        if self._there is not None:
            self._there.synchronize()
        told: list[float] = self._numbers.tolist()
        return told

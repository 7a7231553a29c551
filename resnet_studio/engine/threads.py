"""How many threads a network deserves: small ones lose more by waiting for each other than they gain. Knows no loop."""

from __future__ import annotations

import torch

from resnet_studio.analysis.plan import Plan
from resnet_studio.engine.device import cpu_count

# Multiply-adds of one forward pass that keep a thread busy long enough to be worth its synchronisation.
_WORTH_A_THREAD = 150_000_000


def sensible_threads(macs: int, batch_size: int, available: int) -> int:
    """Threads for batches of this size of a network with so many multiply-adds per image."""
    return max(1, min(available, macs * batch_size // _WORTH_A_THREAD))


def use_sensible_threads(
    plan: Plan, batch_size: int, device: torch.device, *, available: int | None = None
) -> None:
    """Set torch's threads for this process; so many are `available`, or as many as the machine lets it have."""
    if device.type == "cpu":
        most = cpu_count() if available is None else available
        torch.set_num_threads(sensible_threads(plan.totals.macs, batch_size, most))

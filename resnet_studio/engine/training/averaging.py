"""The moving average of a network's weights, which often generalises better than the last step's. Knows no loop.

Polyak and Juditsky 1992; the warm-up of the decay is the one of TensorFlow's ExponentialMovingAverage.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn


class Average:
    """A second network whose floating-point state follows the first: a += (1 - d) (w - a), d rising to `decay`."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.decay = decay
        self.network = copy.deepcopy(network).eval().requires_grad_(requires_grad=False)
        self.steps = 0
        self._floats, self._others = _pairs(self.network, network)

    @torch.no_grad()
    def follow(self) -> None:
        """Take the weights in as they are now."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        kept, new = self._floats
        torch._foreach_lerp_(kept, new, 1 - decay)
        for mine, its in zip(*self._others, strict=True):
            mine.copy_(its)


def _pairs(
    mine: nn.Module, its: nn.Module
) -> tuple[tuple[list[Tensor], list[Tensor]], tuple[list[Tensor], list[Tensor]]]:
    """The tensors of both that are averaged, and those that count (the norms' batches), which are copied."""
    ours, theirs = mine.state_dict(), its.state_dict()
    floats = [name for name, value in ours.items() if value.is_floating_point()]
    others = [name for name in ours if name not in set(floats)]
    averaged = ([ours[name] for name in floats], [theirs[name] for name in floats])
    return averaged, ([ours[name] for name in others], [theirs[name] for name in others])

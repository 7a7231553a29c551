"""What stands before a step's gradients are taken, to put it back where they are to be taken again. Knows no optimizer's step."""

from __future__ import annotations

import torch

from resnet_studio.engine.training.state import State, random_states, set_random_states


class Before:
    """A forward and a backward pass change gradients, the norms' statistics and the random numbers; nothing else."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._device = next(state.network.parameters()).device
        self._buffers = [(buffer, buffer.clone()) for buffer in state.network.buffers()]
        self._random = random_states(self._device)

    @torch.no_grad()
    def put_back(self) -> None:
        """As if the passes had never been."""
        self._state.optimizer.zero_grad(set_to_none=True)
        for buffer, kept in self._buffers:
            buffer.copy_(kept)
        set_random_states(self._random, self._device)

"""Networks that run out of memory in the middle of their forward pass, as on a card that is full; knows no test."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from resnet_studio.engine.build import build

ENDLESS = 10**9


def running_out(*, train: int, validate: int = ENDLESS, after: int = 0) -> Callable[[Any], nn.Module]:
    """A builder in `build`'s place: behind so many passes, batches of more images than these do not fit."""

    def made(plan: Any) -> nn.Module:
        network = build(plan)
        passes = 0

        def full(module: nn.Module, args: tuple[torch.Tensor]) -> None:
            nonlocal passes
            passes += 1
            # Its own module, since the hook goes along into the copy that averages the weights and validates.
            if passes > after and len(args[0]) > (train if module.training else validate):
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

        # Behind the stem, whose norm has counted the batch already.
        network.get_submodule("layer2").register_forward_pre_hook(full)
        return network

    return made

"""Trains runs one after another as one process of several, in which memory seems to run out in the second one: run by torchrun."""

import os
import sys
from pathlib import Path
from typing import Any

import torch
from torch import nn

from resnet_studio.engine.build import build
from resnet_studio.engine.training import command
from resnet_studio.runs.folder import RunFolder


def made_small(room: int, after: int) -> Any:
    """A builder of networks that run out in the middle of a pass, behind so many, above so many images."""

    def made(plan: Any) -> nn.Module:
        network = build(plan)
        passes = 0

        def full(module: nn.Module, args: tuple[torch.Tensor]) -> None:
            nonlocal passes
            passes += 1
            if passes > after and module.training and len(args[0]) > room:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

        network.get_submodule("layer2").register_forward_pre_hook(full)
        return network

    return made


def main() -> None:
    """Arguments: a run's folder, how many images fit, and behind how many passes, any number of times."""
    torch.set_num_threads(1)
    told = zip(sys.argv[1::3], sys.argv[2::3], sys.argv[3::3], strict=True)
    for number, (path, room, after) in enumerate(told):
        # Each run meets in a store of its own.
        os.environ["TORCHELASTIC_RESTART_COUNT"] = str(number)
        small = made_small(int(room), int(after))
        command.build = small if os.environ["RANK"] == "1" else build  # type: ignore[attr-defined]
        command.run_training(RunFolder.open(Path(path)), lambda _event: None, lambda: "")


if __name__ == "__main__":
    main()

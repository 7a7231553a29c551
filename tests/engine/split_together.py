"""Trains runs one after another as one process of several, in which memory seems to run out in the second one: run by torchrun."""

import os
import sys
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from resnet_studio.engine.build import build
from resnet_studio.engine.training import beginning, command
from resnet_studio.engine.training.stop import StopListener
from resnet_studio.runs.folder import RunFolder
from tests.engine.full_memory import running_out


class Telling(DistributedDataParallel):
    """Tells the others the leader's buffers before each pass, whatever it is asked for; that is torch's own way."""

    def __init__(self, network: nn.Module, **options: Any) -> None:
        told = [name for name in options if "buffers" in name]
        assert told
        assert not any(options.pop(name) for name in told)
        super().__init__(network, **options)


def main() -> None:
    """Arguments: a run's folder, how many images fit, and behind how many passes, any number of times."""
    torch.set_num_threads(1)
    told = zip(sys.argv[1::3], sys.argv[2::3], sys.argv[3::3], strict=True)
    for number, (path, room, after) in enumerate(told):
        # Each run meets in a store of its own.
        os.environ["TORCHELASTIC_RESTART_COUNT"] = str(number)
        small = running_out(train=int(room), after=int(after))
        beginning.build = small if os.environ["RANK"] == "1" else build  # type: ignore[assignment]
        joins = Telling if Path(path).name == "telling" else DistributedDataParallel
        setattr(nn.parallel, "DistributedDataParallel", joins)  # noqa: B010 - it is a type to mypy
        run = RunFolder.open(Path(path))
        command.run_training(run, lambda _event: None, StopListener(run))


if __name__ == "__main__":
    main()

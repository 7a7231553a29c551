"""What two processes on cards do that nobody has here: the first is stuck on its card, the second fails, an orderly end waits for ever.

Without a rank in the environment it is the process that starts the two, as the window's command does where it finds two cards.
"""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from resnet_studio.runs.folder import RunFolder


def _after(calls: int, real: Callable[..., Any], act: Callable[[], Any]) -> Callable[..., Any]:
    """`real`, and behind so many calls `act`."""
    made = 0

    def called(*args: Any) -> Any:
        nonlocal made
        made += 1
        return real(*args) if made <= calls else act()

    return called


def stuck() -> None:
    """For ever, as in a sum on the card that another process does not come to."""
    threading.Event().wait()


def _full() -> None:
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def _start(run: RunFolder) -> int:
    from resnet_studio.cli import main

    torch.cuda.device_count = lambda: 2
    torch.distributed.is_nccl_available = lambda: True
    return main(["train", str(run.path), "--events"])


def _fail(run: RunFolder) -> int:
    from resnet_studio.engine.training import parting
    from resnet_studio.engine.training.child import train_child
    from resnet_studio.engine.training.telling import Telling

    parting._LOOK_SECONDS = parting._GRACE_SECONDS = 0.2
    torch.distributed.destroy_process_group = stuck  # type: ignore[assignment]
    act = stuck if os.environ["RANK"] == "0" else _full
    Telling.read = _after(3, Telling.read, act)  # type: ignore[method-assign]
    return train_child(run)


if __name__ == "__main__":
    folder = RunFolder.open(Path(sys.argv[1]))
    sys.exit(_fail(folder) if "RANK" in os.environ else _start(folder))

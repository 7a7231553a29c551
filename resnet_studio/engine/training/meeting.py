"""How the processes that train one run find each other, and how they part. Knows no run and no network.

`torchrun` starts them, says by the environment who is who, and starts them again after a failure.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import torch

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.training.world import WHY, World, reached
from resnet_studio.language import tr

# How long a process waits for the others. The first one may wait a weekend for room on a full disk, and torch's own 10 to 30
# minutes would end the run under the question. On one machine nothing is lost by it: torchrun sees a process that ends, and ends the
# others. Of those on other machines it sees none, and one that waits on its card for a killed one hears nothing else.
_PATIENCE, _PATIENCE_ELSEWHERE = timedelta(days=365), timedelta(hours=2)


def join(stop_asked: Callable[[], str] = lambda: "") -> World:
    """This process's place, as `torchrun` says; without it, alone. Joining twice gives the same world.

    Raises:
        StudioError: the others cannot be reached.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size <= 1:
        return World(stop_asked=stop_asked)
    require_together(on_cards=False)
    if not torch.distributed.is_initialized():
        # Texts and barriers go over gloo, gradients on graphics cards over NCCL.
        on_cards = torch.cuda.is_available() and torch.distributed.is_nccl_available()
        backend = "cpu:gloo,cuda:nccl" if on_cards else "gloo"
        reached(lambda: _meet(backend))
    rank, local = int(os.environ["RANK"]), int(os.environ.get("LOCAL_RANK", "0"))
    beside = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    return World(
        rank=rank,
        size=size,
        local_rank=local,
        local_size=beside,
        stop_asked=stop_asked,
        board=_board[0] if _board else None,
    )


def require_together(*, on_cards: bool) -> None:
    """Refuse several processes where torch was built without what they need: on Windows there is no NCCL.

    Raises:
        StudioError: it was.
    """
    if not torch.distributed.is_available():
        raise StudioError(
            tr("This torch was built without distributed training."), tr("Train on one device.")
        )
    if on_cards and not torch.distributed.is_nccl_available():
        raise StudioError(
            tr("Graphics cards train together by NCCL, which torch does not have on this system."),
            tr("Choose one of the graphics cards, or auto."),
        )


# The store of this process, once it has met the others.
_board: list[Any] = []


def _meet(backend: str) -> None:
    # Not every torch has them (ROCm's on Windows).
    from torch.distributed.distributed_c10d import PrefixStore
    from torch.distributed.rendezvous import rendezvous

    store, rank, size = next(rendezvous("env://"))
    here = os.environ.get("LOCAL_WORLD_SIZE") == os.environ.get("WORLD_SIZE")
    if here:
        # WORKAROUND torchrun keeps one store over its restarts on one machine, and who reads it first finds the addresses of
        # processes that are dead; between machines the count of restarts may differ, and a new store is made.
        count = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
        store = PrefixStore(f"start {count}", store)
    patience = _PATIENCE if here else _PATIENCE_ELSEWHERE
    torch.distributed.init_process_group(backend, store=store, rank=rank, world_size=size, timeout=patience)
    if rank == 0:
        # Where the store outlives a restart: what was said before it is none of ours.
        store.delete_key(WHY)
    _board[:] = [store]


def leave() -> None:
    """Part from the others, where there are any. Only where all ended well: with NCCL it waits for those who do not come."""
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()

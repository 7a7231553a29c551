"""The processes that train one run together: who leads, what they sum, when they stop. Alone it does nothing. Knows no network.

How they find each other is `meeting`'s matter; the first one speaks and saves.
"""

from __future__ import annotations

import inspect
import json
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.data.draws import key
from resnet_studio.language import tr

# Under this name the reason stands on the board.
WHY = "why it ended"


class Gone(StudioError):
    """Another process of the run is there no more; it knows why."""


@dataclass(slots=True)
class World:
    """One process among those of a run.

    Args:
        rank: this one's number; 0 leads.
        size: how many there are.
        local_rank: this one's number on its machine, and so its graphics card.
        local_size: how many there are on its machine.
        stop_asked: why this process should stop, or an empty text.
        pause_asked: whether the leader wants all to wait between two steps.
        board: torch's store, on which each can write for all, whether they train together any more or not.
    """

    rank: int = 0
    size: int = 1
    local_rank: int = 0
    local_size: int = 1
    stop_asked: Callable[[], str] = lambda: ""
    pause_asked: Callable[[], bool] = lambda: False
    board: Any = None
    _agreed: str = field(default="", init=False)
    _pausing: bool = field(default=False, init=False)

    @property
    def leads(self) -> bool:
        """Whether this process writes and speaks."""
        return self.rank == 0

    @property
    def alone(self) -> bool:
        """Whether there is nobody else."""
        return self.size == 1

    def cards(self, device: torch.device) -> range:
        """The numbers of the graphics cards that this process tells of: the leader of all on its machine, the others of none."""
        if device.type != "cuda" or not self.leads:
            return range(0)
        first = device.index or 0
        # Who sees fewer cards than there are processes beside it was given its own, and knows no others.
        own = self.alone or torch.cuda.device_count() < self.local_size
        return range(first, first + 1) if own else range(self.local_size)

    def card(self) -> int | None:
        """The number of this process's graphics card; None: whichever the settings mean."""
        if self.alone:
            return None
        return 0 if torch.cuda.device_count() == 1 else self.local_rank

    def require_own_card(self, device: torch.device) -> None:
        """Refuse two processes on one card, in better words than NCCL's.

        Raises:
            StudioError: there are.
        """
        if self.alone or device.type != "cuda":
            return
        mine = f"{socket.gethostname()} {torch.cuda.get_device_properties(device).uuid}"
        told: list[Any] = [None] * self.size
        reached(lambda: torch.distributed.all_gather_object(told, mine))
        if len(set(told)) < self.size:
            raise StudioError(
                tr("Two processes of this run have the same graphics card."),
                tr("Start as many processes as there are cards, and let each see its own."),
            )

    def stopping(self) -> str:
        """Why to stop, or an empty text; the same for all processes at the same place, since `summed` has agreed on it."""
        return self.stop_asked() if self.alone else self._agreed

    def pausing(self) -> bool:
        """Whether to wait between two steps; the same for all processes at the same place, as with `stopping`."""
        return self.pause_asked() if self.alone else self._pausing

    def summed(self, numbers: list[float]) -> list[float]:
        """The numbers of all processes summed, on the processor; who wants to stop or to wait is heard by all on the way."""
        if self.alone:
            return numbers
        reason = self.stop_asked()
        asks = [float(bool(reason)), float(self.leads and self.pause_asked())]
        whole = torch.tensor([*numbers, *asks], dtype=torch.float64)
        reached(lambda: torch.distributed.all_reduce(whole))
        *sums, stopping, pausing = whole.tolist()
        self._pausing = bool(pausing)
        if stopping and not self._agreed:
            self._agreed = reason or tr("Another process of this run was asked to stop.")
        return sums

    def any_of(self, happened: bool) -> bool:
        """Whether it happened in any of the processes; asked on the processor, so that no graphics card is waited for."""
        if self.alone:
            return happened
        flag = torch.tensor([float(happened)])
        reached(lambda: torch.distributed.all_reduce(flag))
        return bool(flag)

    def average(self, numbers: Tensor) -> None:
        """Put the mean over all processes into each one's numbers."""
        if not self.alone:
            reached(lambda: torch.distributed.all_reduce(numbers))
            numbers /= self.size

    def like_the_leaders(self, network: nn.Module) -> None:
        """Give all processes the leader's statistics of the norms, which are what a checkpoint keeps."""
        if not self.alone:
            for buffer in network.buffers():
                reached(lambda held=buffer: torch.distributed.broadcast(held, src=0))  # type: ignore[misc]

    def wait(self) -> None:
        """Until all processes are here."""
        if not self.alone:
            reached(torch.distributed.barrier)

    def share(self, text: str) -> str:
        """The leader's text, in every process."""
        if self.alone:
            return text
        held = [text]
        reached(lambda: torch.distributed.broadcast_object_list(held, src=0))
        return held[0]

    def agree_on(self, number: int, what: str) -> None:
        """Refuse to go on where processes differ.

        Raises:
            StudioError: they do.
        """
        if self.alone:
            return
        if self.share(str(number)) != str(number):
            raise StudioError(
                tr("The processes of this run do not see the same {what}.", what=what),
                tr("Put the run's folder where all of them can read it."),
            )

    def complain(self, what: str, remedy: str) -> None:
        """Let the others know why this process ends; the leader speaks for all."""
        if self.board is not None:
            with suppress(RuntimeError):
                self.board.set(WHY, json.dumps([what, remedy]))

    def complaint(self) -> StudioError | None:
        """Why another process ended, as far as it could say so.

        Raises:
            RuntimeError: the store is there no more.
        """
        if self.board is None or not self.board.check([WHY]):
            return None
        what, remedy = json.loads(self.board.get(WHY))
        return StudioError(what, remedy)

    def lost(self, error: BaseException) -> bool:
        """Whether an error of torch's says that another process cannot be reached any more."""
        signs = ("gloo", "nccl", "connection", "remote worker")
        return not self.alone and any(sign in str(error).lower() for sign in signs)

    def mine(self, indices: Tensor) -> Tensor:
        """This process's part of a batch."""
        return indices if self.alone else torch.tensor_split(indices, self.size)[self.rank]

    def reseed(self, seed: int, step: int) -> None:
        """Dropped paths differ between processes, and are the same after a resume whoever kept the random state."""
        if not self.alone:
            torch.manual_seed(key(seed, step, self.rank) & (2**63 - 1))

    def joined(self, network: nn.Module, device: torch.device, *, sync_norms: bool) -> nn.Module:
        """The network whose backward pass averages gradients over all processes.

        Raises:
            StudioError: norms are to be synchronised where torch cannot.
        """
        if self.alone:
            return network
        if sync_norms and device.type != "cuda":
            raise StudioError(
                tr("Norms are synchronised on graphics cards only."), tr("Switch Synchronise norms off.")
            )
        if sync_norms:
            network = nn.SyncBatchNorm.convert_sync_batchnorm(network)  # type: ignore[no-untyped-call]
        cards = [device] if device.type == "cuda" else None
        # A norm that trains does not read its statistics, and before each validation `like_the_leaders` shares them: to share
        # them before each pass too would be a wait for nothing.
        joins = nn.parallel.DistributedDataParallel
        known = inspect.signature(joins).parameters
        name = "forward_sync_buffers" if "forward_sync_buffers" in known else "broadcast_buffers"
        quiet: dict[str, Any] = {name: False}
        return joins(network, device_ids=cards, **quiet)


def reached(act: Callable[[], Any]) -> None:
    """Do what needs the others.

    Raises:
        Gone: one of them is there no more.
    """
    try:
        act()
    except (RuntimeError, ValueError) as error:
        raise gone(str(error).partition("\n")[0][:200]) from error


def gone(reason: str) -> Gone:
    """Another process of the run is there no more."""
    return Gone(
        tr("Another process of this run ended or cannot be reached: {reason}.", reason=reason),
        tr(
            "What it said stands in its own output; torchrun starts all again from the last checkpoint where it may."
        ),
    )

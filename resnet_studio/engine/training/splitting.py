"""A batch whose gradients do not fit into memory is taken again in twice as many parts, from the same state. Knows no epochs.

Where several processes share the batch, each finds its gradients by itself, all agree on whether they fitted, and only then sum them:
one that has run out cannot come to a sum that the others wait in.
"""

from __future__ import annotations

from collections.abc import Generator

import torch
from torch import Tensor, nn

from resnet_studio.engine.data.mixing import Mixed
from resnet_studio.engine.device import give_back, is_out_of_memory
from resnet_studio.engine.training.compiling import Gradients, rehearsed
from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.telling import Telling
from resnet_studio.engine.training.trial import Before
from resnet_studio.engine.training.world import World
from resnet_studio.runs.events import Event, Split


def fitting(job: Job, mixed: Mixed, gradients: Gradients) -> Generator[Event, None, Telling]:
    """What `gradients` gives, in as many parts as memory allows where the settings want it so.

    The parts found are kept at once: a resume takes the same, and the run is the one that had them set.

    Raises:
        RuntimeError: memory ran out, here or in another process, and nobody wants parts, or a single image is too much.
    """
    if not job.splits:
        yield from rehearsed(job, mixed, gradients)
        return gradients(job, mixed)
    before = Before(job.state)
    while True:
        told, flat = None, Flat([])
        try:
            yield from rehearsed(job, mixed, gradients)
            told = gradients(job, mixed)
            flat = Flat([] if job.world.alone else _found(job.state.network))
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
        # Outside the except block, whose traceback would keep every tensor of the step alive.
        if not job.world.any_of(told is None):
            assert told is not None
            flat.average(job.world)
            return told
        flat = Flat([])
        more = more_parts(job, job.parts, job.feeder.batch_size // job.world.size)
        before.put_back()
        give_back()
        if not more:
            raise torch.OutOfMemoryError("Out of memory, whatever the parts.")
        progress = job.state.progress
        progress.parts = more
        largest = -(-job.feeder.batch_size // job.world.size)
        yield Split(step=progress.step, parts=more, images=-(-largest // more))
        if job.run is not None:
            yield job.save("last")


def _found(network: nn.Module) -> list[Tensor]:
    return [parameter.grad for parameter in network.parameters() if parameter.grad is not None]


class Flat:
    """Gradients copied into one tensor for each type of theirs, before anybody waits: the memory that summing takes is taken here."""

    def __init__(self, gradients: list[Tensor]) -> None:
        self._groups: list[tuple[list[Tensor], Tensor]] = []
        for dtype in dict.fromkeys(gradient.dtype for gradient in gradients):
            own = [gradient for gradient in gradients if gradient.dtype == dtype]
            self._groups.append((own, torch.cat([gradient.reshape(-1) for gradient in own])))

    def average(self, world: World) -> None:
        """Their means over all processes, put where they were."""
        for own, flat in self._groups:
            world.average(flat)
            pieces = torch.split(flat, [gradient.numel() for gradient in own])
            torch._foreach_copy_(own, [piece.view_as(g) for piece, g in zip(pieces, own, strict=True)])


def more_parts(job: Job, parts: int, images: int) -> int:
    """Twice as many, as far as there are images for them; 0 where there are no more."""
    most = images // job.least_part
    more = min(2 * parts, most)
    return more if more > parts else 0

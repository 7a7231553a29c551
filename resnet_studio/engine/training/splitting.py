"""A batch whose gradients do not fit into memory is taken again in twice as many parts, from the same state. Knows no epochs."""

from __future__ import annotations

from collections.abc import Generator

import torch
from torch import Tensor

from resnet_studio.engine.data.mixing import Mixed
from resnet_studio.engine.device import is_out_of_memory
from resnet_studio.engine.training.compiling import Gradients, rehearsed
from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.trial import Before
from resnet_studio.runs.events import Event, Split


def fitting(job: Job, mixed: Mixed, gradients: Gradients) -> Generator[Event, None, Tensor]:
    """What `gradients` gives, in as many parts as memory allows where the settings want it so.

    The parts found are kept at once: a resume takes the same, and the run is the one that had them set.

    Raises:
        RuntimeError: memory ran out and nobody wants parts, or a single image is too much.
    """
    before = Before(job.state) if job.splits else None
    while True:
        try:
            yield from rehearsed(job, mixed, gradients)
            return gradients(job, mixed)
        except (RuntimeError, MemoryError) as error:
            more = more_parts(job, job.parts, len(mixed.labels))
            if before is None or not more or not is_out_of_memory(error):
                raise
        # Outside the except block, whose traceback would keep every tensor of the step alive.
        before.put_back()
        free(job.device)
        progress = job.state.progress
        progress.parts = more
        yield Split(step=progress.step, parts=more, images=-(-len(mixed.labels) // more))
        yield job.save("last")


def more_parts(job: Job, parts: int, images: int) -> int:
    """Twice as many, as far as there are images for them; 0 where there are no more."""
    most = images // job.least_part
    more = min(2 * parts, most)
    return more if more > parts else 0


def free(device: torch.device) -> None:
    """Give back what torch holds in reserve, which lies in pieces."""
    if device.type == "cuda":
        torch.cuda.empty_cache()

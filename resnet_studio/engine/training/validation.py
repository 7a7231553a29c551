"""Loss and accuracy on the validation images, in parts where memory asks for it. Changes no weight and knows no epochs."""

from __future__ import annotations

from contextlib import closing

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_studio.engine.data.batches import Batch
from resnet_studio.engine.device import is_out_of_memory
from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.splitting import free
from resnet_studio.engine.training.state import Sums
from resnet_studio.engine.training.step import forward


def validate(job: Job) -> Sums | None:
    """Sums over the validation images in eval mode; None when a stop came in between."""
    sums, average = Sums(), job.state.average
    network = (job.state.network if average is None else average.network).eval()
    with torch.inference_mode(), closing(job.feeder.val_batches()) as batches:
        for batch in batches:
            if job.world.stopping():
                return None
            lost, right, count = job.world.summed(_told(job, network, batch))
            sums.add(loss=lost / count, correct=int(right), images=int(count))
    return sums


def _told(job: Job, network: nn.Module, batch: Batch) -> Tensor:
    """(sum of losses, correct answers, images), float64; in more parts where memory runs out and the settings want it so."""
    progress = job.state.progress
    while True:
        parts = max(progress.val_parts, job.parts)
        try:
            return _passed(job, network, batch, parts)
        except (RuntimeError, MemoryError) as error:
            if not job.splits or parts >= len(batch.labels) or not is_out_of_memory(error):
                raise
        # Outside the except block, whose traceback would keep the tensors alive.
        free(job.device)
        progress.val_parts = 2 * parts


def _passed(job: Job, network: nn.Module, batch: Batch, parts: int) -> Tensor:
    told = torch.zeros(3, dtype=torch.float64, device=job.device)
    # The last batch may be too short for every process to have a part of it.
    many = min(parts, len(batch.labels))
    for images, labels in zip(
        batch.images.tensor_split(many) if many else (),
        batch.labels.tensor_split(many) if many else (),
        strict=True,
    ):
        outputs = forward(network, images, job.spec.precision)
        loss = F.cross_entropy(outputs, labels, reduction="sum")
        correct = (outputs.argmax(1) == labels).sum()
        told += torch.stack([loss.double(), correct.double(), torch.full_like(told[0], len(labels))])
    return told

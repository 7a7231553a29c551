"""Loss and accuracy on the validation images, in parts where memory asks for it. Changes no weight and knows no epochs."""

from __future__ import annotations

import math
from contextlib import closing
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_studio.engine.data.batches import Batch
from resnet_studio.engine.device import exact_type, give_back, is_out_of_memory
from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.step import forward
from resnet_studio.engine.training.telling import Telling


@dataclass(frozen=True, slots=True)
class Checked:
    """Means over the validation images: cross-entropy, and fractions of 1; `top5` is None with fewer than six classes."""

    loss: float
    accuracy: float
    top5: float | None


def validate(job: Job) -> Checked | None:
    """Look at every validation image in eval mode; None when a stop came in between."""
    average = job.state.average
    network = (job.state.network if average is None else average.network).eval()
    job.world.like_the_leaders(network)
    # Added up where they are found: no batch waits for the numbers of the one before.
    sums = torch.zeros(4, dtype=exact_type(job.device), device=job.device)
    with (
        torch.inference_mode(),
        closing(job.feeder.val_batches(job.state.progress.epochs_done + 1)) as batches,
    ):
        for batch in batches:
            if job.world.stopping():
                return None
            sums += _told(job, network, batch)
            job.world.summed([])
    lost, right, in_five, count = job.world.summed(Telling(sums).read())
    if not count:
        return Checked(math.nan, math.nan, None)
    return Checked(lost / count, right / count, None if math.isnan(in_five) else in_five / count)


def _told(job: Job, network: nn.Module, batch: Batch) -> Tensor:
    """(sum of losses, correct answers, those among the first five, images); in more parts where memory runs out and the settings want it so."""
    progress = job.state.progress
    while True:
        parts = max(progress.val_parts, job.parts)
        try:
            return _passed(job, network, batch, parts)
        except (RuntimeError, MemoryError) as error:
            if not job.splits or parts >= len(batch.labels) or not is_out_of_memory(error):
                raise
        # Outside the except block, whose traceback would keep the tensors alive.
        give_back()
        progress.val_parts = 2 * parts


def _passed(job: Job, network: nn.Module, batch: Batch, parts: int) -> Tensor:
    told = torch.zeros(4, dtype=exact_type(job.device), device=job.device)
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
        found = (loss, correct, _in_five(outputs, labels), torch.full_like(told[0], len(labels)))
        told += torch.stack([one.to(told.dtype) for one in found])
    return told


def _in_five(outputs: Tensor, labels: Tensor) -> Tensor:
    """How many labels are among the five largest outputs; NaN where any guess would be."""
    if outputs.shape[1] <= 5:
        return torch.full_like(outputs[0, 0], math.nan)
    return (outputs.topk(5, dim=1).indices == labels[:, None]).sum()

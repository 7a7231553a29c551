"""One optimizer step: the batch blended, forward, the loss looked at, backward, clipped, stepped, averaged. Knows no epochs."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from resnet_studio.engine.data.batches import Batch
from resnet_studio.engine.data.mixing import Mixed, Mixing
from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.schedule import learning_rate
from resnet_studio.engine.training.state import diverged

_DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


def take_step(job: Job, batch: Batch) -> float:
    """Learn from one batch; returns the step's learning rate.

    Raises:
        StudioError: the loss is no finite number; no weight was changed.
    """
    state, progress, spec = job.state, job.state.progress, job.spec
    rate = learning_rate(spec, step=progress.step, steps_per_epoch=job.feeder.steps_per_epoch)
    for group in state.optimizer.param_groups:
        group["lr"] = rate
    mixing = Mixing(spec.mixup, spec.cutmix)
    mixed = mixing(batch.images, batch.labels, batch.indices, seed=spec.seed, epoch=progress.epochs_done + 1)
    state.optimizer.zero_grad(set_to_none=True)
    # The one place of a step that waits for the device: behind it the weights change, so the loss must be known to be sound.
    value, right = _gradients(job, mixed).tolist()
    if not math.isfinite(value):
        raise diverged(_where(job, batch, value))
    if spec.clip_norm:
        state.scaler.unscale_(state.optimizer)
        nn.utils.clip_grad_norm_(state.network.parameters(), spec.clip_norm)
    state.scaler.step(state.optimizer)
    state.scaler.update()
    if state.average is not None:
        state.average.follow()
    count = len(batch.labels)
    for sums in (progress.recent, progress.epoch_sums):
        sums.add(loss=value, correct=int(right), images=count)
    job.clock.images += count
    progress.step += 1
    progress.index += 1
    return rate


def _gradients(job: Job, mixed: Mixed) -> Tensor:
    """The batch's gradients, in as many parts as asked for; returns (mean loss, correct answers) on the device, float64."""
    count = len(mixed.labels)
    size = math.ceil(count / job.spec.parts)
    told: Tensor | None = None
    for start in range(0, count, size):
        part = mixed if size >= count else mixed.part(slice(start, start + size))
        outputs = forward(job, part.images)
        loss = part.loss(outputs, label_smoothing=job.spec.label_smoothing) * (len(part.labels) / count)
        job.state.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        one = torch.stack([loss.detach().double(), part.correct(outputs.detach()).double()])
        told = one if told is None else told + one
    assert told is not None
    return told


def forward(job: Job, images: Tensor, *, averaged: bool = False) -> Tensor:
    """Logits as float32, computed in the run's precision; by the average of the weights where there is one and it is asked for."""
    dtype = _DTYPES.get(job.spec.precision)
    network = job.state.average.network if averaged and job.state.average else job.state.network
    with torch.autocast(job.device.type, dtype=dtype, enabled=dtype is not None):
        outputs: Tensor = network(images)
    return outputs.float()


def _where(job: Job, batch: Batch, loss: float) -> str:
    progress = job.state.progress
    names = [job.feeder.train.name_of(int(index)) for index in batch.indices[:3]]
    return (
        f"the loss is {loss} in batch {progress.index + 1} of epoch {progress.epochs_done + 1} "
        f"(step {progress.step + 1}; it begins with {', '.join(names)})"
    )

"""One optimizer step: the batch blended, forward, the loss looked at, backward, clipped, stepped, averaged. Knows no epochs."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext

import torch
from torch import Tensor, nn

from resnet_studio.engine.data.batches import Batch
from resnet_studio.engine.data.mixing import Mixed, Mixing
from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.schedule import learning_rate
from resnet_studio.engine.training.splitting import fitting
from resnet_studio.engine.training.state import diverged
from resnet_studio.engine.training.telling import Telling
from resnet_studio.language import tr
from resnet_studio.runs.events import Event

_DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


def take_step(
    job: Job, batch: Batch, meanwhile: Callable[[], None] = lambda: None
) -> Generator[Event, None, float]:
    """Learn from one batch at the rate that the schedule has; returns it. Else as `learn`."""
    rate = learning_rate(job.spec, step=job.state.progress.step, steps_per_epoch=job.feeder.steps_per_epoch)
    yield from learn(job, batch, rate, meanwhile)
    return rate


def learn(
    job: Job, batch: Batch, rate: float, meanwhile: Callable[[], None] = lambda: None
) -> Iterator[Event]:
    """Learn from one batch at a learning rate, and say what had to be done for it; the sums of `job`'s progress have its loss.

    `meanwhile` is called once the device has all its work and before anybody waits for it.

    Raises:
        Diverged: the loss is no finite number; no weight was changed.
    """
    state, progress, spec = job.state, job.state.progress, job.spec
    for group in state.optimizer.param_groups:
        group["lr"] = rate
    mixing = Mixing(spec.mixup, spec.cutmix)
    mixed = mixing(batch.images, batch.labels, batch.indices, seed=spec.seed, epoch=progress.epochs_done + 1)
    state.optimizer.zero_grad(set_to_none=True)
    job.world.reseed(spec.seed, progress.step)
    told = yield from fitting(job, mixed, gradients)
    meanwhile()
    # The one place of a step that waits for the device: behind it the weights change, so the loss must be known to be sound.
    # It was sent ahead of the backward pass, which the device is still at while the next step is launched.
    lost, right, count = job.world.summed(_summed(told.read(), mixed, job.parts))
    value = lost / count
    if not math.isfinite(value):
        raise diverged(_where(job, batch, value))
    if spec.clip_norm:
        state.scaler.unscale_(state.optimizer)
        nn.utils.clip_grad_norm_(state.network.parameters(), spec.clip_norm)
    state.scaler.step(state.optimizer)
    state.scaler.update()
    if state.average is not None and progress.index % spec.averaging_every == 0:
        state.average.follow()
    for sums in (progress.recent, progress.epoch_sums):
        sums.add(loss=value, correct=int(right), images=int(count))
    job.clock.images += int(count)
    progress.step += 1
    progress.index += 1


def gradients(job: Job, mixed: Mixed) -> Telling:
    """The gradients of this process's part of the batch, in as many parts as asked for.

    Returns what came out, on its way since the last forward pass: for each part its mean loss and how many answers were right.
    """
    *earlier, last = mixed.split(job.parts)
    found: list[Tensor] = []
    for part in earlier:
        # Joined processes average their gradients, once, behind the last part; the sum over all is what one process would have.
        with nullcontext() if job.world.alone or job.splits else job.learning.no_sync():  # type: ignore[operator]
            _backward(job, part, _forward(job, part, found))
    loss = _forward(job, last, found)
    told = Telling(torch.stack(found))
    _backward(job, last, loss)
    return told


def _forward(job: Job, part: Mixed, found: list[Tensor]) -> Tensor:
    """The mean loss of a part, which is noted."""
    outputs = forward(job.learning, part.images, job.spec.precision)
    loss = part.loss(outputs, label_smoothing=job.spec.label_smoothing)
    # Counts of answers are far below what float32 holds exactly.
    found += [loss.detach(), part.correct(outputs.detach()).to(loss.dtype)]
    return loss


def _backward(job: Job, part: Mixed, loss: Tensor) -> None:
    share = len(part.labels) * job.world.size / job.feeder.batch_size
    scaled = loss if share == 1 else loss * share
    job.state.scaler.scale(scaled).backward()  # type: ignore[no-untyped-call]


def _summed(told: list[float], mixed: Mixed, parts: int) -> list[float]:
    """(sum of losses, right answers, images) of the parts that were told of."""
    sizes = [len(part.labels) for part in mixed.split(parts)]
    losses = [mean * size for mean, size in zip(told[::2], sizes, strict=True)]
    return [sum(losses), sum(told[1::2]), sum(sizes)]


def forward(network: nn.Module, images: Tensor, precision: str) -> Tensor:
    """Logits as float32, computed in a run's precision."""
    dtype = _DTYPES.get(precision)
    with torch.autocast(images.device.type, dtype=dtype, enabled=dtype is not None):
        outputs: Tensor = network(images)
    return outputs.float()


def _where(job: Job, batch: Batch, loss: float) -> str:
    progress = job.state.progress
    names = [job.feeder.name_of(int(index)) for index in batch.indices[:3]]
    return tr(
        "the loss is {loss} in batch {batch} of epoch {epoch} (step {step}; it begins with {names})",
        loss=loss, batch=progress.index + 1, epoch=progress.epochs_done + 1, step=progress.step + 1, names=", ".join(names),
    )  # fmt: skip

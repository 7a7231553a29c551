"""The training loop: a generator of events over one State, from wherever it stands to the end or a stop. Knows no window.

It writes checkpoints through `Job.save` and nothing else; who iterates keeps and shows the events.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import closing

from resnet_studio.engine.device import peak_memory
from resnet_studio.engine.training.ahead import Ahead
from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.pausing import held
from resnet_studio.engine.training.state import Sums
from resnet_studio.engine.training.step import take_step
from resnet_studio.engine.training.validation import validate
from resnet_studio.language import tr
from resnet_studio.runs.events import Epoch, Event, Finished, Notice, Step, Stopped
from resnet_studio.runs.sizing import growing_epochs, size_at, work_left

# Finer curves than this many points nobody sees, and files of millions of lines nobody wants.
_STEP_EVENTS = 5000


def train(job: Job) -> Iterator[Event]:
    """Train to the end, or to the first step at which somebody wants to stop.

    Raises:
        StudioError: the loss or a weight is no finite number, or the disk takes no checkpoint.
    """
    progress = job.state.progress
    job.clock.seconds_before, job.clock.epoch_seconds_before = progress.seconds, progress.epoch_seconds
    while progress.epochs_done < job.spec.epochs:
        if _is_out_of_patience(job):
            yield Notice(
                text=tr(
                    "Ended early: {patience} epochs without a better validation accuracy.",
                    patience=job.spec.patience,
                )
            )
            break
        if progress.index == 0:
            yield from _sized(job, progress.epochs_done + 1)
        yield from _learn(job)
        if progress.index == job.feeder.steps_per_epoch:
            yield from _close_epoch(job)
        reason = job.world.stopping()
        if reason and progress.epochs_done < job.spec.epochs:
            yield job.save("last")
            yield Stopped(step=progress.step, reason=reason)
            return
    yield finished(job)


def _is_out_of_patience(job: Job) -> bool:
    """Asked before each epoch, so that a run that is resumed here ends just so."""
    progress, patience = job.state.progress, job.spec.patience
    # While images still grow, the best is to come.
    since = progress.epochs_done - max(progress.best_epoch, growing_epochs(job.spec))
    return bool(patience) and progress.index == 0 and since >= patience


def _sized(job: Job, epoch: int) -> Iterator[Event]:
    """Say how large the images are where that changes."""
    height, width = size_at(job.spec, epoch, job.feeder.size)
    before = size_at(job.spec, epoch - 1, job.feeder.size) if epoch > 1 else job.feeder.size
    if (height, width) != before:
        yield Notice(
            text=tr(
                "From epoch {epoch} on images of {height}×{width}.", epoch=epoch, height=height, width=width
            )
        )


def finished(job: Job) -> Finished:
    """The last event of a run that is done."""
    progress = job.state.progress
    seconds = job.clock.seconds_before + time.perf_counter() - job.clock.started
    return Finished(
        step=progress.step,
        best_accuracy=max(progress.best_accuracy, 0.0),
        best_epoch=progress.best_epoch,
        seconds=seconds,
    )


def _learn(job: Job) -> Iterator[Event]:
    """The rest of the epoch's steps, or as many as there are before a stop."""
    progress = job.state.progress
    job.state.network.train()
    job.clock.mark()
    every = math.ceil(job.total_steps / _STEP_EVENTS)
    # Closed at once when the loop is left: a loader may have processes.
    with closing(job.feeder.train_batches(progress.epochs_done + 1, progress.index)) as made:
        batches = Ahead(made)
        for batch in batches if not job.world.stopping() else ():
            rate = yield from take_step(job, batch, batches.fetch)
            if progress.index % every == 0 or progress.index == job.feeder.steps_per_epoch:
                yield _step_event(job, rate)
            # By the leader's clock alone: nobody else saves.
            if job.world.leads and job.save_is_due():
                yield job.save("last")
            if job.world.pausing():
                yield from held(job)
            if job.world.stopping():
                return


def _step_event(job: Job, rate: float) -> Step:
    progress, clock = job.state.progress, job.clock
    seconds = max(time.perf_counter() - clock.marked, 1e-9)
    seen = job.gauge()
    event = Step(
        step=progress.step,
        epoch=progress.epochs_done + 1,
        loss=progress.recent.mean_loss,
        accuracy=progress.recent.accuracy,
        lr=rate,
        images_per_second=clock.images / seconds,
        memory_bytes=peak_memory(job.device),
        gpu_percent=seen.percent,
        gpu_memory_bytes=seen.memory,
    )
    progress.recent = Sums()
    clock.mark()
    return event


def _close_epoch(job: Job) -> Iterator[Event]:
    """Validate, tell, and keep: the best first, for whoever resumes from "last" must find the best that it speaks of."""
    progress, clock = job.state.progress, job.clock
    parts = progress.val_parts
    checked = validate(job)
    if checked is None:
        return
    if progress.val_parts != parts:
        yield Notice(
            text=tr(
                "Memory ran out in validation: it takes its batches in {parts} parts now.",
                parts=progress.val_parts,
            )
        )
    # A network that gives NaN still "hits" some class by chance; such an epoch is never the best.
    best = math.isfinite(checked.loss) and checked.accuracy > progress.best_accuracy
    progress.epochs_done += 1
    progress.index = 0
    if best:
        progress.best_accuracy, progress.best_epoch = checked.accuracy, progress.epochs_done
    now = time.perf_counter()
    seconds = clock.epoch_seconds_before + now - clock.epoch_started
    spent = clock.seconds_before + now - clock.started
    yield Epoch(
        epoch=progress.epochs_done,
        step=progress.step,
        train_loss=progress.epoch_sums.mean_loss,
        train_accuracy=progress.epoch_sums.accuracy,
        val_loss=checked.loss,
        val_accuracy=checked.accuracy,
        val_top5=checked.top5,
        seconds=seconds,
        best=best,
        time_left=_time_left(job, spent),
    )
    progress.epoch_sums = Sums()
    clock.epoch_started, clock.epoch_seconds_before = now, 0.0
    metrics = {"val_accuracy": checked.accuracy, "val_loss": checked.loss}
    if best:
        yield job.save("best", **metrics)
    yield job.save("last", **metrics)


def _time_left(job: Job, spent: float) -> float:
    """Seconds until all epochs are done; those on larger images take longer."""
    whole = work_left(job.spec, 0)
    left = work_left(job.spec, job.state.progress.epochs_done)
    return spent / (whole - left) * left

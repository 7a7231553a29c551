"""The training loop: a generator of events over one State, from wherever it stands to the end or a stop. Knows no window.

It writes checkpoints through `Job.save` and nothing else; who iterates keeps and shows the events.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.data.batches import Batch, Feeder
from resnet_studio.engine.device import peak_memory
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.schedule import learning_rate
from resnet_studio.engine.training.state import State, Sums, captured, diverged
from resnet_studio.runs.events import Checkpointed, Epoch, Event, Finished, Step, Stopped
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.patience import Ask, nobody, persist
from resnet_studio.runs.spec import TrainSpec

# Finer curves than this many points nobody sees, and files of millions of lines nobody wants.
_STEP_EVENTS = 5000
_SAVE_EVERY_SECONDS = 20.0
# A checkpoint of a large network takes seconds: saving may cost one part in so many of the time.
_SAVE_SHARE = 20.0
_DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}

StopAsked = Callable[[], str]


@dataclass(slots=True)
class Clock:
    """Times of this start of the run, in seconds of a monotonic clock."""

    started: float = field(default_factory=time.perf_counter)
    epoch_started: float = field(default_factory=time.perf_counter)
    marked: float = field(default_factory=time.perf_counter)
    saved: float = field(default_factory=time.perf_counter)
    save_took: float = 0.0
    waited: float = 0.0
    images: int = 0
    seconds_before: float = 0.0
    epoch_seconds_before: float = 0.0

    def leave_out(self, seconds: float) -> None:
        """The run waited so long for an answer."""
        self.waited += seconds
        self.started += seconds
        self.epoch_started += seconds
        self.marked += seconds

    def mark(self) -> None:
        """Throughput counts from here: validation and saving are not the training's speed."""
        self.marked, self.images = time.perf_counter(), 0


@dataclass(slots=True)
class Job:
    """One run while it trains.

    Args:
        run: its folder.
        spec: its settings.
        feeder: its batches.
        device: where it computes.
        state: what it changes.
        about: what goes into every checkpoint beside the state (design, classes, input).
        before_save: called before a checkpoint is written, to put the events on the disk first.
        ask: whether to try again where the disk took no checkpoint.
    """

    run: RunFolder
    spec: TrainSpec
    feeder: Feeder
    device: torch.device
    state: State
    about: dict[str, Any]
    before_save: Callable[[], None] = lambda: None
    ask: Ask = nobody
    clock: Clock = field(default_factory=Clock)

    @property
    def total_steps(self) -> int:
        """Steps of the whole run."""
        return self.spec.epochs * self.feeder.steps_per_epoch

    def save(self, kind: str, **metrics: float) -> Checkpointed:
        """Write a checkpoint of the state as it stands."""
        progress, clock = self.state.progress, self.clock
        began, waited = time.perf_counter(), clock.waited
        progress.seconds = clock.seconds_before + began - clock.started
        progress.epoch_seconds = clock.epoch_seconds_before + began - clock.epoch_started
        whole = captured(self.state)
        # The best is for use and export, not for going on: the weights are enough.
        contents = whole if kind == "last" else {"model": whole["model"]}
        figures = {"best_accuracy": progress.best_accuracy, "best_epoch": progress.best_epoch} | metrics
        about = self.about | {"step": progress.step, "epoch": progress.epochs_done, "metrics": figures}
        path = persist(lambda: self._write(kind, contents | {"about": about}), self.patient)
        clock.saved = time.perf_counter()
        clock.save_took = clock.saved - began - (clock.waited - waited)
        clock.mark()
        return Checkpointed(path=path.relative_to(self.run.path).as_posix(), step=progress.step, kind=kind)

    def _write(self, kind: str, contents: dict[str, Any]) -> Path:
        progress = self.state.progress
        self.before_save()
        return checkpoint.save(self.run, kind, contents, step=progress.step, epochs=progress.epochs_done)

    def patient(self, error: StudioError) -> bool:
        """Ask whether to try again; the time until the answer is none of the run's."""
        began = time.perf_counter()
        again = self.ask(error)
        self.clock.leave_out(time.perf_counter() - began)
        return again

    def save_is_due(self) -> bool:
        """Whether a kill now would cost too much."""
        pause = max(_SAVE_EVERY_SECONDS, _SAVE_SHARE * self.clock.save_took)
        return time.perf_counter() - self.clock.saved > pause


def train(job: Job, stop_asked: StopAsked) -> Iterator[Event]:
    """Train to the end, or to the first step at which `stop_asked` gives a reason.

    Raises:
        StudioError: the loss or a weight is no finite number, or the disk takes no checkpoint.
    """
    progress = job.state.progress
    job.clock.seconds_before, job.clock.epoch_seconds_before = progress.seconds, progress.epoch_seconds
    while progress.epochs_done < job.spec.epochs:
        yield from _learn(job, stop_asked)
        if progress.index == job.feeder.steps_per_epoch:
            yield from _close_epoch(job, stop_asked)
        reason = stop_asked()
        if reason and progress.epochs_done < job.spec.epochs:
            yield job.save("last")
            yield Stopped(step=progress.step, reason=reason)
            return
    yield finished(job)


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


def _learn(job: Job, stop_asked: StopAsked) -> Iterator[Event]:
    """The rest of the epoch's steps, or as many as there are before a stop."""
    progress = job.state.progress
    job.state.network.train()
    job.clock.mark()
    every = math.ceil(job.total_steps / _STEP_EVENTS)
    # Closed at once when the loop is left: a loader may have processes.
    with closing(job.feeder.train_batches(progress.epochs_done + 1, progress.index)) as batches:
        for batch in batches if not stop_asked() else ():
            rate = _step(job, batch)
            if progress.index % every == 0 or progress.index == job.feeder.steps_per_epoch:
                yield _step_event(job, rate)
            if job.save_is_due():
                yield job.save("last")
            if stop_asked():
                return


def _step(job: Job, batch: Batch) -> float:
    """One optimizer step; returns its learning rate."""
    state, progress = job.state, job.state.progress
    rate = learning_rate(job.spec, step=progress.step, steps_per_epoch=job.feeder.steps_per_epoch)
    for group in state.optimizer.param_groups:
        group["lr"] = rate
    outputs = _forward(job, batch.images)
    loss = F.cross_entropy(outputs, batch.labels, label_smoothing=job.spec.label_smoothing)
    correct = (outputs.detach().argmax(1) == batch.labels).sum()
    state.optimizer.zero_grad(set_to_none=True)
    state.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
    # The one place of a step that waits for the device: behind it the weights change, so the loss must be known to be sound.
    value, right = torch.stack([loss.detach().double(), correct.double()]).tolist()
    if not math.isfinite(value):
        raise diverged(_where(job, batch, value))
    state.scaler.step(state.optimizer)
    state.scaler.update()
    count = len(batch.labels)
    for sums in (progress.recent, progress.epoch_sums):
        sums.add(loss=value, correct=int(right), images=count)
    job.clock.images += count
    progress.step += 1
    progress.index += 1
    return rate


def _forward(job: Job, images: Tensor) -> Tensor:
    dtype = _DTYPES.get(job.spec.precision)
    with torch.autocast(job.device.type, dtype=dtype, enabled=dtype is not None):
        outputs: Tensor = job.state.network(images)
    return outputs.float()


def _where(job: Job, batch: Batch, loss: float) -> str:
    progress = job.state.progress
    names = [job.feeder.train.name_of(int(index)) for index in batch.indices[:3]]
    return (
        f"the loss is {loss} in batch {progress.index + 1} of epoch {progress.epochs_done + 1} "
        f"(step {progress.step + 1}; it begins with {', '.join(names)})"
    )


def _step_event(job: Job, rate: float) -> Step:
    progress, clock = job.state.progress, job.clock
    seconds = max(time.perf_counter() - clock.marked, 1e-9)
    event = Step(
        step=progress.step,
        epoch=progress.epochs_done + 1,
        loss=progress.recent.mean_loss,
        accuracy=progress.recent.accuracy,
        lr=rate,
        images_per_second=clock.images / seconds,
        memory_bytes=peak_memory(job.device),
    )
    progress.recent = Sums()
    clock.mark()
    return event


def _close_epoch(job: Job, stop_asked: StopAsked) -> Iterator[Event]:
    """Validate, tell, and keep: the best first, for whoever resumes from "last" must find the best that it speaks of."""
    checked = validate(job, stop_asked)
    if checked is None:
        return
    progress, clock = job.state.progress, job.clock
    # A network that gives NaN still "hits" some class by chance; such an epoch is never the best.
    best = math.isfinite(checked.mean_loss) and checked.accuracy > progress.best_accuracy
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
        val_loss=checked.mean_loss,
        val_accuracy=checked.accuracy,
        seconds=seconds,
        best=best,
        time_left=spent / progress.step * (job.total_steps - progress.step),
    )
    progress.epoch_sums = Sums()
    clock.epoch_started, clock.epoch_seconds_before = now, 0.0
    metrics = {"val_accuracy": checked.accuracy, "val_loss": checked.mean_loss}
    if best:
        yield job.save("best", **metrics)
    yield job.save("last", **metrics)


def validate(job: Job, stop_asked: StopAsked) -> Sums | None:
    """Loss and accuracy over the validation images in eval mode; None when a stop came in between."""
    sums = Sums()
    job.state.network.eval()
    with torch.inference_mode(), closing(job.feeder.val_batches()) as batches:
        for batch in batches:
            if stop_asked():
                return None
            outputs = _forward(job, batch.images)
            loss = F.cross_entropy(outputs, batch.labels)
            correct = (outputs.argmax(1) == batch.labels).sum()
            value, right = torch.stack([loss.double(), correct.double()]).tolist()
            sums.add(loss=value, correct=int(right), images=len(batch.labels))
    return sums

"""One run while it trains: what it is made of, its clock, and how it is kept. Knows no loop and no window."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.cards import Gauge, nothing
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.state import State, captured
from resnet_studio.engine.training.world import World
from resnet_studio.runs.events import Checkpointed
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.patience import Ask, nobody, persist
from resnet_studio.runs.spec import TrainSpec

_SAVE_EVERY_SECONDS = 20.0
# A checkpoint of a large network takes seconds: saving may cost one part in so many of the time.
_SAVE_SHARE = 20.0


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
        run: its folder; None where nothing of it is kept.
        spec: its settings.
        feeder: its batches.
        device: where it computes.
        state: what it changes.
        about: what goes into every checkpoint beside the state (design, classes, input).
        before_save: called before a checkpoint is written, to put the events on the disk first.
        ask: whether to try again where the disk took no checkpoint.
        world: the processes that train it together.
        least_part: images that a part of a batch must have at the least.
        gauge: what was seen last of the graphics cards.
        learning: the network as it is trained; joined with the others', where there are any that it need not wait for, and
            compiled where asked for.
        is_compiled, compiled: whether it is, and for which shapes of batches.
    """

    run: RunFolder | None
    spec: TrainSpec
    feeder: Feeder
    device: torch.device
    state: State
    about: dict[str, Any]
    before_save: Callable[[], None] = lambda: None
    ask: Ask = nobody
    world: World = field(default_factory=World)
    least_part: int = 1
    gauge: Gauge = nothing
    clock: Clock = field(default_factory=Clock)

    is_compiled: bool = field(default=False, init=False)
    compiled: set[tuple[int, ...]] = field(default_factory=set, init=False)
    learning: nn.Module = field(init=False)

    def __post_init__(self) -> None:
        """Join the network with the other processes'.

        Raises:
            StudioError: they cannot be joined.
        """
        network = self.state.network
        # Whoever runs out of memory in the middle of a pass leaves the joined others waiting: then each learns by itself first.
        self.learning = (
            network
            if self.splits
            else self.world.joined(network, self.device, sync_norms=self.spec.sync_norms)
        )

    @property
    def total_steps(self) -> int:
        """Steps of the whole run."""
        return self.spec.epochs * self.feeder.steps_per_epoch

    @property
    def parts(self) -> int:
        """In how many parts a batch is taken: as set, or more since memory ran out; that may have been with fewer processes."""
        most = self.feeder.batch_size // self.world.size // self.least_part
        return max(min(self.state.progress.parts, most), self.spec.parts)

    @property
    def splits(self) -> bool:
        """Whether batches are split when memory runs out."""
        return self.spec.fit_memory

    def save(self, kind: str, **metrics: float) -> Checkpointed:
        """Write a checkpoint of the state as it stands, where the run has a folder."""
        assert self.run is not None
        run = self.run
        progress, clock = self.state.progress, self.clock
        began, waited = time.perf_counter(), clock.waited
        progress.seconds = clock.seconds_before + began - clock.started
        progress.epoch_seconds = clock.epoch_seconds_before + began - clock.epoch_started
        whole = captured(self.state)
        # The best is for use and export, not for going on: the weights are enough.
        contents = whole if kind == "last" else {"model": whole["model"]}
        figures = {"best_accuracy": progress.best_accuracy, "best_epoch": progress.best_epoch} | metrics
        about = self.about | {"step": progress.step, "epoch": progress.epochs_done, "metrics": figures}
        path = persist(lambda: self._write(run, kind, contents | {"about": about}), self.patient)
        clock.saved = time.perf_counter()
        clock.save_took = clock.saved - began - (clock.waited - waited)
        clock.mark()
        return Checkpointed(path=path.relative_to(run.path).as_posix(), step=progress.step, kind=kind)

    def _write(self, run: RunFolder, kind: str, contents: dict[str, Any]) -> Path:
        progress = self.state.progress
        self.before_save()
        if not self.world.leads:
            return checkpoint.path_of(run, kind, step=progress.step, epochs=progress.epochs_done)
        return checkpoint.save(run, kind, contents, step=progress.step, epochs=progress.epochs_done)

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

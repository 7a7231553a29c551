"""The learning-rate range test: a run's own first steps, at ever larger rates, on a network that is thrown away. Keeps nothing.

Smith 2015 (arXiv:1506.01186). It begins as the run will and takes the run's own steps (`step.learn`), at rates of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import torch

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.engine.data.batches import Batch
from resnet_studio.engine.device import choose_device
from resnet_studio.engine.threads import use_sensible_threads
from resnet_studio.engine.training.advice import MemoryAdvice
from resnet_studio.engine.training.ahead import Ahead
from resnet_studio.engine.training.beginning import fresh_network
from resnet_studio.engine.training.failing import in_words
from resnet_studio.engine.training.ground import Ground, lay_ground
from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.state import Diverged, Sums, first_state
from resnet_studio.engine.training.step import learn
from resnet_studio.engine.training.untouched import untouched
from resnet_studio.engine.training.world import World
from resnet_studio.engine.weights.starting import put_in
from resnet_studio.language import tr
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.spec import TrainSpec
from resnet_studio.runs.wire import CANCELLED

LOWEST, HIGHEST, STEPS = 1e-5, 10.0, 100
# A smoothed loss this many times the best one has left for good; fastai's figure.
_LOST = 4.0
# fastai's is 0.98, which looks back over fifty steps: half of all of ours. This one looks back over ten.
_SMOOTHING = 0.9

Progress = Callable[[int, int, str], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Point:
    """One step: its learning rate and the loss, smoothed over the steps before."""

    rate: float
    loss: float


@dataclass(frozen=True, slots=True)
class RangeTest:
    """What the test saw.

    A loss is the run's own training loss (label smoothing and blends of images included), smoothed as fastai's is: an exponential
    average over the steps, freed of its bias to the first, but with 0.9 where fastai has 0.98. It trails by about nine steps, in
    which the rate grows threefold; the tenth that is taken makes up for that, and for the edge at which the loss is lowest.

    Args:
        points: in the order of the steps, rates rising.
        suggestion: a tenth of the rate at which the smoothed loss was lowest (fastai's "minimum"); None where it never fell.
    """

    points: tuple[Point, ...]
    suggestion: float | None


def range_test(
    design: Design,
    spec: TrainSpec,
    *,
    initial: Initial | None = None,
    steps: int = STEPS,
    progress: Progress = lambda _done, _total, _text: None,
    seen: Callable[[Point], None] = lambda _point: None,
    cancelled: Cancelled = lambda: False,
) -> RangeTest:
    """Learn for `steps` batches at rates from LOWEST to HIGHEST, or until the loss has left for good.

    Args:
        design: the network; without Problems.
        spec: the settings, all of which hold: precision, parts, clipping, blends of images and the rest. Not used are learning rate
            and schedule, which are what is tried; the compiler, which a hundred steps do not pay for; and the average of the weights,
            which no step looks at. Device "all" means the first card here, which takes the batch in as many parts as there are cards.
        initial: which weights it begins with; None for fresh ones.
        steps: how many batches; 2 at the least.
        progress: gets steps done, steps in all, words.
        seen: gets what each step saw, just before `progress` is told of the step.
        cancelled: asked while weights are read, and between the steps.

    Raises:
        StudioError: data, design, settings or weights do not fit or cannot be had, memory ran out, the very first loss is no
            finite number, or `cancelled` said so ("Cancelled.").
    """
    spec = replace(spec, compile="off", averaging=0.0, parts=_parts(spec))
    world, advice = World(), MemoryAdvice()
    points: list[Point] = []
    with untouched(torch.device(choose_device(spec.device).name)):
        ground = lay_ground(design, spec, world, advice, validates=False)
        with closing(ground.feeder):
            tried = _tried(ground, spec, world, initial, steps=steps, cancelled=cancelled)
            for point in in_words(tried, world, advice):
                points.append(point)
                seen(point)
                progress(len(points), steps, tr("Trying learning rates"))
    return RangeTest(tuple(points), suggested(points))


def suggested(points: list[Point]) -> float | None:
    """A tenth of the rate with the lowest loss (Smith 2015, by the rule of thumb of fastai); None where the first is lowest."""
    if not points:
        return None
    lowest = min(range(len(points)), key=lambda index: points[index].loss)
    return points[lowest].rate / 10 if lowest else None


def _parts(spec: TrainSpec) -> int:
    """In how many parts one device takes what all that the run has take together: each pass as large as one of theirs."""
    # Norms that are synchronised see the whole batch, and so do the run's here.
    apart = spec.device == "all" and not spec.sync_norms
    return spec.parts * max(1, torch.cuda.device_count() if apart else 1)


def _tried(
    ground: Ground,
    spec: TrainSpec,
    world: World,
    initial: Initial | None,
    *,
    steps: int,
    cancelled: Cancelled,
) -> Iterator[Point]:
    """The steps up to the one at which the loss has left."""
    job = _begun(ground, spec, world, initial, cancelled)
    smooth, best = 0.0, math.inf
    with closing(_batches(job)) as made:
        batches = Ahead(made)
        for step, batch in zip(range(steps), batches, strict=False):
            if cancelled():
                raise StudioError(CANCELLED)
            rate = LOWEST * (HIGHEST / LOWEST) ** (step / max(1, steps - 1))
            try:
                loss = _loss(job, batch, rate, batches.fetch)
            except Diverged:
                if not step:
                    raise  # it began so: no rate is to blame
                return
            smooth = _SMOOTHING * smooth + (1 - _SMOOTHING) * loss
            told = smooth / (1 - _SMOOTHING ** (step + 1))
            if told > _LOST * best:
                return
            best = min(best, told)
            yield Point(rate, told)


def _begun(
    ground: Ground, spec: TrainSpec, world: World, initial: Initial | None, cancelled: Cancelled
) -> Job:
    """The run before its first step, without a folder."""
    # Never more than the process has: the other cores may belong to a run that trains beside it.
    here = torch.get_num_threads()
    use_sensible_threads(ground.plan, ground.feeder.batch_size, ground.device, available=here)
    network = fresh_network(ground.plan, spec)
    if initial is not None:
        put_in(network, initial, ground.plan.design, cancelled=cancelled)
    state = first_state(network, spec, ground.device)
    network.train()
    return Job(
        None, spec, ground.feeder, ground.device, state, about={}, world=world, least_part=ground.least_part
    )


def _batches(job: Job) -> Generator[Batch, None, None]:
    progress = job.state.progress
    while True:
        with closing(job.feeder.train_batches(progress.epochs_done + 1, 0)) as batches:
            yield from batches
        progress.epochs_done += 1


def _loss(job: Job, batch: Batch, rate: float, meanwhile: Callable[[], None]) -> float:
    """The batch's mean loss, as the run tells it, before it was learned from at the rate."""
    for _event in learn(job, batch, rate, meanwhile):
        pass  # more parts, which nothing here keeps
    sums, job.state.progress.recent = job.state.progress.recent, Sums()
    return sums.mean_loss

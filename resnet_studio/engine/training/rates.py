"""The learning-rate range test: a few steps at ever larger rates on a network that is thrown away. Keeps nothing.

Smith 2015 (arXiv:1506.01186). The run's own weights are never touched: it builds a network of its own, from the same seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, replace

import torch

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.engine.build import build, sound_plan
from resnet_studio.engine.data.batches import Batch, Feeder
from resnet_studio.engine.data.opening import open_data
from resnet_studio.engine.device import choose_device, work_on
from resnet_studio.engine.training.optimizer import make_optimizer
from resnet_studio.engine.training.state import make_scaler
from resnet_studio.engine.training.step import forward
from resnet_studio.language import tr
from resnet_studio.runs.datasets import require_fit
from resnet_studio.runs.spec import TrainSpec
from resnet_studio.runs.wire import CANCELLED

LOWEST, HIGHEST, STEPS = 1e-5, 10.0, 100
# A smoothed loss this many times the best one has left for good.
_LOST = 4.0
_SMOOTHING = 0.9

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Point:
    """One step: its learning rate and the loss, smoothed over the steps before."""

    rate: float
    loss: float


@dataclass(frozen=True, slots=True)
class RangeTest:
    """What the test saw.

    Args:
        points: in the order of the steps, rates rising.
        suggestion: a tenth of the rate at which the loss was lowest; None where it never fell.
    """

    points: tuple[Point, ...]
    suggestion: float | None


def range_test(
    design: Design,
    spec: TrainSpec,
    *,
    steps: int = STEPS,
    progress: Progress = lambda _done, _total, _text: None,
    seen: Callable[[Point], None] = lambda _point: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> RangeTest:
    """Learn for `steps` batches at rates from LOWEST to HIGHEST, or until the loss has left for good.

    Args:
        design: the network; without Problems.
        spec: the settings; schedule and learning rate are not used, blends of images neither.
        steps: how many batches; 2 at the least.
        progress: gets steps done, steps in all, words.
        seen: gets what each step saw, just before `progress` is told of the step.
        cancelled: asked between the steps.

    Raises:
        StudioError: data and design do not fit, or `cancelled` said so ("Cancelled.").
    """
    device = torch.device(choose_device(spec.device).name)
    work_on(device)
    data = open_data(spec.data, spec.root)
    require_fit(design, data.shape, len(data.classes))
    feeder = Feeder(data, spec, design.input, device, validates=False)
    torch.manual_seed(spec.seed)
    network = build(sound_plan(design)).to(device)
    # A hundred steps do not pay for a compiler.
    optimizer = make_optimizer(network, replace(spec, compile="off"))
    points: list[Point] = []
    scaler = make_scaler(spec, device)
    smooth, best = 0.0, math.inf
    with closing(feeder), closing(_batches(feeder)) as batches:
        for step, batch in zip(range(steps), batches, strict=False):
            if cancelled():
                raise StudioError(CANCELLED)
            rate = LOWEST * (HIGHEST / LOWEST) ** (step / max(1, steps - 1))
            loss = _learn(network, optimizer, scaler, batch, spec=spec, rate=rate)
            smooth = _SMOOTHING * smooth + (1 - _SMOOTHING) * loss
            told = smooth / (1 - _SMOOTHING ** (step + 1))
            if not math.isfinite(told) or told > _LOST * best:
                break
            best = min(best, told)
            points.append(Point(rate, told))
            seen(points[-1])
            progress(step + 1, steps, tr("Trying learning rates"))
    return RangeTest(tuple(points), suggested(points))


def suggested(points: list[Point]) -> float | None:
    """A tenth of the rate with the lowest loss (Smith 2015, by the rule of thumb of fastai); None where the first is lowest."""
    if not points:
        return None
    lowest = min(range(len(points)), key=lambda index: points[index].loss)
    return points[lowest].rate / 10 if lowest else None


def _batches(feeder: Feeder) -> Generator[Batch, None, None]:
    epoch = 0
    while True:
        epoch += 1
        with closing(feeder.train_batches(epoch, 0)) as batches:
            yield from batches


def _learn(
    network: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    scaler: torch.amp.GradScaler,
    batch: Batch,
    *,
    spec: TrainSpec,
    rate: float,
) -> float:
    for group in optimizer.param_groups:
        group["lr"] = rate
    outputs = forward(network, batch.images, spec.precision)
    loss = torch.nn.functional.cross_entropy(outputs, batch.labels, label_smoothing=spec.label_smoothing)
    optimizer.zero_grad(set_to_none=True)
    scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
    scaler.step(optimizer)
    scaler.update()
    return float(loss.detach())

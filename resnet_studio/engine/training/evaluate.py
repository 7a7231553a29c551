"""Evaluates a run's weights on its validation images: confusion matrix, top-1, top-5, the worst images and a sample. Trains nothing."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.build import build, sound_plan
from resnet_studio.engine.data.batches import Batch, Feeder
from resnet_studio.engine.data.opening import open_data
from resnet_studio.engine.device import choose_device, exact_type, put_on, work_on
from resnet_studio.engine.training.checkpoint import load_weights
from resnet_studio.engine.training.step import forward
from resnet_studio.language import tr
from resnet_studio.runs.datasets import require_fit
from resnet_studio.runs.evaluation import MAX_WORST, Evaluation, Prediction
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.wire import CANCELLED

Progress = Callable[[int, int, str], None]
WORST = 24
SAMPLES = 24
# Larger ones are shown smaller: a grid of thumbnails, and one line over the pipe.
_THUMBNAIL = 96


def _silent(_done: int, _total: int, _text: str) -> None:
    """Nobody wants to know."""


def evaluate(
    run: RunFolder,
    *,
    which: str = "best",
    worst: int = WORST,
    samples: int = SAMPLES,
    workers: int | None = None,
    progress: Progress = _silent,
    cancelled: Callable[[], bool] = lambda: False,
) -> Evaluation:
    """Look at every validation image once, in the run's own precision.

    Args:
        run: it has a checkpoint.
        which: "best" or "last".
        worst: how many of the wrong images to bring along, at most MAX_WORST.
        samples: how many of all images, at equal steps.
        workers: loader processes; None for as many as the run has.
        progress: gets images done, images in all, words.
        cancelled: asked between batches.

    Raises:
        StudioError: there is no such checkpoint or the data is gone or another, or `cancelled` said so ("Cancelled.").
    """
    spec, design = run.spec(), run.design()
    spec = spec if workers is None else replace(spec, workers=workers)
    weights, about = load_weights(run.path, which)
    device = torch.device(choose_device(spec.device).name)
    work_on(device)
    data = open_data(spec.data, spec.root)
    require_fit(design, data.shape, len(data.classes))
    if list(data.classes) != list(about.get("classes", data.classes)):
        raise StudioError(
            tr("{title} has other classes than when this run was trained.", title=data.title),
            tr("Bring the data back, or train anew."),
        )
    feeder = Feeder(data, spec, design.input, device)
    network = build(sound_plan(design))
    _put_in(network, weights)
    put_on(network, device, channels_last=spec.channels_last)
    network.eval()
    sums = _Sums(feeder, len(data.classes), min(worst, MAX_WORST), _spread(len(feeder.val), samples))
    for batch, outputs in _outputs(feeder, network, spec.precision):
        if cancelled():
            raise StudioError(CANCELLED)
        sums.add(batch, outputs)
        progress(sums.images, len(feeder.val), tr("Evaluating"))
    return sums.evaluation(data.classes, epoch=int(about["epoch"]), weights=which)


def _spread(images: int, wanted: int) -> frozenset[int]:
    """So many places in the order of the images, from the first to the last: of data in the order of its classes, some of each."""
    count = min(images, wanted)
    return frozenset(place * images // count for place in range(count))


def _put_in(network: nn.Module, weights: dict[str, Tensor]) -> None:
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        reason = str(error).partition("\n")[0][:200]
        raise StudioError(
            tr("The checkpoint does not belong to this run's design: {reason}", reason=reason),
            tr("Train it again."),
        ) from error


def _outputs(feeder: Feeder, network: nn.Module, precision: str) -> Iterator[tuple[Batch, Tensor]]:
    """Every validation batch with its logits (N, classes), float32."""
    with torch.inference_mode(), closing(feeder), closing(feeder.val_batches()) as batches:
        for batch in batches:
            yield batch, forward(network, batch.images, precision)


@dataclass(order=True, slots=True)
class _Kept:
    """A wrong image by its loss; the index makes the order total."""

    loss: float
    index: int
    seen: Prediction


class _Sums:
    """Adds batches up."""

    def __init__(self, feeder: Feeder, classes: int, worst: int, sampled: frozenset[int]) -> None:
        self.images = 0
        self._feeder, self._worst, self._sampled = feeder, worst, sampled
        self._samples: list[Prediction] = []
        self._counts = torch.zeros(classes, classes, dtype=torch.int64)
        self._loss, self._in_five = 0.0, 0
        self._kept: list[_Kept] = []

    def add(self, batch: Batch, outputs: Tensor) -> None:
        """Count one batch, and keep what is worse than what is kept."""
        labels, classes = batch.labels, self._counts.shape[0]
        said = outputs.argmax(1)
        losses = F.cross_entropy(outputs, labels, reduction="none")
        pairs = torch.bincount(labels * classes + said, minlength=classes * classes)
        self._counts += pairs.reshape(classes, classes).cpu()
        self.images += len(labels)
        self._loss += float(losses.to(exact_type(losses.device)).sum())
        if classes > 5:
            self._in_five += int((outputs.topk(5, dim=1).indices == labels[:, None]).sum())
        self._keep_worst(batch, outputs, said, losses)
        self._keep_samples(batch, outputs, said)

    def _keep_worst(self, batch: Batch, outputs: Tensor, said: Tensor, losses: Tensor) -> None:
        wrong = (said != batch.labels).nonzero().flatten()
        order = losses[wrong].argsort(descending=True)[: self._worst]
        for place in wrong[order].tolist():
            loss = float(losses[place])
            if len(self._kept) == self._worst and loss <= self._kept[0].loss:
                return
            index = int(batch.indices[place])
            # A lower index is worse among equals, so that the order never depends on the batches.
            kept = _Kept(loss, -index, self._seen(batch, outputs, place, said=int(said[place])))
            (heapq.heappush if len(self._kept) < self._worst else heapq.heappushpop)(self._kept, kept)

    def _keep_samples(self, batch: Batch, outputs: Tensor, said: Tensor) -> None:
        for place, index in enumerate(batch.indices.tolist() if self._sampled else ()):
            if index in self._sampled:
                self._samples.append(self._seen(batch, outputs, place, said=int(said[place])))

    def _seen(self, batch: Batch, outputs: Tensor, place: int, *, said: int) -> Prediction:
        picture = _picture(batch.images[place], self._feeder)
        index = int(batch.indices[place])
        channels, height, width = picture.shape
        return Prediction(
            index=index,
            name=self._feeder.val.name_of(index),
            truth=int(batch.labels[place]),
            said=said,
            confidence=float(outputs[place].softmax(0).max()),
            shape=(channels, height, width),
            pixels=picture.numpy().tobytes(),
        )

    def evaluation(self, classes: tuple[str, ...], **more: Any) -> Evaluation:
        """What was counted."""
        right = int(self._counts.diagonal().sum())
        return Evaluation(
            classes=classes,
            counts=tuple(tuple(row) for row in self._counts.tolist()),
            top1=right / self.images,
            top5=self._in_five / self.images if len(classes) > 5 else None,
            loss=self._loss / self.images,
            worst=tuple(kept.seen for kept in sorted(self._kept, reverse=True)),
            samples=tuple(sorted(self._samples, key=lambda one: one.index)),
            **more,
        )


def _picture(image: Tensor, feeder: Feeder) -> Tensor:
    """An image as the network saw it, back as bytes (C, H, W) on the CPU, small; C is 1 or 3."""
    mean = torch.tensor(feeder.data.mean).reshape(-1, 1, 1)
    deviation = torch.tensor(feeder.data.std).reshape(-1, 1, 1)
    # A grey image in a network for colours was repeated; one channel says it all.
    seen = image[: len(mean)].cpu().contiguous() * deviation + mean
    high = max(seen.shape[1:])
    if high > _THUMBNAIL:
        size = [max(1, round(side * _THUMBNAIL / high)) for side in seen.shape[1:]]
        seen = F.interpolate(seen[None], size, mode="bilinear", align_corners=False, antialias=True)[0]
    seen = (seen * 255).round().clamp(0, 255).to(torch.uint8)
    return seen if seen.shape[0] in (1, 3) else seen[:1]

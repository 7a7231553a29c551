"""What a trained network gets right and wrong on its validation images, as a value and as JSON. Knows no torch and no window."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr

MAX_WORST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """One image and what was said of it.

    Args:
        index: in the validation images' order.
        name: how people find it: a file's path, or "image 12".
        truth, said: numbers of the true class and of the one that was said.
        confidence: the probability of what was said, from 0 to 1.
        shape: of `pixels`, (channels, height, width), channels 1 or 3.
        pixels: bytes, channel by channel.
    """

    index: int
    name: str
    truth: int
    said: int
    confidence: float
    shape: tuple[int, int, int]
    pixels: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Counts over all validation images.

    Args:
        classes: their names in the order of the labels.
        counts: counts[true][said], classes x classes.
        top1, top5: fractions of 1; top5 is None with fewer than six classes, where it says nothing.
        loss: mean cross entropy.
        epoch: of the weights.
        weights: "best" or "last".
        worst: the wrong ones, the highest loss first.
        samples: some of all, right ones too, from the first to the last at equal steps.
    """

    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    top1: float
    top5: float | None
    loss: float
    epoch: int
    weights: str
    worst: tuple[Prediction, ...] = ()
    samples: tuple[Prediction, ...] = ()

    @property
    def images(self) -> int:
        """How many were looked at."""
        return sum(map(sum, self.counts))

    def recall(self, truth: int) -> float | None:
        """The part of a class's images that were said to be of it; None for a class without images."""
        row = self.counts[truth]
        return row[truth] / sum(row) if sum(row) else None

    def precision(self, said: int) -> float | None:
        """The part of what was said to be of a class that is; None where nothing was."""
        total = sum(row[said] for row in self.counts)
        return self.counts[said][said] / total if total else None

    def mistaken(self, truth: int) -> tuple[int, int] | None:
        """What a class is taken for most often, and how often; None where it never is."""
        row = self.counts[truth]
        others = [(count, -said) for said, count in enumerate(row) if said != truth and count]
        if not others:
            return None
        count, said = max(others)
        return -said, count


def evaluation_to(found: Evaluation, *, pixels: bool = True) -> dict[str, Any]:
    """The JSON object; with pixels, `evaluation_from` gives it back."""
    return {
        "classes": list(found.classes),
        "counts": [list(row) for row in found.counts],
        "images": found.images,
        "top1": found.top1,
        "top5": found.top5,
        "loss": found.loss,
        "epoch": found.epoch,
        "weights": found.weights,
        "worst": [_prediction_to(one, pixels=pixels) for one in found.worst],
        "samples": [_prediction_to(one, pixels=pixels) for one in found.samples],
    }


def _prediction_to(one: Prediction, *, pixels: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "index": one.index,
        "name": one.name,
        "truth": one.truth,
        "said": one.said,
        "confidence": one.confidence,
    }
    if pixels:
        told |= {"shape": list(one.shape), "pixels": base64.b64encode(one.pixels).decode("ascii")}
    return told


def evaluation_from(value: Mapping[str, Any]) -> Evaluation:
    """The value in a parsed JSON object.

    Raises:
        StudioError: it is none.
    """
    try:
        classes = tuple(str(name) for name in value["classes"])
        counts = tuple(tuple(int(count) for count in row) for row in value["counts"])
        if len(counts) != len(classes) or any(len(row) != len(classes) for row in counts):
            raise ValueError(tr("the counts are not classes by classes"))
        top5 = value["top5"]
        return Evaluation(
            classes=classes,
            counts=counts,
            top1=float(value["top1"]),
            top5=None if top5 is None else float(top5),
            loss=float(value["loss"]),
            epoch=int(value["epoch"]),
            weights=str(value["weights"]),
            worst=tuple(_prediction_from(one) for one in value["worst"]),
            samples=tuple(_prediction_from(one) for one in value["samples"]),
        )
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise StudioError(
            tr("The evaluation could not be read ({error}).", error=str(error)[:100]), tr("This is a bug.")
        ) from error


def _prediction_from(value: Mapping[str, Any]) -> Prediction:
    channels, height, width = (int(size) for size in value["shape"])
    pixels = base64.b64decode(value["pixels"], validate=True)
    if channels not in (1, 3) or len(pixels) != channels * height * width:
        raise ValueError(tr("an image's bytes do not match its shape"))
    return Prediction(
        index=int(value["index"]),
        name=str(value["name"]),
        truth=int(value["truth"]),
        said=int(value["said"]),
        confidence=float(value["confidence"]),
        shape=(channels, height, width),
        pixels=pixels,
    )

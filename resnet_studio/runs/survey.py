"""What a data set holds, as a value and as JSON: classes, counts, samples, statistics, what is wrong. Knows no torch and no window."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr

MAX_NAMES = 200
# Shorter sides below this tell nothing at any network's size; below this share of the usual one, something went wrong.
TINY_PIXELS, TINY_SHARE = 8, 0.25


class Flaw(StrEnum):
    """What can be wrong with single images."""

    BROKEN = "broken"
    TINY = "tiny"
    BLANK = "blank"
    COPIED = "copied"
    LEAKED = "leaked"
    CONTRADICTING = "contradicting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Images with one flaw: how many, and the first MAX_NAMES of them by name, with what is to be said of each."""

    flaw: Flaw
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A sample made small.

    Args:
        name: how people find it: a path below the data's folder, or "training image 12".
        label: its class's number.
        shape: of `pixels`, (channels, height, width), channels 1 or 3.
        pixels: bytes, channel by channel.
    """

    name: str
    label: int
    shape: tuple[int, int, int]
    pixels: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Width and height of the smallest image, of the largest (by area), and of the most frequent kind, of which there are `common_count`."""

    least: tuple[int, int]
    most: tuple[int, int]
    common: tuple[int, int]
    common_count: int
    kinds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """All that is known of a data set once it was looked through.

    Args:
        data: as in TrainSpec.data.
        title: as people call it.
        classes: their names in the order of the labels.
        train, val: sound images of each class in the two splits.
        shape: of one image as a design would take it, (channels, height, width).
        sizes: of the sound images.
        mean, std: per channel, pixels from 0 to 1, every image weighing the same.
        measured: over how many training images those were taken.
        used_mean, used_std: with which training normalises.
        own_split: whether the data names its validation images itself; else every fifth of a class is one.
        pictures: samples of the classes, drawn with a fixed seed from the training images.
        findings: what is wrong with single images.
    """

    data: str
    title: str
    classes: tuple[str, ...]
    train: tuple[int, ...]
    val: tuple[int, ...]
    shape: tuple[int, int, int]
    sizes: Sizes
    mean: tuple[float, ...]
    std: tuple[float, ...]
    measured: int
    used_mean: tuple[float, ...]
    used_std: tuple[float, ...]
    own_split: bool
    pictures: tuple[Picture, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def images(self) -> int:
        """Sound images of both splits."""
        return sum(self.train) + sum(self.val)

    @property
    def imbalance(self) -> float:
        """How many times as many training images the largest class has as the smallest; infinite where one has none."""
        least = min(self.train, default=0)
        return max(self.train, default=0) / least if least else float("inf")

    def finding(self, flaw: Flaw) -> Finding | None:
        """The images with this flaw, or None."""
        return next((found for found in self.findings if found.flaw is flaw), None)


# --- JSON -----------------------------------------------------------------------------------------------------------------


def survey_to(found: Survey, *, pixels: bool = True) -> dict[str, Any]:
    """The JSON object; with pixels, `survey_from` gives it back."""
    told: dict[str, Any] = {
        "data": found.data,
        "title": found.title,
        "classes": list(found.classes),
        "train": list(found.train),
        "val": list(found.val),
        "shape": list(found.shape),
        "sizes": {
            "least": list(found.sizes.least),
            "most": list(found.sizes.most),
            "common": list(found.sizes.common),
            "common_count": found.sizes.common_count,
            "kinds": found.sizes.kinds,
        },
        "mean": list(found.mean),
        "std": list(found.std),
        "measured": found.measured,
        "used_mean": list(found.used_mean),
        "used_std": list(found.used_std),
        "own_split": found.own_split,
        "findings": [
            {"flaw": one.flaw.value, "count": one.count, "names": list(one.names)} for one in found.findings
        ],
    }
    return told | ({"pictures": [_picture_to(one) for one in found.pictures]} if pixels else {})


def _picture_to(one: Picture) -> dict[str, Any]:
    words = base64.b64encode(one.pixels).decode("ascii")
    return {"name": one.name, "label": one.label, "shape": list(one.shape), "pixels": words}


def survey_from(value: Mapping[str, Any]) -> Survey:
    """The value in a parsed JSON object.

    Raises:
        StudioError: it is none.
    """
    try:
        return _survey(value)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise StudioError(
            tr("The survey of the data could not be read ({error}).", error=str(error)[:100]),
            tr("This is a bug."),
        ) from error


def _survey(value: Mapping[str, Any]) -> Survey:
    classes = tuple(str(name) for name in value["classes"])
    train, val = _whole(value["train"]), _whole(value["val"])
    if not len(classes) == len(train) == len(val):
        raise ValueError(tr("the counts are not one for each class"))
    sizes = value["sizes"]
    pictures = tuple(_picture_from(one) for one in value["pictures"])
    if not all(0 <= one.label < len(classes) for one in pictures):
        raise ValueError(tr("a sample is of no class"))
    return Survey(
        data=str(value["data"]),
        title=str(value["title"]),
        classes=classes,
        train=train,
        val=val,
        shape=_three(value["shape"]),
        sizes=Sizes(
            least=_two(sizes["least"]),
            most=_two(sizes["most"]),
            common=_two(sizes["common"]),
            common_count=int(sizes["common_count"]),
            kinds=int(sizes["kinds"]),
        ),
        mean=_floats(value["mean"]),
        std=_floats(value["std"]),
        measured=int(value["measured"]),
        used_mean=_floats(value["used_mean"]),
        used_std=_floats(value["used_std"]),
        own_split=bool(value["own_split"]),
        pictures=pictures,
        findings=tuple(
            Finding(flaw=Flaw(one["flaw"]), count=int(one["count"]), names=tuple(map(str, one["names"])))
            for one in value["findings"]
        ),
    )


def _picture_from(value: Mapping[str, Any]) -> Picture:
    shape = _three(value["shape"])
    pixels = base64.b64decode(value["pixels"], validate=True)
    if shape[0] not in (1, 3) or len(pixels) != shape[0] * shape[1] * shape[2]:
        raise ValueError(tr("a sample's bytes do not match its shape"))
    return Picture(name=str(value["name"]), label=int(value["label"]), shape=shape, pixels=pixels)


def _whole(values: Any) -> tuple[int, ...]:
    return tuple(int(value) for value in values)


def _floats(values: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _two(values: Any) -> tuple[int, int]:
    first, second = _whole(values)
    return first, second


def _three(values: Any) -> tuple[int, int, int]:
    first, second, third = _whole(values)
    return first, second, third

"""Which part of an image is shown, as torchvision chooses it: a random one in training, the middle one else. Knows no pixels, no files.

`random_box` and `random_boxes` have one rule, that of torchvision's RandomResizedCrop (Szegedy et al. 2014): 8 to 100 % of the area
at 3:4 to 4:3, drawn anew up to ten times until it fits into the image. One is for an image of any size, in plain numbers, which cost
microseconds where each file is read; the other for all the images of an epoch, of one size, at once.
"""

from __future__ import annotations

import math
import random
from typing import NamedTuple

import torch
from torch import Tensor

from resnet_studio.engine.data.draws import Dice, Stream

_LEAST = 0.08
_RATIO = 4 / 3
_TRIES = 10


class Box(NamedTuple):
    """A part of an image in pixels: the place of its first row and column, its height and width."""

    top: int
    left: int
    high: int
    wide: int


def random_box(height: int, width: int, dice: random.Random) -> Box:
    """A random part of an image, in whole pixels."""
    for _ in range(_TRIES):
        area = height * width * dice.uniform(_LEAST, 1.0)
        ratio = math.exp(dice.uniform(-1, 1) * math.log(_RATIO))
        wide, high = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < wide <= width and 0 < high <= height:
            return Box(dice.randint(0, height - high), dice.randint(0, width - wide), high, wide)
    return _where_none_fits(height, width)


def random_boxes(dice: Dice, height: int, width: int) -> Tensor:
    """A random part of each image: (N, 4) float32, as in Box, on the processor: who tries again is known there without waiting."""
    found = torch.tensor([_where_none_fits(height, width)], dtype=torch.float32).repeat(len(dice.here), 1)
    left = torch.arange(len(dice.here))
    for attempt in range(_TRIES):
        some = Dice(dice.seed, dice.epoch, dice.here[left])
        area = height * width * (_LEAST + (1 - _LEAST) * some.uniforms(Stream.SCALE, attempt))
        ratio = torch.exp((2 * some.uniforms(Stream.RATIO, attempt) - 1) * math.log(_RATIO))
        wide, high = (area * ratio).sqrt().round(), (area / ratio).sqrt().round()
        fits = (wide > 0) & (wide <= width) & (high > 0) & (high <= height)
        top = (some.uniforms(Stream.ROW) * (height - high + 1)).floor()
        across = (some.uniforms(Stream.COLUMN) * (width - wide + 1)).floor()
        found[left[fits]] = torch.stack([top, across, high, wide], 1)[fits].float()
        left = left[~fits]
    return found


def _where_none_fits(height: int, width: int) -> Box:
    """The middle, as much of it as the ratios allow."""
    wide = min(width, round(height * _RATIO)) if width > height * _RATIO else width
    high = min(height, round(width * _RATIO)) if height > width * _RATIO else height
    return Box((height - high) // 2, (width - wide) // 2, high, wide)


def middle(seen: tuple[int, int], size: tuple[int, int], part: float) -> tuple[float, float, float, float]:
    """The part of an image that becomes its middle: left, top, right and bottom, in its own pixels.

    It is what is left where the image is resized to whole pixels first, by the edge that is the shorter one for its size, then cropped
    at a whole pixel, as torchvision's Resize and CenterCrop do.

    Args:
        seen: (height, width) of the image.
        size: (height, width) that it is shown at.
        part: how much of the shorter edge is left.
    """
    short, other = (0, 1) if seen[0] * size[1] < seen[1] * size[0] else (1, 0)
    resized = [0, 0]
    resized[short] = round(size[short] / part)
    # What is not square may be a pixel short, by what the division loses.
    resized[other] = max(size[other], int(resized[short] * seen[other] / seen[short]))
    ends = []
    for edge, whole, cut in zip(seen, resized, size, strict=True):
        start = round((whole - cut) / 2.0)
        ends.append((start * edge / whole, min((start + cut) * edge / whole, edge)))
    (top, bottom), (left, right) = ends
    return left, top, right, bottom

"""Augmentation of a whole batch of byte images at once, each image by draws of its own. Knows no data set and no files.

All functions take and give (N, C, H, W) uint8 on any device, and never change their input.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional as F

from resnet_studio.engine.data.draws import Dice, Stream
from resnet_studio.engine.device import miscomputes

Augmentation = Callable[[Tensor, Dice], Tensor]


def shifted(images: Tensor, dice: Dice, *, mirror: bool = False) -> Tensor:
    """Shift by up to an eighth of the edge each way, black behind; `mirror` flips half of them left to right.

    He et al. 2015, section 4.2: 4 pixels of padding on 32, a random crop, a random flip.
    """
    count, channels, height, width = images.shape
    pad_y, pad_x = max(1, height // 8), max(1, width // 8)
    padded = F.pad(images, (pad_x, pad_x, pad_y, pad_y))
    top = dice.integers(Stream.ROW, 2 * pad_y + 1)
    left = dice.integers(Stream.COLUMN, 2 * pad_x + 1)
    rows = _numbers(height, images.device) + top[:, None]
    columns = _numbers(width, images.device).expand(count, width)
    if mirror:
        flip = dice.integers(Stream.MIRROR, 2)
        # 0 to width - 1, or back.
        columns = (columns - flip[:, None] * (width - 1)).abs()
    columns = columns + left[:, None]
    which = _numbers(count, images.device)[:, None, None, None]
    channel = _numbers(channels, images.device)[None, :, None, None]
    return padded[which, channel, rows[:, None, :, None], columns[:, None, None, :]]


@lru_cache(maxsize=64)
def _numbers(count: int, device: torch.device) -> Tensor:
    """From 0 on, so many: the same for every batch, and never written to."""
    return torch.arange(count, device=device)


def shifted_and_mirrored(images: Tensor, dice: Dice) -> Tensor:
    """`shifted`, and half of the images mirrored."""
    return shifted(images, dice, mirror=True)


def resized_crops(images: Tensor, dice: Dice) -> Tensor:
    """A random part of 25 to 100 % of the area, stretched to the whole, and half of them mirrored (Szegedy et al. 2014)."""
    if miscomputes(images.device):
        return resized_crops(images.cpu(), dice.on_processor()).to(images.device)
    scale = crop_scale(dice.uniforms(Stream.SCALE))
    ratio = torch.exp((dice.uniforms(Stream.RATIO) * 2 - 1) * math.log(4 / 3))
    width = (scale * ratio).sqrt().clamp(max=1.0)
    height = (scale / ratio).sqrt().clamp(max=1.0)
    centre_x = (dice.uniforms(Stream.COLUMN) * 2 - 1) * (1 - width)
    centre_y = (dice.uniforms(Stream.ROW) * 2 - 1) * (1 - height)
    sign = 1 - 2 * dice.integers(Stream.MIRROR, 2)
    zero = torch.zeros_like(width)
    matrix = torch.stack(
        [torch.stack([width * sign, zero, centre_x], 1), torch.stack([zero, height, centre_y], 1)], 1
    ).float()
    grid = F.affine_grid(matrix, list(images.shape), align_corners=False)
    cropped = F.grid_sample(images.float(), grid, padding_mode="border", align_corners=False)
    return cropped.round_().clamp_(0, 255).to(torch.uint8)


def crop_scale(uniform: Tensor) -> Tensor:
    """Part of the area that a crop keeps."""
    return 0.25 + 0.75 * uniform


def untouched(images: Tensor, dice: Dice) -> Tensor:
    """The images as they are."""
    del dice
    return images


AUGMENTATIONS: dict[str, Augmentation] = {
    "none": untouched,
    "shift": shifted,
    "crop_flip": shifted_and_mirrored,
    "resized_crop": resized_crops,
}
# What "auto" means: digits mirrored are no digits any more.
AUTO = {
    "digits": "shift",
    "mnist": "shift",
    "fashion_mnist": "crop_flip",
    "cifar10": "crop_flip",
    "cifar100": "crop_flip",
    "folder": "resized_crop",
}


def augmentation_name(data: str, setting: str) -> str:
    """The augmentation that a setting means for a data set."""
    return AUTO[data] if setting == "auto" else setting

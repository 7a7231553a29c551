"""Augmentation of a whole batch of byte images at once, each image by draws of its own. Knows no data set and no files.

All functions take and give (N, C, H, W) uint8 on any device, and never change their input.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional as F

from resnet_studio.engine.data.cropping import random_boxes
from resnet_studio.engine.data.draws import Dice, Stream
from resnet_studio.engine.device import miscomputes

Augmentation = Callable[[Tensor, Dice], Tensor]


def shifted(images: Tensor, dice: Dice, *, mirror: bool = False, reflected: bool = False) -> Tensor:
    """Shift by up to an eighth of the edge each way; `mirror` flips half of them left to right.

    He et al. 2015, section 4.2: 4 pixels of padding on 32, a random crop, a random flip. Behind it is black, or what lies inside of
    the edge, `reflected`.
    """
    count, channels, height, width = images.shape
    pad_y, pad_x = max(1, height // 8), max(1, width // 8)
    rows = _numbers(height, images.device) + dice.integers(Stream.ROW, 2 * pad_y + 1)[:, None]
    columns = _numbers(width, images.device).expand(count, width)
    if mirror:
        flip = dice.integers(Stream.MIRROR, 2)
        # 0 to width - 1, or back.
        columns = (columns - flip[:, None] * (width - 1)).abs()
    columns = columns + dice.integers(Stream.COLUMN, 2 * pad_x + 1)[:, None]
    if reflected:
        padded, rows, columns = images, _reflected(rows - pad_y, height), _reflected(columns - pad_x, width)
    else:
        padded = F.pad(images, (pad_x, pad_x, pad_y, pad_y))
    which = _numbers(count, images.device)[:, None, None, None]
    channel = _numbers(channels, images.device)[None, :, None, None]
    return padded[which, channel, rows[:, None, :, None], columns[:, None, None, :]]


def _reflected(places: Tensor, edge: int) -> Tensor:
    """Places outside of the edge as those inside, which lie as far from its last pixel: ..., 2, 1, 0, 1, 2, ..."""
    last = edge - 1
    return (last - (last - places.abs()).abs()).clamp(min=0)


@lru_cache(maxsize=64)
def _numbers(count: int, device: torch.device) -> Tensor:
    """From 0 on, so many: the same for every batch, and never written to."""
    return torch.arange(count, device=device)


def shifted_and_mirrored(images: Tensor, dice: Dice) -> Tensor:
    """`shifted`, and half of the images mirrored."""
    return shifted(images, dice, mirror=True)


def shifted_mirrored_and_reflected(images: Tensor, dice: Dice) -> Tensor:
    """`shifted_and_mirrored`, with the image's own reflection behind (Zagoruyko and Komodakis 2016, in their code)."""
    return shifted(images, dice, mirror=True, reflected=True)


def resized_crops(images: Tensor, dice: Dice) -> Tensor:
    """A random part of each, stretched to the whole, and half of them mirrored (Szegedy et al. 2014)."""
    if miscomputes(images.device):
        return resized_crops(images.cpu(), dice.on_processor()).to(images.device)
    height, width = images.shape[2:]
    rows, columns = torch.split(dice.made(_crop_places, height, width), [height, width], 1)
    grid = torch.stack([columns[:, None].expand(-1, height, -1), rows[..., None].expand(-1, -1, width)], 3)
    cropped = F.grid_sample(images.float(), grid, padding_mode="border", align_corners=False)
    return cropped.round_().clamp_(0, 255).to(torch.uint8)


def _crop_places(dice: Dice, height: int, width: int) -> Tensor:
    """Where in its image each row and then each column of a crop lies, as `grid_sample` counts: (N, height + width) float32."""
    top, left, high, wide = (
        random_boxes(dice, height, width).to(dice.indices.device, non_blocking=True).unbind(1)
    )
    rows, columns = _spread(top, high, height), _spread(left, wide, width)
    mirrored = dice.integers(Stream.MIRROR, 2) == 1
    columns = torch.where(mirrored[:, None], columns.flip(1), columns)
    return torch.cat([rows, columns], 1)


def _spread(start: Tensor, length: Tensor, edge: int) -> Tensor:
    """So many places as the edge has, over a part of it; none so near the part's end that what lies outside would be blended in."""
    inside = (_numbers(edge, start.device) + 0.5) / edge * length[:, None]
    inside = torch.minimum(inside.clamp(min=0.5), length[:, None] - 0.5)
    return 2 * (start[:, None] + inside) / edge - 1


def untouched(images: Tensor, dice: Dice) -> Tensor:
    """The images as they are."""
    del dice
    return images


AUGMENTATIONS: dict[str, Augmentation] = {
    "none": untouched,
    "shift": shifted,
    "crop_flip": shifted_and_mirrored,
    "reflect_flip": shifted_mirrored_and_reflected,
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

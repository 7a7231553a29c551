"""What training does to the bytes of images, and the erasing of their finished numbers; each by draws of its own. Knows no files."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from resnet_studio.engine.data.augment import AUGMENTATIONS
from resnet_studio.engine.data.draws import Dice, Stream
from resnet_studio.engine.data.trivial import trivially_augmented


def varied(images: Tensor, dice: Dice, *, how: str, trivial: bool, smooth: bool = False) -> Tensor:
    """Bytes as training sees them: moved by one of AUGMENTATIONS, then TrivialAugment where asked for; (N, C, H, W) uint8 to the same.

    `smooth`: TrivialAugment blends the pixels that it moves.
    """
    moved = AUGMENTATIONS[how](images, dice)
    return trivially_augmented(moved, dice, smooth=smooth) if trivial else moved


def erased(images: Tensor, dice: Dice, *, share: float) -> Tensor:
    """A rectangle of 2 to 33 % of the area set to zero, the mean, in a share of the normalised images (Zhong et al. 2017)."""
    count, _, height, width = images.shape
    area = (0.02 + 0.31 * dice.uniforms(Stream.ERASE_AREA)) * height * width
    ratio = torch.exp((2 * dice.uniforms(Stream.ERASE_RATIO) - 1) * math.log(10 / 3))
    high = (area * ratio).sqrt().round().clamp(1, height)
    wide = (area / ratio).sqrt().round().clamp(1, width)
    top = (dice.uniforms(Stream.ERASE_ROW) * (height - high + 1)).floor()
    left = (dice.uniforms(Stream.ERASE_COLUMN) * (width - wide + 1)).floor()
    rows = torch.arange(height, device=images.device).expand(count, height)
    columns = torch.arange(width, device=images.device).expand(count, width)
    in_rows = (rows >= top[:, None]) & (rows < (top + high)[:, None])
    in_columns = (columns >= left[:, None]) & (columns < (left + wide)[:, None])
    chosen = dice.uniforms(Stream.ERASE) < share
    gone = in_rows[:, :, None] & in_columns[:, None, :] & chosen[:, None, None]
    return images.masked_fill(gone[:, None], 0.0)

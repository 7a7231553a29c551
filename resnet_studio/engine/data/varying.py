"""TrivialAugment and random erasing, each image by draws of its own, alone or in a batch. Knows no data set and no files."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from resnet_studio.engine.data.augment import AUGMENTATIONS
from resnet_studio.engine.data.draws import Dice, Stream

_BINS = 31


def varied(images: Tensor, dice: Dice, *, how: str, trivial: bool) -> Tensor:
    """Bytes as training sees them: moved by one of AUGMENTATIONS, then TrivialAugment where asked for; (N, C, H, W) uint8 to the same."""
    moved = AUGMENTATIONS[how](images, dice)
    return trivially_augmented(moved, dice) if trivial else moved


def trivially_augmented(images: Tensor, dice: Dice) -> Tensor:
    """One operation of the wide space at one strength for each image (Müller and Hutter 2021); (N, C, H, W) uint8 to the same.

    The operations are torchvision's own; images that drew the same are changed together, on their device.
    """
    from torchvision.transforms.v2 import InterpolationMode, TrivialAugmentWide

    space = TrivialAugmentWide(num_magnitude_bins=_BINS)
    names = list(space._AUGMENTATION_SPACE)
    # On the processor, which has to know who drew what; the card is told of the places alone, and not waited for.
    keys = _keys(dice.on_processor(), len(names))
    drawn, counts = torch.unique(keys, return_counts=True)
    places = keys.argsort(stable=True).to(images.device, non_blocking=True)
    out = images.clone()
    for key, chosen in zip(drawn.tolist(), torch.split(places, counts.tolist()), strict=True):
        name = names[key // (2 * _BINS)]
        strengths, signed = space._AUGMENTATION_SPACE[name]
        values = strengths(_BINS, *images.shape[-2:])
        strength = 0.0 if values is None else float(values[key // 2 % _BINS])
        # WORKAROUND the transform draws for itself from the global random state, which a resumed run could not repeat;
        # so only its last step is called, which torchvision keeps apart.
        out[chosen] = space._apply_image_or_video_transform(
            images[chosen], name, -strength if signed and key % 2 else strength,
            interpolation=InterpolationMode.NEAREST, fill={},
        )  # fmt: skip
    return out


def _keys(dice: Dice, operations: int) -> Tensor:
    """Operation, strength and sign of each image as one number."""
    operation = dice.integers(Stream.POLICY, operations)
    strength = dice.integers(Stream.MAGNITUDE, _BINS)
    return (operation * _BINS + strength) * 2 + dice.integers(Stream.SIGN, 2)


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

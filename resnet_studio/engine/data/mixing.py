"""Blending a batch with itself: mixup and CutMix, and the loss of what comes out. Knows no data set and no loop.

Every batch is drawn from (seed, epoch, its first image), so that a resumed run blends as an uninterrupted one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from resnet_studio.engine.data.draws import Stream, draws


@dataclass(frozen=True, slots=True)
class Mixed:
    """Images of which each carries two labels.

    Args:
        images: (N, C, H, W).
        labels: (N,) of the image itself.
        others: (N,) of the image blended in.
        share: how much of the image itself is left, 0 to 1.
    """

    images: Tensor
    labels: Tensor
    others: Tensor
    share: float

    def loss(self, outputs: Tensor, *, label_smoothing: float = 0.0) -> Tensor:
        """Cross-entropy with both labels by their shares, the mean of the batch."""
        own = F.cross_entropy(outputs, self.labels, label_smoothing=label_smoothing)
        if self.share == 1.0:
            return own
        other = F.cross_entropy(outputs, self.others, label_smoothing=label_smoothing)
        return self.share * own + (1 - self.share) * other

    def correct(self, outputs: Tensor) -> Tensor:
        """How many outputs name the label that weighs more: a count on the device."""
        wanted = self.labels if self.share >= 0.5 else self.others
        return (outputs.argmax(1) == wanted).sum()

    def split(self, parts: int) -> list[Mixed]:
        """So many parts, the first ones an image larger where it does not come out even; of one image at the least."""
        if parts == 1:
            return [self]
        many = min(parts, len(self.labels))
        pieces = (value.tensor_split(many) for value in (self.images, self.labels, self.others))
        return [Mixed(images, own, others, self.share) for images, own, others in zip(*pieces, strict=True)]


@dataclass(frozen=True, slots=True)
class Mixing:
    """Which blends are asked for, by the alpha of their Beta distributions; 0 is off. With both, a coin chooses."""

    mixup: float
    cutmix: float

    def __call__(self, images: Tensor, labels: Tensor, indices: Tensor, *, seed: int, epoch: int) -> Mixed:
        """The batch, blended with its neighbour one further on."""
        if (not self.mixup and not self.cutmix) or len(labels) < 2:
            return Mixed(images, labels, labels, 1.0)
        dice = random.Random(int(draws(seed, epoch, indices[:1].cpu(), Stream.MIX)))
        others = labels.roll(1, 0)
        cut = dice.random() < 0.5 if self.mixup and self.cutmix else bool(self.cutmix)
        if cut:
            blended, share = _cut(images, dice, self.cutmix)
        else:
            share = dice.betavariate(self.mixup, self.mixup)
            blended = torch.lerp(images.roll(1, 0), images, share)
        return Mixed(blended, labels, others, share)


def _cut(images: Tensor, dice: random.Random, alpha: float) -> tuple[Tensor, float]:
    """A rectangle of the neighbour's, its area 1 - share but for what hangs over the edge."""
    height, width = images.shape[-2:]
    edge = (1 - dice.betavariate(alpha, alpha)) ** 0.5
    half_y, half_x = int(edge * height) // 2, int(edge * width) // 2
    row, column = dice.randrange(height), dice.randrange(width)
    top, bottom = max(0, row - half_y), min(height, row + half_y)
    left, right = max(0, column - half_x), min(width, column + half_x)
    blended = images.clone()
    blended[..., top:bottom, left:right] = images.roll(1, 0)[..., top:bottom, left:right]
    return blended, 1 - (bottom - top) * (right - left) / (height * width)

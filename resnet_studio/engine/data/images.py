"""What a data set is in memory: its two splits of images, its classes, its statistics. Knows no names and no files' formats.

Small sets lie in memory as bytes; a folder of images is read as it goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from resnet_studio.runs.datasets import Shape

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True, slots=True)
class MemoryImages:
    """A split in memory: images (N, C, H, W) uint8, labels (N,) int64."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        """How many images."""
        return len(self.labels)

    def name_of(self, index: int) -> str:
        """How people find this image."""
        return f"image {index}"


@dataclass(frozen=True, slots=True)
class FileImages:
    """A split on the disk: the paths of the images and their classes' numbers."""

    paths: tuple[Path, ...]
    labels: tuple[int, ...]

    def __len__(self) -> int:
        """How many images."""
        return len(self.labels)

    def name_of(self, index: int) -> str:
        """How people find this image."""
        return str(self.paths[index])


Split = MemoryImages | FileImages


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """Everything that training needs of the data.

    Args:
        name: as in TrainSpec.data.
        title: as people call it.
        classes: their names in the order of the labels.
        shape: of one image; of a folder, the shape of its first image.
        train, val: the two splits.
        mean, std: per channel, for pixels from 0 to 1.
        notices: what people should know before epoch 1.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    shape: Shape
    train: Split
    val: Split
    mean: tuple[float, ...]
    std: tuple[float, ...]
    notices: tuple[str, ...] = ()


def statistics(images: Tensor) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation per channel of byte images, for pixels from 0 to 1. Exact: it counts the 256 values."""
    means: list[float] = []
    deviations: list[float] = []
    values = torch.arange(256, dtype=torch.float64) / 255
    for channel in range(images.shape[1]):
        counts = torch.bincount(images[:, channel].reshape(-1), minlength=256).double()
        share = counts / counts.sum()
        mean = float((share * values).sum())
        variance = float((share * (values - mean) ** 2).sum())
        means.append(mean)
        # A constant channel (an empty image) would divide by zero.
        deviations.append(max(variance**0.5, 1e-6))
    return tuple(means), tuple(deviations)


def every_fifth(labels: Tensor) -> Tensor:
    """The rule of the 80/20 split without a seed: within each class, in the data's order, every fifth is for validation.

    Returns a mask (N,) of the validation images.
    """
    chosen = torch.zeros(len(labels), dtype=torch.bool)
    for label in range(int(labels.max()) + 1 if len(labels) else 0):
        members = (labels == label).nonzero().flatten()
        chosen[members[4::5]] = True
    return chosen

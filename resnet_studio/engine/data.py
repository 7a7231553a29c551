"""A data set as the training loop takes it, by the name in TrainSpec.data. Knows no network and no loop.

Small sets lie in memory as bytes; a folder of images is read as it goes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.datasets import KNOWN, Shape
from resnet_studio.runs.home import data_root

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


@dataclass(frozen=True, slots=True, kw_only=True)
class DataInfo:
    """What the window shows of a data set that is there."""

    title: str
    classes: tuple[str, ...]
    shape: Shape
    train: int
    val: int
    notices: tuple[str, ...] = ()


def open_data(name: str, root: str | Path | None = None) -> DataSet:
    """Read a data set, from `root` or the program's own data folder.

    Raises:
        StudioError: it is not there, damaged or of a wrong shape; the remedy says how to get it.
    """
    if name not in KNOWN:
        raise StudioError(f"No data set is called {name!r}.", f"Take one of {', '.join(KNOWN)}.")
    place = data_root() if root is None else Path(root).expanduser()
    found = _opener(name)(place)
    if len(found.train) == 0 or len(found.val) == 0:
        raise StudioError(f"{found.title} in {place} has no images to learn from or none to check with.")
    return found


def _opener(name: str) -> Callable[[Path], DataSet]:
    # Imported here: torchvision alone costs a second, which the digits need not pay.
    if name == "digits":
        from resnet_studio.engine.data_digits import open_digits

        return lambda _place: open_digits()
    if name == "folder":
        from resnet_studio.engine.data_folder import open_folder

        return open_folder
    from resnet_studio.engine.data_known import open_known

    return lambda place: open_known(name, place)


def probe(name: str, root: str | Path | None = None) -> DataInfo:
    """What is there: read like a run would, so that what is shown will train.

    Raises:
        StudioError: as `open_data`.
    """
    found = open_data(name, root)
    return DataInfo(
        title=found.title,
        classes=found.classes,
        shape=found.shape,
        train=len(found.train),
        val=len(found.val),
        notices=found.notices,
    )


def describe() -> list[dict[str, Any]]:
    """Every known data set, as far as it is known without looking."""
    return [asdict(known) for known in KNOWN.values()]


def download(
    name: str,
    root: str | Path | None,
    progress: Callable[[int, int, str], None],
    cancelled: Callable[[], bool],
) -> None:
    """Fetch a data set into `root` or the program's own data folder; `progress` gets bytes done, bytes in all, words.

    Raises:
        StudioError: there is nothing to download for this name, it failed, or `cancelled` said so ("Cancelled.").
    """
    known = KNOWN.get(name)
    if known is None or not known.download_bytes:
        raise StudioError(f"There is nothing to download for {name!r}.")
    from resnet_studio.engine.data_download import download_known

    download_known(name, data_root() if root is None else Path(root).expanduser(), progress, cancelled)


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

"""MNIST, FashionMNIST, CIFAR-10 and CIFAR-100 from torchvision's local folder formats, read by torchvision's own loaders.

CIFAR's files are pickles: torchvision compares their md5 before it opens them, and so do we, to name the one that is wrong.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.data.images import DataSet, MemoryImages, statistics
from resnet_studio.language import tr
from resnet_studio.runs.datasets import KNOWN, Shape

_CLASSES = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST", "cifar10": "CIFAR10", "cifar100": "CIFAR100"}


def torchvision_class(name: str) -> Any:
    """torchvision's class for a data set."""
    from torchvision import datasets

    return getattr(datasets, _CLASSES[name])


def open_known(name: str, place: Path) -> DataSet:
    """Read both splits.

    Raises:
        StudioError: files are missing or damaged (named), or not of the right shape.
    """
    known, kind = KNOWN[name], torchvision_class(name)
    missing = missing_files(name, place)
    if missing:
        raise StudioError(
            tr(
                "{title} is not complete in {place}: {missing} is missing or damaged.",
                title=known.title,
                place=place,
                missing=missing[0],
            ),
            tr("Download it, or choose the folder that holds it in torchvision's layout."),
        )
    try:
        train, val = kind(str(place), train=True), kind(str(place), train=False)
    except (OSError, EOFError, ValueError, IndexError, KeyError, AssertionError, RuntimeError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise StudioError(
            tr("{title} in {place} is damaged: {reason}.", title=known.title, place=place, reason=reason),
            tr("Remove it and download it again."),
        ) from error
    names = tuple(str(digit) for digit in range(10)) if name == "mnist" else tuple(train.classes)
    assert known.shape is not None
    splits = [_split(known.title, part, known.shape, len(names)) for part in (train, val)]
    mean, std = statistics(splits[0].images)
    return DataSet(
        name=name, title=known.title, classes=names, shape=known.shape, train=splits[0], val=splits[1], mean=mean, std=std,
    )  # fmt: skip


def _split(title: str, part: Any, shape: Shape, classes: int) -> MemoryImages:
    images: Tensor = torch.as_tensor(part.data)
    labels = torch.as_tensor(part.targets, dtype=torch.int64)
    images = images[:, None] if images.ndim == 3 else images.permute(0, 3, 1, 2)
    if tuple(images.shape[1:]) != shape or images.dtype != torch.uint8 or len(images) != len(labels):
        found = "x".join(map(str, images.shape))
        raise StudioError(
            tr("{title} holds images of a wrong shape ({found}).", title=title, found=found),
            tr("Remove it and download it again."),
        )
    if len(labels) and not (int(labels.min()) >= 0 and int(labels.max()) < classes):
        raise StudioError(
            tr("{title} holds labels outside its {classes} classes.", title=title, classes=classes),
            tr("Remove it and download it again."),
        )
    return MemoryImages(images.contiguous(), labels)


def needed_files(name: str) -> list[tuple[str, str]]:
    """(path below the root, md5 or an empty text) of everything that torchvision will read."""
    kind = torchvision_class(name)
    if name in ("mnist", "fashion_mnist"):
        return [(f"{_CLASSES[name]}/raw/{archive.removesuffix('.gz')}", "") for archive, _ in kind.resources]
    listed = [*kind.train_list, *kind.test_list, (kind.meta["filename"], kind.meta["md5"])]
    return [(f"{kind.base_folder}/{file}", md5) for file, md5 in listed]


def missing_files(name: str, place: Path) -> list[str]:
    """The needed files that are not there, or not as they should be."""
    return [file for file, md5 in needed_files(name) if not is_sound(place / file, md5)]


def is_sound(path: Path, md5: str) -> bool:
    """Whether a regular file is there and has this md5; an empty md5 fits any file."""
    try:
        if not path.is_file():
            return False
        if not md5:
            return True
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() == md5
    except OSError:
        return False

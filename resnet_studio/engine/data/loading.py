"""Reads batches of image files, in loader processes where asked; each image varied by draws of its own. Knows no network."""

from __future__ import annotations

import ctypes
import math
import os
import random
import signal
import sys
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.data.draws import Dice, Stream, draws
from resnet_studio.engine.data.images import FileImages
from resnet_studio.engine.data.varying import varied
from resnet_studio.language import tr
from resnet_studio.runs.spec import TrainSpec

_PR_SET_PDEATHSIG = 1

Loaded = tuple[Tensor, Tensor, Tensor]
Item = tuple[Tensor | str, int, int]


@dataclass(frozen=True, slots=True)
class _Vary:
    """How training varies an image, in the process that read it: neither the step nor the card is kept from its work."""

    seed: int
    epoch: int
    how: str
    trivial: bool

    def __call__(self, pixels: Tensor, index: int) -> Tensor:
        """(C, H, W) uint8 to the same. What was cropped from the file itself is not moved again."""
        dice = Dice(self.seed, self.epoch, torch.tensor([index]))
        how = "none" if self.how == "resized_crop" else self.how
        return varied(pixels[None], dice, how=how, trivial=self.trivial)[0]


class _Files(Dataset[Item]):
    """The images of a split at one size, (C, H, W) uint8, or the words for what went wrong.

    Args:
        split: where they lie.
        size: (height, width).
        channels: 1 or 3.
        vary: in training, how an image is varied; None for the middle of it.
        middle: how much of the shorter edge the middle has.
    """

    def __init__(
        self,
        split: FileImages,
        size: tuple[int, int],
        *,
        channels: int,
        vary: _Vary | None,
        middle: float,
    ) -> None:
        self.split, self.size, self.vary, self.middle = split, size, vary, middle
        self.mode = "L" if channels == 1 else "RGB"

    def __len__(self) -> int:
        return len(self.split)

    def __getitem__(self, index: int) -> Item:
        # Indices behind the last one are the same images once more, varied by other draws.
        place = index % len(self.split)
        path = self.split.paths[place]
        try:
            with Image.open(path) as image:
                whole = with_bytes(image).convert(self.mode)
        except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError) as error:
            return tr("{path} cannot be read any more ({error}).", path=path, error=error), 0, index
        vary = self.vary
        if vary is not None and vary.how == "resized_crop":
            shown = _random_part(whole, self.size, vary.seed, vary.epoch, index)
        else:
            shown = _centre(whole, self.size, self.middle)
        pixels = torch.from_numpy(np.array(shown))
        pixels = (pixels[None] if pixels.ndim == 2 else pixels.permute(2, 0, 1)).contiguous()
        return pixels if vary is None else vary(pixels, index), self.split.labels[place], index


def with_bytes(image: Image.Image) -> Image.Image:
    """Grey images of 16 bits as images of 8: Pillow's own conversion makes everything above 255 white."""
    if image.mode not in ("I", "I;16", "I;16B"):
        return image
    return Image.fromarray((np.asarray(image).astype(np.int32) >> 8).clip(0, 255).astype(np.uint8))


def _centre(image: Image.Image, size: tuple[int, int], part: float) -> Image.Image:
    """The middle of the image, at its own proportions."""
    height, width = size
    scale = min(image.width / width, image.height / height) * part
    box = _box(image, width * scale, height * scale, 0.5, 0.5)
    return image.resize((width, height), Image.Resampling.BILINEAR, box=box)


def _random_part(image: Image.Image, size: tuple[int, int], seed: int, epoch: int, index: int) -> Image.Image:
    """8 to 100 % of the area at 3:4 to 4:3, anywhere, mirrored or not (Szegedy et al. 2014; torchvision's RandomResizedCrop)."""
    dice = random.Random(int(draws(seed, epoch, torch.tensor([index]), Stream.SCALE)))
    area = image.width * image.height * dice.uniform(0.08, 1.0)
    ratio = math.exp(dice.uniform(-1, 1) * math.log(4 / 3))
    wide, high = min(math.sqrt(area * ratio), image.width), min(math.sqrt(area / ratio), image.height)
    box = _box(image, wide, high, dice.random(), dice.random())
    part = image.resize((size[1], size[0]), Image.Resampling.BILINEAR, box=box)
    return part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if dice.random() < 0.5 else part


def _box(
    image: Image.Image, wide: float, high: float, across: float, down: float
) -> tuple[float, float, float, float]:
    left, top = (image.width - wide) * across, (image.height - high) * down
    return (left, top, min(left + wide, image.width), min(top + high, image.height))


def _collate(items: list[Item]) -> Loaded | str:
    wrong = next((item[0] for item in items if isinstance(item[0], str)), None)
    if wrong is not None:
        return wrong
    images = torch.stack([item[0] for item in items if isinstance(item[0], Tensor)])
    return images, torch.tensor([item[1] for item in items]), torch.tensor([item[2] for item in items])


def load_batches(
    split: FileImages,
    chosen: list[Tensor],
    *,
    epoch: int | None,
    spec: TrainSpec,
    size: tuple[int, int],
    channels: int,
    how: str,
    pin: bool = False,
) -> Generator[Loaded, None, None]:
    """(images uint8, labels, indices) of each batch, in order; `epoch` None is validation; `pin` for a card to fetch.

    Raises:
        StudioError: a file vanished or changed, or a loader process was killed.
    """  # fmt: skip
    vary = None if epoch is None else _Vary(spec.seed, epoch, how, spec.trivial_augment)
    if vary is not None and vary.trivial:
        # Before the processes part, else each imports it for itself.
        import torchvision.transforms.v2  # noqa: F401
    files = _Files(split, size, channels=channels, vary=vary, middle=spec.val_part)
    # Its own generator: the loader would draw its workers' seeds from the global one, which is part of the checkpoint.
    loader: DataLoader[Item] = DataLoader(
        files, batch_sampler=[batch.tolist() for batch in chosen], num_workers=spec.workers, collate_fn=_collate,
        generator=torch.Generator(), worker_init_fn=_settle, pin_memory=pin,
    )  # fmt: skip
    batches = _quietly_begun(loader)
    try:
        for batch in batches:
            if isinstance(batch, str):
                raise StudioError(batch, tr("Put it back or start a new run; the last checkpoint is kept."))
            yield batch
    except (RuntimeError, EOFError, OSError) as error:
        # A process that is gone also takes along the batches that it had ready: these are fetched from it, over a socket.
        if isinstance(error, RuntimeError) and "DataLoader worker" not in str(error):
            raise
        raise StudioError(
            tr("A loader process was ended from outside."),
            tr("Resume; should it happen again, take fewer loader workers."),
        ) from error
    finally:
        # Not left to the garbage collector: the loader's processes end here.
        del batches


def _quietly_begun(loader: DataLoader[Item]) -> Iterator[Loaded | str]:
    """Its batches, without the handler by which torch raises the death of a loader process wherever the run just is.

    That would be in the middle of a step, or of writing a checkpoint. Whoever waits for a batch learns it all the same, seconds later.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGCHLD"):
        return iter(loader)
    before = signal.getsignal(signal.SIGCHLD)
    try:
        return iter(loader)
    finally:
        signal.signal(signal.SIGCHLD, before)


def _settle(_worker: int) -> None:
    """Make a forked loader process a quiet child: it dies with its parent, and holds none of its pipes."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)

"""Reads one batch of image files as it is asked for, each image varied by draws of its own. Knows no data set and no processes.

Everything that a loader process has to know comes with the asking: it lives as long as the run, and holds nothing of it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset

from resnet_studio.engine.data.cropping import middle, random_box
from resnet_studio.engine.data.draws import Dice, Stream, draws
from resnet_studio.engine.data.varying import varied

# Images (N, C, H, W) uint8, labels (N,), indices (N,).
Loaded = tuple[Tensor, Tensor, Tensor]


@dataclass(frozen=True, slots=True)
class Vary:
    """How training varies an image, in the process that read it: neither the step nor the card is kept from its work."""

    seed: int
    epoch: int
    how: str
    trivial: bool

    def __call__(self, pixels: Tensor, index: int) -> Tensor:
        """(C, H, W) uint8 to the same. What was cropped from the file itself is not moved again."""
        dice = Dice(self.seed, self.epoch, torch.tensor([index]))
        how = "none" if self.how == "resized_crop" else self.how
        return varied(pixels[None], dice, how=how, trivial=self.trivial, smooth=True)[0]


@dataclass(frozen=True, slots=True)
class Look:
    """What is made of a file.

    Args:
        size: (height, width).
        channels: 1 or 3.
        middle: how much of the shorter edge is seen where nothing is varied.
        vary: in training, how an image is varied; None for the middle of it.
    """

    size: tuple[int, int]
    channels: int
    middle: float
    vary: Vary | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One batch: where its images lie, their labels, which they are, and what is to be made of them."""

    paths: tuple[str, ...]
    labels: tuple[int, ...]
    indices: tuple[int, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that vanished or changed since it was looked at. The words for it are found where the language is known."""

    path: str
    error: str


class Reader(Dataset[Loaded | Unreadable]):
    """What a loader asks for its batches, by what is wanted of them instead of by a number."""

    def __getitem__(self, asked: Asked) -> Loaded | Unreadable:
        """Read them; the first file that cannot be read is all that comes of it."""
        look = asked.look
        # Of a batch that is shared by more processes than it has images, some have none.
        images = torch.empty(len(asked.paths), look.channels, *look.size, dtype=torch.uint8)
        for place, (path, index) in enumerate(zip(asked.paths, asked.indices, strict=True)):
            made = _read(path, index, look)
            if isinstance(made, Unreadable):
                return made
            images[place] = made
        return (
            images,
            torch.tensor(asked.labels, dtype=torch.int64),
            torch.tensor(asked.indices, dtype=torch.int64),
        )


def _read(path: str, index: int, look: Look) -> Tensor | Unreadable:
    """An image as it is to be seen, (C, H, W) uint8."""
    try:
        with Image.open(path) as image:
            whole = with_bytes(image).convert("L" if look.channels == 1 else "RGB")
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError) as error:
        return Unreadable(path, str(error))
    vary = look.vary
    if vary is not None and vary.how == "resized_crop":
        shown = _random_part(whole, look.size, vary.seed, vary.epoch, index)
    else:
        shown = _centre(whole, look.size, look.middle)
    pixels = torch.from_numpy(np.array(shown))
    pixels = (pixels[None] if pixels.ndim == 2 else pixels.permute(2, 0, 1)).contiguous()
    return pixels if vary is None else vary(pixels, index)


def with_bytes(image: Image.Image) -> Image.Image:
    """Grey images of 16 bits as images of 8: Pillow's own conversion makes everything above 255 white."""
    if image.mode not in ("I", "I;16", "I;16B"):
        return image
    return Image.fromarray((np.asarray(image).astype(np.int32) >> 8).clip(0, 255).astype(np.uint8))


def _centre(image: Image.Image, size: tuple[int, int], part: float) -> Image.Image:
    """The middle of the image, at its own proportions."""
    # Cut out while it is resized, which looks beyond the cut: as if all of it had been resized first.
    box = middle((image.height, image.width), size, part)
    return image.resize((size[1], size[0]), Image.Resampling.BILINEAR, box=box)


def _random_part(image: Image.Image, size: tuple[int, int], seed: int, epoch: int, index: int) -> Image.Image:
    """A random part of the image, mirrored or not."""
    dice = random.Random(int(draws(seed, epoch, torch.tensor([index]), Stream.SCALE)))
    top, left, high, wide = random_box(image.height, image.width, dice)
    # Cropped first, as torchvision does: nothing that lies outside is blended in.
    part = image.crop((left, top, left + wide, top + high)).resize(
        (size[1], size[0]), Image.Resampling.BILINEAR
    )
    return part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if dice.random() < 0.5 else part

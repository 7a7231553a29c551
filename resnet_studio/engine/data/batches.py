"""Batches on the device: gathered, augmented, resized, normalised; from any step of any epoch. Knows no network and no loop."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import InputSpec
from resnet_studio.engine.data.augment import augmentation_name
from resnet_studio.engine.data.course import Course, Pass
from resnet_studio.engine.data.draws import Dice
from resnet_studio.engine.data.images import DataSet, FileImages, MemoryImages, Split
from resnet_studio.engine.data.varying import erased, varied
from resnet_studio.engine.device import memory_layout
from resnet_studio.language import tr
from resnet_studio.runs.sizing import size_at, training_size
from resnet_studio.runs.spec import TrainSpec

if TYPE_CHECKING:
    from resnet_studio.engine.data.loading import Loader

# Up to here the bytes of a data set live on the graphics card.
_RESIDENT_BYTES = 4 * 2**30
# Up to this part of the images, what an epoch leaves out is not worth a word.
_UNSAID = 0.05

# Images and labels as they lie in the data, which images they are, and in training what is drawn for them.
_Found = tuple[Tensor, Tensor, Tensor, Dice | None]


@dataclass(frozen=True, slots=True)
class Batch:
    """Images (N, C, H, W) float32 as the network takes them, labels (N,), and which images they are (on the CPU).

    What is there again, varied anew, counts on behind the last image: of N images, index + N is its second time.
    """

    images: Tensor
    labels: Tensor
    indices: Tensor


class Feeder:
    """Makes the batches of one run. Whoever is done with it closes it: images on the disk are read by processes of its own.

    Args:
        data: the data set.
        spec: the settings: batch size, augmentation, seed, workers.
        wanted: the design's input.
        device: where batches go.
        share: which of a batch's images this process takes; all of them where it trains alone.
        validates: whether validation comes behind every epoch, and is to be made ready for.
    """

    def __init__(
        self,
        data: DataSet,
        spec: TrainSpec,
        wanted: InputSpec,
        device: torch.device,
        share: Callable[[Tensor], Tensor] = lambda indices: indices,
        *,
        validates: bool = True,
    ) -> None:
        if len(data.train) < 2:
            raise StudioError(
                tr("{title} has only {count} image to learn from.", title=data.title, count=len(data.train)),
                tr("Two are the least."),
            )
        self.spec = spec
        self.size = (wanted.height, wanted.width)
        self.channels = wanted.channels
        self.device = device
        self.data = data
        self._course = Course(spec, len(data.train), len(data.val), share=share, validates=validates)
        self.augmentation = augmentation_name(spec.data, spec.augment)
        self.train, self.val = self._placed(data.train), self._placed(data.val)
        self._loader = self._reading(data.train, data.val)
        deviation = torch.tensor(data.std)
        self._scale = (1 / (255 * deviation)).reshape(1, -1, 1, 1).to(device)
        self._offset = (-torch.tensor(data.mean) / deviation).reshape(1, -1, 1, 1).to(device)

    @property
    def batch_size(self) -> int:
        """Images in a training batch, of all processes."""
        return self._course.batch_size

    @property
    def steps_per_epoch(self) -> int:
        """Training batches in an epoch."""
        return self._course.steps_per_epoch

    def notices(self) -> list[str]:
        """What people should know of its batches before epoch 1."""
        left, count = self._course.left_out, len(self.data.train)
        if left <= _UNSAID * count:
            return []
        return [
            tr(
                "Batches are always full: each epoch leaves out {left} of {count} images, others each time.",
                left=left,
                count=count,
            )
        ]

    def close(self) -> None:
        """End the processes that read images."""
        if self._loader is not None:
            self._loader.close()

    def _reading(self, train: Split, val: Split) -> Loader | None:
        """What reads images on the disk; None where they are in memory."""
        if not (isinstance(train, FileImages) and isinstance(val, FileImages)):
            return None
        from resnet_studio.engine.data.loading import Loader
        from resnet_studio.engine.data.reading import Look, Vary

        spec, channels = self.spec, self.data.shape[0]
        vary = Vary(spec.seed, 0, self.augmentation, spec.trivial_augment)
        learning = Look(training_size(spec, self.size), channels, spec.val_part, vary)
        validating = Look(self.size, channels, spec.val_part)
        return Loader(
            self._course,
            train,
            val,
            (learning, validating),
            workers=spec.workers,
            pin=self.device.type == "cuda",
        )

    def _placed(self, split: Split) -> Split:
        if isinstance(split, FileImages):
            return split
        if self.device.type == "cpu" or split.images.nbytes > _RESIDENT_BYTES:
            return split
        return MemoryImages(split.images.to(self.device), split.labels.to(self.device))

    def train_batches(self, epoch: int, start: int) -> Generator[Batch, None, None]:
        """The batches of an epoch (from 1), from its step `start` (from 0) on."""
        yield from self._batches(Pass(epoch, start))

    def name_of(self, index: int) -> str:
        """How people find an image of a training batch."""
        return self.train.name_of(index % len(self.train))

    def val_batches(self, epoch: int = 0) -> Generator[Batch, None, None]:
        """The validation images in their order, untouched, behind an epoch; 0 where nothing is learned."""
        yield from self._batches(Pass(epoch, learns=False))

    def _batches(self, wanted: Pass) -> Generator[Batch, None, None]:
        """Nothing in here waits for the device."""
        found = self._from_memory(wanted) if self._loader is None else self._from_files(self._loader, wanted)
        with closing(found):
            for images, labels, indices, dice in found:
                yield Batch(self._finished(images, dice), labels, indices)

    def _from_memory(self, wanted: Pass) -> Generator[_Found, None, None]:
        split = self.train if wanted.learns else self.val
        assert isinstance(split, MemoryImages)
        chosen = list(self._course.batches(wanted))
        # All of an epoch's images at once: one way to the card, one throw of the dice.
        dice = Dice(
            self.spec.seed, wanted.epoch, torch.cat([*chosen, torch.empty(0, dtype=torch.int64)]), self.device
        )
        places = (dice.here % len(split)).to(split.images.device, non_blocking=True)
        start = 0
        for indices in chosen:
            stop = start + len(indices)
            here = places[start:stop]
            images, labels = self._sent(split.images[here]), self._sent(split.labels[here])
            if not wanted.learns:
                yield images, labels, indices, None
            else:
                own = dice.part(start, stop)
                # Where the network computes, for the whole batch at once.
                images = varied(images, own, how=self.augmentation, trivial=self.spec.trivial_augment)
                yield images, labels, indices, own
            start = stop

    def _sent(self, tensor: Tensor) -> Tensor:
        """On the device, or on its way there."""
        if self.device.type == "cuda" and tensor.device.type == "cpu" and not tensor.is_pinned():
            # From memory that may be moved, the card would fetch it only after everything that it has to do before.
            tensor = tensor.pin_memory()
        return tensor.to(self.device, non_blocking=True)

    def _from_files(self, loader: Loader, wanted: Pass) -> Generator[_Found, None, None]:
        with closing(loader.batches(wanted)) as loaded:
            for images, labels, indices in loaded:
                dice = Dice(self.spec.seed, wanted.epoch, indices, self.device) if wanted.learns else None
                yield self._sent(images), self._sent(labels), indices, dice

    def _finished(self, there: Tensor, dice: Dice | None) -> Tensor:
        """Bytes of the data's shape to floats of the network's; erased in part in training, which has dice, by the settings."""
        whole = there.float()
        if whole.shape[1] == 3 and self.channels == 1:
            raise AssertionError("require_fit refuses colour images for a grey design")
        whole = torch.addcmul(self._offset, whole, self._scale)
        size = self.size if dice is None else size_at(self.spec, dice.epoch, self.size)
        if whole.shape[-2:] != size:
            whole = F.interpolate(whole, size, mode="bilinear", align_corners=False, antialias=True)
        if whole.shape[1] != self.channels:
            whole = whole.expand(-1, self.channels, -1, -1)
        if self.spec.erasing and dice is not None:
            whole = erased(whole, dice, share=self.spec.erasing)
        layout = memory_layout(self.device, channels_last=self.spec.channels_last)
        return whole.contiguous(memory_format=layout)

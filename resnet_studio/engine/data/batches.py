"""Batches on the device: gathered, augmented, resized, normalised; from any step of any epoch. Knows no network and no loop."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import InputSpec
from resnet_studio.engine.data.augment import augmentation_name
from resnet_studio.engine.data.draws import Dice, order
from resnet_studio.engine.data.images import DataSet, FileImages, MemoryImages, Split
from resnet_studio.engine.data.varying import erased, varied
from resnet_studio.language import tr
from resnet_studio.runs.sizing import size_at, training_size
from resnet_studio.runs.spec import TrainSpec

# Up to here the bytes of a data set live on the graphics card.
_RESIDENT_BYTES = 4 * 2**30

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
    """Makes the batches of one run.

    Args:
        data: the data set.
        spec: the settings: batch size, augmentation, seed, workers.
        wanted: the design's input.
        device: where batches go.
        share: which of a batch's images this process takes; all of them where it trains alone.
    """

    def __init__(
        self,
        data: DataSet,
        spec: TrainSpec,
        wanted: InputSpec,
        device: torch.device,
        share: Callable[[Tensor], Tensor] = lambda indices: indices,
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
        self.share = share
        self.batch_size = min(spec.batch_size, len(data.train))
        self.augmentation = augmentation_name(spec.data, spec.augment)
        self.train, self.val = self._placed(data.train), self._placed(data.val)
        deviation = torch.tensor(data.std)
        self._scale = (1 / (255 * deviation)).reshape(1, -1, 1, 1).to(device)
        self._offset = (-torch.tensor(data.mean) / deviation).reshape(1, -1, 1, 1).to(device)

    @property
    def steps_per_epoch(self) -> int:
        """Full batches only: a last short one would make its images count more, and may be too small for a norm."""
        return len(self.train) // self.batch_size

    def _placed(self, split: Split) -> Split:
        if isinstance(split, FileImages):
            return split
        if self.device.type == "cpu" or split.images.nbytes > _RESIDENT_BYTES:
            return split
        return MemoryImages(split.images.to(self.device), split.labels.to(self.device))

    def train_batches(self, epoch: int, start: int) -> Generator[Batch, None, None]:
        """The batches of an epoch (from 1), from its step `start` (from 0) on."""
        seen = order(self.spec.seed, epoch, len(self.train))
        chosen = [self.share(self._whole(seen, step)) for step in range(start, self.steps_per_epoch)]
        yield from self._batches(self.train, chosen, epoch)

    def _whole(self, seen: Tensor, step: int) -> Tensor:
        """The images of a step, for all processes: each as often as it is repeated, its second time behind all first ones.

        So its copies come to different processes where there are several, as with torchvision's RASampler, and no image is
        blended with itself.
        """
        places = torch.arange(step * self.batch_size, (step + 1) * self.batch_size)
        times = places % self.spec.repeats
        whole = times * len(seen) + seen[places // self.spec.repeats]
        return whole[times.argsort(stable=True)]

    def name_of(self, index: int) -> str:
        """How people find an image of a training batch."""
        return self.train.name_of(index % len(self.train))

    def val_batches(self) -> Generator[Batch, None, None]:
        """The validation images in their order, untouched; without gradients twice a training batch fits."""
        whole = torch.split(torch.arange(len(self.val)), 2 * self.batch_size)
        yield from self._batches(self.val, [self.share(indices) for indices in whole], None)

    def _batches(self, split: Split, chosen: list[Tensor], epoch: int | None) -> Generator[Batch, None, None]:
        """Nothing in here waits for the device."""
        if isinstance(split, FileImages):
            found = self._from_files(split, chosen, epoch)
        else:
            found = self._from_memory(split, chosen, epoch)
        # Closing ends the loader's processes at once when the run stops in the middle of an epoch.
        with closing(found):
            for images, labels, indices, dice in found:
                yield Batch(self._finished(images, dice), labels, indices)

    def _from_memory(
        self, split: MemoryImages, chosen: list[Tensor], epoch: int | None
    ) -> Generator[_Found, None, None]:
        # All of an epoch's images at once: one way to the card, one throw of the dice.
        dice = Dice(
            self.spec.seed, epoch or 0, torch.cat([*chosen, torch.empty(0, dtype=torch.int64)]), self.device
        )
        places = (dice.here % len(split)).to(split.images.device, non_blocking=True)
        start = 0
        for indices in chosen:
            stop = start + len(indices)
            here = places[start:stop]
            images, labels = self._sent(split.images[here]), self._sent(split.labels[here])
            if epoch is None:
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

    def _from_files(
        self, split: FileImages, chosen: list[Tensor], epoch: int | None
    ) -> Generator[_Found, None, None]:
        from resnet_studio.engine.data.loading import load_batches

        size = self.size if epoch is None else training_size(self.spec, self.size)
        loaded = load_batches(
            split, chosen, epoch=epoch, spec=self.spec, size=size, channels=self.data.shape[0], how=self.augmentation,
            pin=self.device.type == "cuda",
        )  # fmt: skip
        with closing(loaded):
            for images, labels, indices in loaded:
                dice = None if epoch is None else Dice(self.spec.seed, epoch, indices, self.device)
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
        layout = torch.channels_last if self.spec.channels_last else torch.contiguous_format
        return whole.contiguous(memory_format=layout)

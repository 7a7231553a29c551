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
from resnet_studio.engine.data.augment import AUGMENTATIONS, augmentation_name
from resnet_studio.engine.data.draws import order
from resnet_studio.engine.data.images import DataSet, FileImages, MemoryImages, Split
from resnet_studio.engine.data.varying import erased, trivially_augmented
from resnet_studio.language import tr
from resnet_studio.runs.sizing import size_at, training_size
from resnet_studio.runs.spec import TrainSpec

# Up to here the bytes of a data set live on the graphics card.
_RESIDENT_BYTES = 4 * 2**30


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
        if isinstance(self.train, FileImages):
            yield from self._from_files(self.train, chosen, epoch)
            return
        augment = AUGMENTATIONS[self.augmentation]
        for indices in chosen:
            images, labels, there = self._gathered(self.train, indices)
            varied = augment(images, there, self.spec.seed, epoch)
            yield Batch(self._finished(varied, there, epoch), labels, indices)

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
        chosen = [self.share(indices) for indices in whole]
        if isinstance(self.val, FileImages):
            yield from self._from_files(self.val, chosen, None)
            return
        for indices in chosen:
            images, labels, _ = self._gathered(self.val, indices)
            yield Batch(self._finished(images), labels, indices)

    def _gathered(self, split: MemoryImages, indices: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        there = indices.to(split.images.device)
        places = there % len(split)
        return split.images[places], split.labels[places], there

    def _from_files(
        self, split: FileImages, chosen: list[Tensor], epoch: int | None
    ) -> Generator[Batch, None, None]:
        from resnet_studio.engine.data.loading import load_batches

        size = self.size if epoch is None else training_size(self.spec, self.size)
        loaded = load_batches(
            split, chosen, epoch=epoch, spec=self.spec, size=size, channels=self.data.shape[0], how=self.augmentation
        )  # fmt: skip
        # The loader's processes have cropped already; small shifts are made here, for the whole batch at once.
        cropped = epoch is None or self.augmentation == "resized_crop"
        late = AUGMENTATIONS["none" if cropped else self.augmentation]
        # Closing ends the loader's processes at once when the run stops in the middle of an epoch.
        with closing(loaded) as batches:
            for images, labels, indices in batches:
                varied = late(images, indices, self.spec.seed, epoch or 0)
                finished = self._finished(varied, indices, epoch)
                yield Batch(finished, labels.to(self.device, non_blocking=True), indices)

    def _finished(self, images: Tensor, indices: Tensor | None = None, epoch: int | None = None) -> Tensor:
        """Bytes of the data's shape to floats of the network's; in an epoch of training varied further, by the settings."""
        there = images.to(self.device, non_blocking=True)
        if self.spec.trivial_augment and indices is not None and epoch is not None:
            there = trivially_augmented(there, indices, self.spec.seed, epoch)
        whole = there.float()
        if whole.shape[1] == 3 and self.channels == 1:
            raise AssertionError("require_fit refuses colour images for a grey design")
        whole = torch.addcmul(self._offset, whole, self._scale)
        size = self.size if epoch is None else size_at(self.spec, epoch, self.size)
        if whole.shape[-2:] != size:
            whole = F.interpolate(whole, size, mode="bilinear", align_corners=False, antialias=True)
        if whole.shape[1] != self.channels:
            whole = whole.expand(-1, self.channels, -1, -1)
        if self.spec.erasing and indices is not None and epoch is not None:
            whole = erased(whole, indices, self.spec.seed, epoch, share=self.spec.erasing)
        layout = torch.channels_last if self.spec.channels_last else torch.contiguous_format
        return whole.contiguous(memory_format=layout)

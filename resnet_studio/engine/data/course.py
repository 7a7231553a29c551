"""Which images each batch of a run has, and what comes behind what: epoch, validation, epoch. Knows no pixels and no device."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from resnet_studio.engine.data.draws import order
from resnet_studio.runs.spec import TrainSpec


@dataclass(frozen=True, slots=True)
class Pass:
    """Batches in a row: those of an epoch (from 1) from step `start` (from 0) on; or, not to learn from, the validation images behind it.

    Behind epoch 0 they are looked at for themselves.
    """

    epoch: int
    start: int = 0
    learns: bool = True


class Course:
    """The batches of one run.

    Args:
        spec: the settings: batch size, epochs, repeats, seed.
        train, val: how many images there are to learn from, and to validate with.
        share: which of a batch's images this process takes.
        validates: whether validation comes behind every epoch; without it epochs follow each other, for ever.
    """

    def __init__(
        self, spec: TrainSpec, train: int, val: int, *, share: Callable[[Tensor], Tensor], validates: bool
    ) -> None:
        self.batch_size = min(spec.batch_size, train)
        self._spec, self._train, self._val = spec, train, val
        self._share, self._validates = share, validates

    @property
    def steps_per_epoch(self) -> int:
        """Full batches only: a last short one would make its images count more, and may be too small for a norm."""
        return self._train // self.batch_size

    @property
    def left_out(self) -> int:
        """Images that an epoch does not come to, because they fill no batch; where images repeat, the rest is left out anyway."""
        return self._train % self.batch_size if self._spec.repeats == 1 else 0

    def count(self, wanted: Pass) -> int:
        """How many batches."""
        if wanted.learns:
            return self.steps_per_epoch - wanted.start
        return math.ceil(self._val / (2 * self.batch_size))

    def batches(self, wanted: Pass) -> Iterator[Tensor]:
        """The images of each batch, int64 on the processor; found as they are taken, for an epoch may have thousands of batches.

        What is there again counts on behind the last image: of N images, index + N is its second time.
        """
        if wanted.learns:
            seen = order(self._spec.seed, wanted.epoch, self._train)
            for step in range(wanted.start, self.steps_per_epoch):
                yield self._share(self._whole(seen, step))
        else:
            # In their order; without gradients twice a training batch fits.
            size = 2 * self.batch_size
            for start in range(0, self._val, size):
                yield self._share(torch.arange(start, min(start + size, self._val)))

    def _whole(self, seen: Tensor, step: int) -> Tensor:
        """The images of a step, for all processes: each as often as it is repeated, its second time behind all first ones.

        So its copies come to different processes where there are several, as with torchvision's RASampler, and no image is
        blended with itself.
        """
        places = torch.arange(step * self.batch_size, (step + 1) * self.batch_size)
        times = places % self._spec.repeats
        whole = times * len(seen) + seen[places // self._spec.repeats]
        return whole[times.argsort(stable=True)]

    def after(self, done: Pass) -> Pass | None:
        """What most likely comes next, so that it can be made ready; None where nothing does."""
        if not self._validates:
            return Pass(done.epoch + 1)
        if done.learns:
            return Pass(done.epoch, learns=False)
        return Pass(done.epoch + 1) if 0 < done.epoch < self._spec.epochs else None

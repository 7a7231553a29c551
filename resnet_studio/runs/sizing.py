"""How large training images are in an epoch when they grow (progressive resizing), and what that means for time. Knows no torch.

Linear in the epochs, as in fastai's and MosaicML's recipes; a pure function of the settings, so that no checkpoint need hold it.
"""

from __future__ import annotations

from resnet_studio.runs.spec import TrainSpec

Size = tuple[int, int]
# Sizes come in so many steps at most: every new one costs tuning, and with a compiler a wait.
_STEPS = 16


def growing_epochs(spec: TrainSpec) -> int:
    """How many epochs it takes until images have their training size; the last epoch has it always."""
    return min(spec.grow_epochs, spec.epochs - 1) if spec.start_size < 1 else 0


def share_of(spec: TrainSpec, epoch: int) -> float:
    """The part of their training size that images have in an epoch (from 1)."""
    growing = growing_epochs(spec)
    if epoch > growing:
        return 1.0
    linear = spec.start_size + (1 - spec.start_size) * (epoch - 1) / growing
    return round(linear * _STEPS) / _STEPS


def size_at(spec: TrainSpec, epoch: int, drawn: Size) -> Size:
    """(height, width) of training images in an epoch, of those that the network is drawn for."""
    return _part(drawn, spec.train_size * share_of(spec, epoch))


def training_size(spec: TrainSpec, drawn: Size) -> Size:
    """(height, width) of training images when they have grown."""
    return _part(drawn, spec.train_size)


def _part(size: Size, share: float) -> Size:
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def work_left(spec: TrainSpec, done: float) -> float:
    """What is left behind `done` epochs, in epochs at full size: half the height and width is a quarter of the work."""
    whole = int(done)
    left = sum(share_of(spec, epoch) ** 2 for epoch in range(whole + 1, spec.epochs + 1))
    return left - (done - whole) * share_of(spec, whole + 1) ** 2

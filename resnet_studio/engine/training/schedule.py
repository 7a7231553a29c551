"""The learning rate as a pure function of the step, so that a checkpoint need not hold it. Knows no torch."""

from __future__ import annotations

import math
from fractions import Fraction

from resnet_studio.runs.spec import TrainSpec

# torch's OneCycleLR: where the peak stands, and the ends as parts of it.
_CYCLE_RISE, _CYCLE_START, _CYCLE_END = 0.3, 1 / 25, 1 / 25 / 1e4
# What the rate is multiplied with, and behind which shares of the run; exact, so that step 30 of 90 is a third.
_DROPS: dict[str, tuple[float, tuple[Fraction, ...]]] = {
    "step": (0.1, (Fraction(1, 2), Fraction(3, 4))),
    "thirds": (0.1, (Fraction(1, 3), Fraction(2, 3))),
    "fifths": (0.2, (Fraction(3, 10), Fraction(6, 10), Fraction(8, 10))),
}


def learning_rate(spec: TrainSpec, *, step: int, steps_per_epoch: int) -> float:
    """The rate of the step that comes after `step` steps are done.

    Warm-up rises linearly, step by step (Goyal et al. 2017; torchvision's script rises by the epoch); step decay is a tenth at 1/2
    and 3/4 of the run (He et al. 2015, section 4.2), or every third (torchvision, 30 of 90 epochs), or a fifth at 30, 60 and 80 % (Zagoruyko and Komodakis 2016);
    one-cycle is torch's OneCycleLR without its cycle of the momentum (Smith and Topin 2017), and needs no warm-up.
    """
    total = spec.epochs * steps_per_epoch
    if spec.schedule == "one_cycle":
        return spec.lr * _one_cycle(step, total)
    warm = min(round(spec.warmup_epochs * steps_per_epoch), total)
    if step < warm:
        return spec.lr * (step + 1) / warm
    if spec.schedule == "cosine":
        return spec.lr * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, total - warm)))
    drop, shares = _DROPS.get(spec.schedule, (1.0, ()))
    return spec.lr * drop ** sum(step >= share * total for share in shares)


def _one_cycle(step: int, total: int) -> float:
    # A run of three steps has no room for a rise.
    peak = max(_CYCLE_RISE * total - 1, 0.0)
    if step < peak:
        return _between(_CYCLE_START, 1.0, step / peak)
    return _between(1.0, _CYCLE_END, (step - peak) / max(total - 1 - peak, 1.0))


def _between(start: float, end: float, share: float) -> float:
    return end + (start - end) * 0.5 * (1 + math.cos(math.pi * share))

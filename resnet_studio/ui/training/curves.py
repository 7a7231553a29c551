"""The arrays that one plot shows. Knows no widget and no plot."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from resnet_studio.ui.training.reduce import Floats

_EMPTY = np.empty(0)


@dataclass(frozen=True, slots=True)
class Curves:
    """What one plot shows; x is the epoch, ascending.

    Args:
        x, y: training, a value per event.
        val_x, val_y: validation, a value per epoch.
        five: top-5 of the validation, in percent at val_x; NaN where nobody told; empty for other measures.
        best: index of the best epoch in val_x, or None.
        end: how many epochs the run will have.
    """

    x: Floats = field(default_factory=lambda: _EMPTY)
    y: Floats = field(default_factory=lambda: _EMPTY)
    val_x: Floats = field(default_factory=lambda: _EMPTY)
    val_y: Floats = field(default_factory=lambda: _EMPTY)
    five: Floats = field(default_factory=lambda: _EMPTY)
    best: int | None = None
    end: float = 1.0

"""The arrays that one plot shows, and how a run's growing ones become them. Knows no widget and no plot."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from resnet_studio.ui.curves.reduce import Binned, Floats, binned, extremes, log_extremes, visible

_EMPTY = np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class Validated:
    """The validation's values, one an epoch; the same object until there is another epoch.

    Args:
        x, y: the epochs, ascending, and their values.
        five: top-5, in percent at x; NaN where nobody told; empty for other measures.
        best: index of the best epoch in x, or None.
    """

    x: Floats = field(default_factory=lambda: _EMPTY)
    y: Floats = field(default_factory=lambda: _EMPTY)
    five: Floats = field(default_factory=lambda: _EMPTY)
    best: int | None = None


@dataclass(frozen=True, eq=False)
class Curves:
    """What one plot shows.

    Args:
        x, y: training, a value per event; x is the epoch, ascending.
        val: validation.
    """

    x: Floats = field(default_factory=lambda: _EMPTY)
    y: Floats = field(default_factory=lambda: _EMPTY)
    val: Validated = field(default_factory=Validated)

    _shortened: dict[object, tuple[Floats, Floats]] = field(default_factory=dict, init=False, repr=False)

    def shortened(self, low: float, high: float, columns: int, *, log: bool) -> tuple[Floats, Floats]:
        """The training's extremes in each of so many pixel columns from one epoch to another, or their logarithms.

        The last ones are kept: another smoothing and the way back from another measure ask for the same.
        """
        asked = (low, high, columns, log)
        if asked not in self._shortened:
            seen = visible(self.x, low, high)
            self._shortened.clear()
            self._shortened[asked] = (log_extremes if log else extremes)(self.x[seen], self.y[seen], columns)
        return self._shortened[asked]

    @cached_property
    def bins(self) -> Binned:
        """The training's values in few points: looked through once, however often they are smoothed."""
        return binned(self.x, self.y)


class Mirror:
    """A growing array as numpy's; only what came behind the last look is copied.

    It cannot be shared instead: an array that somebody looks at cannot grow.
    """

    def __init__(self) -> None:
        self._held, self._count = np.empty(1024), 0
        self._of: tuple[int, int] | None = None

    def of(self, source: array[float], cuts: int) -> Floats:
        """The values so far.

        Args:
            source: where they are.
            cuts: how often it was cut back; what stands behind a cut is another curve.
        """
        if self._of != (id(source), cuts):
            # A new place: who was given the old values goes on with them.
            self._of, self._count, self._held = (id(source), cuts), 0, np.empty(1024)
        count = len(source)
        if count > len(self._held):
            grown = np.empty(2 * count)
            grown[: self._count] = self._held[: self._count]
            self._held = grown
        self._held[self._count : count] = source[self._count :]
        self._count = count
        return self._held[:count]

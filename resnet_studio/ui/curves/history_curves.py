"""What a plot shows of a run's History: its columns as arrays, for each measure. Knows no widget and no plot.

Importing this module imports numpy, which a window that shows no curves does not need.
"""

from __future__ import annotations

import numpy as np

from resnet_studio.ui.curves.curves import Curves, Mirror, Validated
from resnet_studio.ui.curves.history import History
from resnet_studio.ui.curves.measures import ACCURACY, CARDS, LOSS, MEMORY, RATE, SPEED, Measure
from resnet_studio.ui.curves.reduce import Floats

_COLUMNS = {
    LOSS: "loss", ACCURACY: "accuracy", RATE: "rates", SPEED: "speeds", CARDS: "cards", MEMORY: "memories",
}  # fmt: skip
_BYTES_A_GB = 1e9


class HistoryCurves:
    """The curves of one history, made anew only where it has grown: whoever gets the same Curves has drawn them before."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._mirrors: dict[str, Mirror] = {}
        self._made: dict[Measure, tuple[int, Curves]] = {}
        self._epochs: dict[Measure, tuple[tuple[int, int], Validated]] = {}

    def of(self, measure: Measure) -> Curves:
        """All that the history knows of it now."""
        made = self._made.get(measure)
        if made is None or made[0] != self._history.version:
            made = self._made[measure] = (self._history.version, self._curves(measure))
        return made[1]

    def _curves(self, measure: Measure) -> Curves:
        x, y = self._column("at"), self._column(_COLUMNS[measure])
        if measure in (CARDS, MEMORY):
            known = np.isfinite(y)
            return Curves(x[known], y[known] / (_BYTES_A_GB if measure is MEMORY else 1.0))
        if not measure.learned:
            return Curves(x, y)
        return Curves(x, y, self._validated(measure))

    def _validated(self, measure: Measure) -> Validated:
        # Between two of its versions epochs only come, and each cut is counted.
        asked = (self._history.cuts, len(self._history.epochs))
        known = self._epochs.get(measure)
        if known is None or known[0] != asked:
            known = self._epochs[measure] = (asked, self._look_through(measure))
        return known[1]

    def _look_through(self, measure: Measure) -> Validated:
        epochs, best = self._history.epochs, self._history.best
        x = np.array([float(epoch.epoch) for epoch in epochs])
        mark = next((index for index, epoch in enumerate(epochs) if epoch is best), None)
        if measure is LOSS:
            return Validated(x, np.array([epoch.val_loss for epoch in epochs]), best=mark)
        return Validated(x, np.array([epoch.val_accuracy * 100 for epoch in epochs]), self._five(), mark)

    def _five(self) -> Floats:
        """Top-5 of each epoch in percent, NaN where it was not told; nothing where it never was."""
        told = [epoch.val_top5 for epoch in self._history.epochs]
        if all(value is None for value in told):
            return np.empty(0)
        return np.array([np.nan if value is None else value * 100 for value in told])

    def _column(self, name: str) -> Floats:
        mirror = self._mirrors.setdefault(name, Mirror())
        return mirror.of(getattr(self._history, name), self._history.cuts)

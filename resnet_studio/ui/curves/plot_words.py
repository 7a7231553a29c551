"""A plot in words, for whoever cannot see it: where both curves stand, and the best epoch. Knows arrays, and no widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resnet_studio.language import tr
from resnet_studio.ui.curves.measures import Measure

if TYPE_CHECKING:
    from resnet_studio.ui.curves.curves import Curves


def epochs_told(curves: Curves) -> int:
    """How many epochs the words can tell of: they are another when this is, and not at every step."""
    return len(curves.val.x) or (int(curves.x[-1]) if len(curves.x) else 0)


def plot_words(measure: Measure, curves: Curves) -> str:
    """ "After epoch 4: training 0.312, validation 0.350. Best validation 0.348 at epoch 3." """
    if not len(curves.x) and not len(curves.val.x):
        return tr("No values yet.")
    values = []
    if len(curves.y):
        values.append(
            tr("training {value}", value=measure.text(float(curves.y[-1])))
            if len(curves.val.y)
            else measure.text(float(curves.y[-1]))
        )
    if len(curves.val.y):
        values.append(tr("validation {value}", value=measure.text(float(curves.val.y[-1]))))
    told = epochs_told(curves)
    words = (
        tr("After epoch {epoch}: {values}.", epoch=told, values=", ".join(values))
        if told
        else tr("In the first epoch: {values}.", values=", ".join(values))
    )
    if curves.val.best is not None:
        best = measure.text(float(curves.val.y[curves.val.best]))
        at = round(float(curves.val.x[curves.val.best]))
        words += " " + tr("Best epoch {epoch}: validation {value}.", epoch=at, value=best)
    return words

"""The quantities that a plot can show, and how their values are written. Knows no plot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from resnet_studio.language import tr
from resnet_studio.ui.format import THIN, thousands
from resnet_studio.ui.run_words import rate, short


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Which quantity a plot shows.

    Args:
        title: its name, with the unit.
        spoken: what a plot of it is called for whoever cannot see it.
        write: makes a value's text, "%" included.
        ceiling: the highest possible value, or None.
        logs: whether factors tell more than differences, so that a logarithmic axis makes sense.
        learned: whether training and validation each have a curve; else the only curve is the title's.
    """

    title: str
    spoken: str
    write: Callable[[float], str]
    ceiling: float | None
    logs: bool = False
    learned: bool = False

    def text(self, value: float) -> str:
        """A value as the caption writes it."""
        return self.write(value) if isfinite(value) else tr("not finite")


def _loss(value: float) -> str:
    """Three digits behind the point; a small one, of which they would be noughts, with its power of ten."""
    return f"{value:.3f}" if value == 0 or abs(value) >= 0.001 else short(float(f"{value:.1e}"), powers=True)


LOSS = Measure(
    title=tr("Loss"),
    spoken=tr("Loss by epoch, training and validation"),
    write=_loss,
    ceiling=None,
    logs=True,
    learned=True,
)
ACCURACY = Measure(
    title=tr("Accuracy"),
    spoken=tr("Accuracy in percent by epoch, training and validation"),
    write=f"{{:.1f}}{THIN}%".format,
    ceiling=100.0,
    learned=True,
)
RATE = Measure(
    title=tr("Learning rate"), spoken=tr("Learning rate by epoch"), write=rate, ceiling=None, logs=True
)
SPEED = Measure(
    title=tr("Images a second"),
    spoken=tr("Images a second by epoch"),
    write=lambda value: thousands(round(value)),
    ceiling=None,
)
CARDS = Measure(
    title=tr("Graphics card"),
    spoken=tr("Use of the graphics cards in percent by epoch"),
    write=f"{{:.0f}}{THIN}%".format,
    ceiling=100.0,
)
MEMORY = Measure(
    title=tr("Card memory, GB"),
    spoken=tr("Memory of the fullest graphics card in GB by epoch"),
    write=f"{{:.2f}}{THIN}GB".format,
    ceiling=None,
)

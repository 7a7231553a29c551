"""The published figures, and whether the networks here have them. Knows no torch and no window.

A figure is what a source prints of a named network: parameters, multiply-adds (by the papers' convention, or ptflops' with
norm, activation and pooling), receptive field. It agrees when what is counted is what was printed: to the integer, or rounded
or cut off to the printed digits, as papers do both (3.8 G is 3.858 cut off, 11.3 G is 11.282 rounded).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import cache

from resnet_studio.analysis.conventions import PTFLOPS, plan_work
from resnet_studio.analysis.plan import Plan, analyse
from resnet_studio.design.presets import preset
from resnet_studio.language import tr
from resnet_studio.resources_path import resource

_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}
WHAT = {
    "params": tr("parameters"),
    "macs": tr("multiply-adds"),
    "ptflops": tr("multiply-adds with norm, activation, pooling"),
    "receptive": tr("receptive field"),
}
# torchinfo knows these two; the others have no counterpart in it.
CONFIRMED = ("params", "macs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What a source prints of a network.

    Args:
        network: the preset's name.
        what: one of WHAT.
        printed: the figure as it is printed: "25,557,032", "3.8 G".
        source: who prints it.
    """

    network: str
    what: str
    printed: str
    source: str

    def agrees(self, counted: int) -> bool:
        """Whether a count is what was printed."""
        number, _, unit = self.printed.replace(",", "").partition(" ")
        told = Decimal(number)
        exact = Decimal(counted) / _UNITS[unit]
        return told in (exact.quantize(told, ROUND_HALF_EVEN), exact.quantize(told, ROUND_FLOOR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What torchinfo says of a network: parameters, and multiply-adds by the papers' convention."""

    params: int
    macs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A figure beside what is counted.

    Args:
        figure: what is printed.
        counted: by arithmetic.
        torchinfo: by torchinfo; None where it was not asked or has no such number.
    """

    figure: Figure
    counted: int
    torchinfo: int | None

    @property
    def agrees(self) -> bool:
        """Whether all of them are one number."""
        return self.figure.agrees(self.counted) and self.torchinfo in (None, self.counted)


@cache
def figures() -> tuple[Figure, ...]:
    """Every published figure of a named network, in the file's order."""
    rows = json.loads(resource("figures.json").read_text(encoding="utf-8"))["claims"]["rows"]
    return tuple(Figure(**row) for row in rows)


def networks() -> tuple[str, ...]:
    """The networks of which figures are known, each once."""
    return tuple(dict.fromkeys(figure.network for figure in figures()))


_COUNTS: dict[str, Callable[[Plan], int]] = {
    "params": lambda plan: plan.totals.params,
    "macs": lambda plan: plan.totals.macs,
    "ptflops": lambda plan: plan_work(plan).counted(PTFLOPS),
    "receptive": lambda plan: plan.totals.receptive,
}


@cache
def _plan(network: str) -> Plan:
    return analyse(preset(network))


def verdict(figure: Figure, told: Told | None = None) -> Verdict:
    """A figure beside what is counted, and beside what torchinfo told where it was asked."""
    asked = told if figure.what in CONFIRMED else None
    return Verdict(
        figure=figure,
        counted=_COUNTS[figure.what](_plan(figure.network)),
        torchinfo=None if asked is None else getattr(asked, figure.what),
    )

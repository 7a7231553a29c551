"""A field for a rate from 0 to a little under 1: the number field with decimals, percentages and their formulas. Knows no drawing."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.formula import RATE_DIGITS, parse_rate
from resnet_studio.ui.widgets.number import NumberField

STEP = 0.05


class RateField(NumberField):
    """A share from 0 to `high`; arrows and wheel go by 0.05."""

    def __init__(self, themes: ThemeManager, *, high: float, parent: QWidget | None = None) -> None:
        super().__init__(themes, low=0, high=high, step=STEP, parent=parent)

    def _read(self, text: str) -> float:
        return parse_rate(text)

    def _written(self, number: float) -> str:
        return f"{number:.{RATE_DIGITS}f}".rstrip("0").rstrip(".")

    def _limit(self) -> str:
        return self._written(self._high)

    def _halved(self, number: float) -> float:
        return number / 2

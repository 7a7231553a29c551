"""How numbers and heat are shown, shared by all views of one window. Knows no widget and no drawing."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Signal


class Heat(StrEnum):
    """Which cost the bars on cards, the heat and the minimap show."""

    MACS = "macs"
    PARAMS = "params"
    MEMORY = "memory"
    RECEPTIVE = "receptive"


class ViewState(QObject):
    """Multiply-adds or FLOPs, and which cost is the heat. `changed` comes when one of them is another."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._flops = False
        self._heat = Heat.MACS

    @property
    def flops(self) -> bool:
        """True: numbers are FLOPs, two for a multiply-add. False: multiply-adds."""
        return self._flops

    @property
    def heat(self) -> Heat:
        """The cost that bars and heat show."""
        return self._heat

    def show_flops(self, on: bool) -> None:
        """Switch between multiply-adds and FLOPs, everywhere."""
        if on != self._flops:
            self._flops = on
            self.changed.emit()

    def show_heat(self, heat: Heat) -> None:
        """Choose the cost that bars and heat show."""
        if heat != self._heat:
            self._heat = heat
            self.changed.emit()

    def work(self, macs: int) -> int:
        """Multiply-adds in the convention in force."""
        return 2 * macs if self._flops else macs

    @property
    def work_label(self) -> str:
        """The convention's name, as column title and caption."""
        return "FLOPs" if self._flops else "Mult-adds"

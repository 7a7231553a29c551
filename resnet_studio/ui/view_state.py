"""How numbers and heat are shown, shared by all views of one window. Knows no widget and no drawing."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from resnet_studio.analysis.conventions import Convention, Work, layer_work, part_work, plan_work
from resnet_studio.analysis.layers import Layer
from resnet_studio.analysis.parts import Part
from resnet_studio.analysis.plan import Plan
from resnet_studio.language import tr


class Heat(StrEnum):
    """Which cost the bars on cards, the heat and the minimap show."""

    MACS = "macs"
    PARAMS = "params"
    MEMORY = "memory"
    RECEPTIVE = "receptive"


class ViewState(QObject):
    """What counts as work, and which cost is the heat. `changed` comes when one of them is another."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._convention = Convention()
        self._heat = Heat.MACS

    @property
    def flops(self) -> bool:
        """True: numbers are FLOPs, two for a multiply-add. False: multiply-adds."""
        return self._convention.flops

    @property
    def convention(self) -> Convention:
        """What counts as work, and in which unit."""
        return self._convention

    @property
    def heat(self) -> Heat:
        """The cost that bars and heat show."""
        return self._heat

    def show_flops(self, on: bool) -> None:
        """Switch between multiply-adds and FLOPs, everywhere."""
        self.count_by(replace(self._convention, flops=on))

    def toggle(self, item: str) -> None:
        """Count norm, activation, addition or pooling too, or no longer, everywhere."""
        self.count_by(replace(self._convention, **{item: item not in self._convention.items}))

    def count_by(self, convention: Convention) -> None:
        """Count by this convention, everywhere."""
        if convention != self._convention:
            self._convention = convention
            self.changed.emit()

    def show_heat(self, heat: Heat) -> None:
        """Choose the cost that bars and heat show."""
        if heat != self._heat:
            self._heat = heat
            self.changed.emit()

    def of_plan(self, plan: Plan) -> int:
        """A drawing's work in the convention in force."""
        # The papers' own count needs no walk over the units.
        work = plan_work(plan) if self._convention.items else Work(macs=plan.totals.macs)
        return work.counted(self._convention)

    def of_part(self, part: Part) -> int:
        """A stem's, block's or head's work."""
        return part_work(part).counted(self._convention)

    def of_layer(self, layer: Layer) -> int:
        """A layer's work."""
        return layer_work(layer).counted(self._convention)

    @property
    def work_label(self) -> str:
        """The convention's name, as column title and caption; a plus where more than convolutions and classifier counts."""
        return ("FLOPs" if self.flops else tr("Mult-adds")) + ("+" if self._convention.items else "")

    @property
    def work_text(self) -> str:
        """The same within a sentence, behind a number."""
        return ("FLOPs" if self.flops else tr("mult-adds")) + ("+" if self._convention.items else "")

    @property
    def work_name(self) -> str:
        """The convention's name in full, where there is room."""
        return ("FLOPs" if self.flops else tr("Multiply-adds")) + ("+" if self._convention.items else "")

    @property
    def card_label(self) -> str:
        """The same where there is little room."""
        return self.work_label

    @property
    def work_words(self) -> str:
        """The convention in one sentence."""
        words = self._convention.words
        return tr("{convention}, batch 1.", convention=f"{words[:1].upper()}{words[1:]}")

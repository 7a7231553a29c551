"""The tiles of the inspector: what the selection itself costs, and what the last step made of that. Knows no document."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from resnet_studio.analysis.conventions import Work, part_work, total
from resnet_studio.analysis.intensity import part_bytes
from resnet_studio.analysis.plan import Plan, Unit
from resnet_studio.language import tr
from resnet_studio.ui.format import MINUS, THIN, delta, si, size, thousands
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.tile import StatTile

_NAMES = (
    tr("Parameters"),
    tr("Multiply-adds"),
    tr("Backward memory"),
    tr("Receptive field"),
    tr("Activations"),
    tr("FLOPs per byte"),
)
# The tiles' names for whoever looks for them, the same in every language.
_KEYS = ("Parameters", "MultiplyAdds", "BackwardMemory", "ReceptiveField", "Activations", "FlopsPerByte")
_MEANINGS = (
    tr("Learned numbers."),
    tr("What counts is chosen in the menu View: convolutions and classifier, and more on request. Batch 1."),
    tr("float32 bytes that autograd keeps for one image."),
    tr(
        "Edge of the input window that one output pixel sees along the main path (Luo et al. 2017, arXiv:1701.04128)."
    ),
    tr("Elements of all convolution outputs (Radosavovic et al. 2020, arXiv:2003.13678)."),
    tr(
        "Arithmetic intensity: operations for each byte read or written, layer by layer in float32. Where it is low, memory is waited for."
    ),
)


@dataclass(frozen=True, slots=True)
class Costs:
    """What some units of a plan cost together; `receptive` and `jump` (effective stride) are the last one's."""

    params: int
    work: Work
    kept: int
    receptive: int
    jump: int
    activations: int
    moved: int

    @property
    def intensity(self) -> float:
        """Operations for each byte moved."""
        return self.work.operations / self.moved if self.moved else 0.0


def costs(units: tuple[Unit, ...], plan: Plan) -> Costs:
    """Sums over `units` of `plan`."""
    whole = len(units) == len(plan.units)
    inside = sum(unit.part.kept.inside + unit.part.kept.output for unit in units)
    return Costs(
        params=sum(unit.part.params for unit in units),
        work=total([part_work(unit.part) for unit in units]),
        kept=plan.totals.backward_bytes if whole else inside,
        receptive=units[-1].receptive if units else 0,
        jump=units[-1].jump if units else 1,
        activations=sum(unit.part.activations for unit in units),
        moved=sum(part_bytes(unit.part) for unit in units),
    )


class Tiles(QWidget):
    """Six costs under a word that says whose they are."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        self._whose = QLabel()
        self._whose.setObjectName("inspectorTilesHeading")
        self._whose.setTextFormat(Qt.TextFormat.PlainText)
        self._whose.setProperty("role", "heading")
        sized(self._whose, letters=11, bold=True)
        grid.addWidget(self._whose, 0, 0, 1, 2)
        self.tiles = [StatTile(themes, name) for name in _NAMES]
        for index, tile in enumerate(self.tiles):
            tile.setObjectName(f"inspectorTile{_KEYS[index]}")
            grid.addWidget(tile, 1 + index // 2, index % 2)
        self._owner = ""
        self._jump = 0

    def show_costs(self, owner: str, now: Costs, before: Costs | None, state: ViewState) -> None:
        """Show what `owner` ("this block") costs; `before` is what it did before the last step, None where it was not there."""
        self._name(owner)
        self._tell_jump(now.jump)
        self.tiles[1].set_caption(state.work_name)
        values = (
            si(now.params),
            si(now.work.counted(state.convention)),
            size(now.kept),
            f"{thousands(now.receptive)}{THIN}px",
            si(now.activations),
            f"{now.intensity:.1f}",
        )
        for tile, value, (change, token) in zip(
            self.tiles, values, _changes(now, before, state), strict=True
        ):
            tile.show_value(value, change, token)

    def _name(self, owner: str) -> None:
        if owner == self._owner:
            return
        self._owner = owner
        self._whose.setText(owner.upper())
        for tile, name, meaning in zip(self.tiles, _NAMES, _MEANINGS, strict=True):
            last = tr("The small figure: what the last step did to {owner}.", owner=owner)
            tile.setToolTip(f"{_whose(name, owner)} {meaning}\n{last}")
            tile.setAccessibleDescription(f"{tr('Of {owner}.', owner=owner)} {meaning}")
        self._jump = 0

    def _tell_jump(self, jump: int) -> None:
        """Behind the receptive field's meaning: how far apart two neighbouring outputs look."""
        if jump == self._jump:
            return
        self._jump = jump
        words = (
            tr("Effective stride: {pixels} input pixels between neighbours.", pixels=thousands(jump))
            if jump > 1
            else tr("Effective stride: 1 input pixel between neighbours.")
        )
        tile = self.tiles[3]
        tile.setToolTip(f"{_whose(_NAMES[3], self._owner)} {_MEANINGS[3]}\n{words}")
        tile.setAccessibleDescription(f"{tr('Of {owner}.', owner=self._owner)} {_MEANINGS[3]} {words}")


def _whose(name: str, owner: str) -> str:
    return tr("{figure} of {owner}.", figure=name, owner=owner)


def _changes(now: Costs, before: Costs | None, state: ViewState) -> list[tuple[str, str]]:
    """(signed change, its token) for each tile; nothing where the last step did not touch it at all."""
    if before is None:
        return [(tr("new"), "text_faint")] * 6
    if before == now:
        return [("", "text_faint")] * 6
    by = state.convention
    worked = now.work.counted(by) - before.work.counted(by)
    steps = (now.params - before.params, worked, now.kept - before.kept)
    found = [(delta(step), "text_faint" if step == 0 else "warn" if step > 0 else "good") for step in steps]
    grown = now.receptive - before.receptive
    made, grew = now.activations - before.activations, round(now.intensity - before.intensity, 1)
    return [
        *found,
        (delta(grown, "px" if grown else ""), "text_faint"),
        (delta(made), "text_faint"),
        (f"{grew:+.1f}".replace("-", MINUS) if grew else "±0", "text_faint"),
    ]

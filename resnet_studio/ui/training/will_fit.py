"""Whether a run will fit into its device's memory, as a value and in words. Knows no widget and no engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resnet_studio.analysis.plan import Plan
from resnet_studio.analysis.training_memory import (
    Load,
    Need,
    fewest_parts,
    fits,
    largest_batch,
    need,
    program,
)
from resnet_studio.language import tr
from resnet_studio.runs.footprint import footprint
from resnet_studio.runs.spec import TrainSpec
from resnet_studio.ui.data.watch import DataFacts
from resnet_studio.ui.format import size, thousands

if TYPE_CHECKING:
    from resnet_studio.runs.results import Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a run needs of a device, and what the device has.

    Args:
        need: by what it is for.
        batch: images of a step on this device.
        device: as people know it; empty while unknown.
        taken: bytes of the whole process, its own code too.
        free: bytes; None where nobody tells.
        fits: whether it fits with a reserve; True where nobody can tell.
        largest: the largest batch of the settings (a power of two) that would fit; 0 for none.
        parts: in how many parts the batch would fit; 0 for none.
        images: to learn from; 0 while unknown.
    """

    need: Need
    batch: int
    device: str
    taken: int
    free: int | None
    fits: bool
    largest: int
    parts: int
    images: int

    @property
    def share(self) -> float | None:
        """Of what is free, 1 being all of it; None where nobody tells how much that is."""
        return None if not self.free else self.taken / self.free

    @property
    def words(self) -> tuple[str, ...]:
        """The same in ever fewer words; the first says all."""
        need = size(self.need.total)
        about = tr("about {need}", need=need)
        if self.free is None:
            return (tr("Memory: about {need}", need=need), about)
        free = size(self.free)
        if not self.fits:
            advice = self._room if self.largest else tr("not even one image fits")
            return (
                tr("Memory: about {need}, but {free} free; {advice}", need=need, free=free, advice=advice),
                tr("about {need}, but {free} free; {advice}", need=need, free=free, advice=advice),
                tr("about {need}, but {free} free", need=need, free=free),
            )
        return (
            tr("Memory: about {need} of {free} free; {advice}", need=need, free=free, advice=self._room),
            tr("about {need} of {free} free; {advice}", need=need, free=free, advice=self._room),
            tr("Memory: about {need} of {free} free", need=need, free=free),
            tr("about {need} of {free} free", need=need, free=free),
        )

    @property
    def _room(self) -> str:
        if self.fits and self.images and self.largest >= self.images:
            return tr("any batch of this data would fit")
        return tr("a batch of {count} would fit", count=thousands(self.largest))

    @property
    def details(self) -> str:
        """What it is for, part by part, for a tooltip and a screen reader."""
        parts = [
            (self.need.activations, tr("{size} for maps kept for the backward pass")),
            (self.need.weights, tr("{size} for weights")),
            (self.need.gradients, tr("{size} for gradients")),
            (self.need.optimizer, tr("{size} for the optimizer")),
            (self.need.average, tr("{size} for the average of the weights")),
            (self.need.data, tr("{size} for the data")),
            (self.need.workspace, tr("{size} for working memory and saving")),
        ]
        listed = ", ".join(what.format(size=size(count)) for count, what in parts if count)
        # The process itself, torch and its libraries, comes on top.
        own, batch = size(self.taken - self.need.total), thousands(self.batch)
        if not self.device:
            words = tr("A batch of {count}: {parts}. The process itself takes about {own} more.")
            return words.format(count=batch, parts=listed, own=own)
        words = tr("A batch of {count} on {device}: {parts}. The process itself takes about {own} more.")
        return words.format(count=batch, device=self.device, parts=listed, own=own)


def judged(plan: Plan, spec: TrainSpec, facts: DataFacts, memory: Memory | None) -> Verdict | None:
    """The verdict on a run; None while the drawing has problems."""
    if plan.problems:
        return None
    name, count = ("cpu", 1) if memory is None else (memory["name"], memory["count"])
    free = None if memory is None else memory["free"]
    asked = footprint(spec, device=name, devices=count, train=facts.train, val=facts.val, shape=facts.shape)
    load = Load(**asked)
    found = need(plan, load)
    largest = 0 if free is None else largest_batch(plan, load, free) * count
    return Verdict(
        need=found, batch=load.batch, device="" if memory is None else memory["label"], taken=found.total + program(load),
        free=free, fits=free is None or fits(plan, load, free), largest=largest,
        parts=0 if free is None else fewest_parts(plan, load, free), images=facts.train,
    )  # fmt: skip

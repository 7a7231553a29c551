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
from resnet_studio.runs.footprint import footprint
from resnet_studio.runs.spec import TrainSpec
from resnet_studio.ui.format import size, thousands
from resnet_studio.ui.training.data_watch import DataFacts

if TYPE_CHECKING:
    from resnet_studio.runs.wire import Memory


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
        about = f"about {size(self.need.total)}"
        if self.free is None:
            return (f"Memory: {about}", about)
        some = f"{about} of {size(self.free)} free"
        if not self.fits:
            advice = (
                f"a batch of {thousands(self.largest)} would fit"
                if self.largest
                else "not even one image fits"
            )
            lacks = f"{about}, but {size(self.free)} free"
            return (f"Memory: {lacks}; {advice}", f"{lacks}; {advice}", lacks)
        return (f"Memory: {some}; {self._room}", f"{some}; {self._room}", f"Memory: {some}", some)

    @property
    def _room(self) -> str:
        if self.images and self.largest >= self.images:
            return "any batch of this data would fit"
        return f"a batch of {thousands(self.largest)} would fit"

    @property
    def details(self) -> str:
        """What it is for, part by part, for a tooltip and a screen reader."""
        parts = [
            (self.need.activations, "maps kept for the backward pass"),
            (self.need.weights, "weights"),
            (self.need.gradients, "gradients"),
            (self.need.optimizer, "the optimizer"),
            (self.need.average, "the average of the weights"),
            (self.need.data, "the data"),
            (self.need.workspace, "working memory and saving"),
        ]
        listed = ", ".join(f"{size(count)} for {what}" for count, what in parts if count)
        where = f" on {self.device}" if self.device else ""
        # The process itself, torch and its libraries, comes on top.
        own = size(self.taken - self.need.total)
        return (
            f"A batch of {thousands(self.batch)}{where}: {listed}. The process itself takes about {own} more."
        )


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

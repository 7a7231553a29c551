"""What keeps a drawing from being built (Problems) and what a paper would do otherwise (advice), with repairs. Counts nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from resnet_studio.analysis.parts import PREACT
from resnet_studio.analysis.units import HEAD, STEM, WHOLE, Unit, place_words
from resnet_studio.design import edits
from resnet_studio.design.limits import MAX_PARAMS
from resnet_studio.design.types import BlockSpec, Design, Head, Order, Stem
from resnet_studio.language import tr
from resnet_studio.written import thousands


@dataclass(frozen=True, slots=True)
class Repair:
    """One click that mends a Problem: the words on the button and the edit it makes."""

    label: str
    apply: Callable[[Design], Design]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the drawing, as a value.

    Args:
        code: short stable name: shortcut, groups, shrunk, head, empty_stage, size.
        where: the block's or stage's id, or STEM, HEAD, WHOLE.
        place: how people name that place ("Stage 2, block 1", "Head").
        message: what is wrong, in shapes and words.
        repair: the one-click repair, where there is one.
    """

    code: str
    where: str
    place: str
    message: str
    repair: Repair | None = None

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{self.place}: {self.message}"


def problems_of(design: Design, units: tuple[Unit, ...]) -> Iterator[Problem]:
    """Everything that keeps the drawing from being built, from input to output."""
    for unit in units:
        for fault in unit.part.faults:
            repair = None
            if fault.mended is not None:
                repair = Repair(fault.label, _mending(unit, fault.mended))
            yield Problem(fault.code, unit.id, place_words(unit), fault.message, repair)
    for stage in design.stages:
        if not stage.blocks:
            repair = Repair(tr("Remove stage"), partial(edits.remove_stage, stage_id=stage.id))
            yield Problem("empty_stage", stage.id, stage.name, tr("no block stands in this stage"), repair)
    if design.head is None:
        repair = Repair(tr("Add head"), partial(edits.set_head, head=Head()))
        yield Problem(
            "head", HEAD, tr("Head"), tr("missing: nothing pools the last map and names a class"), repair
        )
    params = sum(unit.part.params for unit in units)
    if params > MAX_PARAMS:
        message = tr(
            "{count} parameters; more than {most} are never built",
            count=thousands(params),
            most=thousands(MAX_PARAMS),
        )
        yield Problem("size", WHOLE, tr("Design"), message)


def _mending(unit: Unit, mended: BlockSpec | Stem | Head) -> Callable[[Design], Design]:
    if isinstance(mended, BlockSpec):
        return partial(edits.replace_spec, block_id=unit.id, spec=mended)
    if isinstance(mended, Stem):
        return partial(edits.set_stem, stem=mended)
    return partial(edits.set_head, head=mended)


def advice_of(design: Design) -> Iterator[Problem]:
    """Mixes that can be built and trained, but that no paper has: norm and activation twice, or never."""
    lanes = [stage.blocks for stage in design.stages if stage.blocks]
    if not lanes:
        return
    first, last, head = lanes[0][0].spec, lanes[-1][-1].spec, design.head
    if first.order in PREACT and design.stem.activate:
        message = tr("activates what the first block, a pre-activation one, activates again")
        yield _stem_advice(tr("Leave it to the block"), message, replace(design.stem, activate=False))
    if first.order not in PREACT and not design.stem.activate:
        message = tr(
            "does not activate, and the first block, no pre-activation one, adds to the bare convolution"
        )
        yield _stem_advice(tr("Activate in the stem"), message, replace(design.stem, activate=True))
    if head is not None and last.order in PREACT and not head.activate:
        message = tr(
            "pools sums that nothing has normalised or activated behind the last pre-activation block"
        )
        yield _head_advice(tr("Activate in the head"), message, replace(head, activate=True))
    if head is not None and last.order in _ACTIVATED and head.activate:
        message = tr("activates what the last block has activated already")
        yield _head_advice(tr("Leave it to the block"), message, replace(head, activate=False))


_ACTIVATED = (Order.ORIGINAL, Order.BN_AFTER_ADD)


def _stem_advice(label: str, message: str, stem: Stem) -> Problem:
    return Problem("order", STEM, tr("Stem"), message, Repair(label, partial(edits.set_stem, stem=stem)))


def _head_advice(label: str, message: str, head: Head) -> Problem:
    return Problem("order", HEAD, tr("Head"), message, Repair(label, partial(edits.set_head, head=head)))

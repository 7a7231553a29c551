"""Chapter 2: the inside of a residual block, one more of them, and what the shortcut does where the map halves."""

from __future__ import annotations

from collections.abc import Mapping

from resnet_studio.analysis.layers import LayerKind
from resnet_studio.design.presets import preset
from resnet_studio.design.types import BlockKind, ShortcutKind
from resnet_studio.language import tr
from resnet_studio.ui.format import shape
from resnet_studio.ui.tour import counts
from resnet_studio.ui.tour.chapters import deeds
from resnet_studio.ui.tour.chapters.papers import HE_2015, HE_2015_AT, IOFFE_2015, IOFFE_2015_AT
from resnet_studio.ui.tour.step import Chapter, Moment, Step, Task, card, lane, prop, widget

FIRST, HALVING = "s1b1", "s2b1"


def _inside(moment: Moment) -> Mapping[str, str]:
    unit = moment.plan.unit(FIRST)
    rows = counts.convolutions(moment.plan, FIRST)
    return {
        "channels": "" if unit is None else str(unit.part.output[0]),
        "weights": counts.thousands(rows[0].params) if rows else "",
    }


def _count(moment: Moment) -> Mapping[str, str]:
    blocks = sum(1 for _ in moment.design.blocks())
    return {"blocks": str(blocks), "depth": str(2 * blocks + 2)}


def _halving(moment: Moment) -> Mapping[str, str]:
    unit = moment.plan.unit(HALVING)
    if unit is None:
        return dict.fromkeys(("before", "after", "weights"), "?")
    projection = next((row for row in unit.part.shortcut if row.kind is LayerKind.CONV), None)
    arriving, leaving = unit.part.input[0], unit.part.output[0]
    return {
        "before": shape(unit.part.input),
        "after": shape(unit.part.output),
        "weights": counts.thousands(projection.params if projection is not None else arriving * leaving),
    }


def _more_residual(moment: Moment) -> bool:
    def residual(design_blocks: object) -> int:
        return sum(block.spec.kind is BlockKind.RESIDUAL for block in design_blocks)  # type: ignore[attr-defined]

    return residual(moment.design.blocks()) > residual(moment.begun.blocks())


def _objects(moment: Moment) -> bool:
    return bool(moment.plan.problems_at(HALVING))


CHAPTER = Chapter(
    key="block",
    title=tr("The residual block"),
    drawing=lambda: preset("resnet18"),
    steps=(
        Step(
            key="block.inside",
            title=tr("Two convolutions and a sum"),
            text=tr(
                "Convolution, batch norm, ReLU, convolution, batch norm; then x is added, and a ReLU closes the block. Each 3×3 "
                "from {channels} to {channels} channels has {weights} weights; the arc has none."
            ),
            formula="f(x) = ReLU(x + BN(W₂ ReLU(BN(W₁ x))))",
            figures=_inside,
            source=HE_2015 + ", Fig. 5",
            address=HE_2015_AT,
            spots=(widget("inspectorPicture"), card(FIRST)),
            select=(FIRST,),
        ),
        Step(
            key="block.norm",
            title=tr("Why the norms"),
            text=tr(
                "Batch norm keeps what every convolution gives at mean 0 and spread 1 over the batch, then scales and shifts it by "
                "two learned numbers a channel. A convolution before a norm needs no bias of its own."
            ),
            formula="BN(x) = γ · (x − μ) / σ + β",
            source=IOFFE_2015,
            address=IOFFE_2015_AT,
            spots=(widget("inspectorPicture"),),
            select=(FIRST,),
        ),
        Step(
            key="block.insert",
            title=tr("Add one"),
            text=tr(
                "A block from the palette takes the shape of the place where it lands, and its shortcut is the identity there: "
                "it fits by itself. The totals below follow at once."
            ),
            spots=(widget("palette_residual"), lane("s2")),
            task=Task(
                ask=tr("Drag Residual from the palette to the end of Stage 2, or double-click it."),
                done=_more_residual,
                show=deeds.insert(BlockKind.RESIDUAL, "s2", 2),
            ),
        ),
        Step(
            key="block.halving",
            title=tr("Where the map halves"),
            text=tr(
                "You have {blocks} blocks, {depth} layers. The first block of a stage gets {before} and gives {after}: its first "
                "convolution strides by 2. x must do the same, so its way has a 1×1 with stride 2: {weights} weights."
            ),
            formula="f(x) = ReLU(W x + g(x))",
            figures=lambda moment: {**_count(moment), **_halving(moment)},
            source=HE_2015 + ", eq. 2",
            address=HE_2015_AT,
            spots=(widget("inspectorPicture"), card(HALVING)),
            select=(HALVING,),
        ),
        Step(
            key="block.break",
            title=tr("Break it"),
            text=tr(
                "A drawing may be wrong here: it stays alive, counts its sound part, and says where it does not fit. Take the "
                "projection away and look at the card."
            ),
            spots=(prop("shortcut"), card(HALVING)),
            select=(HALVING,),
            task=Task(
                ask=tr("Set the Shortcut of this block to identity."),
                done=_objects,
                show=deeds.set_fields("Change shortcut", (HALVING,), shortcut=ShortcutKind.IDENTITY),
            ),
        ),
        Step(
            key="block.mend",
            title=tr("Mend it"),
            text=tr(
                "The card tells what arrives and what leaves, and offers the repair. It is one step of the history, as everything "
                "is: Ctrl+Z takes it back."
            ),
            spots=(card(HALVING),),
            select=(HALVING,),
            task=Task(
                ask=tr("Press Add projection on the card or in the inspector."),
                done=lambda moment: not moment.plan.problems,
                show=deeds.repair_all("Add projection"),
            ),
        ),
    ),
)

"""Chapter 3: what a bottleneck saves: 600 k multiply-adds a pixel against 70 k, counted from the drawing."""

from __future__ import annotations

from collections.abc import Mapping

from resnet_studio.design.types import BlockKind
from resnet_studio.language import tr
from resnet_studio.ui.tour import counts
from resnet_studio.ui.tour.chapters import deeds
from resnet_studio.ui.tour.chapters.papers import HE_2015, HE_2015_AT
from resnet_studio.ui.tour.drawings import basic_block
from resnet_studio.ui.tour.step import Chapter, Moment, Step, Task, card, lane, prop, tab, widget

BLOCK, STAGE = "s1b1", "s1"


def _before() -> int:
    """Multiply-adds a pixel of the block that the chapter begins with."""
    from resnet_studio.analysis.plan import analyse

    return sum(counts.pixel_costs(analyse(basic_block()), BLOCK))


def affordable() -> int:
    """How many bottlenecks cost no more than that one block."""
    from resnet_studio.analysis.plan import analyse
    from resnet_studio.ui.tour.drawings import bottleneck_block

    return _before() // sum(counts.pixel_costs(analyse(bottleneck_block()), BLOCK))


def _one(moment: Moment) -> Mapping[str, str]:
    costs = counts.pixel_costs(moment.plan, BLOCK) or [0]
    return {
        "one": counts.thousands(costs[0]),
        "about": counts.about(costs[0]),
        "count": str(len(costs)),
        "block": counts.thousands(sum(costs)),
    }


def _three(moment: Moment) -> Mapping[str, str]:
    costs = counts.pixel_costs(moment.plan, BLOCK) or [0]
    total = max(1, sum(costs))
    return {
        "sum": " + ".join(counts.thousands(cost) for cost in costs),
        "block": counts.thousands(total),
        "about": counts.about(total),
        "times": f"{_before() / total:.1f}",
        "single": f"{_before() / 2 / total:.1f}",
    }


def _spent(moment: Moment) -> Mapping[str, str]:
    costs = counts.pixel_costs(moment.plan, BLOCK)
    return {
        "many": str(affordable()),
        "each": counts.thousands(sum(costs)),
        "one": counts.thousands(_before()),
    }


def _is_bottleneck(moment: Moment) -> bool:
    spec = counts.spec_of(moment.design, BLOCK)
    return spec is not None and spec.kind is BlockKind.BOTTLENECK


def _deep(moment: Moment) -> bool:
    return sum(1 for _ in moment.design.blocks()) >= affordable()


CHAPTER = Chapter(
    key="bottleneck",
    title=tr("The bottleneck"),
    drawing=basic_block,
    steps=(
        Step(
            key="bottleneck.wide",
            title=tr("Wide 3×3 are dear"),
            text=tr(
                "This block works on 256 channels. Each of its {count} convolutions costs 256 · 256 · 3 · 3 multiply-adds "
                "for every pixel of the map: {about}. Together they take {block}."
            ),
            formula="256 · 256 · 3 · 3 = {one}",
            figures=_one,
            source=HE_2015 + ", Fig. 5",
            address=HE_2015_AT,
            spots=(tab("layerTable"), card(BLOCK)),
            select=(BLOCK,),
        ),
        Step(
            key="bottleneck.convert",
            title=tr("Squeeze, work, widen"),
            text=tr(
                "A bottleneck takes the 256 channels down to 64 with a 1×1, does the 3×3 there, and goes up again with a 1×1. "
                "Looking around is done where it is cheap."
            ),
            source=HE_2015 + ", Fig. 5",
            address=HE_2015_AT,
            spots=(prop("kind"), card(BLOCK)),
            select=(BLOCK,),
            task=Task(
                ask=tr("In the inspector, make the block a Bottleneck."),
                done=_is_bottleneck,
                show=deeds.convert("Change kind", BLOCK, BlockKind.BOTTLENECK),
            ),
        ),
        Step(
            key="bottleneck.cheap",
            title=tr("600 k against 70 k"),
            text=tr(
                "All three convolutions together cost {about} a pixel: {single} times less than a single 3×3 of 256 channels, and "
                "{times} times less than the block had taken. The layer table has each of them."
            ),
            formula="{sum} = {block}",
            figures=_three,
            source=HE_2015 + ", Fig. 5",
            address=HE_2015_AT,
            spots=(tab("layerTable"), widget("inspectorPicture")),
            select=(BLOCK,),
        ),
        Step(
            key="bottleneck.depth",
            title=tr("Spend it on depth"),
            text=tr(
                "For what the one wide block had cost you get {many} bottlenecks. So ResNet-50, 101 and 152 are made of them, "
                "and ResNet-50 takes hardly more than ResNet-34."
            ),
            formula="{many} · {each} ≤ {one}",
            figures=_spent,
            source=HE_2015 + ", Table 1",
            address=HE_2015_AT,
            spots=(prop("count"), lane(STAGE)),
            select=(STAGE,),
            task=Task(
                ask=tr("Set Blocks of this stage to 16."),
                done=_deep,
                show=deeds.resize_stage("Change blocks", STAGE, 16),
            ),
        ),
    ),
)

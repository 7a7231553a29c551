"""Chapter 6: ResNeXt: a convolution in B groups costs 1/B, and the saving is spent on width, at equal cost."""

from __future__ import annotations

from collections.abc import Mapping

from resnet_studio.design.types import BlockKind
from resnet_studio.language import tr
from resnet_studio.ui.tour import counts
from resnet_studio.ui.tour.chapters import deeds
from resnet_studio.ui.tour.chapters.papers import XIE_2016, XIE_2016_AT
from resnet_studio.ui.tour.drawings import bottleneck_block
from resnet_studio.ui.tour.step import Chapter, Moment, Rows, Step, Task, card, prop, tab

BLOCK, GROUPS = "s1b1", 32


def _plain_costs() -> list[int]:
    from resnet_studio.analysis.plan import analyse

    return counts.pixel_costs(analyse(bottleneck_block()), BLOCK)


def _plain(moment: Moment) -> Mapping[str, str]:
    costs = _plain_costs()
    return {"middle": counts.thousands(costs[1]), "block": counts.thousands(sum(costs))}


def _grouped(moment: Moment) -> Mapping[str, str]:
    before, now = _plain_costs(), counts.pixel_costs(moment.plan, BLOCK)
    middle = now[1] if len(now) > 1 else 0
    return {
        "before": counts.thousands(before[1]),
        "middle": counts.thousands(middle),
        "block": counts.thousands(sum(now)),
        "saved": counts.percent(round(100 * (1 - sum(now) / sum(before)))),
    }


def _equal(moment: Moment) -> Mapping[str, str]:
    before, now = sum(_plain_costs()), counts.pixel_costs(moment.plan, BLOCK)
    spec = counts.spec_of(moment.design, BLOCK)
    groups, width = (1, 1) if spec is None else (spec.groups, spec.width)
    return {
        "groups": str(groups),
        "each": str(width // groups),
        "width": str(width),
        "block": counts.thousands(sum(now)),
        "before": counts.thousands(before),
        "change": f"{100 * (sum(now) / before - 1):+.1f}{counts.THIN}%",
    }


def _nets(moment: Moment) -> Rows:
    told = {row["cardinality"]: row for row in counts.published()["resnext"]["rows"]}
    rows = []
    for title, name, cardinality in (
        ("ResNet-50", "resnet50", 1),
        ("ResNeXt-50 32x4d", "resnext50_32x4d", GROUPS),
    ):
        totals = counts.plan_of(name).totals
        error = counts.percent(told[cardinality]["error50"])
        rows.append((title, counts.mega(totals.params), counts.giga(totals.macs), error))
    return ((tr("Net"), tr("parameters"), tr("mult-adds"), tr("top-1 error")), *rows)


def _in_groups(moment: Moment) -> bool:
    spec = counts.spec_of(moment.design, BLOCK)
    return spec is not None and spec.groups == GROUPS


def _is_resnext(moment: Moment) -> bool:
    spec = counts.spec_of(moment.design, BLOCK)
    return spec is not None and spec.kind is BlockKind.RESNEXT and spec.width > 64 and spec.groups == GROUPS


CHAPTER = Chapter(
    key="groups",
    title=tr("Groups: ResNeXt"),
    drawing=bottleneck_block,
    steps=(
        Step(
            key="groups.divide",
            title=tr("Divide the work"),
            text=tr(
                "In B groups, each output channel looks at 1/B of the inputs only: a convolution then has 1/B of its parameters "
                "and of its multiply-adds. The 3×3 of this bottleneck costs {middle} a pixel."
            ),
            formula="B · (c/B · c/B · 3 · 3) = c · c · 9 / B",
            figures=_plain,
            source=XIE_2016 + ", Sec. 3",
            address=XIE_2016_AT,
            spots=(prop("groups"), card(BLOCK)),
            select=(BLOCK,),
            task=Task(
                ask=tr("Under Convolution, set Groups to 32."),
                done=_in_groups,
                show=deeds.set_fields("Change groups", (BLOCK,), groups=GROUPS),
            ),
        ),
        Step(
            key="groups.saved",
            title=tr("A thirty-second"),
            text=tr(
                "{before} became {middle}, and the block {saved} cheaper: {block}. But groups of two channels are narrow. ResNeXt "
                "spends the saving on more channels inside."
            ),
            formula="{before} / 32 = {middle}",
            figures=_grouped,
            source=XIE_2016 + ", Sec. 3",
            address=XIE_2016_AT,
            spots=(tab("layerTable"), card(BLOCK)),
            select=(BLOCK,),
        ),
        Step(
            key="groups.spend",
            title=tr("Spend it on width"),
            text=tr(
                "A ResNeXt block is a bottleneck whose 3×3 runs in parallel paths: their number is the cardinality. The papers' "
                "proportions make it twice as wide inside."
            ),
            source=XIE_2016 + ", Fig. 3c",
            address=XIE_2016_AT,
            spots=(prop("kind"), card(BLOCK)),
            select=(BLOCK,),
            task=Task(
                ask=tr("Make the block a ResNeXt block."),
                done=_is_resnext,
                show=deeds.convert("Change kind", BLOCK, BlockKind.RESNEXT),
            ),
        ),
        Step(
            key="groups.equal",
            title=tr("Equal cost, fewer errors"),
            text=tr(
                "{groups} groups of {each}, {width} channels inside: {block} a pixel against the bottleneck's {before}, {change}. "
                "Over a whole net of such blocks that takes ImageNet's error down without costing more."
            ),
            formula="C · (256 d + 9 d² + 256 d) = {block}",
            figures=_equal,
            table=_nets,
            source=XIE_2016 + ", Tables 2 and 3",
            address=XIE_2016_AT,
            spots=(prop("cardinality"), prop("group_width")),
            select=(BLOCK,),
        ),
    ),
)

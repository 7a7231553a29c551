"""Chapter 4: stages that halve the map and double the channels, depth 18 to 152, and the nets that came before."""

from __future__ import annotations

from collections.abc import Mapping

from resnet_studio.design.presets import preset
from resnet_studio.language import tr
from resnet_studio.ui.tour import counts
from resnet_studio.ui.tour.chapters import deeds
from resnet_studio.ui.tour.chapters.papers import HE_2015, HE_2015_AT
from resnet_studio.ui.tour.step import Chapter, Moment, Rows, Step, Task, lane, prop, tab, widget

DEEP, STAGE = 23, "s3"
_OLDER = ("alexnet", "vgg16", "vgg19", "googlenet", "inception_v3", "resnet50")
_DEPTHS = (18, 34, 50, 101, 152)


def _told(name: str) -> dict[str, float]:
    rows = counts.published()["torchvision"]["rows"]
    return next(row for row in rows if row["name"] == name)


def _stage_rows(moment: Moment) -> Rows:
    return (
        (tr("Stage"), tr("blocks"), tr("map"), tr("channels"), tr("mult-adds of a block")),
        *counts.stage_rows(moment.plan),
    )


def _depth_rows(moment: Moment) -> Rows:
    """Counted here; the accuracy is torchvision's."""
    rows = []
    for depth in _DEPTHS:
        totals = counts.plan_of(f"resnet{depth}").totals
        top = counts.one_digit(_told(f"resnet{depth}")["top1"])
        rows.append((f"ResNet-{depth}", counts.mega(totals.params), counts.giga(totals.macs), top))
    return ((tr("Net"), tr("parameters"), tr("mult-adds"), tr("top-1")), *rows)


def _older_rows(moment: Moment) -> Rows:
    rows = [
        (str(row["net"]), counts.mega(int(row["params"])), counts.giga(round(row["gmacs"] * 1e9)), counts.one_digit(row["top1"]))
        for row in map(_told, _OLDER)
    ]  # fmt: skip
    return ((tr("Net"), tr("parameters"), tr("mult-adds"), tr("top-1")), *rows)


def _deeper(moment: Moment) -> Mapping[str, str]:
    fifty, now = counts.plan_of("resnet50").totals, moment.plan.totals
    return {
        "params": counts.mega(now.params),
        "macs": counts.giga(now.macs),
        "params_before": counts.mega(fifty.params),
        "macs_before": counts.giga(fifty.macs),
    }


def _vgg(moment: Moment) -> Mapping[str, str]:
    vgg, fifty = _told("vgg16"), counts.plan_of("resnet50").totals
    return {
        "lighter": f"{vgg['params'] / fifty.params:.1f}",
        "quicker": f"{vgg['gmacs'] * 1e9 / fifty.macs:.1f}",
        "gain": f"{_told('resnet50')['top1'] - vgg['top1']:.1f}",
    }


def _deep(moment: Moment) -> bool:
    stages = [stage for stage in moment.design.stages if stage.id == STAGE]
    return bool(stages) and len(stages[0].blocks) == DEEP


CHAPTER = Chapter(
    key="stages",
    title=tr("Stages and depth"),
    drawing=lambda: preset("resnet50"),
    steps=(
        Step(
            key="stages.lanes",
            title=tr("Halve the map, double the channels"),
            text=tr(
                "Within a lane every map is equally large. From lane to lane it halves and the channels double: a quarter of the "
                "pixels, four times the weights, so a block costs about the same everywhere."
            ),
            table=_stage_rows,
            source=HE_2015 + ", Sec. 3.3",
            address=HE_2015_AT,
            spots=(lane("s1"), lane("s2"), lane("s3"), lane("s4")),
        ),
        Step(
            key="stages.deepen",
            title=tr("From 50 to 101"),
            text=tr(
                "Stage 3 is where depth is spent: at 14² pixels it sees much of the image, and still knows where. ResNet-101 is "
                "this net with 23 blocks there in place of 6."
            ),
            source=HE_2015 + ", Table 1",
            address=HE_2015_AT,
            spots=(prop("count"), lane(STAGE)),
            select=(STAGE,),
            task=Task(
                ask=tr("Set Blocks of Stage 3 to 23; or drag the run's lower edge down to ×22."),
                done=_deep,
                show=deeds.resize_stage("Change blocks", STAGE, DEEP),
            ),
        ),
        Step(
            key="stages.depths",
            title=tr("Eighteen to 152"),
            text=tr(
                "This is ResNet-101: {params_before} became {params} parameters, {macs_before} became {macs} multiply-adds, at once. "
                "Deeper nets of this family err less each time, which plain ones never did."
            ),
            figures=_deeper,
            table=_depth_rows,
            source=tr("counted here; top-1 accuracy: torchvision's weights"),
            address="pytorch.org/vision/stable/models.html",
            spots=(widget("totals"), widget("pill")),
        ),
        Step(
            key="stages.before",
            title=tr("What came before"),
            text=tr(
                "ResNet-50 has {lighter} times fewer parameters than VGG-16, takes {quicker} times less work, and is right {gain} "
                "points more often. Global pooling in place of wide dense layers saves most of it; Inception branches by hand."
            ),
            figures=_vgg,
            table=_older_rows,
            source=tr("torchvision's weights; Inception v3 at 299 px"),
            address="pytorch.org/vision/stable/models.html",
            spots=(tab("layerTable"),),
        ),
    ),
)

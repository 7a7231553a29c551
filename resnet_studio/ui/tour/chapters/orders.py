"""Chapter 5: where norm and activation stand: the five orders of He et al. 2016, on the very net of their table."""

from __future__ import annotations

from resnet_studio.design.presets import preset
from resnet_studio.design.types import Order
from resnet_studio.language import tr
from resnet_studio.ui.tour import counts
from resnet_studio.ui.tour.chapters import deeds
from resnet_studio.ui.tour.chapters.papers import HE_2016, HE_2016_AT
from resnet_studio.ui.tour.step import Chapter, Moment, Rows, Step, Task, card, prop, widget

FIRST = "s1b1"
_WORDS = {
    "original": tr("original"),
    "bn_after_add": tr("BN after addition"),
    "relu_before_add": tr("ReLU before addition"),
    "relu_only_preact": tr("ReLU-only pre-activation"),
    "full_preact": tr("full pre-activation"),
}


def _error_rows(moment: Moment) -> Rows:
    rows = [
        (_WORDS[row["order"]], counts.two_digits(row["resnet110"]), counts.two_digits(row["resnet164"]))
        for row in counts.published()["orders"]["rows"]
    ]
    return ((tr("CIFAR-10 error"), "ResNet-110", "ResNet-164"), *rows)


def _first_is_preact(moment: Moment) -> bool:
    spec = counts.spec_of(moment.design, FIRST)
    return spec is not None and spec.order is Order.FULL_PREACT


def _all_preact(moment: Moment) -> bool:
    blocks = list(moment.design.blocks())
    return bool(blocks) and all(block.spec.order is Order.FULL_PREACT for block in blocks)


def _no_advice(moment: Moment) -> bool:
    return not moment.plan.problems and not moment.plan.advice


CHAPTER = Chapter(
    key="orders",
    title=tr("Five orders"),
    drawing=lambda: preset("cifar_resnet110"),
    steps=(
        Step(
            key="orders.original",
            title=tr("What stands on the way"),
            text=tr(
                "In the block of 2015 a ReLU follows the addition. So the shortcut is not quite free: every block cuts what is "
                "negative in the sum. In 54 blocks, as here, that adds up."
            ),
            formula="x → g(x) + x → ReLU → …",
            source=HE_2016 + ", Sec. 2",
            address=HE_2016_AT,
            spots=(widget("inspectorPicture"), card(FIRST)),
            select=(FIRST,),
        ),
        Step(
            key="orders.preact",
            title=tr("Norm and ReLU first"),
            text=tr(
                "Full pre-activation puts BN and ReLU before each convolution and nothing behind the sum: the input runs "
                "untouched from block to block, and so does the gradient. Watch the picture of the block."
            ),
            formula="f(x) = x + W₂ ReLU(BN(W₁ ReLU(BN(x))))",
            source=HE_2016 + ", Fig. 4e",
            address=HE_2016_AT,
            spots=(prop("order"), widget("inspectorPicture")),
            select=(FIRST,),
            task=Task(
                ask=tr("Set the Order to full pre-activation."),
                done=_first_is_preact,
                show=deeds.set_fields("Change order", (FIRST,), order=Order.FULL_PREACT),
            ),
        ),
        Step(
            key="orders.five",
            title=tr("Which is best"),
            text=tr(
                "The same layers in five orders. A norm behind the addition rescales the shortcut itself and hurts most; a "
                "branch that ends in ReLU can only add. Full pre-activation wins, the more so the deeper the net."
            ),
            table=_error_rows,
            source=HE_2016 + ", Table 2",
            address=HE_2016_AT,
            spots=(prop("order"),),
            select=(FIRST,),
        ),
        Step(
            key="orders.all",
            title=tr("Change all at once"),
            text=tr(
                "Properties can be set for many blocks together: select them, or let one block's settings go to all by "
                "Design > All blocks. One undo takes it back."
            ),
            spots=(prop("order"), widget("canvas")),
            task=Task(
                ask=tr("Click the canvas, press Ctrl+A, and set the Order to full pre-activation."),
                done=_all_preact,
                show=deeds.set_fields("Change order", order=Order.FULL_PREACT),
            ),
        ),
        Step(
            key="orders.ends",
            title=tr("Tidy both ends"),
            text=tr(
                "The first block now activates what the stem has activated already, and behind the last one nothing does. It can "
                "be built so, but no paper does; so it is advice, not a problem."
            ),
            source=HE_2016 + ", Sec. 4",
            address=HE_2016_AT,
            spots=(widget("inspectorProblem1"), widget("inspectorRepair1"), card("stem"), card("head")),
            select=("stem",),
            task=Task(
                ask=tr("Follow the advice in the inspector, for the stem and then for the head."),
                done=_no_advice,
                show=deeds.repair_all("Follow the advice", advice=True),
            ),
        ),
    ),
)

"""Chapter 1: why a block adds its input: classes that nest, plain nets against residual ones, identity at the start."""

from __future__ import annotations

from collections.abc import Mapping

from resnet_studio.design.presets import preset
from resnet_studio.design.types import ShortcutKind
from resnet_studio.language import tr
from resnet_studio.ui.tour import counts
from resnet_studio.ui.tour.chapters import deeds
from resnet_studio.ui.tour.chapters.papers import (
    GOYAL_2017,
    GOYAL_2017_AT,
    HE_2015,
    HE_2015_AT,
    LECTURE,
    LECTURE_AT,
)
from resnet_studio.ui.tour.step import Chapter, Moment, Rows, Step, Task, card, prop, tab, widget

FIRST = "s1b1"


def _errors() -> dict[str, float]:
    return {row["net"]: row["error"] for row in counts.published()["resnet_errors"]["rows"]}


def _error_rows(moment: Moment) -> Rows:
    told = _errors()
    rows = [
        (net, counts.percent(told[net]))
        for net in ("plain-18", "plain-34", "ResNet-18", "ResNet-34, shortcut A")
    ]
    return ((tr("ImageNet"), tr("top-1 error")), *rows)


def _plain(moment: Moment) -> Mapping[str, str]:
    told = _errors()
    return {"eighteen": counts.percent(told["plain-18"]), "thirty_four": counts.percent(told["plain-34"])}


def _bought(moment: Moment) -> Mapping[str, str]:
    plain, now, told = counts.plan_of("plain34").totals.params, moment.plan.totals.params, _errors()
    return {
        "params": counts.thousands(now),
        "plain": counts.thousands(plain),
        "more": counts.thousands(now - plain),
        "share": counts.percent(round(100 * (now - plain) / plain, 1)),
        "before": counts.percent(told["plain-34"]),
        "after": counts.percent(told["ResNet-34, shortcut B"]),
    }


def _first_carries(moment: Moment) -> bool:
    spec = counts.spec_of(moment.design, FIRST)
    return spec is not None and spec.shortcut is ShortcutKind.IDENTITY


def _all_carry(moment: Moment) -> bool:
    blocks = list(moment.design.blocks())
    return bool(blocks) and all(block.spec.shortcut is not ShortcutKind.NONE for block in blocks)


def _sound(moment: Moment) -> bool:
    return not moment.plan.problems


def _zero(moment: Moment) -> bool:
    return any(block.spec.zero_init for block in moment.design.blocks())


CHAPTER = Chapter(
    key="why",
    title=tr("Why f(x) = x + g(x)"),
    drawing=lambda: preset("plain34"),
    steps=(
        Step(
            key="why.welcome",
            title=tr("A tour with your hands on it"),
            text=tr(
                "This is the program itself, with a drawing of the tour's own. Lanes are stages, cards are blocks, and every "
                "number is counted as you draw. Where a card asks for something, do it, or press Show me; each step can be undone."
            ),
            formula=tr("Esc ends the tour · Shift+F1 comes back to this card"),
            spots=(widget("canvas"),),
        ),
        Step(
            key="why.deeper",
            title=tr("Deeper, and worse"),
            text=tr(
                "A net of 34 layers could do all that one of 18 does, if the added layers passed their input on. Plain ones do "
                "not even find that: {thirty_four} wrong against {eighteen}. The larger class of functions does not hold the smaller."
            ),
            figures=_plain,
            table=_error_rows,
            source=HE_2015 + ", Table 2",
            address=HE_2015_AT,
            spots=(widget("canvas"),),
        ),
        Step(
            key="why.shortcut",
            title=tr("Let the input pass"),
            text=tr(
                "Carry x around the block and add it: now the layers learn only g(x), what to change. Passing on is g = 0, so "
                "each deeper class of functions nests the one before."
            ),
            formula="f(x) = x + g(x)     g = 0  ⇒  f(x) = x",
            source=LECTURE,
            address=LECTURE_AT,
            spots=(prop("shortcut"), card(FIRST)),
            select=(FIRST,),
            task=Task(
                ask=tr("In the inspector, set the Shortcut of this block to identity."),
                done=_first_carries,
                show=deeds.set_fields("Change shortcut", (FIRST,), shortcut=ShortcutKind.IDENTITY),
            ),
        ),
        Step(
            key="why.all",
            title=tr("And now all of them"),
            text=tr(
                "One shortcut helps its own block. In a residual net every block has one, and the gradient reaches the first "
                "layer along them, whatever the depth."
            ),
            source=HE_2015 + ", Fig. 3",
            address=HE_2015_AT,
            spots=(prop("shortcut"), widget("canvas")),
            task=Task(
                ask=tr("Click the canvas, select all blocks with Ctrl+A, and set Shortcut to identity."),
                done=_all_carry,
                show=deeds.set_fields("Change shortcut", shortcut=ShortcutKind.IDENTITY),
            ),
        ),
        Step(
            key="why.fit",
            title=tr("Three blocks object"),
            text=tr(
                "Where a stage halves the map and doubles the channels, x no longer fits the sum. The block says so in shapes, and "
                "offers what the paper does: a 1×1 convolution on the shortcut."
            ),
            source=HE_2015 + ", eq. 2",
            address=HE_2015_AT,
            spots=(widget("problemsRepairAll"), card("s2b1"), card("s3b1"), card("s4b1")),
            task=Task(
                ask=tr("Press the repair on each of the three cards, or Repair all in the Problems."),
                done=_sound,
                show=deeds.repair_all("Add projections"),
            ),
        ),
        Step(
            key="why.bought",
            title=tr("What it cost, what it bought"),
            text=tr(
                "This is ResNet-34 now. An identity has no parameter; only the three projections came on top: {more} on {plain}, "
                "{share}. On ImageNet the error fell from {before} to {after}. The comparison shows both nets block by block."
            ),
            formula="{plain} + {more} = {params}",
            figures=_bought,
            source=HE_2015 + ", Tables 2 and 3",
            address=HE_2015_AT,
            spots=(tab("compare"), widget("totalParams")),
            against=(lambda: preset("plain34"), "Plain-34"),
        ),
        Step(
            key="why.zero",
            title=tr("Begin as the identity"),
            text=tr(
                "If the last norm of a branch starts at scale zero, g is zero and the whole net begins as f(x) = x, "
                "shallow, and grows deep as it learns. It helps most with large batches."
            ),
            formula="γ = 0  ⇒  g(x) = 0  ⇒  f(x) = x",
            source=GOYAL_2017 + ", Sec. 5.1",
            address=GOYAL_2017_AT,
            spots=(prop("zero_init"),),
            select=(FIRST,),
            task=Task(
                ask=tr("Under Normalisation, switch Zero-init on."),
                done=_zero,
                show=deeds.set_fields("Change zero-init", (FIRST,), zero_init=True),
                needed=False,
            ),
        ),
    ),
)

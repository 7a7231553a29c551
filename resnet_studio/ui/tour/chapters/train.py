"""Chapter 7: train the digits starter, see it learn, and take the weights home."""

from __future__ import annotations

from collections.abc import Mapping

from resnet_studio.design.presets import preset
from resnet_studio.language import tr
from resnet_studio.runs.datasets import KNOWN
from resnet_studio.ui.format import resolution
from resnet_studio.ui.tour import counts
from resnet_studio.ui.tour.step import Chapter, Moment, Step, Task, tab, widget


def _net(moment: Moment) -> Mapping[str, str]:
    digits = KNOWN["digits"]
    images = counts.thousands(digits.train + digits.val)
    return {
        "params": counts.thousands(moment.plan.totals.params),
        "images": images,
        "size": resolution(moment.design.input.shape),
    }


def _best(moment: Moment) -> Mapping[str, str]:
    best = moment.training.best
    return {
        "best": "…" if best is None else f"{best:.1f}{counts.THIN}%",
        "epochs": str(moment.training.epochs),
    }


CHAPTER = Chapter(
    key="train",
    title=tr("Train and take home"),
    drawing=lambda: preset("digits_starter"),
    steps=(
        Step(
            key="train.data",
            title=tr("A net for digits"),
            text=tr(
                "Two residual blocks with {params} parameters, and {images} handwritten digits of {size} pixels that came with the "
                "program. A recipe has set the rest; every setting says by its tooltip what it does."
            ),
            figures=_net,
            spots=(tab("trainPanel"),),
            select=(),
        ),
        Step(
            key="train.start",
            title=tr("Train"),
            text=tr(
                "Training runs in a process of its own: the window never waits for it, and you may go on drawing. It can be "
                "stopped and resumed at any step."
            ),
            spots=(widget("trainButton"), tab("trainPanel")),
            task=Task(
                ask=tr("Press Train."),
                done=lambda moment: moment.training.running or moment.training.epochs > 0,
                show=lambda hands: hands.train(),
                needed=False,
            ),
        ),
        Step(
            key="train.watch",
            title=tr("See it learn"),
            text=tr(
                "The loss falls, the accuracy rises; thin is every step, thick the trend. Best so far: {best} of the digits that "
                "it has never seen, after {epochs} epochs."
            ),
            figures=_best,
            spots=(tab("trainPanel"),),
            task=Task(
                ask=tr("Wait for the end of the run, or press Stop: a checkpoint is kept either way."),
                done=lambda moment: moment.training.ended,
                show=lambda hands: hands.stop_training(),
                offer=tr("Stop it"),
                needed=False,
            ),
        ),
        Step(
            key="train.export",
            title=tr("Take it home"),
            text=tr(
                "An export is one file with weights by torchvision's names and the drawing in it; or ONNX, or readable Python. It is "
                "loaded again in a clean process and compared before it replaces anything."
            ),
            spots=(widget("exportButton"),),
            task=Task(
                ask=tr("Press Export… and look at what can be made. Cancel is fine."),
                done=lambda moment: moment.exporting,
                show=lambda hands: hands.export(),
                needed=False,
            ),
        ),
        Step(
            key="train.end",
            title=tr("That was the tour"),
            text=tr(
                "Help > Examples opens drawings to play with, Help > Which number is right? tells why one net has several costs, "
                "F1 lists the keys, and Ctrl+K finds every command."
            ),
            spots=(widget("searchButton"),),
        ),
    ),
)

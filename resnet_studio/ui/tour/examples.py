"""The examples under Help: drawings that open unsaved and ready to play with, each with a sentence on what to try."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resnet_studio.design.types import Design
from resnet_studio.language import tr

if TYPE_CHECKING:
    from resnet_studio.ui.shell.main_window import MainWindow

_TOPIC = "example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One of them.

    Args:
        name: short and stable.
        title: what the menu says.
        ask: what to try, in a sentence or two.
        file: its file among the resources' examples; "" for a preset.
        preset: the preset that it is, where it has no file.
        select: what is selected as it opens.
        tab: the view at the bottom that comes to the front.
        against: a preset to lay beside it.
    """

    name: str
    title: str
    ask: str
    file: str = ""
    preset: str = ""
    select: tuple[str, ...] = ()
    tab: str = ""
    against: str = ""

    def drawing(self) -> Design:
        """The drawing.

        Raises:
            StudioError: its file cannot be read.
        """
        from resnet_studio.design.files import SUFFIX, read_design
        from resnet_studio.design.presets import preset
        from resnet_studio.resources_path import resource

        if self.preset:
            return preset(self.preset)
        return read_design(resource("examples", self.file + SUFFIX))


EXAMPLES: tuple[Example, ...] = (
    Example(
        name="plainAgainstResidual",
        title=tr("Plain-34 against ResNet-34"),
        ask=tr(
            "Give blocks of the plain net a shortcut (all: Ctrl+A, then Shortcut in the inspector) and watch the comparison: "
            "what each difference costs."
        ),
        preset="plain34",
        select=("s1b1",),
        tab="compare",
        against="resnet34",
    ),
    Example(
        name="bottleneck",
        title=tr("The bottleneck"),
        ask=tr(
            "A residual block of 256 channels, and the bottleneck that does its work. Change the inner width of the second and "
            "compare both in the layer table; when does it cost as much?"
        ),
        file="bottleneck",
        select=("s1b2",),
        tab="layerTable",
    ),
    Example(
        name="fiveOrders",
        title=tr("Five orders in one net"),
        ask=tr(
            "Five blocks, each in another order. Walk through them with the arrow keys and watch the picture in the inspector; "
            "then let the best one's order go to all, by Design > All blocks."
        ),
        file="five-orders",
        select=("s1b1",),
    ),
    Example(
        name="equalCost",
        title=tr("ResNeXt at equal cost"),
        ask=tr(
            "Five blocks of nearly one cost, from 1 group of 64 to 32 groups of 4. Change Cardinality or Width / group of one, and "
            "look how the cost moves away from the others'."
        ),
        file="resnext-equal-cost",
        select=("s1b5",),
        tab="layerTable",
    ),
    Example(
        name="broken",
        title=tr("A broken drawing with three repairs"),
        ask=tr(
            "A shortcut that does not fit, groups that do not divide, a head that is missing. Read each problem, point at its repair "
            "to see what it would do, and press it; or break something else."
        ),
        file="broken",
        tab="problems",
    ),
    Example(
        name="digits",
        title=tr("Digits starter"),
        ask=tr("Press Train: it learns handwritten digits in seconds. Then add a block, train again, and lay both runs' curves together."),
        preset="digits_starter",
        tab="trainPanel",
    ),
)  # fmt: skip


def find(name: str) -> Example:
    """The example of that name."""
    return next(example for example in EXAMPLES if example.name == name)


def open_example(name: str, window: MainWindow) -> bool:
    """Open it as New does; False when the user kept the drawing that is open.

    Raises:
        StudioError: its file cannot be read.
    """
    example = find(name)
    if not window.files.new(example.drawing()):
        return False
    if example.against:
        from resnet_studio.design.presets import preset

        made = preset(example.against)
        window.doings.show_beside(lambda: made, made.name)
    elif example.tab:
        if example.tab == "trainPanel":
            from resnet_studio.runs.spec import default_spec

            # Whoever used other data last shall see this drawing learn, too.
            window.editor.train_views.train_with(default_spec())
        window.show_tab(example.tab)
    window.document.select(example.select)
    _say(example, window)
    return True


def _say(example: Example, window: MainWindow) -> None:
    """What to try; gone when another drawing is opened."""
    window.banners.drop(_TOPIC)
    window.banners.tell(example.title, example.ask, topic=_TOPIC)

    def forget() -> None:
        window.banners.drop(_TOPIC)
        window.document.loaded.disconnect(forget)

    window.document.loaded.connect(forget)

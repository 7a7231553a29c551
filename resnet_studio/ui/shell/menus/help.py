"""The Help menu. Knows no window."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMenu

from resnet_studio.language import tr
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.menus.doer import Doer
from resnet_studio.ui.shell.menus.filling import fill
from resnet_studio.ui.tour.examples import EXAMPLES
from resnet_studio.ui.widgets.named import submenu


def make(actions: Actions, do: Doer) -> None:
    """Make the actions that help."""
    add = actions.add
    tip = tr("From the residual block to a trained net, on drawings of the tour's own")
    add("tour", tr("&Guided tour"), do.start_tour, tip=tip)
    for example in EXAMPLES:
        words = tr("Example: {title}", title=example.title)
        add(f"example_{example.name}", words, partial(do.open_example, example.name), tip=example.ask)
    add("find", tr("&Find a command…"), do.find_command, "Ctrl+K")
    add("shortcuts", tr("&Keyboard shortcuts"), do.show_shortcuts, "F1")
    add(
        "verifyFigures", tr("&Verify figures…"), do.verify_figures, tip=tr("Published figures, counted again")
    )
    why = tr("Why 3.8, 3.86, 4.09 and 4.12 are all ResNet-50")
    add("explainNumbers", tr("&Which number is right?…"), do.explain_numbers, tip=why)
    tip = tr("Versions, screen and the end of the log, for a report of an error")
    add("copyReport", tr("&Copy system report"), do.copy_report, tip=tip)
    add("about", tr("&About ResNet Studio"), do.about)


def fill_menu(menu: QMenu, a: Actions) -> None:
    """Put them into the menu."""
    fill(menu, [a["tour"]])
    examples = submenu(menu, tr("&Examples"), "menuExamples")
    for example in EXAMPLES:
        # The menu's own entries: under this title "Example:" need not be said again.
        entry = a[f"example_{example.name}"]
        action = examples.addAction(example.title)
        action.setObjectName(f"menu_{entry.objectName()}")
        action.setToolTip(entry.toolTip())
        action.triggered.connect(entry.trigger)
    examples.setToolTipsVisible(True)
    fill(
        menu,
        [
            None,
            a["find"],
            a["shortcuts"],
            None,
            a["verifyFigures"],
            a["explainNumbers"],
            None,
            a["copyReport"],
            a["about"],
        ],
    )

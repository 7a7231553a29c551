"""The Train menu. Knows no window and no run."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu

from resnet_studio.language import tr
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.menus.doer import Doer
from resnet_studio.ui.shell.menus.filling import fill


def make(actions: Actions, do: Doer) -> None:
    """Make the actions on training."""
    add = actions.add
    add("train", tr("&Train"), do.train, "F5", tip=tr("Train this drawing"))
    add(
        "pause",
        tr("&Pause"),
        do.pause_training,
        "F6",
        tip=tr("Let the run that is shown wait behind its step, and keep everything in memory"),
    )
    add("stop", tr("&Stop"), do.stop_training, "Shift+F5")
    add(
        "resume",
        tr("&Resume"),
        do.resume_training,
        "Ctrl+F5",
        tip=tr("Go on with the run that is shown, where it waits or from its last checkpoint"),
    )
    add(
        "addToQueue",
        tr("Add to &queue"),
        do.add_to_queue,
        "Ctrl+Shift+F5",
        tip=tr("Train this drawing when other runs have ended"),
    )
    add(
        "showData",
        tr("&Data set…"),
        do.show_data,
        "Ctrl+Shift+D",
        tip=tr("Look at the data: classes, samples, what is wrong"),
    )
    add(
        "findRate",
        tr("&Find the learning rate…"),
        do.find_rate,
        tip=tr("Try ever larger learning rates on a network that is thrown away"),
    )
    add("showTraining", tr("Show t&raining"), lambda: do.show_tab("trainPanel"), "Ctrl+4")
    add("showRuns", tr("Show &runs"), lambda: do.show_tab("runs"), "Ctrl+5")


def fill_menu(menu: QMenu, a: Actions) -> None:
    """Put them into the menu."""
    fill(
        menu,
        [
            a["train"],
            a["pause"],
            a["stop"],
            a["resume"],
            a["addToQueue"],
            None,
            a["showData"],
            a["findRate"],
            a["showTraining"],
            a["showRuns"],
        ],
    )

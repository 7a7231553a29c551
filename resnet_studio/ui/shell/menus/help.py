"""The Help menu. Knows no window."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu

from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.menus.doer import Doer
from resnet_studio.ui.shell.menus.filling import fill


def make(actions: Actions, do: Doer) -> None:
    """Make the actions that help."""
    add = actions.add
    add("find", "&Find a command…", do.find_command, "Ctrl+K")
    add("shortcuts", "&Keyboard shortcuts", do.show_shortcuts, "F1")
    add("verifyFigures", "&Verify figures…", do.verify_figures, tip="Published figures, counted again")
    why = "Why 3.8, 3.86, 4.09 and 4.12 are all ResNet-50"
    add("explainNumbers", "&Which number is right?…", do.explain_numbers, tip=why)
    add("about", "&About ResNet Studio", do.about)


def fill_menu(menu: QMenu, a: Actions) -> None:
    """Put them into the menu."""
    fill(menu, [a["find"], a["shortcuts"], None, a["verifyFigures"], a["explainNumbers"], None, a["about"]])

"""Every action, and the menu in which each stands. Knows the window only as a `Doer`."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu

from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.menus import design, edit, file, help, patterns, train, view, window
from resnet_studio.ui.shell.menus.doer import Doer

OF_DRAWING = ("paste", "selectAll")
OF_SELECTION = (
    "cut",
    "copy",
    "duplicate",
    "delete",
    "moveUp",
    "moveDown",
    "moveLeft",
    "moveRight",
    *patterns.OF_SELECTION,
)


def make_actions(actions: Actions, do: Doer) -> None:
    """Make every action, in the order in which the command palette lists them."""
    for menu in (file, edit, design, view, train, window, help):
        menu.make(actions, do)
    view.follow_state(actions, do)


def fill_menus(menus: dict[str, QMenu], actions: Actions, do: Doer) -> None:
    """Put the actions into their menus, and add to `menus` those that are filled when opened: recent, panels."""
    menus["recent"] = file.fill_menu(menus["file"], actions)
    edit.fill_menu(menus["edit"], actions)
    design.fill_menu(menus["design"], actions, do)
    menus["panels"] = view.fill_menu(menus["view"], actions)
    train.fill_menu(menus["train"], actions)
    window.fill_menu(menus["window"], actions, do)
    help.fill_menu(menus["help"], actions)

"""The menu bar: one module for each menu, with its actions and their order. Knows the window only as a `Doer`."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QMenuBar

from resnet_studio.language import tr
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.menus import design, edit, file, help, patterns, train, view, window
from resnet_studio.ui.shell.menus.doer import Doer

_TITLES = {
    "file": tr("&File"),
    "edit": tr("&Edit"),
    "design": tr("&Design"),
    "view": tr("&View"),
    "train": tr("&Train"),
    "window": tr("&Window"),
    "help": tr("&Help"),
}
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


def make_menus(bar: QMenuBar) -> dict[str, QMenu]:
    """The menus, empty still: the bar has its height in the first picture, and the actions come after it."""
    return {name: _menu(bar, name, title) for name, title in _TITLES.items()}


def fill_menus(menus: dict[str, QMenu], actions: Actions, do: Doer) -> None:
    """Put the actions into their menus, and add to `menus` those that are filled when opened: recent, panels."""
    menus["recent"] = file.fill_menu(menus["file"], actions)
    edit.fill_menu(menus["edit"], actions)
    design.fill_menu(menus["design"], actions, do)
    menus["panels"] = view.fill_menu(menus["view"], actions)
    train.fill_menu(menus["train"], actions)
    window.fill_menu(menus["window"], actions, do)
    help.fill_menu(menus["help"], actions)


def _menu(bar: QMenuBar, name: str, title: str) -> QMenu:
    menu = QMenu(title, bar)
    menu.setObjectName(f"menu{name.capitalize()}")
    menu.setAccessibleName(title.replace("&", ""))
    bar.addMenu(menu)
    return menu

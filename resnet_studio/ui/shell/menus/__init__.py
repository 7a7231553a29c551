"""The menu bar: a module for each menu, with its actions and their order; `every` puts them together.

The bar is in the first picture, and what is in it need not be: nothing here loads a menu.
"""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QMenuBar

from resnet_studio.language import tr

_TITLES = {
    "file": tr("&File"),
    "edit": tr("&Edit"),
    "design": tr("&Design"),
    "view": tr("&View"),
    "train": tr("&Train"),
    "window": tr("&Window"),
    "help": tr("&Help"),
}


def make_menus(bar: QMenuBar) -> dict[str, QMenu]:
    """The menus, empty still: the bar has its height in the first picture, and the actions come after it."""
    return {name: _menu(bar, name, title) for name, title in _TITLES.items()}


def _menu(bar: QMenuBar, name: str, title: str) -> QMenu:
    menu = QMenu(title, bar)
    menu.setObjectName(f"menu{name.capitalize()}")
    menu.setAccessibleName(title.replace("&", ""))
    bar.addMenu(menu)
    return menu

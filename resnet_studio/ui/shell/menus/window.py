"""The Window menu: another window, the next one, the list of those that are open. Knows windows by what it shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from resnet_studio.language import tr
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.menus.doer import Doer
from resnet_studio.ui.shell.menus.filling import fill

if TYPE_CHECKING:
    from resnet_studio.ui.shell.main_window import MainWindow

_LISTED = "windowListed"


def make(actions: Actions, do: Doer) -> None:
    """Make the actions on windows."""
    add = actions.add
    add(
        "newWindow",
        tr("&New window"),
        do.new_window,
        "Ctrl+Alt+W",
        tip=tr("Another window with its own drawing"),
    )
    add("closeWindow", tr("&Close window"), do.close_window, "Ctrl+Shift+W")
    add("nextWindow", tr("Ne&xt window"), partial(do.show_window, 1), "Ctrl+Tab")
    add("previousWindow", tr("&Previous window"), partial(do.show_window, -1), "Ctrl+Shift+Tab")


def fill_menu(menu: QMenu, a: Actions, do: Doer) -> None:
    """Put them into the menu; the list is made when the menu is opened."""
    fill(menu, [a["newWindow"], a["closeWindow"], None, a["nextWindow"], a["previousWindow"], None])
    menu.aboutToShow.connect(lambda: do.fill_windows(menu))


def fill_windows(menu: QMenu, windows: Sequence[MainWindow], here: MainWindow) -> None:
    """The open windows by their drawings, this one checked; a star where something is not saved."""
    for old in [action for action in menu.actions() if action.property(_LISTED)]:
        menu.removeAction(old)
        old.deleteLater()
    for number, window in enumerate(windows, 1):
        words = window.shown_name.replace("&", "&&")
        action = QAction(f"&{number} {words}" if number < 10 else words, menu)
        action.setProperty(_LISTED, True)
        action.setObjectName(f"actionShowWindow{number}")
        action.setCheckable(True)
        action.setChecked(window is here)
        action.triggered.connect(window.bring_forward)
        menu.addAction(action)

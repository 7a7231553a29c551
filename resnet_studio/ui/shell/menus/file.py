"""The File menu: drawings and weights in and out. Knows no window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from resnet_studio.language import tr
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.menus.doer import Doer
from resnet_studio.ui.shell.menus.filling import fill
from resnet_studio.ui.widgets.named import submenu
from resnet_studio.ui.widgets.tips import plain_tip

_KEY = QKeySequence.StandardKey


def make(actions: Actions, do: Doer) -> None:
    """Make the actions on drawings as files."""
    add = actions.add
    add("new", tr("&New…"), do.show_start, _KEY.New, tip=tr("New drawing from a preset, or empty"))
    add("newEmpty", tr("New &empty"), do.new_empty, "Ctrl+Shift+N")
    add(
        "newFromFamily",
        tr("New from &family…"),
        do.new_from_family,
        "Ctrl+Alt+N",
        tip=tr("Any depth and width of a family"),
    )
    add("open", tr("&Open…"), do.open_file, _KEY.Open)
    add("save", tr("&Save"), do.save, _KEY.Save)
    add("saveAs", tr("Save &as…"), do.save_as, "Ctrl+Shift+S")
    add("importWeights", tr("&Import weights…"), do.import_weights, tip=tr("Begin with pretrained weights"))
    add("export", tr("&Export…"), do.export, "Ctrl+E", tip=tr("Export weights for PyTorch"))
    add("close", tr("&Close"), do.close_design, "Ctrl+W")
    add("quit", tr("&Quit"), do.close, "Ctrl+Q", tip=tr("Close every window"))


def fill_menu(menu: QMenu, a: Actions) -> QMenu:
    """Put them into the menu; return the menu of recent files, which is filled when it is opened."""
    fill(menu, [a["new"], a["newEmpty"], a["newFromFamily"], a["newWindow"], None, a["open"]])
    recent = submenu(menu, tr("Open &recent"), "menuRecent")
    fill(
        menu,
        [None, a["save"], a["saveAs"], None, a["importWeights"], a["export"], None, a["close"], a["quit"]],
    )
    return recent


def fill_recent(menu: QMenu, paths: Sequence[Path], open_path: Callable[[Path], object]) -> None:
    """The files that were open last, by name; what is gone stands there greyed."""
    menu.clear()
    for path in paths:
        action = QAction(path.name.replace("&", "&&"), menu)
        action.setToolTip(plain_tip(str(path)))
        action.setEnabled(path.exists())
        action.triggered.connect(lambda _=False, path=path: open_path(path))
        menu.addAction(action)
    menu.setDisabled(menu.isEmpty())

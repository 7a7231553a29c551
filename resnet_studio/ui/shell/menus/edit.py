"""The Edit menu: steps, clipboard, selection and places. Knows no window."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from resnet_studio.language import tr
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.menus import patterns
from resnet_studio.ui.shell.menus.doer import Doer, later
from resnet_studio.ui.shell.menus.filling import fill

_KEY = QKeySequence.StandardKey


def make(actions: Actions, do: Doer) -> None:
    """Make the actions on steps, clipboard, selection and places."""
    document, add = do.document, actions.add
    add("undo", tr("&Undo"), document.undo_stack.undo, _KEY.Undo)
    add("redo", tr("&Redo"), document.undo_stack.redo, "Ctrl+Shift+Z")
    actions["redo"].setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
    add("cut", tr("Cu&t"), later("commands", "cut", document), _KEY.Cut)
    add("copy", tr("&Copy"), later("commands", "copy", document), _KEY.Copy)
    add("paste", tr("&Paste"), later("commands", "paste", document), _KEY.Paste)
    add("duplicate", tr("&Duplicate"), later("commands", "duplicate", document), "Ctrl+D")
    add("delete", tr("De&lete"), later("commands", "delete", document), _KEY.Delete)
    add("selectAll", tr("Select &all"), later("commands", "select_all", document), _KEY.SelectAll)
    patterns.make_select(actions, document)
    neighbour = "move_to_neighbour"
    add("moveUp", tr("Move u&p"), later("commands", "move_up", document), "Alt+Up")
    add("moveDown", tr("Move d&own"), later("commands", "move_down", document), "Alt+Down")
    add("moveLeft", tr("Move to pre&vious stage"), later("commands", neighbour, document, -1), "Alt+Left")
    add("moveRight", tr("Move to ne&xt stage"), later("commands", neighbour, document, 1), "Alt+Right")


def fill_menu(menu: QMenu, a: Actions) -> None:
    """Put them into the menu."""
    fill(
        menu, [a["undo"], a["redo"], None, a["cut"], a["copy"], a["paste"], a["duplicate"], a["delete"], None]
    )
    patterns.fill_select(menu, a)
    fill(menu, [None, a["moveUp"], a["moveDown"], a["moveLeft"], a["moveRight"]])

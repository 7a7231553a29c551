"""Which actions can be done now. Knows no window and no view."""

from __future__ import annotations

from collections.abc import Mapping

from resnet_studio.language import tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.menus.every import OF_DRAWING, OF_SELECTION


def enable(
    actions: Actions, document: Document, training: Mapping[str, bool], *, in_editor: bool, in_training: bool
) -> None:
    """Grey what cannot be done.

    Args:
        actions: all of them.
        document: its steps and its selection decide.
        training: what the training panel can do, by action.
        in_editor: a drawing is on the screen, and not the start page.
        in_training: the keyboard is in the training dock.
    """
    stack = document.undo_stack
    actions["undo"].setText(tr("&Undo {step}", step=stack.undoText()).strip())
    actions["redo"].setText(tr("&Redo {step}", step=stack.redoText()).strip())
    usable = dict.fromkeys(actions.of_editor(), in_editor)
    usable |= {"undo": in_editor and stack.canUndo(), "redo": in_editor and stack.canRedo()}
    usable |= {name: in_editor and on for name, on in training.items()}
    # In the training dock, keys like Delete and Ctrl+C mean what stands there, and not the drawing.
    here = in_editor and not in_training
    usable |= dict.fromkeys(OF_DRAWING, here)
    usable |= dict.fromkeys(OF_SELECTION, here and bool(document.selection))
    # Each once: an action that goes on and off again lays the toolbar and the window out, at every edit.
    actions.allow(usable)

"""Lays drawings beside the open one, and gathers what a window has to compare with. Knows the window, and no view's inside."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.ui.shell import dialogs
from resnet_studio.ui.shell.compare_menu import Desk

if TYPE_CHECKING:
    from resnet_studio.ui.shell.main_window import MainWindow


def desk_of(window: MainWindow) -> Desk:
    """What the menu of comparisons needs of this window."""
    return Desk(
        document=window.document,
        beside=partial(show_beside, window),
        all_steps=lambda: window.show_tab("history"),
        ask_file=lambda: dialogs.choose_open(window, window.settings.folder),
        open=window.in_editor,
        windows=[
            (other.shown_name, partial(window.editor.views.compare_live, other.document))
            for other in window.windows.open
            if other is not window and other.in_editor
        ],
    )


def show_beside(window: MainWindow, made: Callable[[], Design], title: str) -> None:
    """Lay what is read or made there beside the open drawing; what cannot be read is told."""
    try:
        design = made()
    except StudioError as error:
        window.tell_error(error)
    else:
        window.editor.views.compare_with(design, title)

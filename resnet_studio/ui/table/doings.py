"""What the layer table's keys and context menu do: copy its rows, and the editor's commands on what is selected. Knows no rows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.ui import commands
from resnet_studio.ui.document import Document

_COPIES = 4  # of the actions, these many only read


class TableDoings(QObject):
    """The actions of the table.

    Args:
        document: whose selected blocks are edited.
        copy: copies rows as "markdown", "csv" or "latex".
        parent: the table.

    Signals:
        refused(str): why a command was not done.
    """

    refused = Signal(str)

    def __init__(self, document: Document, copy: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        keys = QKeySequence.StandardKey
        table: tuple[tuple[str, QKeySequence | QKeySequence.StandardKey, Callable[[], object]], ...] = (
            (tr("Copy"), keys.Copy, lambda: copy("markdown")),
            (tr("Copy as Markdown"), QKeySequence(), lambda: copy("markdown")),
            (tr("Copy as CSV"), QKeySequence(), lambda: copy("csv")),
            (tr("Copy as LaTeX"), QKeySequence(), lambda: copy("latex")),
            (tr("Duplicate"), QKeySequence("Ctrl+D"), lambda: commands.duplicate(document)),
            (tr("Move up"), QKeySequence("Alt+Up"), lambda: commands.move_up(document)),
            (tr("Move down"), QKeySequence("Alt+Down"), lambda: commands.move_down(document)),
            (tr("Delete"), keys.Delete, lambda: commands.delete(document)),
        )
        self._actions = [self._made(*line) for line in table]

    def _made(
        self, words: str, keys: QKeySequence | QKeySequence.StandardKey, run: Callable[[], object]
    ) -> QAction:
        action = QAction(words, self)
        action.setShortcut(QKeySequence(keys))
        # The window's menus own these keys; here they work where the tree has the focus, through keyPressEvent.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: self._run(run))
        return action

    def _run(self, run: Callable[[], object]) -> None:
        try:
            run()
        except StudioError as error:
            self.refused.emit(str(error))

    def of_keys(self, event: QKeyEvent) -> QAction | None:
        """The action whose keys were pressed."""
        pressed = QKeySequence(event.keyCombination())
        return next((act for act in self._actions if act.shortcut() == pressed and pressed.count()), None)

    def menu(self, parent: QWidget) -> QMenu:
        """The context menu; the plain copy has its key alone."""
        menu = QMenu(parent)
        menu.setObjectName("layerMenu")
        editable = bool(self._document.selected_blocks)
        for place, action in enumerate(self._actions[1:], start=1):
            if place == _COPIES:
                menu.addSeparator()
            action.setEnabled(place < _COPIES or editable)
            menu.addAction(action)
        return menu

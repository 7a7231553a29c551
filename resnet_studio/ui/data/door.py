"""Opens the dialog that looks the chosen data through, and keeps it up with what becomes known of the data. Knows no settings and no run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from resnet_studio.ui.data.watch import DataState, DataWatch
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import Engine
from resnet_studio.ui.theme import ThemeManager

if TYPE_CHECKING:
    from resnet_studio.ui.data.dialog import DataDialog


class DataDoor(QObject):
    """At most one dialog.

    Signals:
        refused(object): the StudioError why the drawing could not be adapted.
    """

    refused = Signal(object)

    def __init__(
        self, document: Document, theme: ThemeManager, engine: Engine, watch: DataWatch, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._document, self._theme, self._engine = document, theme, engine
        self._watch, self._owner = watch, parent
        self.dialog: DataDialog | None = None
        watch.changed.connect(self._follow)

    def open(self, name: str, root: str | None) -> DataDialog:
        """The dialog on this data; one that is open comes to the front."""
        # It brings a list of pictures along, which nobody needs who only trains.
        from resnet_studio.ui.data.dialog import DataDialog

        if self.dialog is None:
            self.dialog = DataDialog(
                self._document, self._theme, self._engine, (name, root), self._owner.window()
            )
            self.dialog.refused.connect(self.refused)
            self.dialog.fetch_asked.connect(self._watch.fetch)
            self.dialog.destroyed.connect(self._closed)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        return self.dialog

    def look(self, name: str, root: str | None) -> None:
        """Where it is open, it shows this data from now on."""
        if self.dialog is not None:
            self.dialog.look(name, root)

    def _follow(self) -> None:
        watch, dialog = self._watch, self.dialog
        if dialog is None:
            return
        if watch.state is DataState.THERE:
            dialog.look_if_missing()
        elif watch.state is DataState.FETCHING:
            dialog.show_fetching(*watch.progress[:2])
        elif watch.fault is not None:
            dialog.look(watch.facts.name, watch.root)

    def _closed(self) -> None:
        self.dialog = None

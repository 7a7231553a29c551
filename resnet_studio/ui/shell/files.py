"""Opening and saving the Document, asking before anything is lost. Knows no view but the window that it asks in.

The dialogs are loaded with the first question: Qt's own take a tenth of the window's start.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.design.limits import MAX_FILE_BYTES
from resnet_studio.design.types import Design
from resnet_studio.ui.document import Document
from resnet_studio.ui.shell.answers import Answer
from resnet_studio.ui.shell.names import file_name, title_of
from resnet_studio.ui.shell.settings import Settings


def stamp(path: Path) -> str:
    """What a file holds, as a hash; "" when there is none or it cannot be read. Touching a file does not change it."""
    import hashlib

    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return hashlib.sha256(file.read(MAX_FILE_BYTES + 1)).hexdigest()
    except OSError:
        return ""


class FileKeeper(QObject):
    """Keeps the Document and its file together.

    Signals:
        opened: another drawing is in the Document, and the user wants to see it.
        failed(StudioError): something could not be read; the drawing stays as it was.
        refused(StudioError): the drawing could not be saved.
        saved: it was saved.
    """

    opened = Signal()
    failed = Signal(StudioError)
    refused = Signal(StudioError)
    saved = Signal()

    def __init__(self, document: Document, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._settings, self._window = document, settings, window
        self.stamp = ""

    @property
    def title(self) -> str:
        """The name of what is open: the file's, else the drawing's."""
        path = self._document.path
        return title_of(path) if path is not None else self._document.design.name

    # --- opening ------------------------------------------------------------------------------------------------------

    def new(self, design: Design) -> bool:
        """Begin with a drawing that has no file; False when the user kept the old one."""
        if not self.may_lose():
            return False
        self._document.load(design)
        self.stamp = ""
        self.opened.emit()
        return True

    def open(self) -> bool:
        """Let the user choose a file and open it."""
        from resnet_studio.ui.shell import dialogs

        path = dialogs.choose_open(self._window, self._settings.folder)
        return path is not None and self.open_path(path)

    def open_path(self, path: Path) -> bool:
        """Open a design file, or the drawing that an exported file carries; what is wrong with it comes by `failed`."""
        from resnet_studio.design.carried import is_carrier

        if self._read(path) is None or not self.may_lose():
            return False
        # Read again: the question may have stood for long, and its "Save" may have written this very file.
        known, design = stamp(path), self._read(path)
        if design is None:
            return False
        # Saved over the file that carries it, the drawing would replace the weights.
        carried = is_carrier(path)
        self._document.load(design, None if carried else path)
        self.stamp = "" if carried else known
        self._settings.remember(path)
        self.opened.emit()
        return True

    def _read(self, path: Path) -> Design | None:
        from resnet_studio.design.carried import read_drawing

        try:
            return read_drawing(path)
        except StudioError as error:
            self.failed.emit(error)
            return None

    def open_recovered(self, design: Design, path: Path | None, known: str) -> bool:
        """Show an autosaved copy as unsaved; `known` is what its file held when the copy's writer opened it."""
        if not self.may_lose():
            return False
        self._document.load(design, path, clean=False)
        self.stamp = known
        self.opened.emit()
        return True

    # --- saving -------------------------------------------------------------------------------------------------------

    def save(self) -> bool:
        """Save to the drawing's file, or ask for one; False when it is not saved."""
        path = self._document.path
        if path is None:
            return self.save_as()
        now = stamp(path)
        if now and now != self.stamp:
            from resnet_studio.ui.shell import dialogs

            answer = dialogs.ask_overwrite(self._window, path)
            if answer is Answer.SAVE_AS:
                return self.save_as()
            if answer is not Answer.OVERWRITE:
                return False
        return self._write(path)

    def save_as(self) -> bool:
        """Let the user choose a file and save there."""
        from resnet_studio.ui.shell import dialogs

        path = self._document.path or self._settings.folder / file_name(self._document.design.name)
        chosen = dialogs.choose_save(self._window, path)
        return chosen is not None and self._write(chosen)

    def _write(self, path: Path) -> bool:
        from resnet_studio.design.files import write_design

        self._document.end_gesture()
        try:
            write_design(path, self._document.design)
        except StudioError as error:
            self.refused.emit(error)
            return False
        self.stamp = stamp(path)
        self._document.saved(path)
        self._settings.remember(path)
        self.saved.emit()
        return True

    def may_lose(self) -> bool:
        """Whether the drawing may go: it is saved, or was saved just now, or the user gives it up."""
        if self._document.is_clean:
            return True
        from resnet_studio.ui.shell import dialogs

        answer = dialogs.ask_save(self._window, self.title)
        if answer is Answer.SAVE:
            return self.save()
        return answer is Answer.DISCARD

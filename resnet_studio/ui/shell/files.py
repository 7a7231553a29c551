"""Opening and saving the Document, asking before anything is lost. Knows no view but the window that it asks in.

The dialogs are loaded with the first question: Qt's own take a tenth of the window's start.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.design.limits import MAX_FILE_BYTES
from resnet_studio.design.types import Design
from resnet_studio.language import tr
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


class Neighbours(Protocol):
    """The other windows of this program, as far as files are concerned."""

    def bring(self, path: Path) -> bool: ...
    def has(self, path: Path) -> bool: ...
    def files(self) -> FileKeeper: ...


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

    def __init__(
        self,
        document: Document,
        settings: Settings,
        window: QWidget,
        neighbours: Neighbours | None = None,
    ) -> None:
        super().__init__(window)
        self._document, self._settings, self._window = document, settings, window
        self._neighbours = neighbours
        self.stamp = ""

    @property
    def title(self) -> str:
        """The name of what is open: the file's, else the drawing's."""
        path = self._document.path
        return title_of(path) if path is not None else self._document.design.name

    # --- opening ------------------------------------------------------------------------------------------------------

    def new(self, design: Design, *, here: bool = False) -> bool:
        """Begin with a drawing that has no file; False when the user kept the old one here.

        Args:
            design: the drawing.
            here: it means nothing in another window.
        """
        if not self._may_replace(None if here else lambda beside: beside.new(design)):
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
        """Open a design file, or the drawing that an exported file carries; what is wrong with it comes by `failed`.

        A file that another window has open is shown there.
        """
        from resnet_studio.design.carried import is_carrier

        if self._neighbours is not None and self._neighbours.bring(path):
            return False
        if self._read(path) is None or not self._may_replace(lambda beside: beside.open_path(path)):
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
            self._keep_off_others(path)
            write_design(path, self._document.design)
        except StudioError as error:
            self.refused.emit(error)
            return False
        self.stamp = stamp(path)
        self._document.saved(path)
        self._settings.remember(path)
        self.saved.emit()
        return True

    def _keep_off_others(self, path: Path) -> None:
        """Two windows that save over each other's drawing would lose one of them."""
        if self._neighbours is not None and self._neighbours.has(path):
            raise StudioError(
                tr("{name} is open in another window.", name=path.name),
                tr("Choose another name, or close it there first."),
            )

    def may_lose(self) -> bool:
        """Whether the drawing may go: it is saved, or was saved just now, or the user gives it up."""
        return self._may_replace(None)

    def _may_replace(self, instead: Callable[[FileKeeper], object] | None) -> bool:
        """The same; or the user wants the new drawing in a new window, where `instead` puts it, and this one stays."""
        if self._document.is_clean:
            return True
        from resnet_studio.ui.shell import dialogs

        beside = instead is not None and self._neighbours is not None
        answer = dialogs.ask_save(self._window, self.title, beside)
        if answer is Answer.BESIDE and instead is not None and self._neighbours is not None:
            instead(self._neighbours.files())
            return False
        if answer is Answer.SAVE:
            return self.save()
        return answer is Answer.DISCARD

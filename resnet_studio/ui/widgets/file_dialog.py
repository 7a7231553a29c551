"""Asks for a file or a folder with the system's dialog, or Qt's own in our colours. Knows no file's meaning.

WORKAROUND: Qt's own dialog looks into every file for its kind, in the window's thread; one that never answers (/proc/kmsg, as root)
hangs the program as soon as somebody types its folder. Ours goes by the name. https://doc.qt.io/qt-6/qabstractfileiconprovider.html
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileInfo
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QFileDialog, QPushButton, QToolButton, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.icons import icon

_BUTTONS = {
    "backButton": ("back", tr("Back")),
    "forwardButton": ("right", tr("Forward")),
    "toParentButton": ("up", tr("The folder above")),
    "newFolderButton": ("newFolder", tr("New folder")),
    "listModeButton": ("list", tr("As a list")),
    "detailModeButton": ("table", tr("With details")),
}


class KindsByName(QAbstractFileIconProvider):
    """Kind and icon of a file, by its name alone."""

    def __init__(self, ink: str) -> None:
        super().__init__()
        # Made here: they are asked for in a thread of Qt's, where nothing may be painted.
        self._folder, self._file = icon("folder", ink), icon("file", ink)

    def icon(self, what: QFileInfo | QAbstractFileIconProvider.IconType) -> QIcon:
        """A folder or a file."""
        folders = (
            QAbstractFileIconProvider.IconType.Folder,
            QAbstractFileIconProvider.IconType.Computer,
            QAbstractFileIconProvider.IconType.Drive,
        )
        is_folder = what.isDir() if isinstance(what, QFileInfo) else what in folders
        return self._folder if is_folder else self._file

    def type(self, info: QFileInfo) -> str:
        """In words."""
        if info.isDir():
            return tr("Folder")
        return tr("{suffix} file", suffix=info.suffix()) if info.suffix() else tr("File")


class FileDialog(QFileDialog):
    """The dialog; where it is Qt's own, its buttons have our icons and names."""

    def __init__(self, parent: QWidget, title: str, start: str, kinds: str = "") -> None:
        path = Path(start) if start else Path.home()
        super().__init__(parent, title, str(path if path.is_dir() else path.parent), kinds)
        self.setObjectName("fileDialog")
        self.setAccessibleName(title)
        ink = self.palette().text().color().name()
        # Kept, for Qt does not own it.
        self._kinds = KindsByName(ink)
        self.setIconProvider(self._kinds)
        for name, (glyph, words) in _BUTTONS.items():
            for button in self.findChildren(QToolButton, name):
                button.setIcon(icon(glyph, ink))
                button.setAccessibleName(words)
                button.setToolTip(words)
                button.setStyleSheet("QToolButton { padding: 3px; }")
        if not path.is_dir():
            self.selectFile(path.name)

    def ask(self) -> str:
        """Show it and wait; what was chosen, or ""."""
        for button in self.findChildren(QPushButton):
            button.setIcon(QIcon())
        accepted, files = self.exec(), self.selectedFiles()
        self.deleteLater()
        return files[0] if accepted and files else ""


def open_name(parent: QWidget, title: str, start: str, kinds: str) -> str:
    """A file that exists, or ""."""
    dialog = FileDialog(parent, title, start, kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return dialog.ask()


def save_name(parent: QWidget, title: str, start: str, kinds: str, *, confirm: bool = True) -> str:
    """A file to be written, or ""; `confirm`: ask before one that exists is taken."""
    dialog = FileDialog(parent, title, start, kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    # Qt says "Look in:" for this as well.
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, tr("Save &in:"))
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, not confirm)
    return dialog.ask()


def folder_name(parent: QWidget, title: str, start: str) -> str:
    """A folder that exists, or ""."""
    dialog = FileDialog(parent, title, start)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return dialog.ask()

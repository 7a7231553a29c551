"""Asks where a file is to be written, with its ending, and whether one that exists may go. Knows no drawing and no run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.widgets import file_dialog


def choose_target(parent: QWidget, title: str, suggestion: Path, kinds: str, suffix: str) -> Path | None:
    """The file to write, which ends in `suffix` (".png"), or None; `kinds` is the file dialog's filter."""
    name = file_dialog.save_name(parent, title, str(suggestion), kinds)
    if not name:
        return None
    asked = Path(name)
    path = asked if asked.suffix.lower() == suffix else asked.with_name(asked.name + suffix)
    return path if may_write(parent, asked, path) else None


def may_write(parent: QWidget, asked: Path, path: Path) -> bool:
    """Whether `path` may be written. The file dialog asked about the name as typed; an ending makes it another file."""
    return path == asked or not path.exists() or _may_replace(parent, path)


def _may_replace(parent: QWidget, path: Path) -> bool:
    box = QMessageBox(parent)
    box.setObjectName("askReplace")
    box.setAccessibleName(tr("Replace file"))
    box.setWindowTitle(tr("Replace file"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(tr("“{file}” exists. Replace it?", file=path.name))
    box.setInformativeText(str(path.parent))
    cancel = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    replace = box.addButton(tr("Replace"), QMessageBox.ButtonRole.DestructiveRole)
    for button, name in ((cancel, "askReplaceCancel"), (replace, "askReplaceReplace")):
        button.setObjectName(name)
        button.setAccessibleName(button.text())
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    chosen = box.clickedButton() is replace
    box.deleteLater()
    return chosen

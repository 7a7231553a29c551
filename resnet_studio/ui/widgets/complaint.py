"""The box that tells what went wrong in the world with a run or the list of runs. Knows an error, no run."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.ui.widgets.named import name_buttons


def complain(error: StudioError, title: str, name: str, parent: QWidget) -> None:
    """Show the error in a box with this title and objectName; it stops nobody."""
    box = QMessageBox(QMessageBox.Icon.Warning, title, error.what, parent=parent)
    box.setObjectName(name)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(error.remedy)
    box.open()
    name_buttons(box)

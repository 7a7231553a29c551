"""The small dialog that gives the drawing another name. Knows the Document, and no file."""

from __future__ import annotations

from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from resnet_studio.design import edits, limits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.schema_fields import name_fault
from resnet_studio.language import tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.widgets.named import name_buttons


def ask_name(document: Document, parent: QWidget) -> None:
    """Let the user rename the drawing.

    Raises:
        StudioError: no drawing can have that name.
    """
    dialog = QInputDialog(parent)
    dialog.setObjectName("renameDialog")
    dialog.setAccessibleName(tr("Rename the drawing"))
    dialog.setWindowTitle(tr("Rename"))
    dialog.setLabelText(tr("Name of the drawing"))
    dialog.setTextValue(document.design.name)
    for field in dialog.findChildren(QLineEdit):
        field.setObjectName("renameField")
        field.setAccessibleName(dialog.labelText())
    name_buttons(dialog)
    taken, name = dialog.exec(), dialog.textValue().strip()
    dialog.deleteLater()
    if taken and name != document.design.name:
        _rename(document, name)


def _rename(document: Document, name: str) -> None:
    fault = name_fault(name) if name else tr("A drawing needs a name.")
    if fault:
        raise StudioError(fault, tr("A name has 1 to {most} characters.", most=limits.MAX_NAME))
    document.apply(edits.rename(document.design, name), tr("Rename drawing"))

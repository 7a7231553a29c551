"""Asks before runs are deleted, and moves them into the trash folder beside the others, from where they can be taken back.

Not the system's trash: runs are numbered by what was ever made in their folder, and a number must not change by a deletion.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QMessageBox, QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr, trn
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import runs_root
from resnet_studio.ui.training.run_names import TRASH
from resnet_studio.ui.widgets.named import name_buttons


def to_trash(run: RunFolder) -> Path:
    """Move a run's folder into the trash folder beside it; returns where it lies now.

    Raises:
        StudioError: it trains now, or cannot be moved; it is where it was.
    """
    if run.is_running():
        raise StudioError(tr("{run} is training now.", run=run.name), tr("Stop it first."))
    trash = run.path.parent / TRASH
    try:
        trash.mkdir(exist_ok=True)
        return Path(shutil.move(run.path, trash / run.name))
    except OSError as error:
        raise StudioError(
            tr("{path} could not be moved ({fault}).", path=run.path, fault=error.strerror or error),
            tr("Check its rights."),
        ) from error


def ask_to_delete(runs: list[RunFolder], parent: QWidget) -> SignalInstance:
    """Ask; the signal comes when the user says yes."""
    asked = tr("Delete {run}?", run=runs[0].name)
    if len(runs) > 1:
        asked = trn("Delete {count} run?", "Delete {count} runs?", len(runs))
    box = QMessageBox(QMessageBox.Icon.Question, tr("Delete runs"), asked, parent=parent)
    box.setObjectName("deleteRunQuestion")
    box.setTextFormat(Qt.TextFormat.PlainText)
    moved = trn(
        "It is moved to {folder} with all checkpoints.",
        "They are moved to {folder} with all checkpoints.",
        len(runs),
        folder=runs_root() / TRASH,
    )
    box.setInformativeText(moved)
    delete = box.addButton(tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
    delete.setObjectName("confirmDeleteButton")
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    cancel.setObjectName("deleteRunQuestionCancel")
    cancel.setText(tr("Cancel"))
    cancel.setAccessibleName(tr("Cancel"))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    name_buttons(box)
    return delete.clicked

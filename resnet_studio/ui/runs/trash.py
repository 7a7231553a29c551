"""Asks before runs are deleted, moves them into the trash folder beside the others, and offers to take them back.

Not the system's trash: runs are numbered by what was ever made in their folder, and a number must not change by a deletion.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QMessageBox, QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr, trn
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import runs_root
from resnet_studio.ui.runs.names import TRASH, known_as
from resnet_studio.ui.widgets.named import name_buttons
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip, Offer


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
        return Path(shutil.move(run.path, _free(trash, run.name)))
    except OSError as error:
        raise StudioError(
            tr("{path} could not be moved ({fault}).", path=run.path, fault=error.strerror or error),
            tr("Check its rights."),
        ) from error


def _free(trash: Path, name: str) -> Path:
    """Where a run of this name may lie: deeper, where one of its name was thrown away before."""
    place, number = trash / name, 1
    while place.exists():
        number += 1
        place = trash / str(number) / name
    place.parent.mkdir(exist_ok=True)
    return place


def from_trash(lies: Path) -> None:
    """Move a run's folder back from the trash folder to beside the others.

    Raises:
        StudioError: it is gone, or another stands there, or it cannot be moved; nothing is another than before.
    """
    trash = next(parent for parent in lies.parents if parent.name == TRASH)
    back = trash.parent / lies.name
    if back.exists():
        raise StudioError(tr("{path} exists.", path=back), tr("Move it away, then take this run back."))
    try:
        shutil.move(lies, back)
    except OSError as error:
        raise StudioError(
            tr("{path} could not be moved ({fault}).", path=lies, fault=error.strerror or error),
            tr("Check its rights."),
        ) from error


class Trashed(NoticeStrip):
    """Says what has just been deleted, and takes it back when asked.

    Signals:
        restored(object): these RunFolders are back in the list.
        refused(object): the StudioError why one could not be moved.
    """

    restored = Signal(object)
    refused = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("trashedNotice", parent)
        self.set_compact(True)  # the list below which it stands is low
        self._lie: list[Path] = []

    def delete(self, runs: list[RunFolder]) -> None:
        """Move runs into the trash; what could not be moved is told, and the rest can be taken back."""
        title = known_as(runs[0])
        self._lie = []
        try:
            for run in runs:
                self._lie.append(to_trash(run))
        except StudioError as error:
            self.refused.emit(error)
        words = tr("{run} is in the trash.", run=title)
        if len(self._lie) != 1:
            words = trn("{count} run is in the trash.", "{count} runs are in the trash.", len(self._lie))
        meaning = tr("Take back what was deleted, with its checkpoints.")
        back = Offer(tr("Undo"), "undoDeleteButton", self.take_back, meaning)
        self.say(Message(words, "info", (back,)) if self._lie else Message())

    def take_back(self) -> None:
        """Bring them back to where they were."""
        back = []
        try:
            while self._lie:
                from_trash(self._lie[-1])
                lay = self._lie.pop()
                back.append(RunFolder(lay.parent.parent / lay.name))
        except StudioError as error:
            self.refused.emit(error)
        if not self._lie:
            self.say(Message())
        self.restored.emit(back)


def ask_to_delete(runs: list[RunFolder], parent: QWidget) -> SignalInstance:
    """Ask; the signal comes when the user says yes."""
    asked = tr("Delete {run}?", run=known_as(runs[0]))
    if len(runs) > 1:
        asked = trn("Delete {count} run?", "Delete {count} runs?", len(runs))
    box = QMessageBox(QMessageBox.Icon.NoIcon, tr("Delete runs"), asked, parent=parent)
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

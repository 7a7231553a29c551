"""The questions and notices that stop the user: save or not, overwrite, where, what went wrong. Knows no document."""

from __future__ import annotations

from pathlib import Path

import PySide6
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QMessageBox, QPushButton, QSizePolicy, QWidget

from resnet_studio import __version__
from resnet_studio.language import tr
from resnet_studio.ui.shell.answers import Answer
from resnet_studio.ui.shell.names import file_filter, open_filter, with_suffix
from resnet_studio.ui.widgets import file_dialog
from resnet_studio.ui.widgets import role as roles
from resnet_studio.ui.widgets.named import name_buttons
from resnet_studio.ui.widgets.saving import may_write


def _box(parent: QWidget | None, name: str, title: str, text: str, detail: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setObjectName(name)
    box.setAccessibleName(text)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(detail)
    box.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return box


def _align(box: QMessageBox) -> None:
    """Put the words above the buttons' left edge: without an icon, Qt keeps half of its place. After all texts are set."""
    layout = box.layout()
    first = layout.itemAt(0) if layout is not None else None
    spacer = first.spacerItem() if first is not None else None
    if spacer is not None and isinstance(layout, QGridLayout):
        layout.setColumnStretch(1, 1)
        spacer.changeSize(0, 1, QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout.invalidate()


def _ask(box: QMessageBox, choices: list[tuple[str, str, Answer, QMessageBox.ButtonRole]]) -> Answer:
    """Show it and wait; closing it is CANCEL. The first choice is the default."""
    answers: dict[QPushButton, Answer] = {}
    for label, name, answer, role in choices:
        button = box.addButton(label, role)
        button.setObjectName(name)
        button.setAccessibleName(label.replace("&", ""))
        answers[button] = answer
        if len(answers) == 1:
            roles.give(button, "primary")
            box.setDefaultButton(button)
        if answer is Answer.CANCEL:
            box.setEscapeButton(button)
    _align(box)
    box.exec()
    pressed = box.clickedButton()
    answer = next((answer for button, answer in answers.items() if button == pressed), Answer.CANCEL)
    box.deleteLater()
    return answer


def ask_save(parent: QWidget, name: str, beside: bool = False) -> Answer:
    """SAVE, DISCARD or CANCEL before changes would be lost; BESIDE, where what comes next can have a new window."""
    box = _box(
        parent,
        "askSave",
        tr("Unsaved changes"),
        tr("Save the changes to “{name}”?", name=name),
        tr("They are lost otherwise."),
    )
    role = QMessageBox.ButtonRole
    choices = [
        (tr("&Save"), "askSaveSave", Answer.SAVE, role.AcceptRole),
        (tr("&Discard"), "askSaveDiscard", Answer.DISCARD, role.DestructiveRole),
        (tr("&Cancel"), "askSaveCancel", Answer.CANCEL, role.RejectRole),
    ]
    if beside:
        choices.insert(
            1, (tr("&Keep, open in a new window"), "askSaveBeside", Answer.BESIDE, role.ActionRole)
        )
    return _ask(box, choices)


def ask_overwrite(parent: QWidget, path: Path) -> Answer:
    """SAVE_AS, OVERWRITE or CANCEL when somebody else changed the file."""
    text = tr("“{name}” has changed on the disk since it was opened.", name=path.name)
    box = _box(
        parent,
        "askOverwrite",
        tr("File changed"),
        text,
        tr("{path}\nOverwriting it loses those changes.", path=path),
    )
    role = QMessageBox.ButtonRole
    return _ask(box, [
        (tr("&Save as…"), "askOverwriteSaveAs", Answer.SAVE_AS, role.AcceptRole),
        (tr("&Overwrite"), "askOverwriteOverwrite", Answer.OVERWRITE, role.DestructiveRole),
        (tr("&Cancel"), "askOverwriteCancel", Answer.CANCEL, role.RejectRole),
    ])  # fmt: skip


def ask_stop_training(
    parent: QWidget,
    *,
    what: str = tr("A run is training."),
    more: str = "",
    keep: bool = True,
    kept: str = tr("Kept, it trains on without the window, and the next window finds it again."),
    keep_it: str = tr("&Keep training"),
) -> Answer:
    """YES to stop, KEEP to let it go on, or CANCEL before the window closes on a run; it cannot always be kept.

    The Enter key never ends a run: it keeps it, or else cancels.
    """
    stopped = tr("Stopped, it ends its step and keeps a checkpoint, from which it can be resumed.")
    detail = "\n\n".join([*([kept] if keep else []), stopped, *([more] if more else [])])
    box = _box(
        parent, "askStop", tr("Close while training"), tr("{what} Close the window?", what=what), detail
    )
    role = QMessageBox.ButtonRole
    stop = (tr("&Stop and close"), "askStopYes", Answer.YES, role.DestructiveRole)
    cancel = (tr("&Cancel"), "askStopCancel", Answer.CANCEL, role.RejectRole)
    if not keep:
        return _ask(box, [cancel, stop])
    return _ask(box, [(keep_it, "askStopKeep", Answer.KEEP, role.AcceptRole), stop, cancel])


def choose_open(parent: QWidget, folder: Path) -> Path | None:
    """The design file to open, or None."""
    name = file_dialog.open_name(parent, tr("Open a design"), str(folder), open_filter())
    return Path(name) if name else None


def choose_save(parent: QWidget, suggestion: Path) -> Path | None:
    """Where to save, with the suffix of designs, or None. Whether to replace a file has been asked."""
    name = file_dialog.save_name(parent, tr("Save the design"), str(suggestion), file_filter())
    if not name:
        return None
    asked, path = Path(name), with_suffix(Path(name))
    return path if may_write(parent, asked, path) else None


def versions() -> str:
    """What stands under every report of an error."""
    import platform

    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    python = platform.python_version()
    return f"ResNet Studio {__version__}, Python {python}, PySide6 {PySide6.__version__} (Qt {qVersion()}), {system}"


def show_about(parent: QWidget) -> None:
    """What this program is."""
    text = tr(
        "ResNet Studio draws residual networks, counts what every change costs, trains and exports them."
    )
    box = _box(parent, "about", tr("About ResNet Studio"), text, versions())
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    # Qt makes some of the buttons only now.
    name_buttons(box)


def show_bug(parent: QWidget | None, summary: str, report: str, log: Path) -> QMessageBox:
    """The one dialog about a fault of ours, with everything a report needs, to be read and copied."""
    detail = tr("Your drawing was autosaved. Details are in {log}.", log=log)
    box = _box(
        parent, "bugDialog", "ResNet Studio", tr("Something went wrong: {summary}", summary=summary), detail
    )
    box.setIcon(QMessageBox.Icon.Warning)
    box.setDetailedText(report)
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    copy = box.addButton(tr("Copy report"), QMessageBox.ButtonRole.ActionRole)
    # A message box closes on every button; this one only copies.
    copy.clicked.disconnect()
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    # Qt makes some of the buttons only now.
    name_buttons(box)
    return box

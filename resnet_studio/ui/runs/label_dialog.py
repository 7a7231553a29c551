"""The dialog in which a run gets a name, tags and a note. Trains nothing and knows no engine."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.labels import MAX_NAME, Label, tags_in, write_label
from resnet_studio.ui.runs.dialog_buttons import call
from resnet_studio.ui.runs.names import run_title
from resnet_studio.ui.sizing import opened_at
from resnet_studio.ui.widgets.named import name_buttons
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip


class LabelDialog(QDialog):
    """Name, tags and note of one run."""

    def __init__(self, run: RunFolder, label: Label, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labelDialog")
        self.setAccessibleName(tr("Name, tags and note"))
        self.setWindowTitle(run_title(run))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened_at(self, 440, 280)
        self._run = run
        self.name_line = self._line(label.name, "labelName", tr("Name"), run_title(run))
        self.name_line.setMaxLength(MAX_NAME)
        self.tags_line = self._line(", ".join(label.tags), "labelTags", tr("Tags"), tr("baseline, wide"))
        self.note_text = QPlainTextEdit(label.note, self)
        self.note_text.setObjectName("labelNote")
        self.note_text.setAccessibleName(tr("Note"))
        self.note_text.setTabChangesFocus(True)
        self.note_text.setProperty("role", "field")
        form = QFormLayout()
        form.addRow(tr("Name"), self.name_line)
        form.addRow(tr("Tags"), self.tags_line)
        form.addRow(tr("Note"), self.note_text)
        self.strip = NoticeStrip("labelNotice", self)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        buttons.setObjectName("labelButtons")
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self.strip)
        layout.addLayout(form, 1)
        layout.addWidget(buttons)
        save = buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setProperty("role", "primary")
        call(buttons, QDialogButtonBox.StandardButton.Save, "labelDialogSave", tr("Save"))
        call(buttons, QDialogButtonBox.StandardButton.Cancel, "labelDialogCancel", tr("Cancel"))
        name_buttons(self)

    def _line(self, text: str, name: str, title: str, hint: str) -> QLineEdit:
        line = QLineEdit(text, self)
        line.setObjectName(name)
        line.setAccessibleName(title)
        line.setPlaceholderText(hint)
        return line

    @property
    def label(self) -> Label:
        """What is written now."""
        return Label(
            name=self.name_line.text().strip(),
            note=self.note_text.toPlainText().strip(),
            tags=tags_in(self.tags_line.text()),
        )

    def _save(self) -> None:
        try:
            write_label(self._run, self.label)
        except StudioError as error:
            self.strip.say(Message(str(error), "bad"))
        else:
            self.accept()

"""Shows what a training process wrote, and lets people copy it. Knows a text, no process."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.language import tr
from resnet_studio.ui.runs.dialog_buttons import call
from resnet_studio.ui.sizing import opened_at
from resnet_studio.ui.widgets.named import name_buttons


class LogDialog(QDialog):
    """A log's end, read-only, with a Copy button."""

    def __init__(self, title: str, log: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("logDialog")
        self.setAccessibleName(tr("Log"))
        self.setWindowTitle(tr("Log"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened_at(self, 720, 420)
        heading = QLabel(title, self)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setProperty("role", "strong")
        heading.setWordWrap(True)
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("logText")
        self.text.setAccessibleName(tr("Log of the training process"))
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setPlainText(log or tr("It wrote nothing."))
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        call(buttons, QDialogButtonBox.StandardButton.Close, "logDialogClose", tr("Close"))
        copy = QPushButton(tr("Copy"), self)
        copy.setObjectName("copyLogButton")
        copy.setAccessibleName(tr("Copy the log"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        name_buttons(self)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)

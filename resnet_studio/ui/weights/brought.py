"""What weights really brought, block by block: the dialog that shows it, and a run's button that offers it. Reads no tensor."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.brought import brought_path, read_brought
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.results import Surveyed
from resnet_studio.ui.background import Background
from resnet_studio.ui.sizing import opened_at
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.weights.report import ReportView
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip

_WORDS = tr("Read off the network after the weights had been put in, before the first step.")


class BroughtButton(QPushButton):
    """Hidden unless the run that is looked at began with weights from elsewhere; a click shows what they brought."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(tr("Weights…"), parent)
        self.setObjectName("broughtButton")
        self.setAccessibleName(tr("Show what the initial weights brought"))
        self.setToolTip(tr("What this run began with, block by block: carried, sliced, fresh."))
        self.setVisible(False)
        self._themes = themes
        self._run: RunFolder | None = None
        self._looked: tuple[RunFolder | None, bool] = (None, False)
        self._there = False
        self._background = Background(self)
        self.clicked.connect(self._open)

    def look(self, run: RunFolder | None, *, begun: bool, shown: bool) -> None:
        """Follow a run; its folder is asked once when it is another, and once when it has `begun`."""
        if (run, begun) != self._looked:
            self._looked = run, begun
            self._run = run
            self._there = run is not None and begun and brought_path(run).is_file()
        if self.isHidden() == (shown and self._there):
            self.setVisible(shown and self._there)

    def _open(self) -> None:
        run = self._run
        if run is None:
            return
        dialog = BroughtDialog(self._themes, self.window())
        dialog.open()
        self._background.run(lambda: read_brought(run), dialog.show_report, dialog.say)


class BroughtDialog(QDialog):
    """Shows one report; `words` say when it was made."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None, *, words: str = _WORDS) -> None:
        super().__init__(parent)
        self.setObjectName("broughtDialog")
        self.setAccessibleName(tr("What the initial weights brought"))
        self.setWindowTitle(tr("Initial weights"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened_at(self, 760, 520)
        self.title = QLabel(tr("Initial weights"), self)
        self.title.setObjectName("broughtTitle")
        self.title.setProperty("role", "title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        told = QLabel(words, self)
        told.setProperty("role", "soft")
        told.setWordWrap(True)
        self.strip = NoticeStrip("broughtNotice", self)
        self.report = ReportView(themes, self)
        self.report.setVisible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        for part in (self.title, told, self.strip):
            layout.addWidget(part)
        layout.addWidget(self.report, 1)
        layout.addLayout(self._make_buttons())

    def _make_buttons(self) -> QHBoxLayout:
        close = QPushButton(tr("Close"), self)
        close.setObjectName("broughtCloseButton")
        close.setAccessibleName(tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        return row

    def show_report(self, found: Surveyed | None) -> None:
        """Show what was read; None where the file is gone."""
        if found is None:
            self.say(StudioError(tr("The run's report of its weights is gone.")))
            return
        self.title.setText(tr("Initial weights: {title}", title=found["title"]))
        self.report.setVisible(True)
        self.report.show_report(dict(found))

    def say(self, error: StudioError) -> None:
        """Say why there is nothing to show."""
        self.strip.say(Message(str(error), "warn"))

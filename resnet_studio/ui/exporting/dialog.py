"""The export dialog: choose what and where to, watch, get the receipt. The engine does the work and replaces the target."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import EngineClient
from resnet_studio.ui.exporting.receipt import ReceiptView
from resnet_studio.ui.exporting.sources import (
    Source,
    bare_beside,
    drawing,
    free_target,
    of_runs,
    same_network,
    target_of,
)
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.background import Background
from resnet_studio.ui.training.data_watch import Engine
from resnet_studio.ui.training.notice_strip import Message, NoticeStrip


class ExportDialog(QDialog):
    """Exports the drawing, or a run's best or last weights, as a `.pt` that plain PyTorch loads.

    Args:
        document: the drawing that is open.
        theme: the window's theme.
        engine: does the work.
        parent: the window.
        run: the run to offer first; by default the newest one of this drawing.
    """

    def __init__(
        self,
        document: Document,
        theme: ThemeManager,
        engine: EngineClient | Engine,
        parent: QWidget | None = None,
        run: RunFolder | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setAccessibleName("Export")
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 320)
        self._document, self._engine, self._wanted_run = document, engine, run
        self._background = Background(self)
        self._asked: int | None = None
        self._sources: list[Source] = []
        self._source_touched = self._path_touched = False
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._make_form())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self._pages, 1)
        layout.addLayout(self._make_buttons())
        self._offer([drawing(document.design)])
        self._background.run(lambda: of_runs(document.design), self._add_runs)

    # --- making -----------------------------------------------------------------------------------------------------

    def _make_form(self) -> QWidget:
        page = QWidget(self)
        self.strip = NoticeStrip("exportNotice", page)
        self.source_box = QComboBox(page)
        self.source_box.setObjectName("exportSource")
        self.source_box.setAccessibleName("What to export")
        self.source_box.activated.connect(self._source_chosen)
        self.note = QLabel(page)
        self.note.setObjectName("exportNote")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setProperty("role", "soft")
        self.note.setWordWrap(True)
        self.path_line = QLineEdit(page)
        self.path_line.setObjectName("exportPath")
        self.path_line.setAccessibleName("Target file")
        self.path_line.textEdited.connect(self._path_edited)
        self.browse_button = QPushButton("Choose…", page)
        self.browse_button.setObjectName("exportBrowseButton")
        self.browse_button.setAccessibleName("Choose the target file")
        self.browse_button.clicked.connect(self._browse)
        self.bare_box = QCheckBox("Also the bare state_dict, as a file of its own beside it", page)
        self.bare_box.setObjectName("exportStateDict")
        self.bare_box.setAccessibleName("Also write the bare state_dict")
        self.bare_box.toggled.connect(self._check)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for row, words in ((0, "Weights"), (2, "File")):
            label = QLabel(words, page)
            label.setProperty("role", "soft")
            grid.addWidget(label, row, 0)
        target = QHBoxLayout()
        target.addWidget(self.path_line, 1)
        target.addWidget(self.browse_button)
        grid.addWidget(self.source_box, 0, 1)
        grid.addWidget(self.note, 1, 1)
        grid.addLayout(target, 2, 1)
        grid.addWidget(self.bare_box, 3, 1)
        grid.setColumnStretch(1, 1)
        title = QLabel("Export for PyTorch", page)
        title.setProperty("role", "title")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(title)
        layout.addLayout(grid)
        layout.addWidget(self.strip)
        layout.addStretch(1)
        return page

    def _make_buttons(self) -> QHBoxLayout:
        self.cancel_button = QPushButton("Cancel", self)
        self.cancel_button.setObjectName("exportCancelButton")
        self.cancel_button.setAccessibleName("Cancel")
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self._cancel)
        self.export_button = QPushButton("Export", self)
        self.export_button.setObjectName("exportStartButton")
        self.export_button.setAccessibleName("Export")
        self.export_button.setProperty("role", "primary")
        self.export_button.setDefault(True)
        self.export_button.clicked.connect(self._start)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.export_button)
        return row

    # --- what ---------------------------------------------------------------------------------------------------------

    @property
    def source(self) -> Source:
        """What is chosen."""
        return self._sources[max(self.source_box.currentIndex(), 0)]

    def _offer(self, sources: list[Source]) -> None:
        chosen = self.source if self._sources else None
        self._sources = sources
        self.source_box.clear()
        for source in sources:
            self.source_box.addItem(source.label)
        if chosen is not None and self._source_touched:
            same = (number for number, source in enumerate(sources) if source.label == chosen.label)
            self.source_box.setCurrentIndex(next(same, 0))
        self._show_source()

    def _add_runs(self, found: list[Source]) -> None:
        self._offer([drawing(self._document.design), *found])
        if not self._source_touched:
            self.source_box.setCurrentIndex(self._first_choice(found))
            self._show_source()

    def _first_choice(self, found: list[Source]) -> int:
        """The run that was asked for; else the newest run of this drawing; else the drawing."""
        for number, source in enumerate(found, start=1):
            if self._wanted_run is not None:
                if source.run == self._wanted_run:
                    return number
            elif same_network(source.design, self._document.design):
                return number
        return 0

    def _source_chosen(self) -> None:
        self._source_touched = True
        self._show_source()

    def _show_source(self) -> None:
        self.note.setText(self.source.note)
        if not self._path_touched:
            self.path_line.setText(str(free_target(self._folder(), self.source.stem)))
        self._check()

    # --- where to -----------------------------------------------------------------------------------------------------

    def _folder(self) -> Path:
        if self._document.path is not None:
            return self._document.path.parent
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return Path(place) if place and Path(place).is_dir() else Path.home()

    def _target(self) -> Path:
        return target_of(self.path_line.text())

    def _written(self) -> list[Path]:
        """All that an export writes."""
        target = self._target()
        return [target, bare_beside(target)] if self.bare_box.isChecked() else [target]

    def _path_edited(self) -> None:
        self._path_touched = True
        self._check()

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            "Export to",
            self.path_line.text(),
            "PyTorch file (*.pt)",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self._path_touched = True
            self.path_line.setText(chosen)
            self._check()

    def _check(self) -> None:
        """Say what stands in the way; what will be replaced."""
        problems = self.source.design is self._document.design and self._document.plan.problems
        try:
            taken = [path.name for path in self._written() if path.exists()]
        except StudioError as error:
            message, ready = Message(str(error), "warn"), False
        else:
            message, ready = Message(_replaced_words(taken), "info"), True
        if problems:
            message, ready = Message(f"The drawing has a problem. {problems[0]}.", "warn"), False
        self.strip.say(message)
        self.export_button.setEnabled(ready)

    # --- doing --------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._work(busy=True)
        self.strip.say(Message("Waiting for the engine", "info", progress=-1.0))
        self._asked = self._engine.request(
            "export",
            self._done,
            self._failed,
            self._progressed,
            path=str(self._target().absolute()),
            state_dict=self.bare_box.isChecked(),
            **self.source.arguments(),
        )

    def _work(self, *, busy: bool) -> None:
        for widget in (
            self.source_box,
            self.path_line,
            self.browse_button,
            self.bare_box,
            self.export_button,
        ):
            widget.setEnabled(not busy)

    def _progressed(self, value: dict[str, Any]) -> None:
        total = int(value["total"])
        share = int(value["done"]) / total if total else -1.0
        self.strip.say(Message(str(value.get("text") or "Exporting"), "info", progress=share))

    def _failed(self, error: StudioError) -> None:
        self._asked = None
        self._work(busy=False)
        self.cancel_button.setEnabled(True)
        if error.what == "Cancelled.":
            self.strip.say(Message("Cancelled: nothing was written.", "info"))
        else:
            self.strip.say(Message(f"{error} Nothing was replaced.", "bad"))

    def _done(self, receipt: dict[str, Any]) -> None:
        self._asked = None
        view = ReceiptView(receipt, self)
        self._pages.addWidget(view)
        self._pages.setCurrentWidget(view)
        self.cancel_button.setVisible(False)
        self.export_button.setText("Done")
        self.export_button.setAccessibleName("Done")
        self.export_button.setEnabled(True)
        self.export_button.clicked.disconnect(self._start)
        self.export_button.clicked.connect(self.accept)
        self.adjustSize()

    def _cancel(self) -> None:
        if self._asked is None:
            self.reject()
        else:
            self.cancel_button.setEnabled(False)
            self._engine.cancel(self._asked)

    def done(self, result: int) -> None:
        """Closing while it works gives the export up; the target stays as it was."""
        self._background.forget()
        if self._asked is not None:
            self._engine.cancel(self._asked)
            self._engine.forget(self._asked)
            self._asked = None
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The title bar's button is Cancel."""
        self.done(0)
        super().closeEvent(event)


def _replaced_words(names: list[str]) -> str:
    """What is said of files that exist already."""
    if not names:
        return ""
    if len(names) > 1:
        return (
            f"{' and '.join(names)} exist. They are replaced only when the new ones have proved themselves."
        )
    return f"{names[0]} exists. It is replaced only when the new one has proved itself."

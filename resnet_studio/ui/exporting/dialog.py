"""The export dialog: choose what and where to, watch, get the receipt. The engine does the work and replaces the target."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.formats import FORMATS, bare_beside, of_suffix
from resnet_studio.runs.wire import CANCELLED
from resnet_studio.ui.background import Background
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import Engine
from resnet_studio.ui.engine_dialog import EngineDialog
from resnet_studio.ui.exporting.form import ExportForm
from resnet_studio.ui.exporting.receipt import ReceiptView
from resnet_studio.ui.exporting.sources import (
    Source,
    drawing,
    free_target,
    of_runs,
    same_network,
    target_of,
    with_ending,
)
from resnet_studio.ui.sizing import opened_at
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets import file_dialog
from resnet_studio.ui.widgets.notice_strip import Message


class ExportDialog(EngineDialog):
    """Exports the drawing, or a run's best or last weights, in one of the formats of runs.formats.

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
        engine: Engine,
        parent: QWidget | None = None,
        run: RunFolder | None = None,
    ) -> None:
        super().__init__(engine, parent)
        self.setObjectName("exportDialog")
        self.setAccessibleName(tr("Export"))
        self.setWindowTitle(tr("Export"))
        opened_at(self, 580, 400)
        self._document, self._theme, self._wanted_run = document, theme, run
        self._background = Background(self)
        self._sources: list[Source] = []
        self._source_touched = self._path_touched = False
        self._pages = QStackedWidget(self)
        self.form = self._make_form()
        self._pages.addWidget(self.form)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self._pages, 1)
        layout.addLayout(self._make_buttons())
        self._offer([drawing(document.design, document.initial)])
        self._background.run(lambda: of_runs(document.design), self._add_runs)

    # --- making -----------------------------------------------------------------------------------------------------

    def _make_form(self) -> ExportForm:
        form = ExportForm(self)
        # What the user operates keeps its name here: the dialog is what is known of it outside.
        self.strip, self.source_box, self.note = form.strip, form.source_box, form.note
        self.path_line, self.browse_button, self.bare_box = form.path_line, form.browse_button, form.bare_box
        self.format_box = form.format_box
        form.source_chosen.connect(self._source_chosen)
        form.format_chosen.connect(self._format_chosen)
        form.path_edited.connect(self._path_edited)
        form.browsed.connect(self._browse)
        form.bare_toggled.connect(self._check)
        return form

    def _make_buttons(self) -> QHBoxLayout:
        self.cancel_button = QPushButton(tr("Cancel"), self)
        self.cancel_button.setObjectName("exportCancelButton")
        self.cancel_button.setAccessibleName(tr("Cancel"))
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self._cancel)
        self.export_button = QPushButton(tr("Export"), self)
        self.export_button.setObjectName("exportStartButton")
        self.export_button.setAccessibleName(tr("Export"))
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
        same = 0
        if chosen is not None and self._source_touched:
            labels = (number for number, source in enumerate(sources) if source.label == chosen.label)
            same = next(labels, 0)
        self.form.offer([source.label for source in sources], same)
        self._show_source()

    def _add_runs(self, found: list[Source]) -> None:
        self._offer([drawing(self._document.design, self._document.initial), *found])
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
            self.path_line.setText(str(free_target(self._folder(), self.source.stem, self.form.format)))
        self._check()

    # --- where to -----------------------------------------------------------------------------------------------------

    def _folder(self) -> Path:
        if self._document.path is not None:
            return self._document.path.parent
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return Path(place) if place and Path(place).is_dir() else Path.home()

    def _target(self) -> Path:
        return target_of(self.path_line.text(), self.form.format)

    def _written(self) -> list[Path]:
        """All that an export writes."""
        target = self._target()
        more = self.form.with_bare or self.form.format.needs_bare
        return [target, bare_beside(target)] if more else [target]

    def _path_edited(self) -> None:
        self._path_touched = True
        self._follow_ending()

    def _follow_ending(self) -> None:
        """The ending that the user writes says the format."""
        meant = of_suffix(Path(self.path_line.text().strip()))
        if meant is not None:
            self.form.take_format(meant)
        self._check()

    def _format_chosen(self) -> None:
        if self._path_touched:
            self.path_line.setText(with_ending(self.path_line.text(), self.form.format))
            self._check()
        else:
            self._show_source()

    def _browse(self) -> None:
        form = self.form.format
        filters = [form, *(known for known in FORMATS.values() if known is not form)]
        chosen = file_dialog.save_name(
            self,
            tr("Export to"),
            self.path_line.text(),
            ";;".join(f"{known.title} (*{known.suffix})" for known in filters),
            confirm=False,
        )
        if chosen:
            self._path_touched = True
            self.path_line.setText(chosen)
            self._follow_ending()

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
            message, ready = (
                Message(tr("The drawing has a problem. {problem}.", problem=problems[0]), "warn"),
                False,
            )
        self.strip.say(message)
        self.export_button.setEnabled(ready)

    # --- doing --------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._work(busy=True)
        self.strip.say(Message(tr("Waiting for the engine"), "info", progress=-1.0))
        self._asked = self._engine.request(
            "export",
            self._done,
            self._failed,
            self._progressed,
            path=str(self._target().absolute()),
            format=self.form.format.name,
            state_dict=self.form.with_bare,
            **self.source.arguments(),
        )

    def _work(self, *, busy: bool) -> None:
        self.form.set_busy(busy)
        self.export_button.setEnabled(not busy)

    def _progressed(self, value: dict[str, Any]) -> None:
        total = int(value["total"])
        share = int(value["done"]) / total if total else -1.0
        self.strip.say(Message(str(value.get("text") or tr("Exporting")), "info", progress=share))

    def _failed(self, error: StudioError) -> None:
        self._asked = None
        self._work(busy=False)
        self.cancel_button.setEnabled(True)
        if error.what == CANCELLED:
            self.strip.say(Message(tr("Cancelled: nothing was written."), "info"))
        else:
            self.strip.say(Message(tr("{error} Nothing was replaced.", error=error), "bad"))

    def _done(self, receipt: dict[str, Any]) -> None:
        self._asked = None
        view = ReceiptView(receipt, self._theme, self)
        self._pages.addWidget(view)
        self._pages.setCurrentWidget(view)
        self.cancel_button.setVisible(False)
        self.export_button.setText(tr("Done"))
        self.export_button.setAccessibleName(tr("Done"))
        self.export_button.setEnabled(True)
        self.export_button.clicked.disconnect(self._start)
        self.export_button.clicked.connect(self.accept)
        self.export_button.setDefault(True)
        # Where Enter ends the work, and not on the first button of the receipt.
        self.export_button.setFocus(Qt.FocusReason.OtherFocusReason)
        # Where and as large as the user has it, unless the receipt needs more.
        self.resize(self.size().expandedTo(self.sizeHint()))

    def _cancel(self) -> None:
        if self._asked is None:
            self.reject()
        else:
            self.cancel_button.setEnabled(False)
            self._engine.cancel(self._asked)

    def done(self, result: int) -> None:
        """Closing while it works gives the export up; the target stays as it was."""
        self._background.forget()
        super().done(result)


def _replaced_words(names: list[str]) -> str:
    """What is said of files that exist already."""
    if not names:
        return ""
    if len(names) > 1:
        words = tr(
            "{first} and {second} exist. They are replaced only when the new ones have proved themselves."
        )
        return words.format(first=names[0], second=names[1])
    return tr("{name} exists. It is replaced only when the new one has proved itself.", name=names[0])

"""The import dialog: choose weights, see block by block what they would bring, then begin with them. The engine reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import dumps, loads
from resnet_studio.language import tr
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.wire import CANCELLED
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import Engine
from resnet_studio.ui.engine_dialog import EngineDialog
from resnet_studio.ui.format import size
from resnet_studio.ui.sizing import opened_at
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.weights.choices import of_table
from resnet_studio.ui.weights.report import ReportView
from resnet_studio.ui.weights.source_form import SourceForm, push_button
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip

_SLICE = tr("Slice where channels changed: carry the part of a tensor that fits")


class ImportDialog(EngineDialog):
    """Chooses the weights that training and export begin with.

    Args:
        document: the drawing that gets them; it remembers them.
        theme: the window's theme.
        engine: reads the weights in a process of its own.
        parent: the window.
    """

    def __init__(
        self,
        document: Document,
        theme: ThemeManager,
        engine: Engine,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(engine, parent)
        self.setObjectName("importWeightsDialog")
        self.setAccessibleName(tr("Import weights"))
        self.setWindowTitle(tr("Import weights"))
        opened_at(self, 760, 600)
        self._document = document
        self._found: dict[str, Any] | None = None
        self.form = SourceForm(self)
        self.form.look_asked.connect(self.look)
        self.form.changed.connect(self._changed)
        self.slice_box = self._make_slice_box()
        self.report = ReportView(theme, self)
        self.strip = NoticeStrip("importNotice", self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(self._make_title())
        layout.addWidget(self.form)
        layout.addWidget(self.strip)
        layout.addWidget(self.report, 1)
        layout.addWidget(self.slice_box)
        layout.addLayout(self._make_buttons())
        self._listing: int | None = engine.request("pretrained", self._listed, self._unlisted)
        self._show_present()

    # --- making -------------------------------------------------------------------------------------------------------

    def _make_title(self) -> QVBoxLayout:
        title = QLabel(tr("Import weights"), self)
        title.setProperty("role", "title")
        words = QLabel(
            tr("Weights follow their blocks, wherever those were moved; what is new begins fresh."), self
        )
        words.setProperty("role", "soft")
        words.setWordWrap(True)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(words)
        return column

    def _make_slice_box(self) -> QCheckBox:
        box = QCheckBox(_SLICE, self)
        box.setObjectName("importSlice")
        box.setAccessibleName(tr("Slice where channels changed"))
        box.setVisible(False)
        box.clicked.connect(self.look)
        return box

    def _make_buttons(self) -> QHBoxLayout:
        self.fresh_button = push_button(tr("Begin with fresh weights"), "importFreshButton", self)
        self.fresh_button.setVisible(self._document.initial is not None)
        self.fresh_button.clicked.connect(self._begin_fresh)
        self.cancel_button = push_button(tr("Cancel"), "importCancelButton", self)
        self.cancel_button.clicked.connect(self._cancel)
        self.use_button = push_button(tr("Use these weights"), "importUseButton", self)
        self.use_button.setProperty("role", "primary")
        self.use_button.setEnabled(False)
        self.use_button.clicked.connect(self._use)
        row = QHBoxLayout()
        row.addWidget(self.fresh_button)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.use_button)
        return row

    # --- what ---------------------------------------------------------------------------------------------------------

    @property
    def initial(self) -> Initial | None:
        """The weights that the dialog names now; None while no file is named."""
        source, present = self.form.source, self._document.initial
        if not source:
            return None
        origin = self.form.origin
        if origin is None and present is not None and present.source == source:
            origin = present.origin
        return Initial(source=source, origin=origin, slices=self.slice_box.isChecked())

    def _listed(self, value: dict[str, Any]) -> None:
        self._listing = None
        present = self._document.initial
        self.form.offer(of_table(value["weights"]))
        if present is not None and self.form.choose_name(present.source):
            self.look()
        elif present is None and self._asked is None and not self.form.source:
            self.form.choose_likely(self._document.design.name)

    def _unlisted(self, error: StudioError) -> None:
        self._listing = None
        self.strip.say(Message(tr("torchvision's weights cannot be listed: {error}", error=error), "warn"))

    def _show_present(self) -> None:
        """What the drawing begins with now, anew for the drawing as it is now."""
        present = self._document.initial
        if present is not None:
            self.slice_box.setChecked(present.slices)
            self.slice_box.setVisible(present.slices)
            if Path(present.source).is_absolute():
                self.form.path_line.setText(present.source)
                self.look()

    def _changed(self) -> None:
        """What was found belongs to another choice now."""
        self._found = None
        self.use_button.setEnabled(False)
        self.report.clear()
        self.strip.say(Message())

    # --- looking ------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Ask the engine what the chosen weights would bring into the drawing."""
        initial = self.initial
        if self._asked is not None:
            return
        self._changed()
        if initial is None:
            self.strip.say(Message(tr("Choose a file of weights first."), "warn"))
            return
        problems = self._document.plan.problems
        if problems:
            self.strip.say(Message(tr("The drawing has a problem. {problem}.", problem=problems[0]), "warn"))
            return
        self._work(busy=True)
        self.strip.say(Message(tr("Waiting for the engine"), "info", progress=-1.0))
        self._asked = self._engine.request(
            "look_weights",
            self._looked,
            self._failed,
            self._progressed,
            source=initial.source,
            origin=None if initial.origin is None else dumps(initial.origin),
            slices=initial.slices,
            design=dumps(self._document.design),
        )

    def _work(self, *, busy: bool) -> None:
        for widget in (self.form, self.slice_box, self.fresh_button):
            widget.setEnabled(not busy)

    def _progressed(self, value: dict[str, Any]) -> None:
        done, total = int(value["done"]), int(value["total"])
        words = str(value.get("text") or tr("Reading"))
        if total:
            words = tr("{words}: {done} of {total}", words=words, done=size(done), total=size(total))
        self.strip.say(Message(words, "info", progress=done / total if total else -1.0))

    def _failed(self, error: StudioError) -> None:
        self._asked = None
        self._work(busy=False)
        self.cancel_button.setEnabled(True)
        if error.what == CANCELLED:
            self.strip.say(
                Message(tr("Cancelled. What was downloaded already stays for the next try."), "info")
            )
        else:
            self.strip.say(Message(str(error), "bad"))

    def _looked(self, found: dict[str, Any]) -> None:
        self._asked = None
        self._found = found
        self._work(busy=False)
        self.cancel_button.setEnabled(True)
        self.strip.say(Message())
        self.report.show_report(found)
        self.slice_box.setVisible(bool(found["offered"]) or self.slice_box.isChecked())
        words = " " + tr("({offered} tensors)", offered=found["offered"]) if found["offered"] else ""
        self.slice_box.setText(f"{_SLICE}{words}")
        self.use_button.setEnabled(bool(found["kept"]))
        if not found["kept"]:
            self.strip.say(Message(tr("None of these weights belong to a block of this drawing."), "warn"))
        if not self.form.choice.here:
            # It lies in the cache now.
            self._listing = self._engine.request("pretrained", self._relisted, self._unlisted)

    def _relisted(self, value: dict[str, Any]) -> None:
        self._listing = None
        name = self.form.choice.name
        self.form.offer(of_table(value["weights"]))
        self.form.choose_name(name)

    # --- ending -------------------------------------------------------------------------------------------------------

    def _use(self) -> None:
        initial, found = self.initial, self._found
        if initial is not None and found is not None:
            self._document.begin_with(
                Initial(
                    source=initial.source,
                    origin=loads(str(found["origin"])),
                    slices=initial.slices,
                    sha256=str(found["sha256"]),
                )
            )
            self.accept()

    def _begin_fresh(self) -> None:
        self._document.begin_with(None)
        self.accept()

    def _cancel(self) -> None:
        if self._asked is None:
            self.reject()
        else:
            self.cancel_button.setEnabled(False)
            self._engine.cancel(self._asked)

    def done(self, result: int) -> None:
        """Closing while it works gives the look up, and the list with it."""
        if self._listing is not None:
            self._engine.forget(self._listing)
            self._listing = None
        super().done(result)

"""The code panel: the drawing as Python, live while somebody looks, to copy and to save. Knows no torch and no engine."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from resnet_studio.analysis.plan import Plan
from resnet_studio.analysis.source import Source, draft_of, source_of
from resnet_studio.design.atomic import write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.ui.background import Background
from resnet_studio.ui.code.sheet import CodeSheet
from resnet_studio.ui.document import Document
from resnet_studio.ui.format import thousands
from resnet_studio.ui.shell.names import file_name, title_of
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.elided import ElidedLabel
from resnet_studio.ui.widgets.saving import choose_target
from resnet_studio.ui.widgets.wrapped import WrappedLabel

PAUSE_MS = 120
SUFFIX = ".py"
# Laying out and colouring more would hold the window up, and nobody reads so much here; no network of the papers comes near.
MOST_LINES = 3000


class CodeView(QWidget):
    """The drawing as one file of Python."""

    def __init__(self, document: Document, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code")
        self.setAccessibleName(tr("Code"))
        self._document = document
        self._awake, self._stale = False, True
        self._source: Source | None = None
        self._work = Background(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._make)
        self.sheet = CodeSheet(themes)
        self.sheet.clicked.connect(self._clicked)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_words())
        self._stack.addWidget(self.sheet)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_bar())
        column.addWidget(self._stack, 1)
        document.changed.connect(self._changed)
        document.selection_changed.connect(partial(self._show_selection, follow=True))

    # --- making -----------------------------------------------------------------------------------------------------

    def _make_bar(self) -> QHBoxLayout:
        self._status = ElidedLabel("soft")
        self._status.setObjectName("codeStatus")
        self._status.setAccessibleName(tr("What the code is"))
        self._copy = self._button(tr("Copy"), "codeCopy", tr("Copy the whole file"))
        self._copy.clicked.connect(self.copy)
        self._save = self._button(
            tr("Save…"), "codeSave", tr("Save the code without weights; an export puts them beside it")
        )
        self._save.clicked.connect(self._ask_path)
        bar = QHBoxLayout()
        bar.setContentsMargins(14, 6, 10, 6)
        bar.setSpacing(6)
        bar.addWidget(self._status, 1)
        bar.addWidget(self._copy)
        bar.addWidget(self._save)
        return bar

    def _button(self, words: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(words)
        button.setObjectName(name)
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        button.setEnabled(False)
        return button

    def _make_words(self) -> QWidget:
        page = QWidget()
        self._title, self._words = WrappedLabel(), WrappedLabel()
        self._title.setObjectName("codeMessage")
        sized(self._title, letters=15, bold=True)
        self._words.setObjectName("codeReason")
        self._words.setProperty("role", "soft")
        column = QVBoxLayout(page)
        column.setSpacing(8)
        column.addStretch(1)
        for label in (self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(1)
        return page

    # --- following the drawing --------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Seen: live again."""
        super().showEvent(event)
        self._awake = True
        if self._stale:
            self._make()
        else:
            self._show_marked()

    def hideEvent(self, event: QHideEvent) -> None:
        """Unseen: nothing is made."""
        super().hideEvent(event)
        self._awake = False
        self._timer.stop()

    def _changed(self) -> None:
        self._stale = True
        if not self._awake:
            return
        if self._document.plan.problems:
            self._timer.stop()
            self._make()  # at once: nobody may copy what is not there
        else:
            self._timer.start()

    def _make(self) -> None:
        self._stale = False
        plan = self._document.plan
        if plan.problems:
            self._work.forget()
            self._refuse(plan)
        else:
            # A thousand different blocks take a second; the window must not.
            self._work.run(partial(draft_of, plan), self._show)

    def _show(self, source: Source) -> None:
        lines = source.text.count("\n")
        self._allow(True)
        self._say(tr("class {name}, {count} lines; imports only torch", name=source.network, count=lines))
        self.sheet.dim(False)
        if lines > MOST_LINES:
            self._source = None
            self._tell(
                tr("{count} lines of code", count=thousands(lines)),
                tr("They are too many to show: copy or save them."),
            )
            return
        first, self._source = self._source is None, source
        self.sheet.show_text(source.text)
        self._stack.setCurrentWidget(self.sheet)
        self._show_selection(follow=False)
        if first:
            self._show_marked()

    def _show_marked(self) -> None:
        """Open at what is selected, when the sheet has its size."""
        QTimer.singleShot(0, self, self.sheet.bring_marked)

    def _tell(self, title: str, words: str) -> None:
        self._title.setText(title)
        self._words.setText(words)
        self._stack.setCurrentIndex(0)

    def _refuse(self, plan: Plan) -> None:
        """No code for a drawing that cannot be built: why, over the last that could."""
        first, more = plan.problems[0], len(plan.problems) - 1
        why = tr("{problem} (and {count} more)", problem=first, count=more) if more else str(first)
        self._allow(False)
        self.sheet.dim(True)
        if self._source is None:
            self._tell(tr("No code yet"), tr("The drawing has a problem. {why}.", why=why))
            self._say("")
        else:
            self._say(tr("The code from before the problem. {why}.", why=why), "warn")

    def _allow(self, on: bool) -> None:
        self._copy.setEnabled(on)
        self._save.setEnabled(on)

    def _say(self, words: str, role: str = "soft") -> None:
        self._status.setText(words)
        if self._status.property("role") != role:
            self._status.setProperty("role", role)
            self._status.style().polish(self._status)

    def _show_selection(self, *, follow: bool) -> None:
        chosen = set(self._document.selection)
        for stage in self._document.design.stages:
            if stage.id in chosen:
                chosen.update(block.id for block in stage.blocks)
        spans = self._source.spans_of(chosen) if self._source is not None else ()
        lines = [line for span in spans for line in range(span.first, span.last + 1)]
        self.sheet.mark(lines, follow=follow)

    def _clicked(self, line: int) -> None:
        if self._source is None or self.sheet.is_dim:
            return
        for span in self._source.spans:
            if span.first <= line <= span.last:
                self._document.select(span.units)

    # --- taking away ------------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """The whole file, of the drawing as it is now, to the clipboard."""
        QGuiApplication.clipboard().setText(source_of(self._document.plan).text)
        self._say(tr("Copied."))

    def save(self, path: Path) -> None:
        """Write the file, of the drawing as it is now."""
        try:
            write_atomically(path, source_of(self._document.plan).text.encode())
        except StudioError as error:
            self._say(str(error), "bad")
        else:
            self._say(tr("Written: {file}", file=path.name))

    def _ask_path(self) -> None:
        path = choose_target(self, tr("Save code"), self._proposed(), f"Python (*{SUFFIX})", SUFFIX)
        if path is not None:
            self.save(path)

    def _proposed(self) -> Path:
        """Beside the design's file and named like it, or like the drawing."""
        path = self._document.path
        folder = path.parent if path is not None else Path.home()
        name = title_of(path) if path is not None else title_of(Path(file_name(self._document.design.name)))
        return folder / f"{name}{SUFFIX}"

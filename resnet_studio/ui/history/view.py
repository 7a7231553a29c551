"""The history panel: every undo step with its cost; a click or Enter goes there. Changes the drawing by Document.jump alone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QPushButton,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.language import tr, trn
from resnet_studio.ui.document import Document
from resnet_studio.ui.history.model import Column, HistoryModel
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.elided import ElidedLabel
from resnet_studio.ui.widgets.wrapped import WrappedLabel

_WIDTHS = {Column.PARAMS: 88, Column.WORK: 88, Column.MARK: 112}
_NOTHING = tr(
    "Each change of the drawing will stand here, with what it cost. Click one, or press Enter on it, to go there."
)
_PRESSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class HistoryView(QWidget):
    """The steps of the current drawing.

    Signals:
        compare_requested(object, str): lay this Design, a step of the history with that title, beside the drawing.
    """

    compare_requested = Signal(object, str)

    def __init__(
        self, document: Document, themes: ThemeManager, state: ViewState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self.setAccessibleName(tr("History"))
        self._document = document
        self.model = HistoryModel(document, themes, state, self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._make_empty())
        self._stack.addWidget(self._make_full())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self.model.moved.connect(self._follow)
        self._follow()

    # --- making -------------------------------------------------------------------------------------------------------

    def _make_empty(self) -> QWidget:
        page = QWidget(self)
        title = WrappedLabel(tr("Nothing has changed yet"), page)
        title.setObjectName("historyNone")
        sized(title, letters=15, bold=True)
        words = WrappedLabel(_NOTHING, page)
        words.setProperty("role", "soft")
        column = QVBoxLayout(page)
        column.addStretch(1)
        for label in (title, words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(1)
        return page

    def _make_full(self) -> QWidget:
        page = QWidget(self)
        self._summary = ElidedLabel("soft", page)
        self._summary.setObjectName("historySummary")
        self._compare = QPushButton(tr("Compare with step"), page)
        self._compare.setObjectName("historyCompare")
        self._compare.setAccessibleName(tr("Compare the drawing with this step"))
        self._compare.setToolTip(tr("Lay the drawing after the marked step beside the drawing as it is"))
        self._compare.clicked.connect(lambda: self.compare(self.table.currentIndex().row()))
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 4, 10, 4)
        bar.addWidget(self._summary, 1)
        bar.addWidget(self._compare)
        self._make_table()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.table, 1)
        return page

    def _make_table(self) -> None:
        self.table = QTreeView(self)
        table = self.table
        table.setObjectName("historyTable")
        table.setAccessibleName(tr("Steps of the history"))
        table.setModel(self.model)
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAllColumnsShowFocus(True)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = table.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        sized(header, letters=12, bold=True)
        # Never by contents: that would count every step.
        header.setSectionResizeMode(Column.STEP, QHeaderView.ResizeMode.Stretch)
        for section, width in _WIDTHS.items():
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(section, px(width))
        table.clicked.connect(self._go_to)
        table.customContextMenuRequested.connect(self._open_menu)
        table.installEventFilter(self)
        table.selectionModel().currentRowChanged.connect(lambda *_: self._enable())

    # --- following ----------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        """The current step is the marked row, and seen."""
        steps = self.model.rowCount() - 1
        undone = steps - self.model.current
        self._stack.setCurrentIndex(1 if steps else 0)
        words = trn("{count} step", "{count} steps", steps)
        self._summary.setText(tr("{steps}, {count} undone", steps=words, count=undone) if undone else words)
        index = self.model.index(self.model.current, 0)
        self.table.setCurrentIndex(index)
        self.table.scrollTo(index)
        self._enable()

    def _enable(self) -> None:
        self._compare.setEnabled(self.table.currentIndex().row() not in (-1, self.model.current))

    # --- doing --------------------------------------------------------------------------------------------------------

    def _go_to(self, index: QModelIndex) -> None:
        if index.isValid():
            self._document.jump(index.row())

    def compare(self, row: int) -> None:
        """Ask for the drawing after that many steps beside the drawing as it is."""
        if row >= 0:
            title = (
                tr("step {number}: {step}", number=row, step=self.model.step(row))
                if row
                else tr("as it began")
            )
            self.compare_requested.emit(self._document.state(row), title)

    def _open_menu(self, at: QPoint) -> None:
        index = self.table.indexAt(at)
        if not index.isValid():
            return
        row = index.row()
        menu = QMenu(tr("Step"), self)
        menu.setObjectName("historyMenu")
        menu.setAccessibleName(tr("What to do with this step"))
        menu.aboutToHide.connect(menu.deleteLater)
        there = menu.addAction(tr("Go there"))
        there.triggered.connect(lambda: self._document.jump(row))
        beside = menu.addAction(tr("Compare with the drawing"))
        beside.triggered.connect(lambda: self.compare(row))
        for action in (there, beside):
            action.setEnabled(row != self.model.current)
        menu.popup(self.table.viewport().mapToGlobal(at))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Space go to the marked step."""
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.table and pressed and event.key() in _PRESSES:  # type: ignore[attr-defined]
            self._go_to(self.table.currentIndex())
            return True
        return super().eventFilter(watched, event)

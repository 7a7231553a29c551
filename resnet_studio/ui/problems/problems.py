"""The problems panel: a list that selects and repairs, advice below it, "Repair all", a friendly word when nothing is wrong."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.analysis.plan import WHOLE, Problem
from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr, trn
from resnet_studio.ui import commands, icons
from resnet_studio.ui.document import Document
from resnet_studio.ui.problems.items import ProblemDelegate, ProblemModel
from resnet_studio.ui.problems.repairing import effect_words, repair_all
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.wrapped import WrappedLabel


class ProblemsView(QWidget):
    """What is wrong with the drawing.

    Signals:
        count_changed(int): another number of problems.
        refused(str): why a repair could not be made.
    """

    count_changed = Signal(int)
    refused = Signal(str)

    def __init__(
        self,
        document: Document,
        themes: ThemeManager,
        parent: QWidget | None = None,
        *,
        state: ViewState | None = None,
    ) -> None:
        super().__init__(parent)
        self._state = ViewState(self) if state is None else state
        self.setObjectName("problems")
        self.setAccessibleName(tr("Problems"))
        self._document, self._themes = document, themes
        self._count = -1
        self._model = ProblemModel(self._effect, self)
        self._delegate = ProblemDelegate(self._model, themes, self)
        self._make_list()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_empty())
        self._stack.addWidget(self._make_full())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        document.changed.connect(self._refresh)
        document.selection_changed.connect(self._show_selection)
        themes.changed.connect(self._tint)
        self._tint()
        self._refresh()

    @property
    def count(self) -> int:
        """How many problems there are; advice is none."""
        return self._model.count

    # --- making -----------------------------------------------------------------------------------------------------

    def _make_list(self) -> None:
        view = self._list = QListView()
        view.setObjectName("problemList")
        view.setAccessibleName(tr("Problems of the drawing"))
        view.setModel(self._model)
        view.setItemDelegate(self._delegate)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.viewport().installEventFilter(self)
        view.installEventFilter(self)
        view.selectionModel().currentChanged.connect(self._go_to)
        view.clicked.connect(self._go_to)

    def _make_empty(self) -> QWidget:
        page = QWidget()
        self._mark = QLabel()
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = WrappedLabel(tr("No problems"))
        title.setObjectName("problemsNone")
        sized(title, letters=15, bold=True)
        words = WrappedLabel(
            tr("Every shape fits at every addition, and the drawing can be trained and exported.")
        )
        words.setProperty("role", "soft")
        column = QVBoxLayout(page)
        column.addStretch(1)
        for label in (self._mark, title, words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(1)
        return page

    def _make_full(self) -> QWidget:
        page = QWidget()
        self._summary = QLabel()
        self._summary.setObjectName("problemsSummary")
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setProperty("role", "soft")
        self._summary.setWordWrap(True)
        self._all = QPushButton(tr("Repair all"))
        self._all.setObjectName("problemsRepairAll")
        self._all.setAccessibleName(tr("Repair all problems"))
        self._all.setToolTip(
            tr("One repair after another until none is left, as one step that can be undone")
        )
        self._all.clicked.connect(self.repair_everything)
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 6, 10, 6)
        bar.addWidget(self._summary, 1)
        bar.addWidget(self._all)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._list, 1)
        return page

    def _tint(self) -> None:
        self._mark.setPixmap(icons.pixmap("check", self._themes.theme.good, size=28, scale=2))
        self._list.viewport().update()

    # --- following the drawing --------------------------------------------------------------------------------------

    def _effect(self, problem: Problem) -> str:
        return effect_words(self._document.plan, problem, self._state.convention)

    def _refresh(self) -> None:
        problems, advice = self._document.plan.problems, self._document.plan.advice
        changed = self._model.show_problems(problems, advice)
        self._stack.setCurrentIndex(1 if problems or advice else 0)
        mendable = sum(problem.repair is not None for problem in problems)
        count = len(problems)
        self._summary.setText(_summary(count, mendable, len(advice)))
        self._all.setVisible(count > 0)
        self._all.setEnabled(mendable > 0)
        if changed:
            self._show_selection()
        if count != self._count:
            self._count = count
            self.count_changed.emit(count)

    def _show_selection(self) -> None:
        """The problem of the selected block is the current one."""
        chosen = set(self._document.selection)
        current = self._list.currentIndex()
        if current.isValid() and self._model.problems[current.row()].where in chosen:
            return
        row = next((i for i, problem in enumerate(self._model.problems) if problem.where in chosen), -1)
        selection = self._list.selectionModel()
        selection.blockSignals(True)
        if row < 0:
            self._list.setCurrentIndex(QModelIndex())
            self._list.clearSelection()
        else:
            self._list.setCurrentIndex(self._model.index(row))
        selection.blockSignals(False)
        self._list.viewport().update()

    def _go_to(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        if index.isValid():
            where = self._model.problems[index.row()].where
            self._document.select(() if where == WHOLE else (where,))

    # --- repairing --------------------------------------------------------------------------------------------------

    def repair(self, row: int) -> None:
        """Make one problem's repair."""
        self._try(self._model.problems[row])

    def _try(self, problem: Problem) -> None:
        try:
            commands.repair(self._document, problem)
        except StudioError as error:
            self.refused.emit(str(error))

    def repair_everything(self) -> None:
        """Repair until nothing is left, as one step."""
        after, made = repair_all(self._document.design)
        if not made:
            return
        try:
            text = trn("Repair {count} problem", "Repair {count} problems", made)
            self._document.apply(commands.checked(after), text)
        except StudioError as error:
            self.refused.emit(str(error))

    # --- mouse and keys ---------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The painted buttons are pressed here; Return and Space press the current one's."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is self._list:
            row = self._list.currentIndex().row()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and row >= 0:
                self.repair(row)
                return True
        if watched is self._list.viewport():
            if isinstance(event, QMouseEvent):
                return self._mouse(event)
            if event.type() == QEvent.Type.Leave:
                self._hover((-1, False))
        return super().eventFilter(watched, event)

    def _mouse(self, event: QMouseEvent) -> bool:
        at = event.position().toPoint()
        row, on_button = self._under(at)
        if event.type() == QEvent.Type.MouseMove:
            self._hover((row, on_button))
        if not on_button or event.button() != Qt.MouseButton.LeftButton:
            return False
        if event.type() == QEvent.Type.MouseButtonRelease:
            self.repair(row)
            self._hover(self._under(at))
        # A press on the button must not select first: the list would move under the mouse.
        return event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease)

    def _under(self, at: QPoint) -> tuple[int, bool]:
        index = self._list.indexAt(at)
        if not index.isValid():
            return -1, False
        return index.row(), self._delegate.button(self._list.visualRect(index), index.row()).contains(at)

    def _hover(self, where: tuple[int, bool]) -> None:
        if where != self._delegate.hovered:
            self._delegate.hovered = where
            hand = Qt.CursorShape.PointingHandCursor if where[1] else Qt.CursorShape.ArrowCursor
            self._list.viewport().setCursor(hand)
            self._list.viewport().update()

    def button_middle(self, row: int) -> QPoint:
        """The middle of a problem's repair button in the list's viewport, for tests and tours."""
        return self._delegate.button(self._list.visualRect(self._model.index(row)), row).center()


def _summary(count: int, mendable: int, advice: int) -> str:
    """What stands above the list."""
    if not count:
        return tr("No problems. Papers would do this otherwise:")
    words = trn("{count} problem", "{count} problems", count)
    if mendable < count:
        words = tr(
            "{problems}, {count} without a repair of one click", problems=words, count=count - mendable
        )
    if advice:
        words = tr("{problems}, and advice", problems=words)
    return tr("{problems}. The totals count what is sound.", problems=words)

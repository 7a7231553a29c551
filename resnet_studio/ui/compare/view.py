"""The compare panel: another drawing and the open one as aligned columns, kept true while the open one is edited. Compares nothing itself."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QPushButton,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.analysis.compare import compare_plans, folded
from resnet_studio.analysis.plan import Plan, analyse
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.ui.compare.markdown import markdown_of
from resnet_studio.ui.compare.model import Column, CompareModel, Node
from resnet_studio.ui.compare.paint import SideDelegate
from resnet_studio.ui.document import Document
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.elided import ElidedLabel
from resnet_studio.ui.widgets.tips import plain_tip
from resnet_studio.ui.widgets.wrapped import WrappedLabel

_AFTER_MS = 40  # a gesture changes the drawing many times a second
_WIDTHS = {
    Column.PLACE: 132, Column.PARAMS: 76, Column.WORK: 92, Column.ACTIVATIONS: 82, Column.MEMORY: 86, Column.RECEPTIVE: 78
}  # fmt: skip
# What a narrow panel does without, the first one first.
_SPARED = (Column.RECEPTIVE, Column.ACTIVATIONS, Column.MEMORY, Column.WORK)
# ... while the drawings' own columns are narrower than this: room for two pieces of what differs side by side, for one at least.
_LEAST_SIDE = {Column.RECEPTIVE: 206, Column.ACTIVATIONS: 206, Column.MEMORY: 206, Column.WORK: 120}
_WIDE, _WIDE_PLACE = 800, 176
_BAR = 16  # of the scroll bar
_WITH = tr("A preset, a file, an earlier step, a run or another window")
_NOTHING = tr(
    "A preset, a file, an earlier step or a run stands beside the open drawing then, block by block: "
    "what was changed, added and removed, and what each difference costs."
)


class CompareView(QWidget):
    """Two drawings side by side; the right one is the open one.

    Signals:
        menu_wanted(object): fill this QMenu with what can be compared.
    """

    menu_wanted = Signal(object)

    def __init__(
        self, document: Document, themes: ThemeManager, state: ViewState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("compare")
        self.setAccessibleName(tr("Compare"))
        self._document = document
        self._other: Plan | None = None
        self._title = ""
        self._own = False  # the other drawing is a step of this one's history
        self._followed: Document | None = None  # another window's
        self._closed: set[str] = set()
        self._guarded = False
        self.model = CompareModel(themes, state, self)
        self._soon = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._soon.timeout.connect(self._refresh)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._make_empty())
        self._pages.addWidget(self._make_full(themes))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)
        document.changed.connect(self._changed)
        document.loaded.connect(self._loaded)
        document.selection_changed.connect(self._show_selection)

    # --- making -------------------------------------------------------------------------------------------------------

    def _make_empty(self) -> QWidget:
        page = QWidget(self)
        title = WrappedLabel(tr("Compare the drawing with another one"), page)
        title.setObjectName("compareNone")
        sized(title, letters=15, bold=True)
        words = WrappedLabel(_NOTHING, page)
        words.setProperty("role", "soft")
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 8, 16, 8)
        column.addStretch(1)
        for label in (title, words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(6)
        column.addWidget(
            self._menu_button("compareChoose", tr("Compare with…")), 0, Qt.AlignmentFlag.AlignCenter
        )
        column.addStretch(1)
        return page

    def _menu_button(self, name: str, words: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(tr("Compare with another drawing"))
        button.setToolTip(_WITH)
        menu = QMenu(tr("Compare with"), button)
        menu.setObjectName(f"{name}Menu")
        menu.setAccessibleName(tr("Compare with"))
        menu.aboutToShow.connect(lambda: self.menu_wanted.emit(menu))
        button.setMenu(menu)
        return button

    def _make_full(self, themes: ThemeManager) -> QWidget:
        page = QWidget(self)
        bar = QHBoxLayout()
        bar.setContentsMargins(10, 4, 10, 4)
        bar.setSpacing(10)
        bar.addWidget(self._menu_button("compareOther", tr("Compare with…")))
        self._said = ElidedLabel("soft", page)
        self._said.setObjectName("compareSaid")
        bar.addWidget(self._said, 1)
        self.only = QCheckBox(tr("Only differences"), page)
        self.only.setObjectName("compareOnly")
        self.only.setAccessibleName(tr("Show only differences"))
        self.only.setToolTip(tr("Leave out what is equal and costs the same"))
        self.only.toggled.connect(self._refresh)
        bar.addWidget(self.only)
        copy = QPushButton(tr("Copy"), page)
        copy.setObjectName("compareCopy")
        copy.setAccessibleName(tr("Copy the comparison as Markdown"))
        copy.setToolTip(tr("Copy the comparison as Markdown"))
        copy.clicked.connect(self.copy_markdown)
        bar.addWidget(copy)
        self._make_tree(themes)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.tree, 1)
        return page

    def _make_tree(self, themes: ThemeManager) -> None:
        self.tree = QTreeView(self)
        tree = self.tree
        tree.setObjectName("compareTree")
        tree.setAccessibleName(tr("Two drawings side by side"))
        tree.setModel(self.model)
        # What differs is read whole: a row has as many lines as it needs.
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setAllColumnsShowFocus(True)
        tree.setIndentation(px(14))
        sides = SideDelegate(self.model, themes, tree)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setMinimumSectionSize(px(40))
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        sized(header, letters=12, bold=True)
        for column in (Column.LEFT, Column.RIGHT):
            tree.setItemDelegateForColumn(column, sides)
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        for section, width in _WIDTHS.items():
            header.resizeSection(section, px(width))
        header.sectionResized.connect(self._resized)
        tree.collapsed.connect(lambda index: self._keep_open(index, False))
        tree.expanded.connect(lambda index: self._keep_open(index, True))
        tree.selectionModel().currentRowChanged.connect(self._chosen)

    def _resized(self, section: int, old: int, new: int) -> None:
        if section in (Column.LEFT, Column.RIGHT) and old != new:
            self.tree.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        place = _WIDE_PLACE if self.width() >= px(_WIDE) else _WIDTHS[Column.PLACE]
        self.tree.setColumnWidth(Column.PLACE, px(place))
        left = self.width() - px(place + sum(_WIDTHS.values()) - _WIDTHS[Column.PLACE]) - _BAR
        for column in _SPARED:
            hidden = left < 2 * px(_LEAST_SIDE[column])
            self.tree.setColumnHidden(column, hidden)
            left += px(_WIDTHS[column]) if hidden else 0

    # --- showing ------------------------------------------------------------------------------------------------------

    def show_against(self, design: Design, title: str) -> None:
        """Lay this drawing at the left of the open one."""
        self._follow_none()
        self._other, self._title = analyse(design), title
        steps = range(self._document.undo_stack.count() + 1)
        self._own = any(self._document.state(step) is design for step in steps)
        self._refresh()

    def follow(self, document: Document) -> None:
        """Lay another window's drawing at the left of the open one, and stay with it while it is drawn."""
        self._follow_none()
        self._followed, self._own = document, False
        document.changed.connect(self._take_followed)
        document.destroyed.connect(self._lose_followed)
        self._take_followed()
        self._refresh()

    def _follow_none(self) -> None:
        followed, self._followed = self._followed, None
        if followed is not None:
            followed.changed.disconnect(self._take_followed)
            followed.destroyed.disconnect(self._lose_followed)

    def _take_followed(self) -> None:
        if self._followed is not None:
            self._other = self._followed.plan
            self._title = tr("{drawing} (other window)", drawing=self._other.design.name)
            self._changed()

    def _lose_followed(self) -> None:
        """Its window is closed; what it showed last still stands here."""
        self._followed = None
        if self._other is not None:
            self._title = tr("{drawing} (closed window)", drawing=self._other.design.name)
            self._changed()

    def _loaded(self) -> None:
        """A preset or a file stands beside the next drawing too; a step of the last one's history means nothing there."""
        if self._own:
            self._other, self._own = None, False
            self._pages.setCurrentIndex(0)
            self.model.show_comparison(None, ("", ""), only_differences=False)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _changed(self) -> None:
        # Not put off again and again: it follows while a gesture goes on.
        if not self._soon.isActive():
            self._soon.start()

    def _refresh(self) -> None:
        if self._other is None or not self.isVisible():
            return  # once it is seen
        self._soon.stop()
        found = folded(compare_plans(self._other, self._document.plan))
        self._pages.setCurrentIndex(1)
        button = self.findChild(QPushButton, "compareOther")
        if isinstance(button, QPushButton):
            button.setText(
                button.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, px(180)) + " ▾"
            )
            button.setToolTip(plain_tip(f"{self._title}\n{_WITH}"))
        self._said.setText(f"{found.words[:1].upper()}{found.words[1:]}")
        at = self.tree.verticalScrollBar().value()
        self._guarded = True
        self.model.show_comparison(
            found,
            (self._title, tr("{drawing} (open)", drawing=self._document.design.name)),
            only_differences=self.only.isChecked(),
        )
        for node in self.model.nodes:
            self.tree.setExpanded(self.model.index_of(node), not self._closed.intersection(_key(node)))
        self._guarded = False
        self._show_selection()
        self.tree.verticalScrollBar().setValue(at)

    def _keep_open(self, index: QModelIndex, is_open: bool) -> None:
        node = self.model.node(index)
        if node is not None and not self._guarded:
            (self._closed.difference_update if is_open else self._closed.update)(_key(node))

    def copy_markdown(self) -> None:
        """What is shown, onto the clipboard."""
        QGuiApplication.clipboard().setText(markdown_of(self.model))

    # --- the open drawing's selection ---------------------------------------------------------------------------------

    def _chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        node = self.model.node(index)
        if node is not None and not self._guarded and node.ids():
            self._guarded = True
            self._document.select(node.ids())
            self._guarded = False

    def _show_selection(self) -> None:
        """The line of what is selected is the current one."""
        if self._guarded:
            return
        chosen = set(self._document.selection)
        node = next((node for node in self.model.walk() if chosen.intersection(node.ids())), None)
        self._guarded = True
        if node is None:
            self.tree.setCurrentIndex(QModelIndex())
        else:
            self.tree.setCurrentIndex(self.model.index_of(node))
        self._guarded = False


def _key(node: Node) -> tuple[str, ...]:
    return node.ids() or node.ids(right=False)

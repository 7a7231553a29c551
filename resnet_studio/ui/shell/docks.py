"""The editor's docks: palette, inspector, the analysis tabs and the training tabs around the canvas. Knows no view's inside."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QIcon, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.language import tr
from resnet_studio.ui.icons import icon
from resnet_studio.ui.shell.totals import tint
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager, px

# The least room of a dock's views: the same whatever tab is in front and whatever it says.
_LEAST = QSize(280, 120)
_FRONT = 10  # by which a tab's title is wider at most when it is in front
_MANY = 4  # more tabs than these stand closer together


class _Page(QScrollArea):
    """Lets a view need more room than its dock has: it scrolls then, and no splitter moves."""

    def __init__(self, name: str, view: QWidget) -> None:
        super().__init__()
        self.setObjectName(f"{name}Page")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._view = view
        self.setWidget(view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()  # the view needs another room than before
        return super().viewportEvent(event)

    def _fit(self) -> None:
        """All the room, or the least that the view needs. Qt's own resizing takes what a view with wrapped words would like."""
        least, room = self._view.minimumSizeHint(), self.maximumViewportSize()
        if least.width() > room.width():
            room.setHeight(room.height() - self.horizontalScrollBar().sizeHint().height())
        if least.height() > room.height():
            room.setWidth(room.width() - self.verticalScrollBar().sizeHint().width())
        self._view.resize(room.expandedTo(least))


class _Header(QWidget):
    """A dock's title bar: a heading or tabs, and buttons to float and to hide it. It is dragged where nothing stands."""

    def __init__(self, dock: QDockWidget, left: QWidget, theme: ThemeManager) -> None:
        super().__init__(dock)
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 6, 0)
        row.setSpacing(0)
        row.addWidget(left)
        row.addStretch(1)
        title = dock.windowTitle()
        slug = dock.objectName()
        self._float = self._button(
            f"{slug}Float", tr("Float {title}", title=title), lambda: dock.setFloating(not dock.isFloating())
        )
        self._close = self._button(f"{slug}Hide", tr("Hide {title}", title=title), dock.hide)
        row.addWidget(self._float)
        row.addWidget(self._close)
        theme.changed.connect(self._color)
        self._color()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._color()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._color()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._color()
        return super().eventFilter(watched, event)

    def _button(self, name: str, words: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setProperty("role", "quiet")
        sized(button, icon=12)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False: act())
        button.installEventFilter(self)
        return button

    def _color(self) -> None:
        """The buttons show themselves to whoever comes near, by mouse or by Tab; their room is always kept."""
        near = self.underMouse() or self._float.hasFocus() or self._close.hasFocus()
        for button, name in ((self._float, "float"), (self._close, "close")):
            button.setIcon(icon(name, self._theme.theme.text_faint, size=12) if near else QIcon())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.ignore()


class _Tabs(QTabBar):
    """Tabs that ask for no more room than the dock has: in a small window it would take its neighbour's."""

    def sizeHint(self) -> QSize:
        """A little more than now: the tab in front has wider letters, and whichever comes there must not bring arrows."""
        return super().sizeHint() + QSize(px(_FRONT), 0)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the least view."""
        return QSize(_LEAST.width() // 2, super().minimumSizeHint().height())


class Dock(QDockWidget):
    """One dock with our header."""

    def __init__(self, name: str, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)


class PlainDock(Dock):
    """A dock around one view, with a heading in small capitals."""

    def __init__(self, name: str, title: str, view: QWidget, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(name, title, parent)
        heading = QLabel(title.upper(), self)
        heading.setProperty("role", "heading")
        heading.setContentsMargins(14, 0, 0, 0)
        self.setTitleBarWidget(_Header(self, heading, theme))
        self.setWidget(view)


class TabDock(Dock):
    """A dock whose title bar is a row of tabs; a tab's view is made when it is first shown.

    Signals:
        made(str, QWidget): the view of a tab was made just now.
    """

    made = Signal(str, QWidget)

    def __init__(
        self,
        name: str,
        title: str,
        tabs: list[tuple[str, str, Callable[[], QWidget]]],
        theme: ThemeManager,
        parent: QWidget,
    ) -> None:
        super().__init__(name, title, parent)
        self._makers = [maker for _, _, maker in tabs]
        self._names = [tab for tab, _, _ in tabs]
        self._made: dict[int, QWidget] = {}
        self.tabs = _Tabs(self)
        self.tabs.setProperty("many", len(tabs) > _MANY)
        self.tabs.setObjectName(f"{name}Tabs")
        self.tabs.setAccessibleName(title)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self._titles = [label for _, label, _ in tabs]
        self._counts: dict[str, tuple[int, str, str]] = {}
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget(body)
        # Not larger with the text: the pages scroll, and two docks must fit beside a canvas.
        self._stack.setMinimumSize(_LEAST)
        column.addWidget(self._stack)
        for label in self._titles:
            self.tabs.addTab(label)
            self._stack.addWidget(QWidget(self._stack))
        self.setTitleBarWidget(_Header(self, self.tabs, theme))
        self.setWidget(body)
        self.tabs.currentChanged.connect(self._show)
        self._stack.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._stack and event.type() == QEvent.Type.Show:
            # After the frame around it has been painted.
            QTimer.singleShot(0, self, lambda: self._show(self.tabs.currentIndex()))
        return super().eventFilter(watched, event)

    def _show(self, index: int) -> None:
        if self._stack.isVisible():
            self.view(self._names[index])
        self._stack.setCurrentIndex(index)

    def view(self, name: str) -> QWidget:
        """The view of a tab, made now if it was not yet."""
        index = self._names.index(name)
        if index not in self._made:
            view = self._makers[index]()
            self._made[index] = view
            old = self._stack.widget(index)
            self._stack.insertWidget(index, _Page(name, view))
            if old is not None:
                self._stack.removeWidget(old)
                old.deleteLater()
            self._stack.setCurrentIndex(self.tabs.currentIndex())
            self.made.emit(name, view)
        return self._made[index]

    def made_view(self, name: str) -> QWidget | None:
        """The view of a tab, if it was made."""
        return self._made.get(self._names.index(name))

    def bring(self, name: str) -> None:
        """Show the dock with that tab in front."""
        self.show()
        self.raise_()
        self.tabs.setCurrentIndex(self._names.index(name))

    def set_count(self, name: str, count: int, ink: str, note: str) -> None:
        """A number behind a tab's title; none for 0."""
        if self._counts.get(name) == (count, ink, note):
            return  # asked after every edit, and each answer lays the whole window out
        self._counts[name] = count, ink, note
        index = self._names.index(name)
        side = QTabBar.ButtonPosition.RightSide
        badge = self.tabs.tabButton(index, side)
        if isinstance(badge, QLabel) and not count:
            self.tabs.setTabButton(index, side, None)  # an empty one would keep its room
            badge.deleteLater()
        elif count:
            if not isinstance(badge, QLabel):
                badge = self._add_badge(name)
            tint(badge, ink)
            badge.setText(str(count))
            badge.adjustSize()
        # The bar asks its buttons for their size only when something of the tab changes.
        self.tabs.setTabText(index, self._titles[index])
        self.tabs.setTabToolTip(index, note)
        self.tabs.setAccessibleTabName(index, f"{self._titles[index]}, {note}")

    def _add_badge(self, name: str) -> QLabel:
        badge = QLabel(self.tabs)
        badge.setObjectName(f"{name}Badge")
        badge.setProperty("role", "badge")
        self.tabs.setTabButton(self._names.index(name), QTabBar.ButtonPosition.RightSide, badge)
        return badge

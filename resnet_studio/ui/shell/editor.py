"""The page that shows a drawing: toolbar, canvas in the middle, docks around it. Arranges views; knows no file."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QScrollArea, QVBoxLayout, QWidget

from resnet_studio.language import tr, trn
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.canvas_room import CanvasRoom
from resnet_studio.ui.shell.docks import PlainDock, TabDock
from resnet_studio.ui.shell.focus import FocusKeeper
from resnet_studio.ui.shell.host import Host
from resnet_studio.ui.shell.room import Room
from resnet_studio.ui.shell.toolbar import Toolbar
from resnet_studio.ui.shell.train_views import TrainViews
from resnet_studio.ui.shell.views import Views
from resnet_studio.ui.shell.zoom_memory import ZoomMemory
from resnet_studio.ui.theme import px, text_scale

_LEFT, _RIGHT, _BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)
_LAYOUT_VERSION = 1
_MOST_SIDE = 0.42  # of the window's width, for a dock whose letters have grown
_MOST_SIDES = 0.52  # for all of them together


class _Scrolling(QScrollArea):
    """Lets a view be less high than it asks for: in a small window it scrolls, instead of lying over the dock below."""

    def __init__(self, view: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(view)
        self.setMinimumWidth(view.minimumSizeHint().width())


class Editor(QWidget):
    """Everything that shows or changes the Document."""

    def __init__(self, room: Room, actions: Actions, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editor")
        self._room = room
        self.views = Views(room, host, self)
        self.train_views = TrainViews(room, host, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.toolbar = Toolbar(room.document, room.theme, room.view_state, actions, self)
        column.addWidget(self.toolbar)
        self._frame = QMainWindow(self)
        self._frame.setWindowFlags(Qt.WindowType.Widget)
        self._frame.setObjectName("docks")
        self._frame.setDockNestingEnabled(True)
        self._frame.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        column.addWidget(self._frame, 1)
        self.canvas = self.views.canvas()
        self._frame.setCentralWidget(self.canvas)
        ZoomMemory(self.canvas, room.document, room.settings)
        self._make_docks()
        CanvasRoom(self._frame, self.docks())
        self._keeper = FocusKeeper(self, self.canvas)
        self.canvas.edit_requested.connect(self._edit_properties)
        self._arranged = False
        room.document.changed.connect(self._count_problems)
        self.train_views.changed.connect(self.toolbar.train.show_training)
        self.train_views.look()
        room.theme.changed.connect(self._count_problems)
        self._text = text_scale()
        # Widths of the docks at the sides, by (size of the text, window's width, how many are shown).
        self._stood: dict[tuple[float, int, int], list[int]] = {}
        room.theme.changed.connect(self._follow_text)
        self._count_problems()

    def _make_docks(self) -> None:
        theme, frame = self._room.theme, self._frame
        self.palette_dock = PlainDock(
            "paletteDock", tr("Blocks"), _Scrolling(self.views.palette(), frame), theme, frame
        )
        self.inspector = self.views.inspector()
        self.inspector_dock = PlainDock("inspectorDock", tr("Inspector"), self.inspector, theme, frame)
        self.analysis = self._tabs(
            "analysisDock",
            tr("Analysis"),
            self.views.maker,
            {
                "layerTable": tr("Layers"),
                "diagram": tr("Diagram"),
                "problems": tr("Problems"),
                "code": tr("Code"),
                "history": tr("History"),
                "compare": tr("Compare"),
            },
        )
        self.training = self._tabs(
            "trainingDock",
            tr("Training"),
            self.train_views.maker,
            {"trainPanel": tr("Training"), "runs": tr("Runs")},
        )
        frame.setCorner(Qt.Corner.BottomRightCorner, _RIGHT)
        frame.setCorner(Qt.Corner.BottomLeftCorner, _BOTTOM)
        self._place()

    def _tabs(
        self, name: str, title: str, maker: Callable[[str], Callable[[], QWidget]], tabs: dict[str, str]
    ) -> TabDock:
        entries = [(tab, words, maker(tab)) for tab, words in tabs.items()]
        return TabDock(name, title, entries, self._room.theme, self._frame)

    def _edit_properties(self) -> None:
        """Take the keyboard to the first property of the selection."""
        self.inspector_dock.show()
        self.inspector_dock.raise_()
        self.inspector.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.inspector.focusNextChild()

    def docks(self) -> list[QDockWidget]:
        """The docks, from left to right."""
        return [self.palette_dock, self.analysis, self.training, self.inspector_dock]

    def toggles(self) -> list[QAction]:
        """An action per dock that shows or hides it."""
        return [dock.toggleViewAction() for dock in self.docks()]

    # --- arrangement --------------------------------------------------------------------------------------------------

    def _place(self) -> None:
        frame = self._frame
        for dock, area in (
            (self.palette_dock, _LEFT), (self.inspector_dock, _RIGHT), (self.analysis, _BOTTOM), (self.training, _BOTTOM)
        ):  # fmt: skip
            dock.setFloating(False)
            frame.addDockWidget(area, dock)
            dock.show()
        frame.splitDockWidget(self.analysis, self.training, Qt.Orientation.Horizontal)

    def arrange(self) -> None:
        """The arrangement as made, in proportion to the window."""
        self._place()
        width, height = max(self.width(), 800), max(self.height(), 500)
        sides = Qt.Orientation.Horizontal
        right = min(px(284 if width >= 1200 else 256), round(width * _MOST_SIDE))
        left = min(px(228 if width >= 1600 else 200 if width >= 1200 else 176), round(width * _MOST_SIDE / 2))
        self._frame.resizeDocks([self.palette_dock, self.inspector_dock], [left, right], sides)
        bottom = width - right
        # A small window gives its share to the dock with the many tabs.
        share = 0.56 if width >= 1200 else 0.63
        self._frame.resizeDocks(
            [self.analysis, self.training], [round(bottom * share), round(bottom * (1 - share))], sides
        )
        self._frame.resizeDocks([self.analysis], [round(height * 0.37)], Qt.Orientation.Vertical)

    def _follow_text(self) -> None:
        """The docks at the sides grow and shrink with their letters, and come back to where they stood at a size before."""
        ratio, before, self._text = text_scale() / self._text, self._text, text_scale()
        sides = [dock for dock in (self.palette_dock, self.inspector_dock) if dock.isVisible()]
        if ratio == 1.0 or not sides:
            return
        here = self.width(), len(sides)
        self._stood[before, *here] = [dock.width() for dock in sides]
        most = min(round(self.width() * _MOST_SIDE), self._most_inspector())
        grown = [min(round(dock.width() * ratio), most) for dock in sides]
        # Letters twice as large need more of everything, and the drawing most.
        part = min(1.0, self.width() * _MOST_SIDES / sum(grown))
        grown = [
            max(dock.width(), round(wide * part)) if ratio > 1 else wide
            for dock, wide in zip(sides, grown, strict=True)
        ]
        wanted = self._stood.get((self._text, *here), grown)
        # When the new letters have been laid out: until then the old ones' least sizes hold.
        QTimer.singleShot(0, self, lambda: self._frame.resizeDocks(sides, wanted, Qt.Orientation.Horizontal))

    def _most_inspector(self) -> int:
        """How wide the inspector can be with the two docks beside it."""
        return (
            self.width() - 8 - sum(dock.minimumSizeHint().width() for dock in (self.analysis, self.training))
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take from the inspector what the docks beside it need: Qt would put one over the other."""
        super().resizeEvent(event)
        most = self._most_inspector()
        if self.inspector_dock.isVisible() and self.inspector_dock.width() > most:
            self._frame.resizeDocks([self.inspector_dock], [most], Qt.Orientation.Horizontal)

    def reset(self) -> None:
        """Everything that somebody can have moved here as it was made: docks and the table's columns."""
        self.arrange()
        self.views.reset_columns()

    def restore(self, state: QByteArray | None) -> None:
        """The arrangement that was left, or else the one as made; only the first call does anything."""
        if self._arranged:
            return
        self._arranged = True
        if state is None or not self._frame.restoreState(state, _LAYOUT_VERSION):
            self.arrange()

    def state(self) -> QByteArray | None:
        """The arrangement, to be kept; None before there is one."""
        return self._frame.saveState(_LAYOUT_VERSION) if self._arranged else None

    # --- views --------------------------------------------------------------------------------------------------------

    def show_tab(self, name: str) -> QWidget:
        """Bring a view of the bottom to the front; returns it."""
        dock = self.training if name in ("trainPanel", "runs") else self.analysis
        dock.bring(name)
        return dock.view(name)

    def made(self, name: str) -> QWidget | None:
        """A view of the bottom, if it was made."""
        dock = self.training if name in ("trainPanel", "runs") else self.analysis
        return dock.made_view(name)

    def _count_problems(self) -> None:
        count = len(self._room.document.plan.problems)
        words = trn("one problem", "{count} problems", count)
        self.analysis.set_count(
            "problems", count, self._room.theme.theme.warn, words if count else tr("No problems")
        )

"""The queue as a page: what trains, what waits in which order, what has ended. Says what is wanted to a QueueWatch."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr, trn
from resnet_studio.runs.queue import Entry, Queue, Turn
from resnet_studio.runs.spec_words import spec_words
from resnet_studio.ui.background import Background
from resnet_studio.ui.runs.names import run_title
from resnet_studio.ui.runs.queue_rows import ENTRY, FACE, Face, QueueRows, state_words
from resnet_studio.ui.runs.queue_watch import QueueWatch
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.elided import ElidedLabel
from resnet_studio.ui.widgets.own_keys import OwnKeys

_EMPTY = tr(
    "Nothing waits.\n\nAdd to queue, beside Train, keeps a design with its settings for later. The queue trains one run after "
    "another, one on each graphics card at a time, also while the window is closed."
)


def queue_words(queue: Queue) -> str:
    """ "Goes on: 1 trains, 2 wait, 1 has ended", "2 wait for Start", or what is so."""
    trains, waits, over = (len(queue.of(turn)) for turn in (Turn.RUNNING, Turn.WAITING, Turn.ENDED))
    if not trains and not waits and not over:
        return tr("Empty")
    if not queue.going and waits and not trains and not over:
        # Nothing was ever begun that could be paused.
        return trn("{count} run waits for Start", "{count} runs wait for Start", waits)
    counts = [
        (trains, trn("{count} trains", "{count} train", trains)),
        (waits, trn("{count} waits", "{count} wait", waits)),
        (over, trn("{count} has ended", "{count} have ended", over)),
    ]
    words = ", ".join(text for count, text in counts if count)
    if queue.going:
        return tr("Goes on: {counts}", counts=words)
    return tr("Paused: {counts}", counts=words) if trains or waits else tr("Done: {counts}", counts=words)


class QueueView(QWidget):
    """The entries in their order, to be moved by drag or key, and the buttons.

    Signals:
        open_requested(object): show this RunFolder's curves.
        closed(): back to all runs.
        urging_changed(): `urges` may be another.
    """

    open_requested = Signal(object)
    closed = Signal()
    urging_changed = Signal()

    def __init__(self, watch: QueueWatch, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queueView")
        self.setAccessibleName(tr("Queue"))
        self._watch, self._theme = watch, theme
        self._faces: dict[object, Face] = {}
        self._background = Background(self)
        self.list = self._make_list()
        self._make_actions()
        self._empty = QLabel(_EMPTY, self)
        self._empty.setObjectName("queueEmpty")
        self._empty.setProperty("role", "soft")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setMargin(12)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._make_head())
        layout.addWidget(self._pages, 1)
        layout.addLayout(self._make_bar())
        watch.changed.connect(self.refresh)
        watch.failed.connect(lambda _: self.refresh())
        watch.looked.connect(self.list.viewport().update)
        theme.changed.connect(self.list.viewport().update)
        self.refresh()

    # --- making -----------------------------------------------------------------------------------------------------

    def _make_list(self) -> QListWidget:
        rows = QListWidget(self)
        rows.setObjectName("queueList")
        rows.setAccessibleName(tr("Runs in the queue"))
        rows.setItemDelegate(QueueRows(self._theme, rows))
        rows.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        rows.setDefaultDropAction(Qt.DropAction.MoveAction)
        rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows.itemSelectionChanged.connect(self._enable)
        rows.itemActivated.connect(lambda _: self._open())
        # Told in the middle of the drop: the list is put right when that is over.
        rows.model().rowsMoved.connect(self._dropped, Qt.ConnectionType.QueuedConnection)
        return rows

    def _make_actions(self) -> None:
        make = self._action
        self.go_action = make(tr("Start"), "queueGo", "", self._go)
        self.up_action = make(
            "↑", "queueUp", tr("Up: let it begin earlier (Alt+Up)."), lambda: self._shift(-1)
        )
        self.down_action = make(
            "↓", "queueDown", tr("Down: let it begin later (Alt+Down)."), lambda: self._shift(1)
        )
        self.remove_action = make(
            tr("Remove"), "queueRemove", tr("Take it out of the queue; the run itself is kept."), self._remove
        )
        self.open_action = make(tr("Curves"), "queueOpen", tr("Show the run's curves."), self._open)
        self.clear_action = make(
            tr("Clear"),
            "queueClear",
            tr("Forget those that have ended; their runs are kept."),
            self._watch.clear,
        )
        alt = Qt.KeyboardModifier.AltModifier
        self.up_action.setShortcut(QKeySequence(alt | Qt.Key.Key_Up))
        self.down_action.setShortcut(QKeySequence(alt | Qt.Key.Key_Down))
        self.remove_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        self._actions = [
            self.go_action, self.up_action, self.down_action, self.remove_action, self.open_action, self.clear_action,
        ]  # fmt: skip
        for action in self._actions:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self.list.addAction(action)
        OwnKeys(self.list)

    def _action(self, words: str, name: str, tip: str, do: Callable[[], None]) -> QAction:
        action = QAction(words, self)
        action.setObjectName(name)
        action.setToolTip(tip)
        action.triggered.connect(lambda _=False: do())
        return action

    def _make_head(self) -> QHBoxLayout:
        self.words = ElidedLabel("soft", self)
        self.words.setObjectName("queueWords")
        back = QToolButton(self)
        back.setText(tr("All runs"))
        back.setObjectName("queueBackButton")
        back.setAccessibleName(tr("All runs"))
        back.setToolTip(tr("Back to the list of all runs."))
        back.setProperty("role", "quiet")
        back.clicked.connect(self.closed)
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(self.words, 1)
        row.addWidget(back)
        return row

    def _make_bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 6)
        row.setSpacing(2)
        for action in self._actions:
            button = QToolButton(self)
            button.setDefaultAction(action)
            button.setObjectName(f"{action.objectName()}Button")
            button.setAccessibleName(action.toolTip().partition(".")[0] or action.text())
            button.setProperty("role", "quiet")
            row.addWidget(button)
            if action is self.go_action:
                self._go_button = button
                row.addSpacing(6)
        row.addStretch(1)
        return row

    # --- keeping up -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the queue as it is; what the runs are is read elsewhere."""
        queue, known = self._watch.queue, dict(self._faces)

        def faces() -> dict[object, Face]:
            return {one.run: known.get(one.run) or _face(one) for one in queue.entries}

        self._background.run(faces, lambda found: self._show(queue, found))

    def _show(self, queue: Queue, faces: dict[object, Face]) -> None:
        self._faces = faces
        chosen = self.chosen
        self.list.clear()
        for entry in queue.entries:
            item = QListWidgetItem()
            face = faces[entry.run]
            item.setData(ENTRY, entry)
            item.setData(FACE, face)
            item.setText(f"{face.title}, {state_words(entry)}")
            item.setToolTip(entry.said)
            if entry.turn is not Turn.WAITING:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDragEnabled)
            self.list.addItem(item)
            if chosen is not None and entry.run == chosen.run:
                self.list.setCurrentItem(item)
        self._pages.setCurrentWidget(self.list if queue.entries else self._empty)
        self._enable()

    @property
    def chosen(self) -> Entry | None:
        """The selected entry, as it stands now."""
        items = self.list.selectedItems()
        return self._watch.queue.entry(items[0].data(ENTRY).run) if items else None

    def _enable(self) -> None:
        queue, entry = self._watch.queue, self.chosen
        waiting = queue.of(Turn.WAITING)
        place = waiting.index(entry) if entry in waiting else None
        self.words.setText(queue_words(queue))
        self.go_action.setText(tr("Pause") if queue.going else tr("Start"))
        self.go_action.setToolTip(
            tr("Begin no other run; what trains goes on.")
            if queue.going
            else tr("Train these one after another, also while the window is closed.")
        )
        self.go_action.setEnabled(queue.going or bool(waiting))
        self._dress_go("quiet" if queue.going or not waiting else "primary")
        self.up_action.setEnabled(place is not None and place > 0)
        self.down_action.setEnabled(place is not None and place < len(waiting) - 1)
        self.remove_action.setEnabled(entry is not None and entry.turn is not Turn.RUNNING)
        self.open_action.setEnabled(entry is not None and entry.turn is not Turn.WAITING)
        self.clear_action.setEnabled(bool(queue.of(Turn.ENDED)))

    def _dress_go(self, role: str) -> None:
        """Start is what runs that were collected wait for."""
        if self._go_button.property("role") != role:
            self._go_button.setProperty("role", role)
            self._go_button.style().unpolish(self._go_button)
            self._go_button.style().polish(self._go_button)
            self.urging_changed.emit()

    @property
    def urges(self) -> bool:
        """Whether Start is seen and is the next step, so that no other button has to be."""
        return self.isVisible() and self._go_button.property("role") == "primary"

    def showEvent(self, event: QShowEvent) -> None:
        """Start is seen now."""
        super().showEvent(event)
        self.urging_changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """And now it is not."""
        super().hideEvent(event)
        self.urging_changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Other letters may be larger."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.list.doItemsLayout()

    # --- what is wanted ---------------------------------------------------------------------------------------------

    def _go(self) -> None:
        if self._watch.queue.going:
            self._watch.pause()
        else:
            self._watch.start()

    def _shift(self, by: int) -> None:
        entry = self.chosen
        if entry is not None:
            self._watch.move(entry, self._watch.queue.of(Turn.WAITING).index(entry) + by)

    def _remove(self) -> None:
        if self.chosen is not None:
            self._watch.remove(self.chosen)

    def _open(self) -> None:
        entry = self.chosen
        if entry is not None and entry.turn is not Turn.WAITING:
            self.open_requested.emit(entry.folder)

    def _dropped(self, _parent: QModelIndex, _first: int, _last: int, _to: QModelIndex, _row: int) -> None:
        entry = self.chosen
        shown = [self.list.item(row).data(ENTRY) for row in range(self.list.count())]
        waiting = [one for one in shown if one.turn is Turn.WAITING]
        if entry is not None and entry in waiting and waiting != list(self._watch.queue.of(Turn.WAITING)):
            # Shown as it was dropped until the queue says so, or refuses.
            self._watch.move(entry, waiting.index(entry))
        else:
            # Nothing is another than before: what was dropped among those that train goes back.
            self.refresh()


def _face(entry: Entry) -> Face:
    run = entry.folder
    try:
        return Face(f"{run.design().name} · {run_title(run)}", spec_words(run.spec()))
    except StudioError as error:
        return Face(run.name, error.what)

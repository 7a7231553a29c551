"""The queue as a page: what trains, what waits in which order, what has ended. Says what is wanted to a QueueWatch."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.queue import Entry, Queue, Turn
from resnet_studio.runs.spec_words import spec_words
from resnet_studio.ui.background import Background
from resnet_studio.ui.runs.names import run_title
from resnet_studio.ui.runs.queue_bar import QueueBar
from resnet_studio.ui.runs.queue_list import QueueList
from resnet_studio.ui.runs.queue_rows import Face
from resnet_studio.ui.runs.queue_watch import QueueWatch
from resnet_studio.ui.runs.queue_words import queue_words
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.elided import ElidedLabel
from resnet_studio.ui.widgets.own_keys import OwnKeys

_EMPTY = tr(
    "Nothing waits.\n\nAdd to queue, beside Train, keeps a design with its settings for later. The queue trains one run after "
    "another, one on each graphics card at a time, also while the window is closed."
)


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
        self._watch = watch
        self._faces: dict[Path, Face] = {}
        self._background = Background(self)
        self.list = QueueList(theme, self)
        self.bar = QueueBar(self)
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
        layout.addWidget(self.bar)
        self._connect()
        self.refresh()

    # --- making -----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        bar = self.bar
        for action, do in (
            (bar.go, self._go),
            (bar.up, lambda: self._shift(-1)),
            (bar.down, lambda: self._shift(1)),
            (bar.remove, self._remove),
            (bar.open, self._open),
            (bar.clear, self._watch.clear),
        ):
            action.triggered.connect(lambda _=False, do=do: do())
            self.list.addAction(action)
        OwnKeys(self.list)
        bar.urging_changed.connect(self.urging_changed)
        self.list.itemSelectionChanged.connect(self._enable)
        self.list.itemActivated.connect(lambda _: self._open())
        self.list.dropped.connect(self._dropped)
        self._watch.changed.connect(self.refresh)
        self._watch.failed.connect(lambda _: self.refresh())
        self._watch.looked.connect(self.list.viewport().update)

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

    # --- keeping up -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the queue as it is; what the runs are is read elsewhere."""
        queue, known = self._watch.queue, dict(self._faces)

        def faces() -> dict[Path, Face]:
            return {one.run: known.get(one.run) or _face(one) for one in queue.entries}

        self._background.run(faces, lambda found: self._show(queue, found))

    def _show(self, queue: Queue, faces: dict[Path, Face]) -> None:
        self._faces = faces
        self.list.show_entries(queue.entries, faces)
        self._pages.setCurrentWidget(self.list if queue.entries else self._empty)
        self._enable()

    @property
    def chosen(self) -> Entry | None:
        """The selected entry, as it stands now."""
        shown = self.list.chosen
        return None if shown is None else self._watch.queue.entry(shown.run)

    def _enable(self) -> None:
        queue = self._watch.queue
        self.words.setText(queue_words(queue))
        self.bar.allow(queue, self.chosen)

    @property
    def urges(self) -> bool:
        """Whether Start is seen and is the next step, so that no other button has to be."""
        return self.isVisible() and self.bar.urges

    def showEvent(self, event: QShowEvent) -> None:
        """Start is seen now."""
        super().showEvent(event)
        self.urging_changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """And now it is not."""
        super().hideEvent(event)
        self.urging_changed.emit()

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

    def _dropped(self) -> None:
        entry = self.chosen
        waiting = [one for one in self.list.entries if one.turn is Turn.WAITING]
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

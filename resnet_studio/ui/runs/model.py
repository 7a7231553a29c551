"""The runs as a table that can be sorted: one row a run, broken ones with their fault. Reads what `list_runs` gave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPixmap

from resnet_studio.analysis.plan import analyse
from resnet_studio.language import tr
from resnet_studio.runs.datasets import KNOWN
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import BrokenRun, RunInfo, RunState
from resnet_studio.runs.spec_words import spec_words
from resnet_studio.ui.run_words import percent
from resnet_studio.ui.runs.names import run_title
from resnet_studio.ui.silhouette import thumbnail
from resnet_studio.ui.theme import ThemeManager, color
from resnet_studio.ui.widgets.headings import Headed, Heading, alignment
from resnet_studio.ui.widgets.tips import plain_tip

Row = RunInfo | BrokenRun
Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole
COLUMNS = (tr("Run"), tr("Design"), tr("Best"), tr("Epochs"), tr("State"), tr("Made"), tr("Settings"))
RUN, DESIGN, BEST, EPOCHS, STATE, MADE, SETTINGS = range(len(COLUMNS))
_RIGHT = (BEST, EPOCHS)

_STATE_WORDS = {
    RunState.NEW: tr("not started"),
    RunState.RUNNING: tr("running"),
    RunState.PAUSED: tr("paused"),
    RunState.FINISHED: tr("finished"),
    RunState.STOPPED: tr("stopped"),
    RunState.FAILED: tr("failed"),
    RunState.CRASHED: tr("interrupted"),
}
_STATE_INK = {
    RunState.RUNNING: "accent",
    RunState.PAUSED: "warn",
    RunState.FINISHED: "good",
    RunState.FAILED: "bad",
    RunState.CRASHED: "warn",
}


def made_words(created: datetime, now: datetime) -> str:
    """When, as short as can be: "14:32" today, "3 Nov" this year, "3 Nov 2025" before."""
    here, today = created.astimezone(), now.astimezone()
    if here.date() == today.date():
        return f"{here:%H:%M}"
    words = f"{here.day} {here:%b}"
    return words if here.year == today.year else f"{words} {here.year}"


class RunsModel(Headed, QAbstractTableModel):
    """Rows of runs."""

    def __init__(self, theme: ThemeManager, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[Row] = []
        self._titles: list[str] = []
        self._waiting: frozenset[Path] = frozenset()
        self._pictures: dict[Path, QPixmap] = {}
        self._picture = QSize()
        self._ratio = 1.0
        theme.changed.connect(self._pictures.clear)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these runs."""
        self.beginResetModel()
        self._rows = list(rows)
        self._titles = [_title(row) for row in rows]
        self.endResetModel()

    def show_waiting(self, waiting: frozenset[Path]) -> None:
        """Say of these runs that they wait in the queue."""
        if waiting != self._waiting:
            self._waiting = waiting
            if self._rows:
                self.dataChanged.emit(self.index(0, STATE), self.index(len(self._rows) - 1, STATE))

    def show_pictures(self, size: QSize, ratio: float) -> None:
        """Show each drawing in little, so large; an empty size shows none. `ratio` is the screen's."""
        if (size, ratio) != (self._picture, self._ratio):
            self._picture, self._ratio = size, ratio
            self._pictures.clear()
            if self._rows:
                self.dataChanged.emit(self.index(0, DESIGN), self.index(len(self._rows) - 1, DESIGN))

    def _picture_of(self, row: Row) -> QPixmap | None:
        if isinstance(row, BrokenRun) or self._picture.isEmpty():
            return None
        # When it is first seen: a list may be long.
        if row.run.path not in self._pictures:
            self._pictures[row.run.path] = thumbnail(
                analyse(row.drawing), self._picture, self._ratio, self._theme.theme
            )
        return self._pictures[row.run.path]

    def waits(self, run: RunFolder) -> bool:
        """Whether a run waits for its turn in the queue."""
        return run.path in self._waiting

    def row(self, index: Index) -> Row:
        """The run of an index."""
        return self._rows[index.row()]

    def searched(self, number: int) -> str:
        """Everything by which somebody may look for a row, in lower case."""
        row = self._rows[number]
        words = [self._words(number, column) for column in range(len(COLUMNS))] + [row.run.name]
        if isinstance(row, RunInfo):
            words += [run_title(row.run), KNOWN[row.spec.data].title, row.label.note, *row.label.tags]
        return " ".join(words).casefold()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default, a value without state
        """As many as there are runs."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  as above
        """What is told of each."""
        return 0 if parent.isValid() else len(COLUMNS)

    def heading(self, column: int) -> Heading:
        """A column's title."""
        return Heading(COLUMNS[column], column in _RIGHT, largest_first=column in (BEST, EPOCHS, MADE))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, sort keys, tooltips and inks."""
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(index.row(), column)
        if role == SORT_ROLE:
            return _key(row, column, self._words(index.row(), column))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(number=column in _RIGHT)
        if role == Qt.ItemDataRole.DecorationRole and column == DESIGN:
            return self._picture_of(row)
        if role == Qt.ItemDataRole.ForegroundRole:
            return color(getattr(self._theme.theme, _ink(row, column)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(_tip(row))
        return None

    def _words(self, number: int, column: int) -> str:
        row = self._rows[number]
        if isinstance(row, BrokenRun):
            return {RUN: self._titles[number], DESIGN: row.fault.what, STATE: tr("unreadable")}.get(
                column, ""
            )
        words = {
            RUN: lambda: self._titles[number],
            DESIGN: lambda: row.design,
            BEST: lambda: percent(row.best_accuracy),
            EPOCHS: lambda: f"{row.epochs_done}/{row.spec.epochs}",
            STATE: lambda: tr("queued") if self._is_queued(row) else _STATE_WORDS[row.state],
            SETTINGS: lambda: _settings(row),
            MADE: lambda: made_words(row.created, datetime.now().astimezone()),
        }
        return words[column]()

    def _is_queued(self, row: RunInfo) -> bool:
        return row.state is RunState.NEW and self.waits(row.run)


def _title(row: Row) -> str:
    """What people gave it, or what the program calls it; then its tags."""
    if isinstance(row, BrokenRun):
        return row.run.name
    tags = "".join(f"  #{tag}" for tag in row.label.tags)
    return (row.label.name or run_title(row.run)) + tags


def _settings(row: RunInfo) -> str:
    """Data and settings; the recipe that is called as the data says it once."""
    data, words = KNOWN[row.spec.data].title, spec_words(row.spec)
    return words if words.startswith(f"{data} · ") else f"{data} · {words}"


def _tip(row: Row) -> str:
    if isinstance(row, BrokenRun):
        return str(row.fault)
    parts = (run_title(row.run), spec_words(row.spec), row.said, row.label.note, row.label_fault)
    return "\n".join(part for part in (*parts, str(row.run.path)) if part)


def _key(row: Row, column: int, words: str) -> Any:
    if isinstance(row, RunInfo):
        if column in (RUN, MADE):
            return row.created.timestamp()
        if column == BEST:
            return -1.0 if row.best_accuracy is None else row.best_accuracy
        if column == EPOCHS:
            return float(row.epochs_done)
    return words if column in (DESIGN, STATE, SETTINGS) else -2.0


def _ink(row: Row, column: int) -> str:
    if isinstance(row, BrokenRun):
        return "bad" if column == STATE else "text_faint"
    if column == STATE:
        return _STATE_INK.get(row.state, "text_soft")
    return "text" if column in (RUN, BEST) else "text_soft"

"""Ctrl+K: every action and preset, found by typing. Knows actions, and nothing of what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
)
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.presets import PRESETS
from resnet_studio.language import tr
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.theme import font, px

_SIZE = (520, 420)
_ROW = 30


class Desk(Protocol):
    """What it wants of the window besides the actions."""

    @property
    def in_editor(self) -> bool: ...
    def new_preset(self, name: str) -> object: ...
    def compare_preset(self, name: str) -> object: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: words, what stands at the right, what it does, whether it can be done now."""

    words: str
    note: str
    act: Callable[[], object]
    enabled: bool = True


def entries(actions: Actions, desk: Desk) -> list[Entry]:
    """Every action, then every preset: to begin with, and to lay beside what is drawn."""
    found = [_of_action(action) for action in actions.all() if action.objectName() != "actionFind"]
    begin, beside = tr("preset"), tr("comparison")
    for name, entry in PRESETS.items():
        found.append(Entry(tr("New {title}", title=entry.title), begin, partial(desk.new_preset, name)))
    for name, entry in PRESETS.items():
        words, act = tr("Compare with {title}", title=entry.title), partial(desk.compare_preset, name)
        found.append(Entry(words, beside, act, desk.in_editor))
    return found


def _of_action(action: QAction) -> Entry:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return Entry(action.text().replace("&", ""), keys, action.trigger, action.isEnabled())


def matches(query: str, words: str) -> int:
    """How well `words` fit what was typed; 0: not at all. Every typed word must stand in them, word starts count more."""
    text = words.lower()
    score = 1
    for part in query.lower().split():
        at = text.find(part)
        if at < 0:
            return 0
        score += 3 if at == 0 else 2 if not text[at - 1].isalnum() else 1
    return score


class _Line(QStyledItemDelegate):
    """Paints an entry. With widgets in each row the list would stay behind whoever types."""

    def __init__(self, soft: QLabel) -> None:
        super().__init__(soft)
        self._soft = soft

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)  # the row's ground: to Qt the item has no words
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        box = option.rect.adjusted(10, 0, -10, 0)
        middle, colors = Qt.AlignmentFlag.AlignVCenter, QApplication.palette()
        group = QPalette.ColorGroup.Normal if entry.enabled else QPalette.ColorGroup.Disabled
        painter.setFont(font())
        painter.setPen(self._soft.palette().color(self._soft.foregroundRole()))
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, entry.note)
        room = box.width() - painter.fontMetrics().horizontalAdvance(f"{entry.note}  ")
        words = painter.fontMetrics().elidedText(entry.words, Qt.TextElideMode.ElideRight, room)
        painter.setPen(colors.color(group, QPalette.ColorRole.Text))
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignLeft, words)


class CommandPalette(QFrame):
    """A popup with a field and a list; Return does it, Escape closes."""

    def __init__(self, actions: Actions, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("commandPalette")
        self.setAccessibleName(tr("Find a command"))
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._entries = entries(actions, desk)
        self._room = _SIZE[1]
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        self.field = QLineEdit(self)
        self.field.setObjectName("commandField")
        self.field.setAccessibleName(tr("Type a command or a preset"))
        self.field.setPlaceholderText(self.field.accessibleName())
        self.list = QListWidget(self)
        self.list.setObjectName("commandList")
        self.list.setAccessibleName(tr("Commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.field)
        self.nothing = QLabel(self.list)
        self.nothing.setObjectName("commandNothing")
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)
        self.nothing.setProperty("role", "soft")
        self.nothing.setGeometry(10, 0, _SIZE[0] - 40, _ROW)
        self.list.setItemDelegate(_Line(self.nothing))
        column.addWidget(self.list)
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._do)
        self._filter("")

    def open_over(self, window: QWidget) -> None:
        """Open near the top of a window."""
        width, height = min(_SIZE[0], window.width() - 40), min(_SIZE[1], window.height() - 120)
        self._room = height
        self.resize(width, height)
        self.move(window.mapToGlobal(QPoint((window.width() - width) // 2, 72)))
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _filter(self, query: str) -> None:
        self.list.clear()
        scored = [(matches(query, entry.words), entry) for entry in self._entries]
        # sorted() is stable: equals keep the menus' order, and what cannot be done now comes last.
        for _, entry in sorted(
            (pair for pair in scored if pair[0]), key=lambda pair: (not pair[1].enabled, -pair[0])
        ):
            self._add(entry)
        self.list.setCurrentRow(0)
        shown = query if len(query) <= 40 else f"{query[:40]}…"
        none = tr("No command or preset is called “{name}”.", name=shown)
        self.nothing.setText("" if self.list.count() else none)
        self._shrink()

    def _shrink(self) -> None:
        """As high as what was found; an empty box would hide the drawing for nothing."""
        margins = self.height() - self.list.height() if self.isVisible() else 0
        if margins:
            rows = max(1, self.list.count()) * px(_ROW) + 2 * self.list.frameWidth() + 4
            self.resize(self.width(), min(self._room, margins + rows))

    def _add(self, entry: Entry) -> None:
        item = QListWidgetItem(self.list)
        item.setData(Qt.ItemDataRole.UserRole, entry)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.words} {entry.note}".strip())
        item.setSizeHint(QSize(0, px(_ROW)))

    def _do(self, item: QListWidgetItem) -> None:
        entry = item.data(Qt.ItemDataRole.UserRole)
        if entry.enabled:
            self.close()
            entry.act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                row = max(0, min(self.list.count() - 1, self.list.currentRow() + step))
                self.list.setCurrentRow(row)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.currentItem() is not None:
                self._do(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

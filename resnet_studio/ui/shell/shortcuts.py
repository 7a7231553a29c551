"""The list of all shortcuts, made from the menus themselves and grouped as they are. Knows nothing of what they do."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QMenuBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.language import tr
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.sizing import opened_at
from resnet_studio.ui.widgets.wrapped import WrappedLabel

# In the menu these say what they would take back, which is not what the key is for.
_PLAIN = {"actionUndo": tr("Undo"), "actionRedo": tr("Redo")}
# Keys that are no action's: the canvas and the fields take them themselves.
_OF_CANVAS = (
    (tr("Arrow keys, Home, End"), tr("Walk from card to card; with Shift select on the way")),
    (tr("Alt+arrow keys"), tr("Move the selected blocks")),
    (tr("Enter"), tr("Edit the selection's properties; open or fold a run")),
    (tr("Space"), tr("Open or fold a run; held, drag the canvas")),
    (tr("R"), tr("Do the repair of the card's problem")),
    (tr("F"), tr("Fit the drawing")),
    (tr("Escape"), tr("Give up a gesture, or unselect")),
)
_OF_FIELDS = (
    (tr("Up, Down"), tr("Step the value")),
    (tr("Page Up, Page Down"), tr("Double or halve it")),
    (tr("Enter"), tr("Take what was typed; 64*4 is reckoned out")),
    (tr("Escape"), tr("Give up what was typed")),
)


def show_shortcuts(actions: Actions, window: QMainWindow) -> QDialog:
    """Show them; the dialog blocks nothing."""
    dialog = ShortcutList(groups(actions, window.menuBar()), window)
    dialog.open()
    return dialog


def groups(actions: Actions, bar: QMenuBar) -> list[tuple[str, list[tuple[str, str]]]]:
    """(menu, [(keys, words)]) in the menus' order; what stands in no menu comes behind."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    listed: set[QAction] = set()
    for entry in bar.actions():
        menu = entry.menu()
        acts = list(_keyed(menu)) if isinstance(menu, QMenu) else []
        listed.update(acts)
        if acts:
            found.append((entry.text().replace("&", ""), [_entry(action) for action in acts]))
    rest = [action for action in actions.all() if action not in listed and not action.shortcut().isEmpty()]
    if rest:
        found.append((tr("Elsewhere"), [_entry(action) for action in rest]))
    return [*found, (tr("Canvas"), list(_OF_CANVAS)), (tr("Number fields"), list(_OF_FIELDS))]


def _keyed(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _keyed(inner)
        elif not action.shortcut().isEmpty():
            yield action


def _entry(action: QAction) -> tuple[str, str]:
    text = _PLAIN.get(action.objectName(), action.text())
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return keys, text.replace("&", "").rstrip("…")


class ShortcutList(QDialog):
    """A field to look for, and the shortcuts in groups."""

    def __init__(self, found: list[tuple[str, list[tuple[str, str]]]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts")
        self.setAccessibleName(tr("Keyboard shortcuts"))
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened_at(self, 520, 600)
        self._groups: list[tuple[QLabel, list[tuple[QLabel, WrappedLabel, str]]]] = []
        self.field = QLineEdit(self)
        self.field.setObjectName("shortcutsFind")
        self.field.setAccessibleName(tr("Find a shortcut"))
        self.field.setPlaceholderText(tr("Find a key or a command…"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self.look_for)
        self._nothing = QLabel(tr("No shortcut has these words."), self)
        self._nothing.setProperty("role", "soft")
        self._nothing.hide()
        close = QPushButton(tr("&Close"), self)
        close.setObjectName("shortcutsClose")
        close.setAccessibleName(tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(self.field)
        column.addWidget(self._nothing)
        column.addWidget(self._list(found), 1)
        column.addLayout(row)
        self.field.setFocus()

    def _list(self, found: list[tuple[str, list[tuple[str, str]]]]) -> QScrollArea:
        body = QWidget(self)
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 4, 8, 4)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        for title, entries in found:
            heading = QLabel(title.upper(), body)
            heading.setProperty("role", "heading")
            heading.setContentsMargins(0, 10, 0, 2)
            grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
            rows = []
            for keys, words in entries:
                row = grid.rowCount()
                pressed, meant = QLabel(keys, body), WrappedLabel(words, body)
                pressed.setProperty("role", "strong")
                grid.addWidget(pressed, row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(meant, row, 1)
                rows.append((pressed, meant, f"{title} {keys} {words}".lower()))
            self._groups.append((heading, rows))
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        scroll = QScrollArea(self)
        scroll.setObjectName("shortcutsScroll")
        scroll.setAccessibleName(tr("Shortcuts"))
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        return scroll

    def look_for(self, text: str) -> None:
        """Show only what has all of these words, in its keys, its name or its menu's."""
        wanted = text.lower().split()
        some = False
        for heading, rows in self._groups:
            hits = [all(word in told for word in wanted) for _, _, told in rows]
            for (keys, words, _), hit in zip(rows, hits, strict=True):
                keys.setVisible(hit)
                words.setVisible(hit)
            heading.setVisible(any(hits))
            some = some or any(hits)
        self._nothing.setHidden(some)

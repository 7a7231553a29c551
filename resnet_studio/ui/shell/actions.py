"""Every action of the window: words, shortcut, what it does. Menus, toolbar and command palette show these same objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.ui.theme import TEXT_SIZES

_EVERYWHERE = frozenset(
    (
        "tour",
        "new",
        "newEmpty",
        "open",
        "quit",
        "newWindow",
        "closeWindow",
        "nextWindow",
        "previousWindow",
        "find",
        "shortcuts",
        "verifyFigures",
        "explainNumbers",
        "newFromFamily",
        "about",
        "copyReport",
        "themeSystem",
        "themeLight",
        "themeDark",
        "textLarger",
        "textSmaller",
        *(f"text{size}" for size in TEXT_SIZES),
    )
)
_EVERYWHERE_TOO = "example_"
Keys = QKeySequence.StandardKey | str | None


class Actions(QObject):
    """The actions by name; `add` makes one.

    Signals:
        refused(StudioError): why an action was not done; nothing is another than before.
        told(str): what an action has to say about what it did.
    """

    refused = Signal(StudioError)
    told = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._all: dict[str, QAction] = {}
        self._usable: dict[str, bool] = {}
        self._show: Callable[[], None] = lambda: None

    def follow(self, show: Callable[[], None]) -> None:
        """`show` puts the checks where they belong."""
        self._show = show

    def show_state(self) -> None:
        """Show which choices are in force now."""
        self._show()

    def __getitem__(self, name: str) -> QAction:
        return self._all[name]

    def of_editor(self) -> list[str]:
        """Those that need a drawing on the screen."""
        return [
            name for name in self._all if name not in _EVERYWHERE and not name.startswith(_EVERYWHERE_TOO)
        ]

    def allow(self, usable: Mapping[str, bool]) -> None:
        """Grey those that cannot be done, and no others: asking Qt for all of them at every edit is felt."""
        for name, on in usable.items():
            if self._usable.get(name) != on:
                self._usable[name] = on
                self._all[name].setEnabled(on)

    def all(self) -> list[QAction]:
        """Every action, in the order in which they were made."""
        return list(self._all.values())

    def add(
        self,
        name: str,
        words: str,
        act: Callable[[], object],
        keys: Keys = None,
        *,
        tip: str = "",
        checkable: bool = False,
    ) -> QAction:
        """One more action; `words` is the menu's text, with & before its letter."""
        action = QAction(words, self._window)
        plain = words.replace("&", "")
        action.setObjectName(f"action{name[0].upper()}{name[1:]}")
        action.setCheckable(checkable)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        about = tip or plain.rstrip("…")
        action.setToolTip(f"{about} ({shortcut})" if shortcut else about)
        action.triggered.connect(lambda: self._run(act))
        self._window.addAction(action)
        self._all[name] = action
        return action

    def _run(self, act: Callable[[], object]) -> None:
        try:
            said = act()
        except StudioError as error:
            self.refused.emit(error)
        else:
            if isinstance(said, str):
                self.told.emit(said)

"""Every action of the window: words, shortcut, icon, what it does. Menus, toolbar and command palette show these same objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.ui.icons import icon
from resnet_studio.ui.style import derived
from resnet_studio.ui.theme import ThemeManager

_EVERYWHERE = frozenset(
    ("new", "newEmpty", "open", "quit", "find", "shortcuts", "about", "themeSystem", "themeLight", "themeDark")
)
Keys = QKeySequence.StandardKey | str | None


@dataclass(frozen=True, slots=True)
class _Look:
    icon: str
    token: str


class Actions(QObject):
    """The actions by name; `add` makes one.

    Signals:
        failed(StudioError): an action could not do its work.
    """

    failed = Signal(StudioError)

    def __init__(self, window: QWidget, theme: ThemeManager) -> None:
        super().__init__(window)
        self._window, self._theme = window, theme
        self._all: dict[str, QAction] = {}
        self._looks: dict[str, _Look] = {}
        theme.changed.connect(self._color)

    def __getitem__(self, name: str) -> QAction:
        return self._all[name]

    def of_editor(self) -> list[str]:
        """Those that need a drawing on the screen."""
        return [name for name in self._all if name not in _EVERYWHERE]

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
        picture: str = "",
        token: str = "text_soft",
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
        if picture:
            self._looks[name] = _Look(picture, token)
            self._color_one(name)
        return action

    def _run(self, act: Callable[[], object]) -> None:
        try:
            act()
        except StudioError as error:
            self.failed.emit(error)

    def _color(self) -> None:
        for name in self._looks:
            self._color_one(name)

    def _color_one(self, name: str) -> None:
        theme, look = self._theme.theme, self._looks[name]
        ink = getattr(theme, look.token)
        self._all[name].setIcon(icon(look.icon, ink, disabled=derived(theme)["disabled"]))

"""The windows of one process: what they share, which of them holds a file, how they end together. Knows no view."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt

from resnet_studio.ui.engine_client import EngineClient
from resnet_studio.ui.shell.settings import Settings
from resnet_studio.ui.theme import ThemeManager

if TYPE_CHECKING:
    from resnet_studio.ui.shell.files import FileKeeper
    from resnet_studio.ui.shell.main_window import MainWindow

_STEP = QPoint(36, 36)


class Windows(QObject):
    """Everything that the windows share hangs on one of them that is open, and goes with the last."""

    def __init__(self, settings: Settings, theme: ThemeManager, engine: EngineClient) -> None:
        super().__init__()
        self.settings, self.theme, self.engine = settings, theme, engine
        self._open: list[MainWindow] = []
        self._last: MainWindow | None = None
        engine.setParent(self)

    @property
    def open(self) -> Sequence[MainWindow]:
        """Those that are open, in the order in which they were opened."""
        return tuple(self._open)

    @property
    def last(self) -> MainWindow | None:
        """The one that was closed last, when none is open any more; whoever runs the program takes it apart."""
        return self._last

    @property
    def front(self) -> MainWindow | None:
        """The one that has the keyboard, else the newest."""
        active = next((window for window in self._open if window.isActiveWindow()), None)
        return active or (self._open[-1] if self._open else None)

    # --- coming and going ---------------------------------------------------------------------------------------------

    def add(self, window: MainWindow) -> None:
        """A window is made."""
        self._open.append(window)
        if len(self._open) == 1:
            self._hang_on(window)

    def open_beside(self, window: MainWindow) -> MainWindow:
        """Another window like this one, a little lower; nothing is drawn in it yet."""
        window.keep_look()
        made = type(window)(self.settings, self.theme, windows=self)
        if window.isMaximized() or window.isFullScreen():
            made.resize(window.normalGeometry().size())
        else:
            made.resize(window.size())
            made.move(_inside(window.pos() + _STEP, made))
        made.show()
        made.begin()
        made.bring_forward()
        return made

    def remove(self, window: MainWindow) -> None:
        """A window has closed: the last one ends the engine, any other is taken apart."""
        if window not in self._open:
            return
        self._open.remove(window)
        if self._open:
            self._hang_on(self._open[0])
            window.deleteLater()
        else:
            self._last = window

    def _hang_on(self, window: MainWindow) -> None:
        self.setParent(window)
        self.theme.setParent(window)

    # --- all of them --------------------------------------------------------------------------------------------------

    def next_to(self, window: MainWindow, step: int) -> MainWindow:
        """The window that many places behind this one, in a circle."""
        return self._open[(self._open.index(window) + step) % len(self._open)]

    def quit(self) -> bool:
        """Close all; each is asked in turn, the front one first, and when one stays, all stay."""
        front = self.front
        for window in sorted(self._open, key=lambda each: each is not front):
            if len(self._open) > 1 and not window.leaving.is_free:
                window.bring_forward()
            if not window.leaving.agree():
                for each in self._open:
                    each.leaving.stay()
                return False
        for window in self.open:
            window.close()
        return True

    def end_now(self) -> None:
        """The system ends the program: nobody is asked, and every unsaved drawing is offered at the next start."""
        for window in self.open:
            window.end_now()

    # --- files --------------------------------------------------------------------------------------------------------

    def holding(self, path: Path, *, besides: MainWindow) -> MainWindow | None:
        """The other window whose drawing is this file's."""
        held = [(window, window.document.path) for window in self._open if window is not besides]
        return next((window for window, other in held if other is not None and _same(other, path)), None)


class Beside:
    """What one window's files may want of the other windows."""

    def __init__(self, windows: Windows, window: MainWindow) -> None:
        self._windows, self._window = windows, window

    def bring(self, path: Path) -> bool:
        """Bring the other window that has this file open to the front; False when there is none."""
        other = self._windows.holding(path, besides=self._window)
        if other is not None:
            other.show_editor()
            other.bring_forward()
        return other is not None

    def has(self, path: Path) -> bool:
        """Whether another window has this file open."""
        return self._windows.holding(path, besides=self._window) is not None

    def files(self) -> FileKeeper:
        """Those of a new window."""
        return self._windows.open_beside(self._window).files


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.absolute() == other.absolute()


def _inside(place: QPoint, window: MainWindow) -> QPoint:
    """A place at which the title bar of a window can be reached."""
    room = window.screen().availableGeometry()
    fits = place.x() + window.width() <= room.right() and place.y() + window.height() <= room.bottom()
    return place if fits else room.topLeft()


def bring_forward(window: MainWindow) -> None:
    """To the front, with the keyboard."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()

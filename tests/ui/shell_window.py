"""A whole window for tests: with a home of its own, a fake engine, and answers given beforehand to what it asks."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.ui.app import make_application
from resnet_studio.ui.engine_client import EngineClient
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.shell.settings import Settings
from resnet_studio.ui.style import dress
from resnet_studio.ui.theme import ThemeChoice, ThemeManager

FAKE = [sys.executable, str(Path(__file__).with_name("fake_engine.py"))]


@contextmanager
def shown_window(
    choice: ThemeChoice = ThemeChoice.LIGHT, *, size: tuple[int, int] = (1280, 800)
) -> Iterator[MainWindow]:
    """A shown window that is closed without questions, with all that were opened from it; its engine starts with `wake`."""
    settings = Settings()
    theme = ThemeManager(choice)
    app = make_application()
    dress(app, theme)
    window = MainWindow(settings, theme, EngineClient(FAKE, back_off_ms=1))
    windows = window.windows
    window.resize(*size)
    window.show()
    try:
        yield window
    finally:
        for each in windows.open:
            each.document.undo_stack.setClean()
            each.close()
        if windows.last is not None:
            windows.last.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        app.setStyleSheet("")


@contextmanager
def active_window(qtbot: QtBot, drawing: str | None = None) -> Iterator[MainWindow]:
    """A shown window that has the keyboard, with the editor on this preset, or the start page."""
    with shown_window() as window:
        if drawing is not None:
            window.document.load(preset(drawing))
            window.show_editor()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        yield window


def press(
    window: MainWindow, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """A key as the window system sends it: to whoever has the keyboard, shortcuts of the menus first."""
    QTest.keyClick(window.windowHandle(), key, keys)

"""A whole window for tests: with a home of its own, a fake engine, and answers given beforehand to what it asks."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent

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

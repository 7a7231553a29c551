"""Starts the window: application, theme, settings, main window; whatever takes time waits until it has been painted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QThreadPool, QTimer
from PySide6.QtWidgets import QApplication

from resnet_studio.language import spoken
from resnet_studio.ui.shell.bugs import BugCatcher
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.shell.settings import Settings
from resnet_studio.ui.shell.windows import Windows
from resnet_studio.ui.style import STYLE, STYLED, dress
from resnet_studio.ui.theme import ThemeManager


def make_application() -> QApplication:
    """The one application object, named, so that the desktop knows it."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        # Said here and not by setStyle(), whose answer makes Python build every constant of QStyle: a tenth of the start.
        app = QApplication([sys.argv[0] if sys.argv else "resnet-studio", "-style", STYLE])
        app.setProperty(STYLED, True)
    app.setApplicationName("ResNet Studio")
    app.setApplicationDisplayName("")
    app.setDesktopFileName("resnet-studio")
    if spoken():
        _translate_qt(app)
    return app


def _translate_qt(app: QApplication) -> None:
    """Let Qt's own words, as on the buttons of its dialogs, be in the language that is spoken, where Qt has it."""
    from PySide6.QtCore import QLibraryInfo, QTranslator

    if app.findChild(QTranslator) is None:
        translator = QTranslator(app)
        if translator.load(
            f"qtbase_{spoken()}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        ):
            app.installTranslator(translator)


def make_window() -> MainWindow:
    """A window in the user's theme; nothing is running yet."""
    settings = Settings()
    theme = ThemeManager(settings.theme, text=settings.text)
    app = make_application()
    dress(app, theme)
    return MainWindow(settings, theme)


def _listen_to_signals(windows: Windows) -> Callable[[], None]:
    """End the windows in order when the system says so; returns what undoes it."""
    from resnet_studio.ui.shell.signals import EndSignals, supported

    if not supported():
        return lambda: None
    ends = EndSignals(windows)
    ends.asked.connect(windows.end_now)
    ends.install()
    return ends.remove


def main(file: Path | None = None) -> int:
    """Show the window, with a design file if one is given, until it and all that were opened from it are closed.

    Returns:
        The process's exit code.
    """
    app = make_application()
    window = make_window()
    windows = window.windows
    bugs = BugCatcher(windows)
    bugs.install()
    remove_signals: list[Callable[[], None]] = []
    window.await_file(file)
    window.show()

    def go_on() -> None:
        remove_signals.append(_listen_to_signals(windows))
        if file is not None:
            window.open_first(file)
        window.wake()

    # After the first paint: zero timers come when the window system's events have been dealt with.
    QTimer.singleShot(0, window, lambda: QTimer.singleShot(0, window, go_on))
    code = app.exec()
    # What threads still do for a window (a change of the queue, a look at the runs) ends before what it reports to goes.
    QThreadPool.globalInstance().waitForDone()
    bugs.remove()
    for remove in remove_signals:
        remove()
    if windows.last is not None:
        windows.last.deleteLater()
    return code

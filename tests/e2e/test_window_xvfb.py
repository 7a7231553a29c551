"""The window on a real screen, with real mouse and key events."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.ui.shell.command_palette import CommandPalette
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.theme import ThemeChoice
from tests.ui.shell_window import shown_window

pytestmark = pytest.mark.xvfb


@pytest.fixture(params=[ThemeChoice.LIGHT, ThemeChoice.DARK])
def window(
    request: pytest.FixtureRequest, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    with shown_window(request.param) as shown:
        assert QTest.qWaitForWindowExposed(shown)
        shown.activateWindow()  # a screen without a window manager gives the keys to nobody by itself
        assert QTest.qWaitForWindowActive(shown)
        yield shown


def child(window: QWidget, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert isinstance(found, QWidget), name
    return found


def click(window: MainWindow, widget: QWidget) -> None:
    """A press and a release that come through the window system's window, as a user's do."""
    place = widget.mapTo(window, widget.rect().center())
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def colors(window: QWidget, widget: QWidget) -> int:
    """How many colours stand where a widget is."""
    image = window.grab().toImage()
    corner = widget.mapTo(window, QPoint(0, 0))
    places = [(x, y) for x in range(0, widget.width(), 7) for y in range(0, widget.height(), 7)]
    return len({image.pixel(corner.x() + x, corner.y() + y) for x, y in places})


def test_a_click_on_a_card_opens_it_and_everything_is_painted(qtbot: QtBot, window: MainWindow) -> None:
    card = child(window, "preset_resnet50")
    qtbot.waitUntil(lambda: colors(window, card) > 3)
    click(window, card)
    qtbot.waitUntil(lambda: window.in_editor)
    assert window.document.design.name == "ResNet-50"
    for name in ("canvas", "palette", "inspector", "totals"):
        qtbot.waitUntil(lambda name=name: colors(window, child(window, name)) > 3, timeout=10_000)


def test_undo_by_key_and_by_button(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("resnet18")
    window.document.select(["s1b1"])
    handle = window.windowHandle()
    QTest.keyClick(handle, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: window.document.design.find("s1b1") is None)
    QTest.keyClick(handle, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.document.design.find("s1b1") is not None)
    click(window, child(window, "redoButton"))
    qtbot.waitUntil(lambda: window.document.design.find("s1b1") is None)


def test_the_command_palette_opens_by_key_and_does_what_is_typed(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("resnet18")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.findChild(CommandPalette) is not None)
    palette = window.findChild(CommandPalette)
    assert isinstance(palette, CommandPalette)
    for letter in "dark theme":
        QTest.keyClick(palette.windowHandle(), letter)
    qtbot.waitUntil(lambda: palette.list.count() == 1)
    QTest.keyClick(palette.windowHandle(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.theme.theme.dark)


def test_a_dock_floats_by_its_button_and_the_reset_brings_it_back(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("resnet18")
    dock = window.editor.inspector_dock
    click(window, child(window, "inspectorDockFloat"))
    qtbot.waitUntil(dock.isFloating)
    window.acts["resetLayout"].trigger()
    qtbot.waitUntil(lambda: not dock.isFloating() and dock.isVisible())

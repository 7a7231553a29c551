"""The whole job without a mouse, on a real screen with the real engine: begin, insert, edit, train, stop, export."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.runs.events import Stopped
from resnet_studio.ui.app import make_application
from resnet_studio.ui.shell.cards import PresetCard
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.shell.settings import Settings
from resnet_studio.ui.style import dress
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.widgets.number import NumberField

pytestmark = pytest.mark.xvfb
PATIENCE = 300_000
Key, NONE = Qt.Key, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    theme, app = ThemeManager(ThemeChoice.LIGHT), make_application()
    dress(app, theme)
    shown = MainWindow(Settings(), theme)
    shown.resize(1280, 800)
    shown.show()
    assert QTest.qWaitForWindowExposed(shown)
    shown.activateWindow()
    assert QTest.qWaitForWindowActive(shown)
    shown.wake()
    yield shown
    shown.document.undo_stack.setClean()
    shown.close()
    shown.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    app.setStyleSheet("")


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None, "the keyboard stands nowhere"
    return found


def press(key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(focused().window().windowHandle(), key, held)


def write(text: str) -> None:
    for letter in text:
        QTest.keyClick(focused().window().windowHandle(), letter)


def walk_to(wanted: Callable[[QWidget], bool]) -> QWidget:
    """Press Tab until the keyboard stands where it is wanted."""
    for _ in range(80):
        if wanted(focused()):
            return focused()
        press(Key.Key_Tab)
    raise AssertionError(f"Tab never comes there; it stands at {focused().objectName()}")


def test_the_whole_job_with_the_keyboard_alone(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    def until(holds: Callable[[], bool]) -> None:
        qtbot.waitUntil(holds, timeout=PATIENCE)

    # From a preset.
    card = walk_to(lambda widget: isinstance(widget, PresetCard))
    assert isinstance(card, PresetCard)
    assert card.preset.name == "digits_starter"
    press(Key.Key_Return)
    until(lambda: window.in_editor and focused() is window.editor.canvas)
    document = window.document
    blocks = len(document.design.stages[0].blocks)

    # Insert a block behind the one on which the keyboard stands, by the list of commands.
    press(Key.Key_Home)
    until(lambda: bool(document.selection))
    while not document.selected_blocks:
        press(Key.Key_Right)
    press(Key.Key_K, CTRL)
    until(lambda: focused().window() is not window)
    write("insert residual")
    press(Key.Key_Return)
    until(lambda: len(document.design.stages[0].blocks) == blocks + 1)
    until(lambda: focused().window() is window)

    # Edit a field of it.
    until(lambda: focused() is window.editor.canvas)
    press(Key.Key_Return)
    field = walk_to(
        lambda widget: isinstance(widget, NumberField) and "nner width" in widget.accessibleName()
    )
    assert isinstance(field, NumberField)
    press(Key.Key_A, CTRL)
    write("8*3")
    press(Key.Key_Return)
    (chosen,) = document.selected_blocks
    until(lambda: (block := document.design.block(chosen)) is not None and block.spec.width == 24)
    assert document.plan.problems == ()

    # Train, and stop.
    press(Key.Key_4, CTRL)
    panel = window.show_tab("trainPanel")
    until(lambda: window.acts["train"].isEnabled() and bool(panel.can_train))  # type: ignore[attr-defined]
    walk_to(lambda widget: "pochs" in widget.accessibleName())
    press(Key.Key_A, CTRL)
    write("400")
    press(Key.Key_Return)
    assert panel.setup.form.spec().epochs == 400  # type: ignore[attr-defined]
    press(Key.Key_F5)
    until(lambda: len(panel.runner.history.epochs) >= 1)  # type: ignore[attr-defined]
    press(Key.Key_F5, SHIFT)
    until(lambda: panel.runner.outcome is not None)  # type: ignore[attr-defined]
    assert isinstance(panel.runner.history.ending, Stopped)  # type: ignore[attr-defined]

    # Export, and close what says that it was done.
    target = tmp_path / "out.pt"
    press(Key.Key_E, CTRL)
    until(lambda: focused().window().objectName() == "exportDialog")
    dialog = focused().window()
    walk_to(lambda widget: widget is dialog.path_line)  # type: ignore[attr-defined]
    press(Key.Key_A, CTRL)
    write(str(target))
    walk_to(lambda widget: widget is dialog.export_button)  # type: ignore[attr-defined]
    press(Key.Key_Space)
    until(lambda: dialog.findChild(QWidget, "exportReceipt") is not None)
    until(lambda: focused() is dialog.export_button)  # type: ignore[attr-defined]
    press(Key.Key_Return)
    until(lambda: focused().window() is window)
    assert target.stat().st_size > 10_000  # that it loads, the tests of exporting prove

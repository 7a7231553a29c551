"""The panels in the whole window with real focus: keys that the menus own too go where the person is."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import ShortcutKind
from resnet_studio.ui.diagram import DiagramView
from resnet_studio.ui.engine_client import EngineClient
from resnet_studio.ui.problems import ProblemsView
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.table import LayerTable
from resnet_studio.ui.table.tree import LayerTree
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.number import NumberField
from tests.ui.shell_window import active_window, press

pytestmark = pytest.mark.xvfb
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with active_window(qtbot, "resnet50") as made:
        yield made


def focused(qtbot: QtBot, widget: QWidget) -> None:
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)


def test_undo_in_a_field_undoes_the_drawing(qtbot: QtBot, window: MainWindow) -> None:
    document = window.document
    document.select(["s2b2"])
    field = next(w for w in window.findChildren(NumberField, "inspectorChannels") if w.isVisible())
    focused(qtbot, field)
    press(window, Qt.Key.Key_A, CTRL)
    for letter in "256":
        QTest.keyClick(window.windowHandle(), letter)
    assert document.design.block("s2b2").spec.channels == 256
    assert document.selection == ("s2b2",), "Ctrl+A in a field selects its text"
    press(window, Qt.Key.Key_Z, CTRL)
    assert document.design == preset("resnet50")
    assert field.text() == "512"
    assert field.hasFocus()


def test_a_value_is_nudged_by_wheel_and_arrows_and_a_formula_is_typed(
    qtbot: QtBot, window: MainWindow
) -> None:
    document = window.document
    document.select(["s2b2"])
    field = next(w for w in window.findChildren(NumberField, "inspectorChannels") if w.isVisible())
    focused(qtbot, field)

    def channels() -> int:
        return document.design.block("s2b2").spec.channels

    press(window, Qt.Key.Key_Up)
    more = channels()
    assert more > 512
    QTest.wheelEvent(
        window.windowHandle(), QPointF(field.mapTo(window, field.rect().center())), QPoint(0, -120)
    )
    qtbot.waitUntil(lambda: channels() == 512)
    press(window, Qt.Key.Key_A, CTRL)
    for letter in "64*4":
        QTest.keyClick(window.windowHandle(), letter)
    press(window, Qt.Key.Key_Return)
    assert channels() == 256


def test_delete_in_a_field_deletes_letters_not_blocks(qtbot: QtBot, window: MainWindow) -> None:
    window.document.select(["s2b2"])
    field = next(w for w in window.findChildren(NumberField, "inspectorChannels") if w.isVisible())
    focused(qtbot, field)
    press(window, Qt.Key.Key_Home)
    press(window, Qt.Key.Key_Delete)
    assert window.document.design.block("s2b2").spec.channels == 12


def test_copy_in_the_table_copies_rows_and_delete_deletes_the_block(qtbot: QtBot, window: MainWindow) -> None:
    table = window.show_tab("layerTable")
    assert isinstance(table, LayerTable)
    tree = table.findChild(LayerTree)
    window.document.select(["s2b2", "s2b3"])
    focused(qtbot, tree)
    press(window, Qt.Key.Key_C, CTRL)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == ["layer2.1", "layer2.2"]
    press(window, Qt.Key.Key_Delete)
    assert window.document.design.block("s2b2") is None
    press(window, Qt.Key.Key_Z, CTRL)
    assert window.document.design == preset("resnet50")


def test_arrow_keys_walk_the_table_and_the_inspector_follows(qtbot: QtBot, window: MainWindow) -> None:
    table = window.show_tab("layerTable")
    tree = table.findChild(LayerTree)
    window.document.select(["s2"])
    focused(qtbot, tree)
    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Right)
    assert window.document.selection == ("s2b1",)
    title = window.findChild(QWidget, "inspectorPlace")
    assert title.text() == "Stage 2, block 1 · layer2.0"  # type: ignore[attr-defined]


def test_repairing_from_the_list(qtbot: QtBot, window: MainWindow) -> None:
    document = window.document
    document.load(edits.change_blocks(document.design, ["s3b1"], shortcut=ShortcutKind.IDENTITY))
    view = window.show_tab("problems")
    assert isinstance(view, ProblemsView)
    items = view.findChild(QListView, "problemList")
    qtbot.waitUntil(items.isVisible)
    at = items.viewport().mapTo(window, view.button_middle(0))
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert document.plan.problems == ()
    assert document.design == preset("resnet50")


def test_the_real_engine_draws_and_a_click_on_its_picture_selects(qtbot: QtBot, window: MainWindow) -> None:
    engine = EngineClient()
    engine.start()
    view = DiagramView(window.document, ThemeManager(), engine)
    qtbot.addWidget(view)
    view.resize(900, 400)
    view.show()
    try:
        qtbot.waitUntil(lambda: view.picture.drawing is not None, timeout=60_000)
        drawing = view.picture.drawing
        assert drawing is not None
        assert {unit for units in drawing.units.values() for unit in units} >= {
            block.id for block in window.document.design.blocks()
        }
        node = next(name for name, units in drawing.units.items() if "s1b1" in units)
        qtbot.mouseClick(
            view.picture, Qt.MouseButton.LeftButton, pos=view.picture.box_of(node).center().toPoint()
        )
        assert window.document.selection == drawing.units[node]
    finally:
        view.close()
        engine.close()


@pytest.mark.parametrize("button", ["adaptButton", "inspectorRepair1"])
def test_a_pressed_button_that_vanishes_leaves_the_keys_where_they_harm_nothing(
    qtbot: QtBot, window: MainWindow, button: str
) -> None:
    window.show_tab("trainPanel")
    document = window.document
    if button == "inspectorRepair1":
        document.apply(
            edits.change_blocks(document.design, ["s2b1"], shortcut=ShortcutKind.IDENTITY), "Break"
        )
    qtbot.waitUntil(lambda: any(w.isVisible() for w in window.findChildren(QPushButton, button)))
    pressed = next(w for w in window.findChildren(QPushButton, button) if w.isVisible())
    focused(qtbot, pressed)
    before = document.design
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Space)
    assert document.design != before
    assert window.editor.canvas.hasFocus()
    name = document.design.name
    for letter in "xy":
        QTest.keyClick(window.windowHandle(), letter)
    assert document.design.name == name


def test_going_on_by_tab_is_left_alone(qtbot: QtBot, window: MainWindow) -> None:
    window.document.select(["s2b2"])
    fields = [w for w in window.findChildren(NumberField) if w.isVisible()]
    focused(qtbot, fields[0])
    press(window, Qt.Key.Key_Tab)
    assert fields[1].hasFocus()

"""What a screen reader finds: the whole window as a tree of names, roles and values, and where the keyboard stands."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtWidgets import QApplication, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.theme import ThemeChoice
from tests.ui.shell_window import shown_window

TABS = ("layerTable", "diagram", "problems", "code", "history", "compare", "trainPanel", "runs")
_NAME, _VALUE, _ABOUT = QAccessible.Text.Name, QAccessible.Text.Value, QAccessible.Text.Description


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    with shown_window() as shown:
        yield shown


def interface_of(widget: QWidget) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found


def branches(top: QAccessibleInterface) -> Iterator[tuple[QAccessibleInterface, list[QAccessibleInterface]]]:
    """Each element that is seen, with its children that are seen; what has rows and cells is a leaf."""
    seen = [top.child(number) for number in range(top.childCount())]
    shown = [child for child in seen if child is not None and child.isValid() and not child.state().invisible]
    yield top, shown
    for child in shown:
        if child.role() not in (QAccessible.Role.Table, QAccessible.Role.Tree, QAccessible.Role.List):
            yield from branches(child)


def faults(window: MainWindow) -> list[str]:
    found = []
    for parent, children in branches(interface_of(window)):
        reached = [child for child in children if child.state().focusable and not child.state().disabled]
        found += [
            f"{child.object()} in {parent.text(_NAME)!r}: {child.role()} without a name"
            for child in reached
            if not child.text(_NAME).strip() or child.role() == QAccessible.Role.NoRole
        ]
        twice = Counter((child.role(), child.text(_NAME)) for child in reached)
        found += [
            f"{what} stands {count} times in {parent.text(_NAME)!r}"
            for what, count in twice.items()
            if count > 1
        ]
    return found


def test_every_element_has_a_name_and_a_role_of_its_own(window: MainWindow) -> None:
    assert faults(window) == []
    window.new_preset("resnet50")
    for tab in TABS:
        window.show_tab(tab)
        assert faults(window) == [], tab
    block = window.document.design.stages[1].blocks[0].id
    window.document.apply(edits.change_blocks(window.document.design, [block], groups=33), "Break it")
    window.document.select((block,))
    assert faults(window) == []
    assert sum(1 for _ in branches(interface_of(window))) > 100


def test_the_canvas_says_what_is_selected_what_it_costs_and_what_is_wrong(window: MainWindow) -> None:
    window.new_preset("resnet50")
    canvas, document = interface_of(window.editor.canvas), window.document
    assert "ResNet-50: 4 stages, 16 blocks, 25.6" in canvas.text(_ABOUT).replace("\u202f", " ")
    assert "Nothing is selected" in canvas.text(_ABOUT)
    first, second = document.design.stages[1].blocks[0].id, document.design.stages[2].blocks[1].id
    document.select((first,))
    one = canvas.text(_ABOUT)
    assert "layer2.0" in one
    assert "379" in one  # thousand parameters, as the layer table has them
    assert "stride 2" in one
    document.select((second,))
    assert "layer3.1" in canvas.text(_ABOUT)
    assert canvas.text(_ABOUT) != one
    document.select((first, second))
    assert "2 selected (layer2.0, layer3.1), together 1.50" in canvas.text(_ABOUT).replace("\u202f", " ")
    document.select((first,))
    document.apply(edits.change_blocks(document.design, [first], groups=33), "Break it")
    assert "The drawing has one problem." in canvas.text(_ABOUT)
    assert "groups" in canvas.text(_ABOUT)


def test_the_layer_table_reads_out_names_and_numbers(window: MainWindow) -> None:
    window.new_preset("resnet50")
    tree = window.show_tab("layerTable").findChild(QTreeView)
    assert isinstance(tree, QTreeView)
    model = tree.model()
    row = next(row for row in range(model.rowCount()) if model.index(row, 0).data() == "layer1")
    said = [
        str(model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole))
        for column in range(model.columnCount())
    ]
    assert "layer1" in said[0]
    assert any("215" in words and "808" in words for words in said)
    assert interface_of(tree).role() == QAccessible.Role.Tree
    assert interface_of(tree).text(_NAME)


def test_tiles_and_fields_tell_their_values(window: MainWindow) -> None:
    window.new_preset("resnet50")
    window.document.select((window.document.design.stages[1].blocks[0].id,))
    tile = window.editor.inspector.findChild(QWidget, "inspectorTileParameters")
    assert isinstance(tile, QWidget)
    assert "379" in interface_of(tile).text(_NAME)
    width = window.editor.inspector.findChild(QWidget, "inspectorChannels")
    if width is not None:
        assert interface_of(width).text(_VALUE) == "512"


def around(window: MainWindow, widget: QWidget) -> QImage:
    """A widget and a little of what surrounds it, as painted."""
    corner = widget.mapTo(window, QPoint(-3, -3))
    return window.grab(QRect(corner, widget.size()).adjusted(0, 0, 6, 6)).toImage()


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_whoever_has_the_focus_shows_it(qtbot: QtBot, window: MainWindow, choice: ThemeChoice) -> None:
    window.theme.choose(choice)
    window.activateWindow()
    qtbot.waitActive(window)
    QApplication.setCursorFlashTime(0)
    unseen, tried = [], set[int]()
    for step in ("start", *TABS):
        if step != "start":
            if not window.in_editor:
                window.new_preset("resnet50")
                window.document.select((window.document.design.stages[1].blocks[0].id,))
            window.show_tab(step)
            qtbot.wait(20)
        others = [widget for widget in window.findChildren(QWidget) if can_be_reached(widget)]
        for widget in others:
            if id(widget) in tried:
                continue
            others[0 if widget is not others[0] else 1].setFocus(Qt.FocusReason.TabFocusReason)
            before = around(window, widget)
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            if not widget.hasFocus():
                continue
            tried.add(id(widget))
            if around(window, widget) == before:
                unseen.append(f"{step}: {widget.metaObject().className()}#{widget.objectName()}")
    assert len(tried) > 60
    assert not unseen, "\n".join(unseen)


def can_be_reached(widget: QWidget) -> bool:
    """Whether Tab comes there, and all of it is seen."""
    whole = widget.visibleRegion().boundingRect().size() == widget.size()
    policy = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return policy and widget.isVisible() and widget.isEnabled() and whole and not widget.focusProxy()

"""What a screen reader finds on the canvas: an element for every card and header, with name, place and state; whatever is done to it."""

import gc
import random
from contextlib import suppress

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.design.types import BlockKind
from resnet_studio.ui import commands
from resnet_studio.ui.canvas.accessible import Element
from resnet_studio.ui.canvas.view import CanvasView
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.view_state import ViewState

_NAME, _ABOUT = QAccessible.Text.Name, QAccessible.Text.Description
_ROLES = (QAccessible.Role.Heading, QAccessible.Role.ListItem)


@pytest.fixture
def canvas(qtbot: QtBot) -> CanvasView:
    view = CanvasView(Document(preset("resnet50")), ThemeManager(ThemeChoice.LIGHT), ViewState())
    qtbot.addWidget(view)
    view.resize(1100, 700)
    view.show()
    QApplication.processEvents()
    return view


def interface(view: CanvasView) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(view)
    assert found is not None
    return found


def elements(view: CanvasView) -> list[QAccessibleInterface]:
    top = interface(view)
    children = [top.child(number) for number in range(top.childCount())]
    assert [top.indexOfChild(child) for child in children] == list(range(len(children)))
    return [child for child in children if child.role() in _ROLES]


def test_every_header_and_card_is_an_element_in_order(canvas: CanvasView) -> None:
    places = canvas.places
    found = elements(canvas)
    assert len(found) == len(places.lanes) + len(list(places.cards()))
    names = [each.text(_NAME) for each in found]
    assert [n for n in names if n in ("Stem", "Stage 1", "Stage 2", "Stage 3", "Stage 4", "Head")] == [
        lane.title for lane in places.lanes
    ]
    assert "Bottleneck block · layer2.0" in names
    assert "Bottleneck block · layer2.1 and 2 equal ones" in names
    about = found[names.index("Bottleneck block · layer2.0")].text(_ABOUT)
    assert "256×56×56 → 512×28×28" in about
    top = interface(canvas)
    assert all(each.parent() == top and each.isValid() and each.childCount() == 0 for each in found)


def test_an_element_is_where_it_is_seen_and_says_whether_it_is_chosen(canvas: CanvasView) -> None:
    top = interface(canvas)
    canvas.zooming.to(1.6)
    for element in elements(canvas):
        middle = element.rect().center()
        local = canvas.viewport().mapFromGlobal(middle)
        seen = canvas.viewport().rect().contains(local)
        assert not element.state().selected
        if seen and canvas.viewport().childAt(local) is None and element.role() == _ROLES[0]:
            assert top.childAt(middle.x(), middle.y()) is element
        assert element.state().offscreen or canvas.viewport().rect().intersects(
            element.rect().translated(-canvas.viewport().mapToGlobal(QPoint(0, 0)))
        )
    canvas.document.select(("s2b1",))
    chosen = [each.text(_NAME) for each in elements(canvas) if each.state().selected]
    assert chosen == ["Bottleneck block · layer2.0"]
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    if canvas.hasFocus():
        focus = top.focusChild()
        assert focus is not None
        assert focus.text(_NAME).startswith("Bottleneck block · layer2.1")
        assert focus.state().focused


def test_a_card_that_stays_is_the_same_element(canvas: CanvasView) -> None:
    before = {each.text(_NAME): each for each in elements(canvas)}
    canvas.document.select(("s1b1",))
    commands.insert_kind(canvas.document, BlockKind.RESIDUAL)
    after = {each.text(_NAME): each for each in elements(canvas)}
    assert after["Bottleneck block · layer2.0"] is before["Bottleneck block · layer2.0"]
    assert "Residual block · layer1.1" in after


def _deed(canvas: CanvasView, dice: random.Random) -> None:
    document = canvas.document
    ids = [block.id for block in document.design.blocks()]
    deeds = (
        lambda: commands.insert_kind(document, dice.choice(list(BlockKind))),
        lambda: commands.duplicate(document),
        lambda: commands.delete(document),
        document.undo_stack.undo,
        document.undo_stack.redo,
        canvas.folding.unfold_all,
        canvas.folding.fold_all,
        lambda: canvas.zooming.to(dice.uniform(0.1, 4)),
        lambda: document.load(preset(dice.choice(("resnet18", "resnet50", "cifar_resnet20")))),
    )
    if ids:
        document.select((dice.choice(ids),))
    with suppress(StudioError):
        dice.choice(deeds)()


def test_hundreds_of_edits_leave_no_element_behind(canvas: CanvasView) -> None:
    dice = random.Random(7)
    held: list[QAccessibleInterface] = []
    for number in range(300):
        _deed(canvas, dice)
        found = elements(canvas)
        assert len(found) == len(canvas.places.lanes) + len(list(canvas.places.cards()))
        each = dice.choice(found)
        held = [*held[-20:], each]
        assert each.text(_NAME)
        if number % 20 == 0:
            QApplication.processEvents()
            gc.collect()
    top = interface(canvas)
    QApplication.processEvents()
    assert len(top._elements._made) == len(elements(canvas))  # type: ignore[attr-defined]


def test_elements_outlive_their_canvas_as_invalid_ones(qtbot: QtBot) -> None:
    view = CanvasView(Document(preset("resnet18")), ThemeManager(ThemeChoice.LIGHT), ViewState())
    held = elements(view)
    view.deleteLater()
    QCoreApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete.value)
    assert held
    del view
    gc.collect()
    assert not any(isValid(each) and each.isValid() for each in held if isinstance(each, Element))
    held.clear()
    gc.collect()
    assert not [thing for thing in gc.get_objects() if type(thing) is CanvasView and not isValid(thing)]

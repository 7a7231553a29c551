"""Scroll bars of the canvas: only where there is something to scroll to."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import ShortcutKind
from resnet_studio.ui.canvas.view import CanvasView
from resnet_studio.ui.style import dress
from tests.ui.test_canvas import make


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CanvasView]:
    made = make(qtbot, preset("resnet50"))
    dress(QApplication.instance(), made.theme_manager)  # the slim bars are the style sheet's
    yield made
    QApplication.instance().setStyleSheet("")


@pytest.mark.parametrize("height", [300, 473, 700])
def test_a_bar_for_the_height_brings_none_for_the_width(qtbot: QtBot, view: CanvasView, height: int) -> None:
    view.resize(954, height)
    broken = edits.change_blocks(view.document.design, ["s4b1"], shortcut=ShortcutKind.IDENTITY)
    view.document.apply(broken, "Break")  # the card grows by its problem
    qtbot.waitUntil(lambda: view.horizontalScrollBar().maximum() == 0)
    assert not view.horizontalScrollBar().isVisible()
    assert view.verticalScrollBar().isVisible() == (height < 700)
    view.resize(954, 900)
    qtbot.waitUntil(lambda: not view.verticalScrollBar().isVisible())
    assert view.horizontalScrollBar().maximum() == 0

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


# A drawing that is a little too high is shown whole, a little smaller.
@pytest.mark.parametrize(("height", "bar"), [(300, True), (473, False), (700, False)])
def test_a_bar_for_the_height_brings_none_for_the_width(
    qtbot: QtBot, view: CanvasView, height: int, *, bar: bool
) -> None:
    view.resize(954, height)
    broken = edits.change_blocks(view.document.design, ["s4b1"], shortcut=ShortcutKind.IDENTITY)
    view.document.apply(broken, "Break")  # the card grows by its problem
    qtbot.waitUntil(lambda: view.horizontalScrollBar().maximum() == 0)
    assert not view.horizontalScrollBar().isVisible()
    qtbot.waitUntil(lambda: view.verticalScrollBar().isVisible() is bar)
    assert view.horizontalScrollBar().maximum() == 0
    view.resize(954, 900)
    qtbot.waitUntil(lambda: not view.verticalScrollBar().isVisible())
    assert view.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("size", [(721, 470), (721, 516), (708, 447), (799, 539)])
def test_bars_and_fitting_come_to_rest(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """At these sizes a bar brought a fit that took the bar away again, for ever."""
    view = make(qtbot, preset("resnet18"))
    dress(QApplication.instance(), view.theme_manager)
    fits, once = [], view.zooming.follow_size
    monkeypatch.setattr(view.zooming, "follow_size", lambda made: (fits.append(1), once(made)))
    view.resize(*size)
    for _ in range(20):
        QApplication.processEvents()
        assert len(fits) < 10
        view.zooming.follows_size = len(fits) < 9  # or else no event would ever be the last
    QApplication.instance().setStyleSheet("")

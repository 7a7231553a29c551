"""A zoom that goes on shows what was painted a moment ago, scaled; when it rests, all is as if painted for the first time."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.ui.canvas import stamps
from resnet_studio.ui.canvas.view import CanvasView
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.view_state import ViewState


def made(qtbot: QtBot) -> CanvasView:
    view = CanvasView(Document(preset("cifar_resnet20")), ThemeManager(ThemeChoice.LIGHT), ViewState())
    qtbot.addWidget(view)
    view.resize(1100, 700)
    view.folding.unfold_all()
    view.show()
    QApplication.processEvents()
    return view


def seen(view: CanvasView) -> QImage:
    QApplication.processEvents()
    return view.viewport().grab().toImage()


def rest(qtbot: QtBot, view: CanvasView) -> None:
    with qtbot.waitSignal(view.zoom_rested):
        pass


@pytest.mark.parametrize(
    "zooms", [(0.8, 0.9, 1.0, 1.1), (1.1, 1.0, 0.6, 0.4), (0.3, 0.6, 1.2, 2.4), (1.0, 0.2)]
)
def test_after_a_rest_nothing_is_left_of_the_way_there(
    qtbot: QtBot, qapp: QApplication, zooms: tuple[float, ...]
) -> None:
    moved, fresh = made(qtbot), made(qtbot)
    for zoom in zooms:
        moved.zooming.to(zoom)
        seen(moved)
    rest(qtbot, moved)
    fresh.zooming.to(zooms[-1])
    rest(qtbot, fresh)
    for view in (moved, fresh):
        view.canvas_scene.keep_pixels(False)
        view.horizontalScrollBar().setValue(0)
        view.verticalScrollBar().setValue(0)
    assert seen(moved) == seen(fresh)


def test_a_step_by_itself_is_sharp_and_a_gesture_paints_no_card_anew(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = made(qtbot)
    view.zooming.to(1.0)
    rest(qtbot, view)
    painted: list[float] = []
    before = stamps._made
    monkeypatch.setattr(
        stamps,
        "_made",
        lambda *args: painted.append(args[3]) or before(*args),  # type: ignore[func-returns-value]
    )
    for zoom in (1.1, 1.15, 1.2, 1.25):
        view.zooming.to(zoom)
        seen(view)
    # The first step of all; then once more, those cards that no others look like.
    assert set(painted) <= {1.1, 1.15}
    assert painted.count(1.1) > 0
    painted.clear()
    rest(qtbot, view)
    seen(view)
    assert set(painted) == {1.25}

"""A zoom that goes on shows what was painted a moment ago, scaled; when it rests, all is as if painted for the first time."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.ui.canvas import stamps
from resnet_studio.ui.canvas.shapes import STYLE, Spot
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


@pytest.mark.parametrize("zoom", [1.0, 1.7, 4.0])
def test_headers_keep_their_height_on_the_screen_and_are_hit_there(
    qtbot: QtBot, qapp: QApplication, zoom: float
) -> None:
    view = made(qtbot)
    cards = {card.key: card.rect for card in view.places.cards()}
    view.zooming.to(zoom)
    assert {card.key: card.rect for card in view.places.cards()} == cards
    for y in (view.verticalScrollBar().minimum(), view.verticalScrollBar().maximum()):
        view.verticalScrollBar().setValue(y)
        for lane in view.places.lanes:
            item = view.canvas_scene.headers[lane.key]
            box = item.boundingRect().adjusted(1, 1, -1, -1)
            shown = view.mapFromScene(item.mapRectToScene(box)).boundingRect()
            assert shown.height() == pytest.approx(STYLE.header, abs=2)
            assert view.sight.hit(QPoint(shown.center().x(), shown.center().y())).lane is lane
            assert view.sight.hit(QPoint(shown.center().x(), shown.center().y())).spot is Spot.HEADER
            assert view.sight.hit(QPoint(shown.center().x(), shown.bottom() + 3)).spot is not Spot.HEADER
            # It is the lane's: as wide, and above its cards, unless they have scrolled under it.
            assert item.sceneBoundingRect().center().x() == pytest.approx(lane.rect.cx, abs=1)
            assert lane.rect.y == lane.header.y < lane.header.bottom < lane.cards[0].rect.y
    view.verticalScrollBar().setValue(view.verticalScrollBar().minimum())
    assert view.mapFromScene(0, view.places.lanes[0].header.y).y() <= STYLE.margin * zoom + 1


def test_far_away_headers_are_as_small_as_their_lanes(qtbot: QtBot, qapp: QApplication) -> None:
    view = made(qtbot)
    view.zooming.to(0.5)
    assert {lane.header.h for lane in view.places.lanes} == {STYLE.header}

"""Gestures of the mouse on the canvas: repeating a run by its edge, rubber band, copying; Escape takes each back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design.limits import MAX_BLOCKS
from resnet_studio.design.patterns import repeat_run
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design
from resnet_studio.ui.block_text import STAGE_MIME
from resnet_studio.ui.canvas.band import TICK
from resnet_studio.ui.canvas.shapes import Spot
from resnet_studio.ui.canvas.view import CanvasView
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.view_state import ViewState
from tests.design.drawings import designs, ids

LEFT, NONE, CTRL, SHIFT = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def canvas(qtbot: QtBot) -> CanvasView:
    return make(qtbot, preset("resnet50"))


def make(qtbot: QtBot, design: Design) -> CanvasView:
    document = Document(design)
    view = CanvasView(document, ThemeManager(ThemeChoice.LIGHT), ViewState())
    for thing in (document, view.theme_manager, view.view_state):
        thing.setParent(view)
    qtbot.addWidget(view)
    view.resize(1100, 600)
    view.show()
    qtbot.waitExposed(view)
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    return view


def corner(view: CanvasView, unit_id: str) -> QPoint:
    """The lower right corner of a card, a little inside."""
    card = view.places.card_of(unit_id)
    assert card is not None
    return view.mapFromScene(card.rect.right - 4, card.rect.bottom - 4)


def press(view: CanvasView, point: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.mousePress(view.viewport(), LEFT, keys, point)


def move(view: CanvasView, point: QPoint) -> None:
    # QTest's own moves carry no button.
    there = QPointF(view.viewport().mapToGlobal(point))
    kind, button = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
    QApplication.sendEvent(view.viewport(), QMouseEvent(kind, QPointF(point), there, button, LEFT, NONE))


def release(view: CanvasView, point: QPoint) -> None:
    QTest.mouseRelease(view.viewport(), LEFT, NONE, point)


def counts(view: CanvasView) -> list[int]:
    return [len(stage.blocks) for stage in view.document.design.stages]


# --- repeating a run --------------------------------------------------------------------------------------------------


def test_the_corner_of_a_run_changes_its_count_live_and_as_one_step(canvas: CanvasView) -> None:
    run = canvas.document.design.stages[2].blocks[1]
    start = corner(canvas, run.id)
    assert canvas.sight.hit(start).spot is Spot.GRIP
    press(canvas, start)
    hint = canvas.viewport().findChildren(QLabel, "gestureHint")
    for down, blocks in ((20, 7), (42, 9), (90, 12), (-28, 4), (28, 8)):
        move(canvas, start + QPoint(0, down))
        assert counts(canvas)[2] == blocks
        assert canvas.document.plan.problems == ()
        shown = [
            label for label in canvas.viewport().findChildren(QLabel, "gestureHint") if label not in hint
        ]
        assert [label.text() for label in shown] == [f"×5 → ×{blocks - 1}"]
    release(canvas, start + QPoint(0, 28))
    assert counts(canvas) == [3, 4, 8, 3]
    assert canvas.document.undo_stack.count() == 1
    assert canvas.document.undo_stack.undoText() == "Repeat ×7"
    assert len(canvas.document.selected_blocks) == 7
    canvas.document.undo_stack.undo()
    assert canvas.document.design == preset("resnet50")


def test_escape_takes_the_repeat_back_and_leaves_no_step(canvas: CanvasView) -> None:
    start = corner(canvas, canvas.document.design.stages[0].blocks[1].id)
    press(canvas, start)
    move(canvas, start + QPoint(0, 60))
    assert counts(canvas)[0] > 3
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.document.design == preset("resnet50")
    assert canvas.document.undo_stack.count() == 0
    move(canvas, start + QPoint(0, 90))
    release(canvas, start + QPoint(0, 90))
    assert canvas.document.design == preset("resnet50")


def test_a_run_keeps_its_first_block_and_no_drawing_gets_too_many(canvas: CanvasView) -> None:
    start = corner(canvas, canvas.document.design.stages[0].blocks[1].id)
    press(canvas, start)
    move(canvas, start + QPoint(0, -900))
    assert counts(canvas)[0] == 2
    move(canvas, start + QPoint(0, 200_000))
    assert sum(counts(canvas)) == MAX_BLOCKS
    move(canvas, start + QPoint(0, 14))
    release(canvas, start + QPoint(0, 14))
    assert counts(canvas)[0] == 4


def test_an_undo_by_key_during_the_gesture_is_not_overwritten(canvas: CanvasView) -> None:
    start = corner(canvas, canvas.document.design.stages[0].blocks[1].id)
    press(canvas, start)
    move(canvas, start + QPoint(0, 60))
    canvas.document.undo_stack.undo()
    move(canvas, start + QPoint(0, 80))
    release(canvas, start + QPoint(0, 80))
    assert canvas.document.design == preset("resnet50")


def test_only_what_can_follow_itself_has_a_grip(canvas: CanvasView) -> None:
    stage = canvas.document.design.stages[1]
    assert canvas.sight.hit(corner(canvas, stage.blocks[0].id)).spot is Spot.CARD
    assert canvas.sight.hit(corner(canvas, stage.blocks[1].id)).spot is Spot.GRIP
    canvas.folding.unfold_all()
    assert canvas.sight.hit(corner(canvas, stage.blocks[1].id)).spot is Spot.CARD


@given(designs(min_stages=1), st.data())
def test_a_run_has_as_many_blocks_as_asked_and_the_same_ones(design: Design, data: st.DataObject) -> None:
    lanes = [stage for stage in design.stages if stage.blocks]
    if not lanes:
        return
    stage = data.draw(st.sampled_from(lanes))
    first = data.draw(st.integers(0, len(stage.blocks) - 1))
    run = [b.id for b in stage.blocks[first : data.draw(st.integers(first + 1, len(stage.blocks)))]]
    count = data.draw(st.integers(0, 9))
    spare = [f"spare{n}" for n in range(9)]
    after = repeat_run(design, run, count, spare)
    lane = next(lane for lane in after.stages if lane.id == stage.id)
    assert len(lane.blocks) - len(stage.blocks) == max(1, count) - len(run)
    assert set(ids(after)) - set(ids(design)) <= set(spare)
    assert repeat_run(design, run, len(run), spare) == design
    assert [b for b in lane.blocks if b.id not in spare] == [
        b for b in stage.blocks if b.id not in run[max(1, count) :]
    ]


# --- the rubber band --------------------------------------------------------------------------------------------------


def test_escape_takes_the_rubber_band_back(canvas: CanvasView) -> None:
    first = canvas.document.design.stages[0].blocks[0].id
    canvas.document.select([first])
    corner_of_all = QPoint(canvas.viewport().width() - 60, canvas.viewport().height() - 60)
    press(canvas, corner_of_all)
    move(canvas, QPoint(200, 100))
    assert len(canvas.document.selected_blocks) > 4
    assert [band.isVisible() for band in canvas.viewport().findChildren(QWidget, "rubberBand")] == [True]
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.document.selected_blocks == (first,)
    assert not canvas.pointer.banding
    release(canvas, QPoint(200, 100))
    assert canvas.document.selected_blocks == (first,)


@pytest.mark.parametrize("keys", [CTRL, SHIFT])
def test_with_a_key_the_band_adds(canvas: CanvasView, keys: Qt.KeyboardModifier) -> None:
    last = canvas.document.design.stages[3].blocks[0].id
    first = canvas.document.design.stages[0].blocks[0]
    canvas.document.select([last])
    card = canvas.places.card_of(first.id)
    assert card is not None
    under = canvas.mapFromScene(card.rect.x - 4, canvas.places.bounds.bottom - 40)
    press(canvas, under, keys)
    move(canvas, canvas.mapFromScene(card.rect.cx, card.rect.cy))
    release(canvas, under)
    assert {first.id, last} <= set(canvas.document.selected_blocks)


def test_the_band_scrolls_at_the_border_and_keeps_where_it_began(qtbot: QtBot) -> None:
    canvas = make(qtbot, preset("resnet152"))
    canvas.folding.unfold_all()
    canvas.zoom_reset()
    canvas.horizontalScrollBar().setValue(0)
    bar = canvas.horizontalScrollBar()
    press(canvas, QPoint(4, canvas.viewport().height() // 2))
    move(canvas, QPoint(canvas.viewport().width() - 2, 8))
    assert canvas.pointer.banding
    at_once = set(canvas.document.selected_blocks)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 300)
    assert at_once < set(canvas.document.selected_blocks), "what has scrolled away is still in the band"
    release(canvas, QPoint(canvas.viewport().width() - 2, 8))
    assert not [
        timer for timer in canvas.findChildren(QTimer) if timer.isActive() and timer.interval() == TICK
    ]


# --- selecting and copying --------------------------------------------------------------------------------------------


def test_ctrl_takes_a_card_out_when_it_is_let_go(canvas: CanvasView) -> None:
    one, two = (canvas.document.design.stages[n].blocks[0].id for n in (1, 2))
    canvas.document.select([one, two])
    card = canvas.places.card_of(one)
    assert card is not None
    point = canvas.mapFromScene(card.rect.x + 30, card.rect.y + 14)
    press(canvas, point, CTRL)
    assert set(canvas.document.selected_blocks) == {one, two}, "it may be dragged along, to copy both"
    QTest.mouseRelease(canvas.viewport(), LEFT, CTRL, point)
    assert canvas.document.selected_blocks == (two,)


def test_a_copying_drag_of_a_stage_copies_it(canvas: CanvasView) -> None:
    stage = canvas.document.design.stages[1]
    mime = QMimeData()
    mime.setData(STAGE_MIME, f'{{"from": "{canvas.drops._token}", "stage": ["{stage.id}"]}}'.encode())
    drop(canvas, mime, QPoint(canvas.viewport().width() - 5, 200), CTRL)
    design = canvas.document.design
    assert len(design.stages) == 5
    assert [b.spec for b in design.stages[4].blocks] == [b.spec for b in stage.blocks]
    assert len(set(ids(design))) == len(ids(design))
    assert canvas.document.undo_stack.undoText() == "Copy Stage 2"


def test_blocks_that_cannot_be_read_say_why_during_the_drag(canvas: CanvasView) -> None:
    mime = QMimeData()
    mime.setText('{"resnet_studio_blocks": 2, "blocks": [{"kind": "nonsense"}]}')
    refused: list[str] = []
    canvas.refused.connect(refused.append)
    carried = canvas.drops.read(mime)
    if carried is None:
        pytest.fail("the text must look like blocks")
    assert carried.fault
    drop(canvas, mime, QPoint(300, 200), NONE)
    assert refused == [carried.fault]
    assert canvas.document.design == preset("resnet50")


def drop(canvas: CanvasView, mime: QMimeData, point: QPoint, keys: Qt.KeyboardModifier) -> None:
    both = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    target = canvas.viewport()
    QApplication.sendEvent(target, QDragEnterEvent(point, both, mime, LEFT, keys))
    QApplication.sendEvent(target, QDragMoveEvent(point, both, mime, LEFT, keys))
    if canvas.drops._carried is not None and canvas.drops._carried.fault:
        shown = [
            label for label in canvas.viewport().findChildren(QLabel, "gestureHint") if label.isVisible()
        ]
        assert [label.text() for label in shown] == [canvas.drops._carried.fault]
    QApplication.sendEvent(target, QDropEvent(QPointF(point), both, mime, LEFT, keys, QEvent.Type.Drop))

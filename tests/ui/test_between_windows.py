"""What a drag carries from one drawing to another, and the steps that it makes in both."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design
from resnet_studio.ui import between_windows
from resnet_studio.ui.block_text import BLOCKS_MIME, STAGE_MIME, to_text
from resnet_studio.ui.canvas import carried
from resnet_studio.ui.canvas.view import CanvasView
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.view_state import ViewState

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
OTHER = f"{carried.OWN}/1"
HERE = f"{carried.OWN}/2"


@pytest.fixture
def canvas(qtbot: QtBot, qapp: QApplication) -> CanvasView:
    view = CanvasView(Document(preset("resnet50")), ThemeManager(ThemeChoice.LIGHT), ViewState())
    qtbot.addWidget(view)
    view.resize(1200, 620)
    view.show()
    return view


def drop(view: CanvasView, mime: QMimeData, point: QPoint, keys: Qt.KeyboardModifier) -> QDropEvent:
    both = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    QApplication.sendEvent(view.viewport(), QDragEnterEvent(point, both, mime, LEFT, keys))
    event = QDropEvent(QPointF(point), both, mime, LEFT, keys, QEvent.Type.Drop)
    QApplication.sendEvent(view.viewport(), event)
    return event


def behind(view: CanvasView, unit_id: str) -> QPoint:
    card = view.places.card_of(unit_id)
    assert card is not None
    return view.mapFromScene(card.rect.cx, card.rect.bottom + 20)


def specs(name: str) -> list[object]:
    return [block.spec for block in preset(name).stages[0].blocks]


def blocks(source: str = OTHER) -> QMimeData:
    stage = preset("resnet18").stages[0]
    return carried.blocks_data(source, [b.id for b in stage.blocks], [b.spec for b in stage.blocks])


def test_another_windows_blocks_are_new_individuals_even_where_the_ids_are_known(canvas: CanvasView) -> None:
    event = drop(canvas, blocks(), behind(canvas, "s1b1"), NONE)
    assert event.dropAction() == Qt.DropAction.CopyAction
    lane = canvas.document.design.stages[0].blocks
    assert [b.spec for b in lane[1:3]] == specs("resnet18")
    assert not {b.id for b in lane[1:3]} & {"s1b1", "s1b2"}
    assert canvas.document.selected_blocks == tuple(b.id for b in lane[1:3])
    assert canvas.document.undo_stack.count() == 1


def test_shift_asks_the_other_window_to_give_them_away(canvas: CanvasView) -> None:
    event = drop(canvas, blocks(), behind(canvas, "s1b1"), SHIFT)
    assert event.dropAction() == Qt.DropAction.MoveAction
    assert canvas.document.undo_stack.undoText() == "Move 2 residual blocks here"


def test_another_program_is_never_asked_to_give_blocks_away(canvas: CanvasView) -> None:
    event = drop(canvas, blocks("somebody/1"), behind(canvas, "s1b1"), SHIFT)
    assert event.dropAction() == Qt.DropAction.CopyAction
    assert len(canvas.document.design.stages[0].blocks) == 5


def test_blocks_become_a_stage_where_there_is_none(canvas: CanvasView) -> None:
    canvas.document.load(Design())
    drop(canvas, blocks(), QPoint(300, 200), NONE)
    (stage,) = canvas.document.design.stages
    assert stage.name == "Stage 1"
    assert [b.spec for b in stage.blocks] == specs("resnet18")


def test_a_stage_comes_whole_and_keeps_the_name_that_somebody_gave_it(canvas: CanvasView) -> None:
    stage = preset("resnet18").stages[0]
    mime = carried.stage_data(OTHER, stage.id, "Neck", [b.spec for b in stage.blocks])
    drop(canvas, mime, QPoint(canvas.viewport().width() - 5, 200), NONE)
    last = canvas.document.design.stages[-1]
    assert last.name == "Neck"
    assert [b.spec for b in last.blocks] == specs("resnet18")
    assert canvas.document.selection[0] == last.id


def test_what_was_given_away_is_one_step_that_can_be_undone(qapp: QApplication) -> None:
    document = Document(preset("resnet18"))
    between_windows.give_blocks(document, ["s1b1", "s1b2"])
    assert document.design.stages[0].blocks == ()
    between_windows.give_stage(document, "s1")
    between_windows.give_stage(document, "s1")  # gone already
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.design == preset("resnet18")


@given(st.binary(max_size=60), st.binary(max_size=60), st.sampled_from([BLOCKS_MIME, STAGE_MIME]))
def test_anything_may_come_under_our_names(head: bytes, text: bytes, mime: str) -> None:
    data = QMimeData()
    data.setData(mime, head)
    data.setText(text.decode(errors="replace"))
    assert carried.read(data, HERE) is None


@given(
    st.dictionaries(
        st.sampled_from(["from", "ids", "stage", "name"]),
        st.one_of(st.none(), st.integers(), st.text(max_size=5), st.lists(st.text(max_size=3))),
    )
)
def test_a_head_of_any_form_brings_the_blocks_of_the_text_or_nothing(head: dict[str, object]) -> None:
    data = QMimeData()
    data.setData(STAGE_MIME, json.dumps(head).encode())
    found = carried.read(data, HERE)
    assert found is None
    stage = preset("resnet18").stages[0]
    data.setText(to_text([b.spec for b in stage.blocks]))
    found = carried.read(data, HERE)
    assert found is not None
    assert found.specs == tuple(b.spec for b in stage.blocks)
    assert not found.ids
    assert not found.near

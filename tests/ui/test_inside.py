"""A card's inside, seen from near by: every layer in its place, its shapes, and where the shortcut begins."""

import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.parts import Part, block_part
from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.types import Attention, BlockKind, BlockSpec, Order, ShortcutKind
from resnet_studio.ui.canvas.inside import after_words, rows_of
from resnet_studio.ui.canvas.look import NEAR
from tests.ui.shell_window import shown_window

ARRIVING = (64, 57, 57)


def _part(
    *,
    order: Order = Order.ORIGINAL,
    attention: Attention = Attention.NONE,
    shortcut: ShortcutKind = ShortcutKind.PROJECTION,
) -> Part:
    spec = BlockSpec(
        kind=BlockKind.BOTTLENECK,
        channels=128,
        width=32,
        stride=2,
        order=order,
        attention=attention,
        shortcut=shortcut,
    )
    return block_part(spec, ARRIVING)


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("attention", Attention)
def test_every_layer_of_the_branch_has_its_row_and_its_shape(order: Order, attention: Attention) -> None:
    part = _part(order=order, attention=attention)
    rows = rows_of(part)
    plain = [layer for layer in (*part.pre, *part.body) if not layer.aside]
    weighed = attention is not Attention.NONE
    assert [row.name for row in rows if row.kind is not LayerKind.SCALE] == [layer.name for layer in plain]
    assert [row.output for row in rows if row.kind is not LayerKind.SCALE] == [
        layer.output for layer in plain
    ]
    assert [row.words for row in rows if row.kind is LayerKind.SCALE] == (
        [f"{attention.name} ×"] if weighed else []
    )
    assert rows[-1].output == (part.body[-1] if part.body else part.pre[-1]).output


def test_the_shortcut_begins_where_the_block_lets_it() -> None:
    assert not any(row.forks for row in rows_of(_part()))
    forks = [row.forks for row in rows_of(_part(order=Order.FULL_PREACT))]
    assert forks.index(True) == len(_part(order=Order.FULL_PREACT).pre) - 1
    assert forks.count(True) == 1


def test_what_follows_the_addition_is_beside_it_or_a_row_where_nothing_is_added() -> None:
    assert after_words(_part()) == "ReLU"
    assert after_words(_part(order=Order.BN_AFTER_ADD)) == "BN, ReLU"
    assert after_words(_part(order=Order.FULL_PREACT)) == ""
    assert rows_of(_part())[-1].words == "BN"
    assert rows_of(_part(shortcut=ShortcutKind.NONE))[-1].words == "ReLU"


def test_words_of_a_convolution_name_what_is_not_usual() -> None:
    (_, _, _, second, *_) = rows_of(_part())
    assert (second.words, second.params, second.output) == ("3×3, 32 /2", 32 * 32 * 9, (32, 29, 29))


def test_from_near_by_a_card_shows_its_layers_and_a_wrong_one_its_problem(qtbot: QtBot) -> None:
    with shown_window() as window:
        window.new_preset("resnet50")
        canvas = window.editor.canvas
        block = window.document.design.stages[1].blocks[0].id

        def card() -> QImage:
            item = next(item for item in canvas.canvas_scene.cards.values() if block in item.look.card.ids)
            picture = QImage(600, 500, QImage.Format.Format_RGB32)
            picture.fill(0)
            painter = QPainter(picture)
            painter.scale(NEAR, NEAR)
            item.paint(painter, None)  # type: ignore[arg-type]  # what it paints does not depend on it
            painter.end()
            return picture

        near = card()
        design = window.document.design
        larger = edits.change_blocks(design, [block], stride_first=True)
        window.document.apply(larger, "v1")
        assert card() != near
        window.document.undo_stack.undo()
        assert card() == near
        wrong = edits.change_blocks(design, [block], shortcut=ShortcutKind.IDENTITY)
        assert analyse(wrong).problems
        window.document.apply(wrong, "Wrong")
        found = card()
        assert found != near
        canvas.zooming.to(99)
        assert canvas.zoom >= 2 * NEAR

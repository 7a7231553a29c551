"""How wide the canvas's cards are: no shape on them is cut, whatever the image and the channels."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design, InputSpec
from resnet_studio.ui.canvas.view import CanvasView
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.view_state import ViewState
from tests.ui.painted_text import watched


def at(name: str, height: int, width: int) -> Design:
    return edits.set_input(preset(name), InputSpec(channels=3, height=height, width=width))


def wide() -> Design:
    design = at("resnet50", 4095, 4096)
    return edits.change_blocks(design, [block.id for block in design.blocks()], channels=40_000, width=20_000)


def shown(qtbot: QtBot, design: Design) -> CanvasView:
    canvas = CanvasView(Document(design), ThemeManager(), ViewState())
    qtbot.addWidget(canvas)
    canvas.resize(2600, 900)
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.zoom_reset()
    return canvas


@pytest.mark.parametrize("made", [lambda: at("resnet50", 4096, 128), lambda: at("resnet18", 100, 4096), wide])
def test_no_shape_on_a_card_is_cut(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, made: Callable[[], Design]
) -> None:
    canvas = shown(qtbot, made())
    with watched(monkeypatch) as seen:
        canvas.viewport().grab()
    texts = {entry.text for entry in seen}
    assert {text for text in texts if "…" in text} == set()
    assert sum("→" in text for text in texts) >= 3


def test_an_ordinary_drawing_keeps_its_cards_and_wide_ones_come_and_go(qtbot: QtBot) -> None:
    canvas = shown(qtbot, preset("resnet50"))
    before = [card.rect for card in canvas.places.cards()]
    canvas.document.apply(at("resnet50", 4096, 128), "Input")
    assert canvas.places.bounds.w > before[-1].right
    wider = [card.rect.w for card in canvas.places.cards()]
    assert all(now >= card.w for now, card in zip(wider, before, strict=True))
    assert any(now > card.w for now, card in zip(wider, before, strict=True))
    canvas.document.undo_stack.undo()
    assert [card.rect for card in canvas.places.cards()] == before

"""The commands on many blocks: one undo step each, told in the status line, in menus, command palette and context menu alike."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from resnet_studio.design.errors import StudioError
from resnet_studio.design.patterns import DOUBLE, HALF
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Attention, BlockKind, Design
from resnet_studio.ui import patterns
from resnet_studio.ui.canvas.menu import context_menu
from resnet_studio.ui.document import Document
from resnet_studio.ui.format import percent
from tests.ui.shell_window import shown_window

FIRST = preset("resnet50").stages[0]


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda d: patterns.scale_widths(d, DOUBLE), "Double all widths"),
        (lambda d: patterns.scale_widths(d, HALF), "Halve all widths"),
        (lambda d: patterns.widen(d, DOUBLE), "Widen Stage 1 ×2"),
        (lambda d: patterns.widen(d, HALF), "Narrow Stage 1 ×½"),
        (patterns.deepen, "Deepen Stage 1"),
        (patterns.shallow, "Shallow Stage 1"),
        (lambda d: patterns.convert(d, BlockKind.RESNEXT), "Convert 3 bottlenecks to ResNeXt"),
        (patterns.apply_to_all, "Apply settings to all blocks"),
        (lambda d: patterns.apply_to_all(d, "attention"), "Apply attention to all blocks"),
    ],
)
def test_each_is_one_sound_step_and_says_what_it_cost(
    qapp, act: Callable[[Document], str], words: str
) -> None:  # type: ignore[no-untyped-def]
    document = Document(preset("resnet50"))
    ids = [block.id for block in FIRST.blocks]
    patterns_of = {"attention": Attention.SE, "kernel": 5}
    start = patterns.patterns.edits.change_blocks(document.design, ids[:1], **patterns_of)
    document.load(start)
    document.select(ids)
    told = act(document)
    assert document.design != start
    assert document.plan.problems == ()
    assert (document.undo_stack.count(), document.undo_stack.undoText()) == (1, words)
    assert told.startswith(words)
    assert "multiply-adds" in told
    assert "params" in told
    document.undo_stack.undo()
    assert document.design == start


def test_a_bottleneck_of_64_is_told_as_32x4d(qapp) -> None:  # type: ignore[no-untyped-def]
    document = Document(preset("resnet50"))
    document.select([FIRST.id])
    told = patterns.convert(document, BlockKind.RESNEXT)
    macs = document.plan.totals.macs, document.base_totals.macs
    assert told.startswith(f"Convert 3 bottlenecks to ResNeXt 32×4d: multiply-adds {percent(*macs)}, ")


def test_without_a_selection_all_blocks_are_converted(qapp) -> None:  # type: ignore[no-untyped-def]
    document = Document(preset("resnet18"))
    patterns.convert(document, BlockKind.BOTTLENECK)
    assert {block.spec.kind for block in document.design.blocks()} == {BlockKind.BOTTLENECK}
    with pytest.raises(StudioError, match="already"):
        patterns.convert(document, BlockKind.BOTTLENECK)


def test_selecting_by_kind_and_stage(qapp) -> None:  # type: ignore[no-untyped-def]
    document = Document(preset("resnet18"))
    second = document.design.stages[1].blocks
    document.select([second[0].id])
    assert patterns.select_stage(document) == "2 blocks selected"
    assert document.selected_blocks == tuple(block.id for block in second)
    patterns.select_kind(document)
    assert len(document.selected_blocks) == 8


@pytest.mark.parametrize(
    "act", [patterns.deepen, patterns.shallow, patterns.select_stage, patterns.apply_to_all]
)
def test_without_a_selection_they_say_so(qapp, act: Callable[[Document], str]) -> None:  # type: ignore[no-untyped-def]
    document = Document(preset("resnet18"))
    with pytest.raises(StudioError, match="selected"):
        act(document)
    assert document.undo_stack.count() == 0


def test_a_drawing_without_blocks_and_a_stage_of_one_say_so(qapp) -> None:  # type: ignore[no-untyped-def]
    document = Document(Design())
    with pytest.raises(StudioError, match="no block"):
        patterns.convert(document, BlockKind.RESNEXT)
    document.load(preset("digits_starter"))
    document.select([document.design.stages[0].id])
    while len(document.design.stages[0].blocks) > 1:
        patterns.shallow(document)
    with pytest.raises(StudioError, match="only block"):
        patterns.shallow(document)


def test_menu_and_status_line(qtbot: QtBot) -> None:
    with shown_window() as window:
        window.new_preset("resnet50")
        window.menu_seat.make()
        acts, document = window.acts, window.document
        told = window.findChild(QLabel, "told")
        assert not acts["deepen"].isEnabled()
        assert acts["convertResnext"].isEnabled()
        assert told.isHidden()
        document.select([FIRST.blocks[1].id])
        assert acts["deepen"].isEnabled()
        acts["deepen"].trigger()
        assert len(document.design.stages[0].blocks) == 4
        assert told.isVisible()
        assert told.text().startswith("Deepen Stage 1: multiply-adds +")
        document.undo_stack.undo()
        assert told.isHidden()
        for name in ("menuSelect", "menuWidths", "menuConvert", "menuStage", "menuAllBlocks"):
            menu = window.findChild(QMenu, name)
            assert menu is not None
            assert menu.actions()


def test_the_cards_own_menu_tells_too(qtbot: QtBot) -> None:
    with shown_window() as window:
        window.new_preset("resnet50")
        canvas = window.editor.canvas
        window.document.select([FIRST.id])
        menu = context_menu(canvas, None)
        inner = {m.objectName(): m for m in menu.findChildren(QMenu)}
        convert = inner["canvasConvert"].actions()
        assert [action.text() for action in convert] == [
            "To residual blocks", "To bottlenecks", "To ResNeXt blocks",
        ]  # fmt: skip
        convert[2].trigger()
        assert window.document.design.stages[0].blocks[0].spec.kind is BlockKind.RESNEXT
        assert "32×4d" in window.findChild(QLabel, "told").text()
        menu.close()
        menu.deleteLater()

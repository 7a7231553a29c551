"""The commands on every block: one undo step each, in menu and command palette alike, and the popup of the drop path."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Attention, Design, Norm
from resnet_studio.ui import everywhere
from resnet_studio.ui.document import Document
from resnet_studio.ui.shell.drop_path_popup import DropPathPopup
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.rate import RateField


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda d: everywhere.attention_everywhere(d, Attention.ECA), "ECA attention everywhere"),
        (lambda d: everywhere.norm_everywhere(d, Norm.GROUP), "Group norm everywhere"),
        (lambda d: everywhere.drop_path_everywhere(d, 0.2), "Set linear drop path"),
    ],
)
def test_each_is_one_step_and_leaves_a_sound_drawing(
    qapp, act: Callable[[Document], None], words: str
) -> None:  # type: ignore[no-untyped-def]
    document = Document(preset("resnet50"))
    act(document)
    assert document.design != preset("resnet50")
    assert document.plan.problems == ()
    assert (document.undo_stack.count(), document.undo_stack.undoText()) == (1, words)
    document.undo_stack.undo()
    assert document.design == preset("resnet50")


def test_without_a_block_they_say_so(qapp) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StudioError, match="no block"):
        everywhere.drop_path_everywhere(Document(Design()), 0.2)


def test_the_popup_sets_the_schedule_as_one_step(qtbot: QtBot) -> None:
    document = Document(preset("resnet18"))
    popup = DropPathPopup(document, ThemeManager(), None)  # type: ignore[arg-type]
    with qtbot.waitExposed(popup):
        popup.show_at(QPoint(20, 20))
    field = popup.findChild(RateField, "dropPathRate")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "30 %")
    assert list(document.design.blocks())[-1].spec.drop_path == 0.3
    qtbot.mouseClick(popup.findChild(QPushButton, "dropPath10"), Qt.MouseButton.LeftButton)
    assert list(document.design.blocks())[-1].spec.drop_path == 0.1
    assert document.undo_stack.count() == 1
    popup.close()
    everywhere.drop_path_everywhere(document, 0.5)
    assert document.undo_stack.count() == 2, "a later change is a step of its own"

"""A schedule of stochastic depth leaves the drawing's overview as it was: cards, diagram and inspector fold, and say the span."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.plan import analyse
from resnet_studio.design.presets import preset
from resnet_studio.design.schedules import linear_drop_path
from resnet_studio.ui.canvas.placing import layout
from resnet_studio.ui.canvas.shapes import Sizes
from tests.ui.test_card_marks import plain
from tests.ui.test_inspector import Desk

SCHEDULED = linear_drop_path(preset("resnet152"), 0.2)


def wrap(text: str, width: float, most: int) -> tuple[str, ...]:
    return (text,)


def test_the_cards_fold_as_without_it() -> None:
    before = list(layout(analyse(preset("resnet152")), (), Sizes(), wrap).cards())
    cards = list(layout(analyse(SCHEDULED), (), Sizes(), wrap).cards())
    assert [(card.key, card.ids, card.count) for card in cards] == [(c.key, c.ids, c.count) for c in before]
    (long,) = [card for card in cards if card.count == 35]
    assert plain(long.marks[0]) == "path 0.049–0.1878"


def test_the_inspector_draws_the_inside_of_a_folded_run(qtbot: QtBot) -> None:
    d = Desk(qtbot, SCHEDULED)
    run = [block.id for block in SCHEDULED.stages[2].blocks[1:]]
    d.document.select(run)
    assert d.inspector.findChild(QWidget, "inspectorPicture").isVisible()  # type: ignore[union-attr]
    assert "drop path 0.049–0.1878" in d.find("inspectorSectionRegularisation").accessibleName()  # type: ignore[attr-defined]
    d.document.select([SCHEDULED.stages[2].blocks[0].id, *run])
    assert not d.inspector.findChild(QWidget, "inspectorPicture").isVisible()  # type: ignore[union-attr]

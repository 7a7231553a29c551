"""How wide the layer table's columns are: no figure is ever cut, whatever the drawing, the text's size and the room."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design, InputSpec
from resnet_studio.ui.document import Document
from resnet_studio.ui.sizing import fit_to_text
from resnet_studio.ui.table import LayerTable
from resnet_studio.ui.table.figure_widths import FigureWidths
from resnet_studio.ui.table.model import LayerModel
from resnet_studio.ui.table.rows import WORDS, Column
from resnet_studio.ui.table.tree import LayerTree
from resnet_studio.ui.theme import ThemeManager, font
from resnet_studio.ui.view_state import ViewState
from tests.design.drawings import designs
from tests.ui.painted_text import watched

FIGURES = [column for column in Column if column not in (*WORDS, Column.TORCHINFO)]


def at(name: str, height: int, width: int) -> Design:
    return edits.set_input(preset(name), InputSpec(channels=3, height=height, width=width))


def all_blocks(design: Design, **fields: object) -> Design:
    return edits.change_blocks(design, [block.id for block in design.blocks()], **fields)


DRAWINGS: dict[str, Callable[[], Design]] = {
    "a strip": lambda: at("resnet50", 4096, 128),
    "five digits of channels": lambda: all_blocks(
        at("resnet50_v1", 4095, 4096), channels=40_000, width=20_000
    ),
    "dilated and strided": lambda: all_blocks(preset("resnet18"), kernel=31, dilation=32, stride=8),
    "many groups": lambda: all_blocks(
        preset("resnext50_32x4d"), width=65_536, groups=65_536, channels=65_536
    ),
}


class Desk:
    def __init__(self, qtbot: QtBot, themes: ThemeManager, design: Design) -> None:
        self.themes, self.document = themes, Document(design)
        self.table = LayerTable(self.document, themes, ViewState())
        qtbot.addWidget(self.table)
        self.resize(1000)
        with qtbot.waitExposed(self.table):
            self.table.show()
        self.tree: LayerTree = self.table.findChild(LayerTree)

    def resize(self, width: int) -> None:
        self.table.resize(width, 1500)

    def resize_text(self, percent: int) -> None:
        before = self.themes.text
        self.themes.resize_text(percent)
        fit_to_text(before / 100, percent / 100)

    def width(self, column: Column) -> int:
        return self.tree.header().sectionSize(column)

    def can_scroll_to_all(self) -> bool:
        beyond = sum(map(self.width, Column)) - self.tree.viewport().width()
        return self.tree.horizontalScrollBar().maximum() == max(0, beyond)

    def painted(self, monkeypatch: pytest.MonkeyPatch) -> set[str]:
        with watched(monkeypatch) as seen:
            self.tree.grab()
        return {entry.text for entry in seen}


@pytest.fixture
def themes(qapp: object) -> Iterator[ThemeManager]:
    made = ThemeManager()
    yield made
    made.resize_text(100)


@pytest.mark.parametrize("name", DRAWINGS)
def test_no_figure_is_painted_cut(
    qtbot: QtBot, themes: ThemeManager, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    d = Desk(qtbot, themes, DRAWINGS[name]())
    d.tree.columns.show(Column.KIND, False)  # words may be cut
    d.tree.expandAll()
    for percent in (100, 125, 150):
        d.resize_text(percent)
        for width in (420, 2400):
            d.resize(width)
            # What has no room beside the others is reached by scrolling; the bar follows in a moment.
            qtbot.waitUntil(d.can_scroll_to_all)
            cut = {text for text in d.painted(monkeypatch) if "…" in text and text != "…"}
            assert cut == set(), (percent, width)


@settings(max_examples=settings().max_examples // 4)
@given(designs(min_stages=1, max_stages=3))
def test_the_longest_figure_of_any_drawing_is_foreseen(qapp: object, design: Design) -> None:
    plan, widths = analyse(design), FigureWidths()
    widths.show_plan(plan)
    model = LayerModel(ThemeManager(), ViewState())
    model.show_plan(plan)
    metrics = QFontMetricsF(font(13))
    for row in model.all_rows():
        for column in FIGURES:
            text = model.text(row, column)
            made = 84 if column is Column.INTENSITY else 50  # the least that the column ever has for words
            assert metrics.horizontalAdvance(text) <= max(widths.of(column), made), (row.key, column, text)
        joined = row.cells.kernel_and_stride
        assert metrics.horizontalAdvance(joined) <= widths.of(Column.KERNEL), joined


def test_ordinary_drawings_keep_their_columns_and_longer_figures_come_and_go(
    qtbot: QtBot, themes: ThemeManager
) -> None:
    d = Desk(qtbot, themes, preset("resnet50"))
    before = [d.width(column) for column in Column]
    long = replace(d.document.design, input=InputSpec(channels=3, height=4096, width=128))
    d.document.apply(long, "Input")
    assert d.width(Column.OUTPUT) > before[Column.OUTPUT]
    d.document.undo_stack.undo()
    assert [d.width(column) for column in Column] == before
    d.document.load(preset("cifar_resnet20"))
    assert [d.width(column) for column in Column] == before


def test_nobody_draws_a_column_narrower_than_its_figures(qtbot: QtBot, themes: ThemeManager) -> None:
    d = Desk(qtbot, themes, at("resnet50", 4096, 128))
    left: list[str] = []
    d.table.columns_left.connect(left.append)
    needed = d.width(Column.OUTPUT)
    d.tree.header().resizeSection(Column.OUTPUT, 50)
    assert d.width(Column.OUTPUT) == needed
    d.document.load(preset("cifar_resnet20"))
    assert 50 <= d.width(Column.OUTPUT) < 70  # as it was drawn, or as its shorter figures need
    d.document.load(at("resnet50", 4096, 128))
    assert d.width(Column.OUTPUT) == needed
    d.tree.header().resizeSection(Column.OUTPUT, 200)
    assert d.width(Column.OUTPUT) == 200
    assert len(left) == 2

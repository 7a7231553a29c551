"""Every table's head stands on the side of its column, and says what a click on it does."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from resnet_studio.analysis.compare import compare
from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import BrokenRun
from resnet_studio.ui.compare.model import CompareModel
from resnet_studio.ui.document import Document
from resnet_studio.ui.history.model import HistoryModel
from resnet_studio.ui.runs.model import RunsModel
from resnet_studio.ui.table.model import LayerModel
from resnet_studio.ui.table.rows import Column
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.verify.model import FiguresModel
from resnet_studio.ui.view_state import ViewState

ALIGNMENT = Qt.ItemDataRole.TextAlignmentRole


def layers(document: Document, themes: ThemeManager, parent: QObject) -> QAbstractItemModel:
    model = LayerModel(themes, ViewState(document), parent)
    model.show_plan(document.plan)
    return model


def compared(document: Document, themes: ThemeManager, parent: QObject) -> QAbstractItemModel:
    model = CompareModel(themes, ViewState(document), parent)
    found = compare(preset("resnet18"), document.design)
    model.show_comparison(found, ("one", "other"), only_differences=False)
    return model


def steps(document: Document, themes: ThemeManager, parent: QObject) -> QAbstractItemModel:
    return HistoryModel(document, themes, ViewState(document), parent)


def runs(_: Document, themes: ThemeManager, parent: QObject) -> QAbstractItemModel:
    model = RunsModel(themes, parent)
    model.show_rows([BrokenRun(run=RunFolder(Path("gone")), fault=StudioError("It is gone."))])
    return model


def figures(_: Document, themes: ThemeManager, parent: QObject) -> QAbstractItemModel:
    return FiguresModel(themes, parent)


@pytest.mark.parametrize("make", [layers, compared, steps, runs, figures])
def test_a_head_stands_on_the_side_of_its_column(
    qapp: QObject, make: Callable[[Document, ThemeManager, QObject], QAbstractItemModel]
) -> None:
    document, parent = Document(preset("resnet18")), QObject()
    model = make(document, ThemeManager(ThemeChoice.LIGHT, document), parent)
    assert model.rowCount(QModelIndex()) > 0
    sides = set()
    for column in range(model.columnCount(QModelIndex())):
        head = model.headerData(column, Qt.Orientation.Horizontal, ALIGNMENT)
        assert head == model.data(model.index(0, column, QModelIndex()), ALIGNMENT), column
        assert model.headerData(column, Qt.Orientation.Vertical) is None
        sides.add(head)
    assert len(sides) == 2, "words at the left, numbers at the right"


def test_a_head_says_how_a_click_sorts(qapp: QObject) -> None:
    document, parent = Document(preset("resnet18")), QObject()
    model = layers(document, ThemeManager(ThemeChoice.LIGHT, document), parent)
    assert isinstance(model, LayerModel)

    def head(column: Column) -> tuple[str, str]:
        words, tip = (
            model.headerData(column, Qt.Orientation.Horizontal, role)
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        )
        return words, tip.rpartition("\n")[2]

    assert head(Column.PARAMS) == ("Parameters", "A click sorts: the largest first.")
    model.arrange(Column.PARAMS, descending=True)
    words, tip = head(Column.PARAMS)
    assert words.startswith("▼"), "before a word at the right: the word stays above its numbers"
    assert tip == "Sorted, the largest first; a click sorts the smallest first."
    model.arrange(Column.KIND, descending=True)
    words, tip = head(Column.KIND)
    assert words.endswith("▼")
    assert tip == "Sorted from Z to A; a click brings network order back."
    assert "sort" not in head(Column.TORCHINFO)[1]

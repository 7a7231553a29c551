"""The docks keep their sizes, whatever tab is in front and whatever it says; a tab is as wide as its words and its number."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QListView, QScrollArea, QWidget

from resnet_studio.design.presets import PRESETS
from resnet_studio.ui.diagram import DiagramView
from resnet_studio.ui.format import si
from resnet_studio.ui.palette.presets import params_of
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.table.rows import Column
from resnet_studio.ui.table.tree import LayerTree
from resnet_studio.ui.theme import font
from tests.ui.shell_window import shown_window


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window(size=(1280, 800)) as window:
        window.new_preset("resnet50")
        QApplication.processEvents()
        yield window


def sizes(window: MainWindow) -> list[tuple[int, int]]:
    QApplication.processEvents()
    return [(dock.width(), dock.height()) for dock in window.editor.docks()]


@pytest.mark.parametrize("size", [(1024, 700), (1280, 800), (1920, 1080)])
def test_neither_a_tab_nor_a_message_moves_a_splitter(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.acts["resetLayout"].trigger()
    before = sizes(window)
    for dock, names in (
        (window.editor.analysis, ("layerTable", "diagram", "problems", "code", "history", "compare")),
        (window.editor.training, ("trainPanel", "runs")),
    ):
        for name in names:
            dock.bring(name)
            assert sizes(window) == before, name
    window.editor.analysis.bring("diagram")
    diagram = window.editor.analysis.view("diagram")
    assert isinstance(diagram, DiagramView)
    diagram.source.written.emit("/somewhere/" + "a long name " * 20 + ".svg")
    said = diagram.findChild(QLabel, "diagramStatus")
    assert isinstance(said, QLabel)
    assert said.isVisible()
    assert sizes(window) == before


def test_a_narrow_diagram_has_its_buttons_in_two_lines(window: MainWindow) -> None:
    window.editor.analysis.bring("diagram")
    QApplication.processEvents()
    view = window.editor.analysis.view("diagram")
    names = (
        "diagramDetail",
        "diagramDirection",
        "diagramFold",
        "diagramZoomOut",
        "diagramFit",
        "diagramExport",
    )
    for size, lines in (((1280, 800), 1), ((1024, 700), 2), ((1280, 800), 1)):
        window.resize(*size)
        window.acts["resetLayout"].trigger()
        QApplication.processEvents()
        parts = [part for name in names for part in view.findChildren(QWidget, name)]
        assert len({part.geometry().center().y() for part in parts}) == lines, size
        assert all(view.rect().contains(part.geometry()) for part in parts), size
        boxes = [part.geometry() for part in parts]
        assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :]), size


def test_what_needs_more_room_than_its_dock_has_scrolls(window: MainWindow) -> None:
    window.resize(1024, 700)
    window.acts["resetLayout"].trigger()
    dock = window.editor.training
    view = dock.view("runs")
    dock.bring("runs")
    view.setFixedWidth(600)
    QApplication.processEvents()
    page = dock.findChild(QScrollArea, "runsPage")
    assert isinstance(page, QScrollArea)
    assert page.width() < view.width() == 600
    assert page.horizontalScrollBar().maximum() > 0


def test_a_tab_is_narrow_again_when_its_number_goes(window: MainWindow) -> None:
    dock = window.editor.analysis
    wide = [dock.tabs.tabRect(index).width() for index in range(3)]
    dock.set_count("problems", 12, "#aa5500", "12 problems")
    badge = dock.tabs.findChild(QLabel, "problemsBadge")
    assert isinstance(badge, QLabel)
    assert badge.text() == "12"
    assert dock.tabs.tabRect(2).width() > wide[2]
    dock.set_count("problems", 0, "#aa5500", "no problems")
    assert [dock.tabs.tabRect(index).width() for index in range(3)] == wide
    dock.set_count("problems", 1, "#aa5500", "1 problem")
    assert dock.tabs.tabRect(2).width() > wide[2]


def test_a_view_fills_its_dock_where_there_is_room(window: MainWindow) -> None:
    window.resize(1920, 1080)
    window.acts["resetLayout"].trigger()
    QApplication.processEvents()
    for dock, name in ((window.editor.analysis, "layerTable"), (window.editor.training, "trainPanel")):
        page = dock.findChild(QScrollArea, f"{name}Page")
        assert isinstance(page, QScrollArea)
        assert dock.view(name).size() == page.size(), name
        assert page.geometry().bottom() == dock.widget().rect().bottom()


def test_the_tables_columns_are_remembered_between_starts(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as first:
        first.doings.new_preset("resnet18")
        tree = first.show_tab("layerTable").findChild(LayerTree)
        tree.columns.show(Column.PARAMS, False)
        tree.header().resizeSection(Column.MACS, 111)
    with shown_window() as second:
        second.doings.new_preset("resnet18")
        header = second.show_tab("layerTable").findChild(LayerTree).header()
        assert header.isSectionHidden(Column.PARAMS)
        assert header.sectionSize(Column.MACS) == 111


def test_a_wide_window_cuts_no_presets_name_of_torchvision(window: MainWindow) -> None:
    window.resize(1920, 1080)
    window.acts["resetLayout"].trigger()
    QApplication.processEvents()
    shown = window.findChild(QListView, "presetList")
    assert isinstance(shown, QListView)
    names, numbers = QFontMetrics(font(12, bold=True)), QFontMetrics(font(11, bold=True))
    for name in ("resnet152", "resnext50_32x4d", "resnext101_32x8d", "resnext101_64x4d"):
        needed = names.horizontalAdvance(PRESETS[name].title) + numbers.horizontalAdvance(si(params_of(name)))
        assert needed + 16 <= shown.viewport().width(), name

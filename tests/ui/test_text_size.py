"""Text from 80 to 200 %: everything that holds letters goes along, at once, and comes back as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.ui.face import Face
from resnet_studio.ui.shell.banner import Tone
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.shell.settings import Settings
from resnet_studio.ui.style import style_sheet
from resnet_studio.ui.theme import LIGHT, TEXT_SIZES, ThemeManager, font, px, text_scale
from tests.ui.shell_window import shown_window


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    with shown_window() as shown:
        yield shown
        shown.theme.resize_text(100)


def letters(window: MainWindow) -> dict[str, float]:
    """How high the letters of each named part are, in pixels."""
    kinds = (QLabel, QLineEdit, QTreeView)
    return {
        widget.objectName(): QFontInfo(widget.font()).pixelSize()
        for kind in kinds
        for widget in window.findChildren(kind)
        if widget.objectName() and not widget.objectName().startswith("qt_")
    }


def test_every_letter_of_the_window_grows_and_comes_back(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("resnet50")
    window.document.select((window.document.design.stages[1].blocks[0].id,))
    for tab in ("layerTable", "problems", "code", "history", "compare"):
        window.show_tab(tab)
    before, zoom = letters(window), window.editor.canvas.zoom
    docks = (window.editor.palette_dock, window.editor.inspector_dock)
    wide = [dock.width() for dock in docks]
    assert len(before) > 20
    window.doings.resize_text(200)
    large = letters(window)
    assert {name: size for name, size in before.items() if large[name] != 2 * size} == {}
    assert window.editor.canvas.zoom > 1.5 * zoom
    qtbot.waitUntil(lambda: all(dock.width() > was for dock, was in zip(docks, wide, strict=True)))
    window.doings.resize_text(100)
    after = letters(window)  # views that were made meanwhile are more
    assert {name: after[name] for name in before} == before
    qtbot.waitUntil(lambda: [dock.width() for dock in docks] == wide)
    assert window.editor.canvas.zoom == pytest.approx(zoom, rel=0.25)


def test_keys_go_from_size_to_size_and_the_size_is_kept(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("digits_starter")
    window.activateWindow()
    qtbot.waitActive(window)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    QTest.keyClick(window, Qt.Key.Key_Equal, both)
    assert (window.theme.text, Settings().text) == (110, 110)
    assert window.acts["text110"].isChecked()
    for _ in range(4):
        QTest.keyClick(window, Qt.Key.Key_Minus, both)
    assert window.theme.text == TEXT_SIZES[0]  # and no smaller
    window.acts["text150"].trigger()
    assert (Settings().text, text_scale(), px(20)) == (150, 1.5, 30)
    assert QFontInfo(font(12)).pixelSize() == 18
    assert QFontInfo(font(12, grows=False)).pixelSize() == 12


@pytest.mark.parametrize("said", ["7", "", "large", "100000"])
def test_a_size_that_is_none_counts_as_not_there(tmp_path: Path, said: str) -> None:
    (tmp_path / "window.ini").write_text(f"[General]\ntext={said}\n")
    assert Settings(tmp_path / "window.ini").text == 100


def test_lengths_of_the_style_sheet_grow_and_a_face_follows_when_told(qapp: QApplication) -> None:
    themes, face = ThemeManager(), Face(12)
    try:
        assert "min-height: 20px" in style_sheet(LIGHT)
        assert "tx" not in style_sheet(LIGHT).replace("text", "")
        narrow = face.width("Bottleneck")
        themes.resize_text(200)
        assert "min-height: 40px" in style_sheet(LIGHT)
        assert face.follow_text()
        assert not face.follow_text()
        assert face.width("Bottleneck") == pytest.approx(2 * narrow, rel=0.03)
    finally:
        themes.resize_text(100)


def test_a_table_keeps_its_arrangement_in_points_of_100_percent(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("resnet50")
    tree = window.show_tab("layerTable").findChild(QTreeView)
    assert isinstance(tree, QTreeView)
    row = tree.visualRect(tree.model().index(0, 0)).height()
    width = tree.header().sectionSize(7)
    window.doings.resize_text(200)
    qtbot.waitUntil(lambda: tree.visualRect(tree.model().index(0, 0)).height() >= 2 * row - 1)
    assert tree.header().sectionSize(7) in (0, 2 * width)
    assert isinstance(window.findChild(QWidget, "toolbar"), QWidget)


def columns(tree: QTreeView) -> list[int]:
    """How wide each column is; 0 for one that is not shown."""
    return [tree.header().sectionSize(section) for section in range(tree.header().count())]


def test_a_table_comes_back_from_larger_letters_with_all_its_columns(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.resize(1280, 800)
    window.new_preset("resnet18")
    tree = window.show_tab("layerTable").findChild(QTreeView)
    assert isinstance(tree, QTreeView)
    qtbot.waitUntil(lambda: tree.viewport().width() > 300)
    before = columns(tree)
    for size in (150, 200, 100):
        window.doings.resize_text(size)
        qtbot.waitUntil(lambda: sum(columns(tree)) >= tree.viewport().width())
    # The names have what the others leave, which a scroll bar or a dock's last pixel may change.
    qtbot.waitUntil(lambda: columns(tree)[1:] == before[1:] and abs(columns(tree)[0] - before[0]) < 20)
    assert sum(width > 0 for width in before) > 4


def test_a_banner_is_as_high_as_its_words_at_every_size(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("digits_starter")
    banner = window.banners.tell("Something is not known here.", "Words that go on. " * 9, Tone.WARN)
    qtbot.waitUntil(lambda: 30 < banner.height() < 60)
    before = banner.height()
    for size in (200, 150):
        window.doings.resize_text(size)
        qtbot.waitUntil(lambda: banner.height() > 1.4 * before)
        for label in banner.findChildren(QLabel):
            needed = label.fontMetrics().boundingRect(
                0, 0, label.width(), 9999, Qt.TextFlag.TextWordWrap, label.text()
            )
            assert label.height() >= needed.height()
    window.doings.resize_text(100)
    qtbot.waitUntil(lambda: banner.height() == before)


def test_large_letters_leave_the_drawing_its_room_and_no_caption_without_choices(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.new_preset("resnet18")
    canvas = window.editor.canvas
    caption = next(label for label in canvas.bar.findChildren(QLabel) if label.text() == "Heat:")
    palette = window.editor.palette_dock
    qtbot.waitUntil(lambda: palette.width() == 200)
    for size in (150, 200):
        window.doings.resize_text(size)
        qtbot.waitUntil(lambda: palette.width() > 200)
        assert canvas.width() > 0.45 * window.width()
        assert not caption.isVisible() or canvas.bar.switch.isVisible()


def test_a_drawing_opens_whole_where_a_banner_takes_a_little(qtbot: QtBot, window: MainWindow) -> None:
    window.banners.tell("Something", "is said.", Tone.WARN)
    window.new_preset("digits_starter")
    canvas = window.editor.canvas
    needed = canvas.places.bounds.w, 0.8 * canvas.places.content
    canvas.setParent(None)
    qtbot.addWidget(canvas)
    canvas.resize(round(needed[0]) + 200, round(needed[1]) + 44)
    canvas.show()
    assert canvas.zoom == pytest.approx(0.8, abs=0.02)
    assert canvas.verticalScrollBar().maximum() == 0

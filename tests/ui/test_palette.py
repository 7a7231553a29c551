"""The palette: blocks go in by double click, plus and keys; presets filter, show true figures and are asked for."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import BlockKind, Design
from resnet_studio.ui.document import Document
from resnet_studio.ui.format import si
from resnet_studio.ui.palette.cards import PaletteCard
from resnet_studio.ui.palette.presets import NAME, params_of
from resnet_studio.ui.palette.view import PaletteView
from resnet_studio.ui.theme import ThemeChoice, ThemeManager, font

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def palette(qtbot) -> Iterator[PaletteView]:
    document = Document(preset("resnet50"))
    view = PaletteView(document, ThemeManager(ThemeChoice.LIGHT))
    document.setParent(view)
    qtbot.addWidget(view)
    view.resize(204, 640)
    view.show()
    qtbot.waitExposed(view)
    yield view
    view.close()


def card(view: PaletteView, name: str) -> PaletteCard:
    found = view.findChild(PaletteCard, f"palette_{name}")
    assert found is not None
    return found


@pytest.mark.parametrize("kind", BlockKind)
def test_a_double_click_inserts_behind_the_selection(palette: PaletteView, kind: BlockKind) -> None:
    document = palette._document
    document.select(["s1b1"])
    widget = card(palette, kind.value)
    QTest.mouseDClick(widget, LEFT, NONE, QPoint(40, 40))
    assert document.design.stages[0].blocks[1].spec.kind is kind
    assert document.undo_stack.count() == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_keys_insert(palette: PaletteView, key: Qt.Key) -> None:
    QTest.keyClick(card(palette, "residual"), key)
    assert palette._document.design.stages[3].blocks[-1].spec.kind is BlockKind.RESIDUAL


def test_the_plus_inserts_once_a_click(palette: PaletteView) -> None:
    widget = card(palette, "stage")
    plus = widget._plus_box().center().toPoint()
    QTest.mouseClick(widget, LEFT, NONE, plus)
    assert len(palette._document.design.stages) == 5
    QTest.mouseClick(widget, LEFT, NONE, QPoint(40, 30))
    assert len(palette._document.design.stages) == 5


def test_what_cannot_be_done_is_said(qtbot, palette: PaletteView) -> None:
    palette._document.load(Design(stages=()))
    for _ in range(11):
        QTest.keyClick(card(palette, "stage"), Qt.Key.Key_Return)
    with qtbot.waitSignal(palette.refused) as signal:
        QTest.keyClick(card(palette, "stage"), Qt.Key.Key_Return)
    assert "channels" in signal.args[0]


def test_every_preset_shows_its_own_count(palette: PaletteView) -> None:
    model = palette.presets.model()
    names = [model.index(row, 0).data(NAME) for row in range(model.rowCount())]
    assert names == list(PRESETS)
    assert params_of("resnet50") == 25_557_032
    assert params_of("resnext50_32x4d") == 25_028_904
    spoken = model.index(names.index("resnet18"), 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "11.7" in spoken


def test_the_filter_keeps_what_has_every_word(palette: PaletteView) -> None:
    palette.filter.setText("cifar 1202")
    model = palette.presets.model()
    assert [model.index(row, 0).data(NAME) for row in range(model.rowCount())] == ["cifar_resnet1202"]
    palette.filter.setText("nothing like it")
    assert model.rowCount() == 0
    palette.filter.clear()
    assert model.rowCount() == len(PRESETS)


def test_typing_and_enter_ask_for_a_preset(qtbot, palette: PaletteView) -> None:
    QTest.keyClicks(palette.filter, "resnet-34")
    with qtbot.waitSignal(palette.preset_requested) as signal:
        QTest.keyClick(palette.filter, Qt.Key.Key_Return)
    assert signal.args == ["resnet34"]


def test_a_double_click_asks_for_a_preset_and_a_single_one_does_not(qtbot, palette: PaletteView) -> None:
    index = palette.presets.model().index(2, 0)
    point = palette.presets.visualRect(index).center()
    with qtbot.assertNotEmitted(palette.preset_requested):
        QTest.mouseClick(palette.presets.viewport(), LEFT, NONE, point)
    with qtbot.waitSignal(palette.preset_requested) as signal:
        QTest.mouseDClick(palette.presets.viewport(), LEFT, NONE, point)
    assert signal.args == [index.data(NAME)]


def test_names_for_assistive_tools(palette: PaletteView) -> None:
    assert palette.objectName() == "palette"
    for button in palette.findChildren(QAbstractButton):
        if isinstance(button, PaletteCard):
            assert button.accessibleName()
    assert palette.presets.accessibleName()
    assert palette.filter.accessibleName()


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_both_themes_paint(palette: PaletteView, choice: ThemeChoice) -> None:
    palette._themes.choose(choice)
    image = palette.grab().toImage()
    assert image.pixelColor(2, 2).name() == palette._themes.theme.window
    assert not card(palette, "residual").drag_image().isNull()


def current(view: PaletteView) -> str | None:
    index = view.presets.currentIndex()
    return index.data(NAME) if index.isValid() else None


def test_only_the_preset_that_is_open_is_marked(palette: PaletteView) -> None:
    assert current(palette) == "resnet50"
    palette._document.load(Design())
    assert current(palette) is None
    assert palette.presets.selectionModel().selectedIndexes() == []
    palette._document.load(preset("resnet18"))
    assert current(palette) == "resnet18"


def test_it_needs_no_scrolling_in_a_window_of_1280_by_800(palette: PaletteView) -> None:
    # What the docks leave it there, below menus and toolbar and above the table.
    assert palette.minimumSizeHint().height() <= 377


@pytest.mark.parametrize("width", [176, 200, 260])
def test_no_name_is_shortened_at_the_widths_that_docks_leave(palette: PaletteView, width: int) -> None:
    palette.resize(width, 640)
    shown, room = palette.presets, palette.presets.viewport().width() - 10
    bold, small = (QFontMetricsF(font(size, bold=True)) for size in (12, 11))
    for row in range(shown.model().rowCount()):
        index = shown.model().index(row, 0)
        lines = palette._delegate.lines(index.data(), shown.viewport().width())
        assert " ".join(lines).strip() == index.data()
        number = small.horizontalAdvance(si(params_of(index.data(NAME))))
        assert max(map(bold.horizontalAdvance, lines)) <= room
        assert bold.horizontalAdvance(lines[-1]) + number < room
        assert shown.visualRect(index).height() >= 16 * len(lines)
    for widget in palette.findChildren(PaletteCard):
        space = widget.width() - 52
        notes = widget.note_lines(widget.note, space)
        assert " ".join(notes) == widget.note
        assert max(map(QFontMetricsF(font(11)).horizontalAdvance, notes)) <= space

"""The inspector with real controls: live gestures, half-typed values, several blocks, repairs."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.design.types import BlockKind, Design, Order, ShortcutKind
from resnet_studio.ui.document import Document
from resnet_studio.ui.inspector import Inspector
from resnet_studio.ui.theme import DARK, LIGHT, Theme, ThemeChoice, ThemeManager
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.choices import ChoiceField, FlagField, TextField
from resnet_studio.ui.widgets.number import NumberField
from resnet_studio.ui.widgets.segmented import Segmented, checked_colours
from resnet_studio.ui.widgets.tile import StatTile


class Desk:
    """An inspector in a window, beside something else that can have the focus."""

    def __init__(self, qtbot: QtBot, design: Design) -> None:
        self.qtbot = qtbot
        self.document = Document(design)
        self.themes = ThemeManager(ThemeChoice.LIGHT)
        self.state = ViewState()
        self.inspector = Inspector(self.document, self.themes, self.state)
        qtbot.addWidget(self.inspector)
        self.inspector.resize(290, 900)
        with qtbot.waitExposed(self.inspector):
            self.inspector.show()

    def find(self, name: str, kind: type = QWidget) -> QObject:
        """The control of that name that is shown."""
        found = [w for w in self.inspector.findChildren(kind, name) if w.isVisible()]
        assert found, f"{name} is not shown"
        return found[0]

    def number(self, name: str) -> NumberField:
        found = self.find(name, NumberField)
        assert isinstance(found, NumberField)
        return found

    def type(self, name: str, text: str) -> NumberField:
        field = self.number(name)
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)
        return field

    def spec(self, block: str) -> object:
        found = self.document.design.block(block)
        assert found is not None
        return found.spec

    def said(self, name: str) -> str:
        return self.find(name).text()  # type: ignore[attr-defined]


@pytest.fixture
def desk(qtbot: QtBot) -> Callable[[str], Desk]:
    return lambda name: Desk(qtbot, preset(name))


def test_typing_is_one_step_with_its_delta_and_undo_takes_all_of_it(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    before = d.document.plan.totals
    field = d.type("inspectorWidth", "192")
    assert d.spec("s2b2").width == 192
    assert d.document.undo_stack.count() == 1
    assert d.document.base_totals == before
    tile = d.find("inspectorTileParameters", StatTile)
    assert tile.texts[2].startswith("+")
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    d.type("inspectorWidth", "64")
    assert d.document.undo_stack.count() == 2
    d.document.undo_stack.undo()
    d.document.undo_stack.undo()
    assert d.document.design == preset("resnet50")
    assert field.text() == "128"


def test_a_half_typed_number_is_no_error_until_it_is_left_and_nothing_is_lost(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    field = d.type("inspectorChannels", "64*")
    row = field.parentWidget()
    assert row.message == ""
    assert d.spec("s2b2").channels == 64
    d.number("inspectorWidth").setFocus()
    assert "still 64" in row.message
    assert field.text() == "64*"
    d.document.select(["s2b3"])
    assert field.text() == "512"
    assert row.message == ""


def test_what_was_refused_for_one_block_is_not_shown_for_another_with_the_same_value(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    field = d.type("inspectorChannels", "0")
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.parentWidget().message
    d.document.select(["s2b3"])
    assert (field.text(), field.parentWidget().message) == ("512", "")


def test_out_of_range_is_refused_near_the_field_and_escape_brings_the_value_back(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["stem"])
    field = d.type("inspectorKernel", "8")
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "odd" in field.parentWidget().message
    assert d.document.design.stem.kernel == 7
    d.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.parentWidget().message) == ("7", "")


def test_a_product_beyond_the_limits_is_refused_in_words(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnext50_32x4d")
    d.document.select(["s2b2"])
    field = d.type("inspectorGroupWidth", "6000")
    assert d.spec("s2b2").width == 32 * 600
    assert "65" in field.parentWidget().message


def test_formula_arrows_pages_and_wheel(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    field = d.type("inspectorChannels", "64*8")
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.text(), d.spec("s2b2").channels) == ("512", 512)
    for key, expected in (
        (Qt.Key.Key_Up, 520),
        (Qt.Key.Key_Down, 512),
        (Qt.Key.Key_PageDown, 256),
        (Qt.Key.Key_PageUp, 512),
    ):
        d.qtbot.keyClick(field, key)
        assert d.spec("s2b2").channels == expected
    roll(field, 120)
    assert d.spec("s2b2").channels == 520
    d.number("inspectorWidth").setFocus()
    roll(field, 120)
    assert d.spec("s2b2").channels == 520, "the wheel over a field without focus scrolls the panel"


def roll(widget: QWidget, angle: int) -> None:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle, widget.mapToGlobal(middle), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_a_change_goes_to_all_selected_blocks(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b1", "s3b2"])
    field = d.number("inspectorChannels")
    assert (field.text(), field.placeholderText()) == ("", "mixed")
    choice = d.find("inspectorOrder", ChoiceField)
    choice.setCurrentIndex(4)
    choice.activated.emit(4)
    assert {d.spec(b).order for b in ("s2b1", "s3b2")} == {Order.FULL_PREACT}
    assert d.spec("s2b2").order is Order.ORIGINAL
    shortcut = d.find("inspectorShortcut", ChoiceField)
    assert shortcut.currentIndex() == -1
    shortcut.activated.emit(1)
    assert {d.spec(b).shortcut for b in ("s2b1", "s3b2")} == {ShortcutKind.PROJECTION}


def test_another_kind_takes_the_papers_proportions(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    d.qtbot.mouseClick(d.find("inspectorKind.2"), Qt.MouseButton.LeftButton)
    spec = d.spec("s2b2")
    assert (spec.kind, spec.width, spec.groups) == (BlockKind.RESNEXT, 256, 32)
    assert d.number("inspectorCardinality").text() == "32"
    assert d.said("inspectorTitle") == "ResNeXt block"
    assert "groups" in d.said("inspectorLesson")


def test_deepening_by_typing_keeps_the_blocks_that_were_there(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    ids = [block.id for block in d.document.design.stages[1].blocks]
    d.document.select(["s2"])
    d.type("inspectorCount", "12")
    blocks = d.document.design.stages[1].blocks
    assert len(blocks) == 12
    assert [block.id for block in blocks[:4]] == ids
    assert d.document.undo_stack.count() == 1


def test_names_are_checked_when_left(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    name = d.find("inspectorName", TextField)
    name.setFocus()
    name.selectAll()
    d.qtbot.keyClick(name, Qt.Key.Key_Backspace)
    assert name.parentWidget().message == ""
    d.qtbot.keyClick(name, Qt.Key.Key_Return)
    assert "empty" in name.parentWidget().message
    assert d.document.design.name == "ResNet-50"
    d.qtbot.keyClicks(name, "<b>Mine</b>")
    assert d.document.design.name == "<b>Mine</b>"
    assert d.said("inspectorTitle") == "<b>Mine</b>"


def test_flags(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["stem"])
    pool = d.find("inspectorPool", FlagField)
    d.qtbot.mouseClick(pool, Qt.MouseButton.LeftButton, pos=QPoint(8, pool.height() // 2))
    assert d.document.design.stem.pool is False
    d.document.undo_stack.undo()
    assert pool.isChecked()


def test_a_problem_shows_with_its_repair(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    d.type("inspectorChannels", "256")
    assert "needs a projection" in d.said("inspectorProblem1")
    d.qtbot.mouseClick(d.find("inspectorRepair1", QPushButton), Qt.MouseButton.LeftButton)
    assert d.spec("s2b2").shortcut is ShortcutKind.PROJECTION


def test_controls_are_changed_in_place(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    before = d.inspector.findChildren(QWidget)
    d.type("inspectorWidth", "99")
    d.document.select(["s3b1"])
    assert set(before) <= set(d.inspector.findChildren(QWidget))
    assert len(d.inspector.findChildren(NumberField, "inspectorWidth")) <= 2


def test_flops_and_both_themes(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    tile = d.find("inspectorTileMultiplyAdds", StatTile)
    assert tile.texts[:2] == ("Multiply-adds", "4.09\u2009G")
    d.state.show_flops(True)
    assert tile.texts[:2] == ("FLOPs", "8.18\u2009G")
    for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        d.themes.choose(choice)
        ground = tile.grab().toImage().pixelColor(5, tile.height() // 2)
        assert ground.name() == d.themes.theme.field


def test_every_control_has_a_name_for_people_and_for_programs(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnext50_32x4d")
    for selection in ((), ("s2",), ("s2b1",), ("stem",), ("head",)):
        d.document.select(selection)
        for kind in (NumberField, ChoiceField, FlagField, TextField, Segmented):
            for widget in d.inspector.findChildren(kind):
                assert widget.objectName().startswith("inspector")
                assert widget.accessibleName()


def luminance(code: str) -> float:
    parts = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_small_words_can_be_read_on_their_grounds(theme: Theme) -> None:
    pairs = [checked_colours(theme, token) for token in ("accent", "residual", "bottleneck", "resnext")]
    pairs += [(theme.text_faint, theme.field), (theme.text_soft, theme.field), (theme.warn, theme.warn_soft)]
    pairs += [(ink, theme.accent_soft) for ink in (theme.text_soft, theme.good, theme.warn)]
    pairs += [(ink, theme.window) for ink in (theme.bad, theme.warn, theme.good, theme.text_soft)]
    for ink, ground in pairs:
        dark, light = sorted((luminance(ink), luminance(ground)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)

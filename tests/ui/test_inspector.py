"""The inspector with real controls: live gestures, half-typed values, several blocks, repairs."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.design.types import BlockKind, Design, Order, ShortcutKind
from resnet_studio.ui import commands
from resnet_studio.ui.document import Document
from resnet_studio.ui.format import delta
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


def test_a_half_typed_number_is_no_error_until_it_is_left(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    field = d.type("inspectorChannels", "64*")
    row = field.parentWidget()
    assert row.message == ""
    assert d.spec("s2b2").channels == 512, "nobody asked for the 64 on the way"
    d.number("inspectorWidth").setFocus()
    assert "“64*” is not taken" in row.message
    assert "stays 512" in row.message
    assert field.text() == "512"
    d.document.select(["s2b3"])
    assert (field.text(), row.message) == ("512", "")


@pytest.mark.parametrize("keys", ["99999999", "9999\b\b\b\b", "-5", "12x", "8*8*"])
@pytest.mark.parametrize("ending", [Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape])
def test_typing_that_ends_wrong_or_is_taken_back_leaves_no_trace(desk, keys: str, ending: Qt.Key) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s1b2"])
    field = d.type("inspectorWidth", "")
    for key in keys:
        d.qtbot.keyClick(field, Qt.Key.Key_Backspace) if key == "\b" else d.qtbot.keyClicks(field, key)
    assert d.document.design == preset("resnet50"), "while it is wrong, too"
    d.qtbot.keyClick(field, ending)
    assert d.document.design == preset("resnet50")
    assert (d.document.undo_stack.count(), d.document.is_clean) == (0, True)
    assert field.text() == "64"
    assert bool(field.parentWidget().message) == (ending is not Qt.Key.Key_Escape)
    d.type("inspectorWidth", "72")
    assert (d.spec("s1b2").width, field.parentWidget().message) == (72, "")


def test_what_was_typed_wrong_can_be_mended_as_one_step(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s1b2"])
    field = d.type("inspectorWidth", "999999")
    for _ in range(4):
        d.qtbot.keyClick(field, Qt.Key.Key_Backspace)
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert d.spec("s1b2").width == 99
    assert d.document.undo_stack.count() == 1
    d.document.undo_stack.undo()
    assert d.document.design == preset("resnet50")


def test_escape_takes_back_typing_and_arrows_but_not_what_return_took(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s1b2"])
    field = d.type("inspectorWidth", "80")
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    d.qtbot.keyClick(field, Qt.Key.Key_Up)
    d.qtbot.keyClick(field, Qt.Key.Key_Up)
    assert d.spec("s1b2").width == 96
    d.qtbot.keyClick(field, Qt.Key.Key_Escape)
    d.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (d.spec("s1b2").width, field.text(), d.document.undo_stack.count()) == (80, "80", 1)


def test_escape_after_undo_brings_nothing_back(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s1b2"])
    field = d.type("inspectorWidth", "80")
    d.document.undo_stack.undo()
    d.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert d.document.design == preset("resnet50")
    assert d.document.undo_stack.canRedo()


def test_what_was_redone_is_no_typing_any_more(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s1b2"])
    field = d.type("inspectorWidth", "80")
    d.document.undo_stack.undo()
    d.document.undo_stack.redo()
    d.qtbot.keyClicks(field, "5-")
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (d.spec("s1b2").width, field.text()) == (80, "80")


def test_taking_back_gives_every_block_of_a_mixture_its_own_again(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b1", "s3b2"])
    field = d.type("inspectorChannels", "77")
    assert {d.spec(b).channels for b in ("s2b1", "s3b2")} == {77}
    d.qtbot.keyClicks(field, "777777")
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert d.document.design == preset("resnet50")
    assert (field.text(), field.placeholderText()) == ("", "mixed")
    assert "They stay" in field.parentWidget().message


def test_a_stage_shortened_by_half_a_number_keeps_its_blocks(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2"])
    field = d.type("inspectorCount", "1")
    assert len(d.document.design.stages[1].blocks) == 1
    d.qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert d.document.design == preset("resnet50")


def test_mixed_is_said_of_mixtures_only(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s1b2"])
    field = d.type("inspectorWidth", "")
    d.qtbot.keyClick(field, Qt.Key.Key_Delete)
    assert (field.text(), field.placeholderText()) == ("", "64")


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
    assert "65" in field.parentWidget().message
    assert d.document.design == preset("resnext50_32x4d")
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.text(), d.document.undo_stack.count()) == ("8", 0)
    assert "“6000” is not taken" in field.parentWidget().message


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
    d.qtbot.keyClick(name, Qt.Key.Key_Escape)
    assert (name.text(), d.document.design.name, d.document.undo_stack.count()) == (
        "ResNet-50",
        "ResNet-50",
        0,
    )


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


TILES = ("Parameters", "MultiplyAdds", "BackwardMemory", "ReceptiveField")


def changes(d: Desk) -> list[str]:
    found = []
    for name in TILES:
        tile = d.find(f"inspectorTile{name}", StatTile)
        assert isinstance(tile, StatTile)
        found.append(tile.texts[2].replace("\u202f", " "))
    return found


def test_tiles_tell_what_the_selection_itself_costs_and_how_that_changed(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    assert (d.said("inspectorTilesHeading"), changes(d)) == ("THE NETWORK", [""] * 4)
    d.document.select(["s2b2"])
    field = d.type("inspectorWidth", "136")
    part = next(unit.part for unit in d.document.plan.units if unit.id == "s2b2")
    old = next(unit.part for unit in d.document.base_plan.units if unit.id == "s2b2")
    assert d.said("inspectorTilesHeading") == "THIS BLOCK"
    assert changes(d)[:2] == [
        delta(n).replace("\u202f", " ") for n in (part.params - old.params, part.macs - old.macs)
    ]
    assert changes(d)[3] == "±0"
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    d.document.select(["s3b2"])
    assert changes(d) == [""] * 4, "the last step did not touch it"
    d.document.select(["s2"])
    assert d.said("inspectorTilesHeading") == "THIS STAGE"
    assert changes(d)[0] == delta(part.params - old.params).replace("\u202f", " ")
    d.document.select([])
    now, before = d.document.plan.totals, d.document.base_totals
    assert changes(d)[0] == delta(now.params - before.params).replace("\u202f", " ")


def test_the_receptive_field_says_its_effective_stride(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    tile = d.find("inspectorTileReceptiveField", StatTile)
    assert "Effective stride: 32 input pixels" in tile.toolTip()
    for block, stride in (("s2b2", 8), ("s2b1", 8), ("s3b2", 16), ("s1b1", 4)):
        d.document.select([block])
        assert "of this block. Edge" in tile.toolTip()
        assert f"Effective stride: {stride} input pixels" in tile.toolTip()
        assert f"Effective stride: {stride} input pixels" in tile.accessibleDescription()


def test_tiles_of_what_was_just_made_say_new_and_of_what_another_step_moved_its_own_change(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    commands.duplicate(d.document)
    assert changes(d) == ["new"] * 4
    d.document.select(["s2"])
    commands.duplicate(d.document)
    assert changes(d) == ["new"] * 4
    d.document.select(["stem"])
    d.type("inspectorStride", "1")
    d.document.select(["s3b2"])
    assert d.said("inspectorTilesHeading") == "THIS BLOCK"
    assert changes(d)[0] == "±0"
    assert changes(d)[1].startswith("+"), "a larger map makes its work more"
    d.document.select(["s3b1", "s3b2"])
    assert d.said("inspectorTilesHeading") == "THESE 2 BLOCKS"


def test_flops_and_both_themes(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    tile = d.find("inspectorTileMultiplyAdds", StatTile)
    assert tile.texts[:2] == ("Multiply-adds", "4.09\u202fG")
    d.state.show_flops(True)
    assert tile.texts[:2] == ("FLOPs", "8.18\u202fG")
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

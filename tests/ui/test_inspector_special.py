"""The inspector's sections with real controls: attention, norm, kernel, and the rates of what training leaves out."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Attention, HeadPool, Norm, ShortcutKind, StemKind
from resnet_studio.ui.inspector.picture import PartPicture
from resnet_studio.ui.inspector.section import SectionHeading
from resnet_studio.ui.widgets.choices import ChoiceField
from tests.ui.test_inspector import Desk, changes


@pytest.fixture
def desk(qtbot: QtBot) -> Callable[[str], Desk]:
    return lambda name: Desk(qtbot, preset(name))


def opened(d: Desk, title: str) -> SectionHeading:
    heading = d.find(f"inspectorSection{title}", SectionHeading)
    assert isinstance(heading, SectionHeading)
    if not heading.isChecked():
        d.qtbot.mouseClick(heading, Qt.MouseButton.LeftButton)
    return heading


def shown(d: Desk, name: str) -> bool:
    return any(widget.isVisible() for widget in d.inspector.findChildren(QWidget, name))


def choose(d: Desk, name: str, value: object) -> None:
    box = d.find(name, ChoiceField)
    assert isinstance(box, ChoiceField)
    index = box._values.index(value)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_sections_are_closed_and_say_what_stands_in_them(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    assert not shown(d, "inspectorAttention")
    heading = d.find("inspectorSectionAttention", SectionHeading)
    assert heading.accessibleName() == "Attention: none, closed"
    d.document.apply(edits.change_blocks(d.document.design, ["s2b2"], attention=Attention.CBAM), "Change")
    assert heading.accessibleName() == "Attention: CBAM, r 16, closed"
    d.qtbot.keyClick(heading, Qt.Key.Key_Right)
    assert shown(d, "inspectorAttention")
    d.document.select(["s2"])
    assert shown(d, "inspectorAttention"), "what is open stays open for the next subject"
    d.qtbot.keyClick(d.find("inspectorSectionAttention"), Qt.Key.Key_Left)
    d.document.select(["s2b2"])
    assert not shown(d, "inspectorAttention")


def test_tab_goes_from_a_heading_into_its_section_and_on_to_the_next(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    for title in ("Convolution", "Attention"):
        opened(d, title)
    d.find("inspectorActivation").setFocus()
    walked = []
    for _ in range(8):
        d.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        walked.append(QApplication.focusWidget().objectName().removeprefix("inspector"))
    assert walked == [
        "SectionConvolution", "Kernel", "Dilation", "Groups", "SectionNormalisation", "SectionAttention", "Attention",
        "SectionRegularisation",
    ]  # fmt: skip


def test_attention_is_one_step_with_its_delta_and_shows_its_reduction(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    opened(d, "Attention")
    assert not shown(d, "inspectorReduction")
    choose(d, "inspectorAttention", Attention.SE)
    assert shown(d, "inspectorReduction")
    assert changes(d)[0].startswith("+")
    assert d.document.undo_stack.count() == 1
    assert "24.80" in d.said("inspectorLesson")
    before = d.document.plan.totals.params
    field = d.type("inspectorReduction", "8")
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert d.document.plan.totals.params > before
    choose(d, "inspectorAttention", Attention.ECA)
    assert not shown(d, "inspectorReduction")


@pytest.mark.parametrize("typed", ["0.25", "0,25", "25 %", "1/4", "0.5/2"])
def test_rates_take_decimals_percentages_and_formulas(desk, typed: str) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2", "s2b3"])
    opened(d, "Regularisation")
    field = d.type("inspectorDropPath", typed)
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (d.spec("s2b2").drop_path, d.spec("s2b3").drop_path) == (0.25, 0.25)
    assert (field.text(), d.document.undo_stack.count()) == ("0.25", 1)


def test_arrows_go_in_twentieths_and_too_much_is_refused(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    opened(d, "Regularisation")
    field = d.number("inspectorDropout")
    field.setFocus()
    for expected in (0.05, 0.1, 0.15, 0.2):
        d.qtbot.keyClick(field, Qt.Key.Key_Up)
        assert d.spec("s2b2").dropout == expected
    d.qtbot.keyClick(field, Qt.Key.Key_Down)
    assert (d.spec("s2b2").dropout, field.text()) == (0.15, "0.15")
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    field = d.type("inspectorDropout", "0.99")
    assert d.spec("s2b2").dropout == 0.15, "nobody asked for 0.9 on the way"
    d.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "from 0 to 0.95. It stays 0.15." in field.parentWidget().message


def test_drop_path_needs_a_shortcut(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    opened(d, "Regularisation")
    assert shown(d, "inspectorDropPath")
    d.document.apply(edits.change_blocks(d.document.design, ["s2b2"], shortcut=ShortcutKind.NONE), "Change")
    assert not shown(d, "inspectorDropPath")
    assert shown(d, "inspectorDropout")


def test_a_deep_stem_has_no_kernel_to_choose_and_the_head_a_norm_where_it_activates(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["stem"])
    assert shown(d, "inspectorKernel")
    choose(d, "inspectorKind", StemKind.DEEP)
    assert d.document.design.stem.kind is StemKind.DEEP
    assert not shown(d, "inspectorKernel")
    d.document.select(["head"])
    assert not shown(d, "inspectorSectionNormalisation")
    d.qtbot.mouseClick(d.find("inspectorActivate"), Qt.MouseButton.LeftButton, pos=QPoint(8, 14))
    assert d.document.design.head.activate
    opened(d, "Normalisation")
    choose(d, "inspectorNorm", Norm.GROUP)
    assert d.document.design.head.norm is Norm.GROUP
    assert shown(d, "inspectorNormGroups")
    d.qtbot.mouseClick(d.find("inspectorPool.1"), Qt.MouseButton.LeftButton)
    assert d.document.design.head.pool is HeadPool.MAX


def test_an_expansion_that_does_not_divide_is_refused_in_words(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    field = d.type("inspectorExpansion", "3")
    assert "512 channels do not divide by 3" in field.parentWidget().message
    assert d.document.design == preset("resnet50")
    field = d.type("inspectorExpansion", "2")
    assert d.spec("s2b2").width == 256


def test_the_picture_tells_the_attention_where_it_stands(desk) -> None:  # type: ignore[no-untyped-def]
    d = desk("resnet50")
    d.document.select(["s2b2"])
    picture = d.find("inspectorPicture", PartPicture)
    assert isinstance(picture, PartPicture)
    low = picture.height()
    d.document.apply(edits.change_blocks(d.document.design, ["s2b2"], attention=Attention.SE), "Change")
    d.qtbot.waitUntil(lambda: picture.height() > low)
    told = {
        picture.words_at(QPoint(x, y)) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)
    }  # fmt: skip
    (attention,) = [words for words in told if words.startswith("Squeeze-and-excitation")]
    assert "se.fc1 · Convolution · 32·1²" in attention
    assert any(words.startswith("conv2 · Convolution 3×3") for words in told)
    assert "SE attention, times" in picture.accessibleName()

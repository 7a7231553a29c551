"""Words a third longer, as a translation's are: nothing is cut without an ellipsis, and what is cut is told whole."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.ui.table.looks import Looks
from resnet_studio.ui.table.rows import Column
from resnet_studio.ui.theme import ThemeManager, font
from resnet_studio.ui.training.group_chooser import GroupChooser
from resnet_studio.ui.widgets.number import NumberField
from resnet_studio.ui.widgets.row_label import RowLabel
from tests.ui.painted_text import watched
from tests.ui.test_table_view import Desk


def test_a_label_breaks_between_its_words_and_shortens_only_one_that_is_too_long(qtbot: QtBot) -> None:
    label = RowLabel("Ausgehende Kanäle", "What it means.")
    qtbot.addWidget(label)
    label.resize(98, 40)
    label.show()
    assert label.text() == "Ausgehende Kanäle"
    assert label.wordWrap()
    assert label.toolTip() == "What it means."
    label.resize(400, 40)
    assert not label.wordWrap()
    long = RowLabel("Ausgangskanalanzahlen hier", "What it means.")
    qtbot.addWidget(long)
    long.resize(98, 40)
    long.show()
    assert long.text().startswith("Ausg")
    assert long.text().endswith("… hier")
    assert long.toolTip() == "Ausgangskanalanzahlen hier\nWhat it means."
    assert long.accessibleName() == "Ausgangskanalanzahlen hier"
    long.resize(400, 40)
    assert long.text() == "Ausgangskanalanzahlen hier"
    assert long.toolTip() == "What it means."


@pytest.mark.parametrize(("words", "as_list"), [("Basics", False), ("Grundlegendes dazu", True)])
def test_groups_that_have_no_room_side_by_side_are_a_list(qtbot: QtBot, words: str, *, as_list: bool) -> None:
    theme = ThemeManager()
    chooser = GroupChooser(theme, {f"{words} {n}": (f"{words} {n}", "") for n in range(6)})
    theme.setParent(chooser)
    qtbot.addWidget(chooser)
    chooser.resize(440, 40)
    chooser.show()
    QApplication.processEvents()
    assert chooser.list.isVisible() is as_list
    assert chooser.row.isVisible() is not as_list


def painted(widget: QWidget, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that a widget paints."""
    with monkeypatch.context() as patch, watched(patch) as seen:
        widget.grab()
    return [one.text for one in seen]


def test_derived_words_in_a_field_leave_the_digits_their_room(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = ThemeManager()
    field = NumberField(theme, low=1, high=4096)
    theme.setParent(field)
    qtbot.addWidget(field)
    field.resize(142, 28)
    field.set_value(2048)
    field.set_hint("× innere Breite der Blöcke")
    field.show()
    QApplication.processEvents()
    digits = QFontMetricsF(font(13)).horizontalAdvance("2048")
    assert field.width() - field.textMargins().right() >= digits + 8
    (words,) = painted(field, monkeypatch)
    assert words.startswith("× innere")
    assert words.endswith("…")
    assert field.hint == "× innere Breite der Blöcke"
    field.resize(400, 28)
    assert painted(field, monkeypatch) == [field.hint]


def test_heads_of_the_layer_table_have_the_room_that_they_need(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Looks.title
    monkeypatch.setattr(Looks, "title", lambda self, column: told(self, column) + "ungen")
    desk = Desk(qtbot, width=640)
    header, heads = desk.tree.header(), QFontMetricsF(font(12, bold=True))
    shown = [column for column in Column if not header.isSectionHidden(column)]
    assert Column.PARAMS in shown
    assert Column.MACS in shown
    for column in shown:
        words = str(desk.model.headerData(column, Qt.Orientation.Horizontal))
        assert header.sectionSize(column) >= heads.horizontalAdvance(words) + 8, words
    assert not desk.tree.horizontalScrollBar().isVisible()

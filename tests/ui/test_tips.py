"""Tooltips show what users and files wrote as it is, whatever it looks like."""

from pathlib import Path

import pytest
from PySide6.QtGui import Qt, QTextDocument
from pytestqt.qtbot import QtBot

from resnet_studio.ui.shell.recent_row import RecentRow
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.tips import plain_tip


def shown(tip: str) -> str:
    """What Qt's tooltip shows of a text."""
    if not Qt.mightBeRichText(tip):
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText()


@pytest.mark.parametrize(
    "text",
    ["plain", "<b>bold</b>", "a < b & c\n<i>second</i> line", "&lt;b&gt; <b>", "<img src='x'> two  spaces"],
)
def test_a_tooltip_shows_the_text_as_it_is(text: str) -> None:
    assert shown(plain_tip(text)) == text


def test_a_file_named_like_markup_is_shown_by_its_name(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "<b>net.resnet.json"
    row = RecentRow(path, ThemeManager(), None, ViewState())  # type: ignore[arg-type]
    qtbot.addWidget(row)
    assert shown(row.toolTip()) == str(path)

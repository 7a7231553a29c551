"""Fields for a name and for one of several words: what of a long one is seen."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.ui.widgets.choices import ChoiceField, TextField


def beside(qtbot: QtBot, *fields: QWidget) -> QWidget:
    """The fields in a narrow window."""
    owner = QWidget()
    qtbot.addWidget(owner)
    column = QVBoxLayout(owner)
    for field in fields:
        column.addWidget(field)
    owner.setFixedWidth(120)
    owner.show()
    return owner


def test_a_long_name_is_seen_from_its_start(qtbot: QtBot) -> None:
    field = TextField(lambda text: "")
    owner = beside(qtbot, field)
    field.set_value("A name that is a good deal longer than its field")
    assert field.cursorPosition() == 0
    assert field.width() <= owner.width()
    field.set_value("Another one that is longer than its field is, too")
    assert field.cursorPosition() == 0


def test_a_list_is_as_wide_as_its_words(qtbot: QtBot) -> None:
    words = "a choice that needs three times as much room as its field"
    field = ChoiceField([(0, "one", ""), (1, words, "")])
    owner = beside(qtbot, field)
    field.showPopup()
    view = field.view()
    cell = view.visualRect(view.model().index(1, 0))
    assert cell.width() >= view.fontMetrics().horizontalAdvance(words) > owner.width()
    field.hidePopup()

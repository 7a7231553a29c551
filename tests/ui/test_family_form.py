"""The form for any member of a family: every family can be made, wrong depths are refused in words, keys step along the series."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import FAMILIES, preset
from resnet_studio.ui.presets_form.dialog import FamilyDialog
from resnet_studio.ui.theme import ThemeManager
from tests.ui.shell_window import shown_window


@pytest.fixture
def dialog(qtbot: QtBot) -> FamilyDialog:
    shown = FamilyDialog(ThemeManager())
    shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(shown)
    shown.open()
    return shown


def field(dialog: FamilyDialog, name: str) -> QLineEdit | QComboBox:
    assert dialog.form is not None
    found = dialog.form.fields[name]
    assert found.objectName() == f"family_{name}"
    assert found.accessibleName()
    return found


def type_in(qtbot: QtBot, dialog: FamilyDialog, name: str, text: str) -> None:
    line = field(dialog, name)
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_begins_with_a_member(qtbot: QtBot, dialog: FamilyDialog, name: str) -> None:
    dialog.show_family(name)
    family = FAMILIES[name]
    member = family.preset(family.defaults())
    assert dialog.title.text() == member.called.formal
    assert member.name in dialog.note.text()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.create_button.click()
    assert chosen.args == [member.make()]
    assert dialog.isHidden()


def test_a_depth_is_typed_and_a_wrong_one_refused_in_words(qtbot: QtBot, dialog: FamilyDialog) -> None:
    dialog.show_family("cifar_resnet")
    type_in(qtbot, dialog, "depth", "44")
    assert dialog.title.text() == "CIFAR ResNet-44"
    assert "658\u202f586 parameters" in dialog.cost.text()
    type_in(qtbot, dialog, "depth", "45")
    assert not dialog.create_button.isEnabled()
    assert dialog.note.text() == "Depth 45 is not 6n+2. Take 44 or 50."
    type_in(qtbot, dialog, "depth", "50")
    assert dialog.create_button.isEnabled()


def test_arrow_keys_step_along_the_series(qtbot: QtBot, dialog: FamilyDialog) -> None:
    dialog.show_family("wrn")
    depth = field(dialog, "depth")
    depth.setFocus()
    qtbot.keyClick(depth, Qt.Key.Key_Up)
    assert dialog.title.text() == "WRN-34-10"
    qtbot.keyClick(depth, Qt.Key.Key_Down)
    qtbot.keyClick(depth, Qt.Key.Key_Down)
    assert dialog.title.text() == "WRN-22-10"
    type_in(qtbot, dialog, "widen", "3")
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.create_button.click()
    assert chosen.args == [preset("wrn_22_3")]


def test_a_choice_changes_the_network(qtbot: QtBot, dialog: FamilyDialog) -> None:
    version = field(dialog, "version")
    assert isinstance(version, QComboBox)
    version.setFocus()
    qtbot.keyClick(version, Qt.Key.Key_Down)
    assert dialog.title.text() == "ResNet-50 v1"


def test_a_network_beyond_what_is_built_is_not_offered(qtbot: QtBot, dialog: FamilyDialog) -> None:
    dialog.show_family("wide_resnet")
    type_in(qtbot, dialog, "widen", "128")
    assert not dialog.create_button.isEnabled()
    assert "more than" in dialog.note.text()


def test_the_start_page_begins_a_drawing_with_it(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    with shown_window() as window:
        window.wake()
        window.start_page.findChild(QPushButton, "startFamily").click()
        shown = window.findChild(QDialog, "familyDialog")
        assert isinstance(shown, FamilyDialog)
        shown.show_family("cifar_resnet")
        shown.create_button.click()
        assert window.in_editor
        assert window.document.design == preset("cifar_resnet20")


@pytest.mark.parametrize("name", ["resnet", "cifar_resnet", "wrn"])
def test_tab_goes_through_the_fields_before_the_buttons(
    qtbot: QtBot, dialog: FamilyDialog, name: str
) -> None:
    dialog.show_family(name)
    assert dialog.form is not None
    qtbot.waitUntil(next(iter(dialog.form.fields.values())).isVisible)
    order = [dialog.families, *dialog.form.fields.values(), dialog.cancel_button, dialog.create_button]
    dialog.families.setFocus()
    for following in order[1:]:
        qtbot.keyClick(dialog, Qt.Key.Key_Tab)
        assert dialog.focusWidget() is following

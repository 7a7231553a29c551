"""Qt's own file dialog, as we dress it: legible in the dark, named, and never hanging on a file that does not answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QFileInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.ui.style import dress
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.widgets import file_dialog
from resnet_studio.ui.widgets.file_dialog import FileDialog, KindsByName
from tests.ui.test_names import nameless


@pytest.fixture(params=[ThemeChoice.LIGHT, ThemeChoice.DARK])
def place(qapp: QApplication, qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[QWidget]:
    themes = ThemeManager(request.param)
    dress(qapp, themes)
    holder = QWidget()
    themes.setParent(holder)
    qtbot.addWidget(holder)
    yield holder
    qapp.setStyleSheet("")


def test_its_buttons_stand_out_from_what_is_behind_them(place: QWidget, tmp_path: Path) -> None:
    dialog = FileDialog(place, "Open", str(tmp_path))
    dialog.show()
    ground = dialog.palette().window().color().lightness()
    for name in ("backButton", "toParentButton", "newFolderButton", "listModeButton"):
        button = dialog.findChild(QToolButton, name)
        assert isinstance(button, QToolButton), name
        image = button.icon().pixmap(16, 16).toImage()
        inks = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        assert max(abs(ink.lightness() - ground) for ink in inks if ink.alpha() > 200) > 120, name
    assert [fault for fault in nameless(dialog) if "QToolButton" in fault] == []
    dialog.close()


def test_the_kind_of_a_file_is_told_without_opening_it(qapp: QApplication, tmp_path: Path) -> None:
    kinds = KindsByName("#000000")
    (tmp_path / "net.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert kinds.type(QFileInfo(str(tmp_path / "net.txt"))) == "txt file"
    assert kinds.type(QFileInfo(str(tmp_path))) == "Folder"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="has no such folder")
def test_typing_a_folder_of_files_that_never_answer_does_not_hang(
    qtbot: QtBot, place: QWidget, tmp_path: Path
) -> None:
    dialog = FileDialog(place, "Open", str(tmp_path))
    dialog.show()
    line = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(line, QLineEdit)
    for letter in "/proc/":
        QTest.keyClicks(line, letter)
    completer = line.completer()
    assert completer is not None
    qtbot.waitUntil(lambda: completer.completionCount() > 10, timeout=20_000)
    dialog.close()


def test_what_is_chosen_comes_back_and_nothing_when_it_is_left(
    place: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "mine.pt"
    monkeypatch.setattr(FileDialog, "exec", lambda _: QDialog.DialogCode.Accepted)
    assert file_dialog.save_name(place, "Save", str(target), "Weights (*.pt)") == str(target)
    assert file_dialog.folder_name(place, "Folder", str(tmp_path)) == str(tmp_path)
    monkeypatch.setattr(FileDialog, "exec", lambda _: 0)
    assert file_dialog.save_name(place, "Save", str(target), "Weights (*.pt)") == ""


def test_it_says_whether_it_looks_or_saves(
    place: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def note(dialog: FileDialog) -> int:
        said.append(dialog.labelText(FileDialog.DialogLabel.LookIn))
        return 0

    monkeypatch.setattr(FileDialog, "exec", note)
    file_dialog.save_name(place, "Save", str(tmp_path / "mine.pt"), "Weights (*.pt)")
    file_dialog.open_name(place, "Open", str(tmp_path / "mine.pt"), "Weights (*.pt)")
    assert said == ["Save &in:", "&Look in:"]

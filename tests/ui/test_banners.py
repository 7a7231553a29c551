"""What the window tells above its pages: never more than two bars, each with a way out, none longer than it is true."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import loads
from resnet_studio.ui.shell import dialogs
from resnet_studio.ui.shell.banner import BannerStack, Tone
from resnet_studio.ui.shell.main_window import MainWindow
from tests.ui.shell_window import shown_window

BAD = {
    "empty": "",
    "cut": '{"format": 1, "name": "a',
    "foreign": "[1, 2]",
    "future": '{"format": 99}',
    "binary": "\xff\xfe",
    "wrong": '{"format": 1, "name": 3}',
}


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as shown:
        yield shown


def part(parent: QWidget, kind: type[QLabel] | type[QPushButton], name: str) -> QWidget:
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


def test_six_bad_files_take_two_bars_and_a_line(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    for name, text in BAD.items():
        path = tmp_path / f"{name}.resnet.json"
        path.write_bytes(text.encode("latin-1"))
        assert not window.open_path(path)
    banners = window.banners.banners()
    assert len(banners) == len(BAD)
    assert all(banner.detail for banner in banners), [banner.what for banner in banners]
    assert [banner.isVisible() for banner in banners] == [True, True, False, False, False, False]
    assert "wrong.resnet.json" in banners[0].what
    assert part(window.banners, QLabel, "bannersMore").text() == "and 4 more"  # type: ignore[attr-defined]
    banners[0].dismiss()
    assert [banner.isVisible() for banner in window.banners.banners()[:3]] == [True, True, False]
    qtbot.mouseClick(part(window.banners, QPushButton, "bannersCloseAll"), Qt.MouseButton.LeftButton)
    assert window.banners.banners() == []
    assert not part(window.banners, QLabel, "bannersMore").isVisible()


def test_the_same_message_goes_up_once_and_to_the_top(qtbot: QtBot) -> None:
    stack = BannerStack()
    qtbot.addWidget(stack)
    stack.show()
    for what in ("a", "b", "a"):
        stack.tell(what, "do something", Tone.BAD)
    assert [banner.what for banner in stack.banners()] == ["a", "b"]


def test_a_refused_save_is_told_until_a_save_succeeds(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.new_preset("digits_starter")
    window.document.apply(edits.rename(window.document.design, "Mine"), "Rename")
    window.open_path(tmp_path / "not there")
    monkeypatch.setattr(dialogs, "choose_save", lambda *_: tmp_path / "no folder" / "a.resnet.json")
    assert not window.save()
    assert len(window.banners.banners()) == 2
    monkeypatch.setattr(dialogs, "choose_save", lambda *_: tmp_path / "a.resnet.json")
    assert window.save()
    # What has nothing to do with saving stays.
    assert ["not there" in banner.what for banner in window.banners.banners()] == [True]


def test_where_json_breaks_off_is_told_in_one_sentence() -> None:
    with pytest.raises(StudioError) as caught:
        loads('{\n"name": "a')
    assert caught.value.what == "It is not JSON: Unterminated string starting at line 2."

"""Files in the window: nothing is lost without a question, and what is wrong with a file is said by name."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.files import FORMAT, dumps, read_design, write_design
from resnet_studio.design.presets import preset
from resnet_studio.ui.shell import dialogs, names
from resnet_studio.ui.shell.answers import Answer
from resnet_studio.ui.shell.main_window import MainWindow
from tests.ui.shell_window import shown_window


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as shown:
        yield shown


class Asked:
    """Answers what the window asks, and remembers the questions."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.questions: list[str] = []
        self.save = Answer.CANCEL
        self.overwrite = Answer.CANCEL
        self.path: Path | None = None
        monkeypatch.setattr(dialogs, "ask_save", lambda *_: self._answer("save", self.save))
        monkeypatch.setattr(dialogs, "ask_overwrite", lambda *_: self._answer("overwrite", self.overwrite))
        monkeypatch.setattr(dialogs, "choose_save", lambda *_: self._path("choose save"))
        monkeypatch.setattr(dialogs, "choose_open", lambda *_: self._path("choose open"))

    def _answer(self, question: str, answer: Answer) -> Answer:
        self.questions.append(question)
        return answer

    def _path(self, question: str) -> Path | None:
        self.questions.append(question)
        return self.path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)


def rename(window: MainWindow, name: str) -> None:
    window.document.apply(edits.rename(window.document.design, name), "Rename")


def told(window: MainWindow) -> str:
    return "\n".join(f"{banner.what} {banner.detail}" for banner in window.banners.banners())


def test_saving_a_new_drawing_asks_where_and_clears_the_star(
    window: MainWindow, asked: Asked, tmp_path: Path
) -> None:
    window.new_preset("resnet18")
    rename(window, "Mine")
    assert window.isWindowModified()
    asked.path = tmp_path / "mine.resnet.json"
    window.acts["save"].trigger()
    assert asked.questions == ["choose save"]
    assert read_design(asked.path).name == "Mine"
    assert not window.isWindowModified()
    assert "mine" in window.windowTitle()
    window.document.undo_stack.undo()
    assert window.isWindowModified()


def test_a_new_drawing_is_not_begun_over_unsaved_changes_without_an_answer(
    window: MainWindow, asked: Asked
) -> None:
    window.new_preset("resnet18")
    rename(window, "Mine")
    assert not window.new_preset("resnet50")
    assert window.document.design.name == "Mine"
    asked.save = Answer.DISCARD
    assert window.new_preset("resnet50")
    assert window.document.design.name == "ResNet-50"
    assert asked.questions == ["save", "save"]


def test_closing_the_window_with_changes_asks_and_cancel_keeps_it(window: MainWindow, asked: Asked) -> None:
    window.new_preset("resnet18")
    rename(window, "Mine")
    assert not window.close()
    assert window.isVisible()
    asked.save = Answer.DISCARD
    assert window.close()


def test_save_before_closing_that_is_cancelled_keeps_the_window(window: MainWindow, asked: Asked) -> None:
    window.new_preset("resnet18")
    rename(window, "Mine")
    asked.save = Answer.SAVE
    assert not window.close()
    assert asked.questions == ["save", "choose save"]


def test_opening_the_open_file_again_and_saving_first_shows_what_was_saved(
    window: MainWindow, asked: Asked, tmp_path: Path
) -> None:
    path = tmp_path / "net.resnet.json"
    write_design(path, preset("resnet18"))
    assert window.open_path(path)
    rename(window, "Mine")
    asked.save = Answer.SAVE
    assert window.open_path(path)
    assert read_design(path).name == "Mine"
    assert window.document.design.name == "Mine"


def test_a_file_changed_on_disk_is_not_overwritten_without_asking(
    window: MainWindow, asked: Asked, tmp_path: Path
) -> None:
    path = tmp_path / "a.resnet.json"
    write_design(path, preset("resnet18"))
    assert window.open_path(path)
    rename(window, "Mine")
    theirs = edits.rename(preset("resnet18"), "Theirs")
    write_design(path, theirs)
    assert not window.save()
    assert asked.questions == ["overwrite"]
    assert read_design(path) == theirs
    asked.overwrite = Answer.OVERWRITE
    assert window.save()
    assert read_design(path).name == "Mine"
    rename(window, "Mine again")
    assert window.save()
    assert asked.questions == ["overwrite", "overwrite"]


def test_a_file_that_was_only_touched_is_saved_without_a_question(
    window: MainWindow, asked: Asked, tmp_path: Path
) -> None:
    path = tmp_path / "a.resnet.json"
    write_design(path, preset("resnet18"))
    window.open_path(path)
    rename(window, "Mine")
    path.write_bytes(path.read_bytes())
    assert window.save()
    assert asked.questions == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "not JSON"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b" " * (4 * 1024 * 1024 + 1), "larger than 4 MB"),
        (b'{"nodes": []}', "not a ResNet Studio design"),
        (
            dumps(preset("resnet18")).replace(f'"format": {FORMAT}', '"format": 99').encode(),
            "newer ResNet Studio",
        ),
        (dumps(preset("resnet18")).replace('"stride": 2', '"stride": true', 1).encode(), "whole number"),
    ],
)
def test_a_bad_file_is_named_and_the_drawing_stays(
    window: MainWindow, asked: Asked, tmp_path: Path, content: bytes, says: str
) -> None:
    window.new_preset("resnet18")
    rename(window, "Mine")
    path = tmp_path / "bad.resnet.json"
    path.write_bytes(content)
    assert not window.open_path(path)
    assert window.document.design.name == "Mine"
    assert asked.questions == []
    assert str(path) in told(window)
    assert says in told(window)


def test_a_missing_file_and_a_folder_are_refused_by_name(window: MainWindow, tmp_path: Path) -> None:
    assert not window.open_path(tmp_path / "gone.resnet.json")
    assert not window.open_path(tmp_path)
    assert "gone.resnet.json" in told(window)
    assert "folder" in told(window)
    assert not window.in_editor


def test_a_target_that_cannot_be_written_is_named_and_stays_unsaved(
    window: MainWindow, asked: Asked, tmp_path: Path
) -> None:
    window.new_preset("resnet18")
    rename(window, "Mine")
    asked.path = tmp_path / "no" / "such" / "folder.resnet.json"
    assert not window.save()
    assert window.isWindowModified()
    assert "folder.resnet.json" in told(window)
    assert "create it" in told(window)


def test_recent_files_are_newest_first_and_gone_ones_cannot_be_chosen(
    window: MainWindow, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        write_design(tmp_path / f"{name}.resnet.json", preset("resnet18"))
        window.open_path(tmp_path / f"{name}.resnet.json")
    (tmp_path / "a.resnet.json").unlink()
    menu = window.menu_seat.menus["recent"]
    menu.aboutToShow.emit()
    assert [(action.text(), action.isEnabled()) for action in menu.actions()] == [
        ("b.resnet.json", True),
        ("a.resnet.json", False),
    ]


def test_a_file_dropped_on_the_window_opens(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "dropped.resnet.json"
    write_design(path, preset("cifar_resnet20"))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPoint(50, 50),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: window.document.path == path)
    assert window.document.design.name == "CIFAR ResNet-20"


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "...", "ResNet v1.5"])
def test_a_name_never_becomes_a_path(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    suggested: list[Path] = []
    monkeypatch.setattr(dialogs, "choose_save", lambda _window, path: suggested.append(path))
    window.settings.remember(tmp_path / "x.json")
    window.new_preset("resnet18")
    rename(window, name)
    window.doings.save_as()
    assert suggested[0].parent == tmp_path
    assert suggested[0].name.endswith(".resnet.json")


def test_the_suffix_is_added_once() -> None:
    assert names.with_suffix(Path("/x/a")).name == "a.resnet.json"
    assert names.with_suffix(Path("/x/v1.5")).name == "v1.5.resnet.json"
    assert names.with_suffix(Path("/x/a.resnet.json")).name == "a.resnet.json"
    assert names.with_suffix(Path("/x/a.json")).name == "a.json"


def test_spoilt_settings_do_not_keep_the_window_from_opening(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "window.ini").write_text(
        "[General]\ntheme=42\nflops=maybe\ngeometry=x\nlayout1=@ByteArray(x)\nrecent=@Invalid()\n"
        + json.dumps("{")
    )
    with shown_window() as window:
        window.new_preset("resnet18")
        assert window.in_editor


def carrier(path: Path, name: str) -> bytes:
    """A small file as `.safetensors` are, that carries a drawing."""
    words = {"format": "resnet-studio", "version": "1", "design": dumps(preset(name))}
    header = json.dumps({"__metadata__": words}).encode()
    data = len(header).to_bytes(8, "little") + header
    path.write_bytes(data)
    return data


def test_an_exported_file_opens_as_a_drawing_that_never_overwrites_it(
    window: MainWindow, asked: Asked, tmp_path: Path
) -> None:
    weights = tmp_path / "net.safetensors"
    data = carrier(weights, "cifar_resnet20")
    asked.path = weights
    window.acts["open"].trigger()
    assert window.document.design == preset("cifar_resnet20")
    assert window.document.path is None
    assert not window.isWindowModified()
    assert weights in window.settings.recent
    rename(window, "Mine")
    asked.path = tmp_path / "mine.resnet.json"
    window.acts["save"].trigger()
    assert asked.questions == ["choose open", "choose save"]
    assert read_design(asked.path).name == "Mine"
    assert weights.read_bytes() == data


def test_weights_without_a_drawing_are_named_and_the_drawing_stays(
    window: MainWindow, tmp_path: Path
) -> None:
    window.new_preset("resnet18")
    path = tmp_path / "net.pt"
    path.write_bytes(b"PK\x03\x04 and no more")
    assert not window.files.open_path(path)
    assert window.document.design == preset("resnet18")
    assert "net.pt carries no drawing" in told(window)


def test_the_dialog_that_opens_shows_exports_and_the_one_that_saves_does_not() -> None:
    assert "*.safetensors" in names.open_filter()
    assert "*.pt" in names.open_filter()
    assert ".safetensors" not in names.file_filter()


def test_a_file_dropped_on_the_canvas_reaches_the_window(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "dropped.resnet.json"
    write_design(path, preset("resnet34"))
    window.new_preset("resnet18")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    viewport, point = window.editor.canvas.viewport(), QPoint(100, 100)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(point, copy, data, left, none)
    QApplication.sendEvent(viewport, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(point), copy, data, left, none)
    QApplication.sendEvent(viewport, drop)
    qtbot.waitUntil(lambda: window.document.path == path)
    assert window.document.design == preset("resnet34")

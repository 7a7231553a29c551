"""Autosave and recovery: what a dead window left is found, what a living one holds is not touched."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.files import write_design
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design
from resnet_studio.ui.shell import dialogs
from resnet_studio.ui.shell.answers import Answer
from resnet_studio.ui.shell.autosave import Autosave
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.shell.recovery import AutosaveFile, autosave_root, orphans
from resnet_studio.ui.shell.status import ago
from tests.ui.shell_window import shown_window

DIE = """
import os, sys, signal
from pathlib import Path
from resnet_studio.design.presets import preset
from resnet_studio.ui.shell.recovery import AutosaveFile
path = Path(sys.argv[1]) if len(sys.argv) > 1 else None
file = AutosaveFile()
file.write(preset("cifar_resnet20"), path, "what it held")
print("written", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def window(qapp: QApplication, home: Path) -> Iterator[MainWindow]:
    with shown_window() as shown:
        yield shown


def writer(*args: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", DIE, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def rename(window: MainWindow, name: str) -> None:
    window.document.apply(edits.rename(window.document.design, name), "Rename")


def copies() -> list[Path]:
    return sorted(autosave_root().glob("*.json"))


def test_the_copy_of_a_living_window_is_nobody_elses(home: Path) -> None:
    process = writer()
    assert orphans() == []
    assert len(copies()) == 1
    kill(process)
    assert [found.design.name for found in orphans()] == ["CIFAR ResNet-20"]


def test_a_copy_carries_its_file_both_times_and_what_the_file_held(home: Path) -> None:
    path = home / "mine.resnet.json"
    write_design(path, preset("resnet18"))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    kill(writer(str(path)))
    (found,) = orphans()
    assert found.path == path
    assert found.known == "what it held"
    assert found.saved is not None
    assert found.saved.timestamp() == 1_000_000_000
    assert abs(found.written.timestamp() - time.time()) < 600
    path.unlink()
    assert found.saved is None


def test_a_clean_end_leaves_nothing(home: Path) -> None:
    file = AutosaveFile()
    file.write(preset("resnet18"), None, "")
    file.close()
    assert list(autosave_root().iterdir()) == []


def test_an_unreadable_copy_is_put_aside_and_not_offered_again(home: Path) -> None:
    process = writer()
    kill(process)
    (copy,) = copies()
    copy.write_text(copy.read_text()[:-40])
    assert orphans() == []
    assert copies() == []
    assert len(list(autosave_root().glob("*.broken"))) == 1


def test_a_lock_without_a_copy_is_tidied_away(home: Path) -> None:
    process = writer()
    kill(process)
    for copy in copies():
        copy.unlink()
    assert orphans() == []
    assert list(autosave_root().iterdir()) == []


def test_an_edit_is_written_and_a_save_takes_the_copy_away(
    qtbot: QtBot, window: MainWindow, home: Path
) -> None:
    window.new_preset("resnet18")
    window.autosave.write_now()
    assert not autosave_root().exists()
    fast = Autosave(window.document, window.files, window, quiet_ms=20, between_ms=40)
    rename(window, "Mine")
    qtbot.waitUntil(lambda: len(copies()) == 1)
    window.document.saved(home / "x.resnet.json")
    qtbot.waitUntil(lambda: copies() == [])
    fast.close()


def test_somebody_who_never_pauses_is_written_down_all_the_same(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("resnet18")
    fast = Autosave(window.document, window.files, window, quiet_ms=10_000, between_ms=60)
    rename(window, "First")
    count = 0

    def goes_on() -> bool:
        nonlocal count
        count += 1
        rename(window, f"Name {count}")
        return fast.written_at is not None

    qtbot.waitUntil(goes_on, timeout=10_000)
    fast.close()


class SlowDisk:
    """A disk that takes nothing until it is told to; remembers who wrote what."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.goes_on = threading.Event()
        self.begun: list[str] = []
        self.threads: set[threading.Thread] = set()
        write = AutosaveFile.write

        def slowly(file: AutosaveFile, design: Design, path: Path | None, known: str) -> None:
            self.begun.append(design.name)
            self.threads.add(threading.current_thread())
            assert self.goes_on.wait(20)
            write(file, design, path, known)

        monkeypatch.setattr(AutosaveFile, "write", slowly)


def test_the_window_does_not_wait_for_a_slow_disk_and_the_newest_drawing_is_written_last(
    qtbot: QtBot, window: MainWindow, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.new_preset("resnet18")
    disk = SlowDisk(monkeypatch)
    fast = Autosave(window.document, window.files, window, quiet_ms=1, between_ms=1)
    rename(window, "First")
    qtbot.waitUntil(lambda: disk.begun == ["First"])
    for name in ("Second", "Third"):
        rename(window, name)
        qtbot.waitUntil(lambda: fast._again)
    assert fast.written_at is None
    disk.goes_on.set()
    qtbot.waitUntil(lambda: disk.begun == ["First", "Third"] and fast.written_at is not None)
    assert threading.main_thread() not in disk.threads
    fast.write_now()
    (copy,) = copies()
    assert json.loads(json.loads(copy.read_text())["design"])["name"] == "Third"
    fast.close()
    assert copies() == []


def test_a_save_during_a_slow_write_leaves_no_copy(
    qtbot: QtBot, window: MainWindow, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.new_preset("resnet18")
    disk = SlowDisk(monkeypatch)
    fast = Autosave(window.document, window.files, window, quiet_ms=1, between_ms=1)
    rename(window, "Mine")
    qtbot.waitUntil(lambda: disk.begun == ["Mine"])
    window.document.saved(home / "x.resnet.json")
    disk.goes_on.set()
    qtbot.waitUntil(lambda: fast._write is None)
    assert copies() == []
    assert fast.written_at is None
    fast.close()


@pytest.mark.parametrize("keep", [False, True])
def test_a_close_waits_for_the_write_and_keeps_or_leaves_what_it_should(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, *, keep: bool
) -> None:
    window.new_preset("resnet18")
    disk = SlowDisk(monkeypatch)
    fast = Autosave(window.document, window.files, window, quiet_ms=1, between_ms=1)
    rename(window, "Mine")
    qtbot.waitUntil(lambda: bool(disk.begun))
    threading.Timer(0.05, disk.goes_on.set).start()
    fast.close(keep=keep)
    assert len(copies()) == keep


def test_an_autosave_that_cannot_be_written_is_told(window: MainWindow, home: Path) -> None:
    (home / "state").mkdir(exist_ok=True)
    (home / "state" / "autosave").write_text("in the way")
    window.new_preset("resnet18")
    rename(window, "Mine")
    window.autosave.write_now()
    assert "autosave" in window.banners.banners()[0].what


def test_what_a_killed_window_left_is_offered_and_opens_as_unsaved(
    window: MainWindow, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(writer())
    window.wake()
    (banner,) = window.banners.banners()
    assert "CIFAR ResNet-20" in banner.what
    assert "never saved" in banner.detail
    button = banner.findChild(QPushButton, "bannerOpenTheCopy")
    assert isinstance(button, QPushButton)
    button.click()
    assert window.document.design.name == "CIFAR ResNet-20"
    assert window.isWindowModified()
    assert orphans() == []
    assert len(copies()) == 1, "the opened copy is this window's now"
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: Answer.DISCARD)
    assert window.close()
    assert list(autosave_root().iterdir()) == []


def test_a_refused_copy_can_be_deleted(window: MainWindow) -> None:
    kill(writer())
    window.wake()
    button = window.banners.findChild(QPushButton, "bannerDeleteIt")
    assert isinstance(button, QPushButton)
    button.click()
    assert list(autosave_root().iterdir()) == []
    assert window.banners.banners() == []


def test_a_recovered_copy_does_not_overwrite_a_file_that_changed_meanwhile(
    window: MainWindow, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home / "mine.resnet.json"
    write_design(path, preset("resnet18"))
    kill(writer(str(path)))
    (found,) = orphans()
    window.files.open_recovered(found.design, found.path, found.known)
    asked: list[object] = []
    monkeypatch.setattr(dialogs, "ask_overwrite", lambda *_: asked.append(1) or Answer.CANCEL)
    assert not window.save()
    assert asked


def test_times_are_told_roughly() -> None:
    assert ago(1) == "just now"
    assert ago(14) == "10 s ago"
    assert ago(200) == "3 min ago"

"""The real window in its own process: it opens a file, dies by the sword and loses nothing, and leaves no process behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from resnet_studio.design.files import write_design
from resnet_studio.design.presets import preset

ROOT = Path(__file__).parents[2]
# Runs the real window and does what the lines on stdin say, inside its event loop, as a user's hands would.
DRIVER = """
import sys, threading
from pathlib import Path
from PySide6.QtCore import QObject, Signal
from resnet_studio.design import edits
from resnet_studio.ui import app

class Hands(QObject):
    line = Signal(str)
    def __init__(self, window):
        super().__init__(window)
        self.window = window
        self.line.connect(self.do)
        threading.Thread(target=self.read, daemon=True).start()
    def read(self):
        for line in sys.stdin:
            self.line.emit(line)
    def do(self, line):
        print(repr(eval(line, {"window": self.window, "edits": edits})), flush=True)

made = app.make_window
def make_window(*args):
    window = made(*args)
    Hands(window)
    return window
app.make_window = make_window
print(app.main(Path(sys.argv[1]) if len(sys.argv) > 1 else None), flush=True)
"""


class Window:
    """One window process."""

    def __init__(self, *args: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, *args],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip

    def do(self, line: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def until(self, line: str, wanted: str = "True") -> None:
        wait(lambda: self.do(line) == wanted, line)

    def descendants(self) -> list[int]:
        return _descendants(self.process.pid)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def wait(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def _descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *_descendants(int(child))]
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Window]]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    started: list[Window] = []

    def begin(*args: str) -> Window:
        started.append(Window(*args))
        return started[-1]

    yield begin
    for window in started:
        window.end()


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at processes through /proc")
def test_a_killed_window_loses_nothing_and_leaves_no_process(
    start: Callable[..., Window], tmp_path: Path
) -> None:
    path = tmp_path / "mine.resnet.json"
    write_design(path, preset("cifar_resnet20"))
    window = start(str(path))
    window.until("window.in_editor")
    window.until("window.engine.hello is not None")
    window.do("window.document.apply(edits.rename(window.document.design, 'Unsaved'), 'Rename')")
    window.until("window.autosave.written_at is not None")
    children = window.descendants()
    assert children, "the engine runs"
    os.kill(window.process.pid, signal.SIGKILL)
    window.end()
    wait(lambda: not any(map(alive, children)), "the engine ends with its window")

    again = start()
    again.until("len(window.banners.banners()) == 1")
    detail = again.do("window.banners.banners()[0].detail")
    assert "Autosaved" in detail
    assert str(path) in detail
    again.do(
        "window.banners.findChild(__import__('PySide6.QtWidgets').QtWidgets.QPushButton, 'bannerOpenTheCopy').click()"
    )
    assert again.do("window.document.design.name") == "'Unsaved'"
    assert again.do("window.isWindowModified()") == "True"
    assert json.loads(path.read_text())["name"] == "CIFAR ResNet-20"
    again.do("window.save()")
    assert json.loads(path.read_text())["name"] == "Unsaved"
    children = again.descendants()
    again.do("window.close()")
    again.process.communicate(timeout=60)
    assert again.process.returncode == 0
    assert not any(map(alive, children))
    assert list((tmp_path / "home" / "state" / "autosave").iterdir()) == []


def test_the_real_engine_agrees_and_a_killed_one_comes_back(start: Callable[..., Window]) -> None:
    window = start()
    window.do("window.new_preset('resnet50')")
    window.until("window.confirmer.state.name", "'AGREES'")
    pid = int(window.do("window.engine._engine._process.processId()"))
    os.kill(pid, signal.SIGKILL)
    wait(lambda: not alive(pid), "the engine is dead")
    window.until(f"window.engine.hello is not None and window.engine._engine._process.processId() != {pid}")
    window.until("window.confirmer.state.name", "'AGREES'")
    assert window.do("len(window.banners.banners())") == "0"


def test_a_bad_file_on_the_command_line_is_told_in_the_window(
    start: Callable[..., Window], tmp_path: Path
) -> None:
    path = tmp_path / "bad.resnet.json"
    path.write_text("{")
    window = start(str(path))
    window.until("len(window.banners.banners()) == 1")
    assert str(path) in window.do("window.banners.banners()[0].what")
    assert window.do("window.in_editor") == "False"


def test_two_windows_do_not_take_each_others_copies(start: Callable[..., Window]) -> None:
    first = start()
    first.do("window.new_preset('resnet18')")
    first.do("window.document.apply(edits.rename(window.document.design, 'First'), 'Rename')")
    first.until("window.autosave.written_at is not None")
    second = start()
    second.until("window.engine.hello is not None")
    assert second.do("len(window.banners.banners())") == "0"


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_window_that_the_system_ends_keeps_its_copy_and_leaves_in_order(
    start: Callable[..., Window], sent: signal.Signals
) -> None:
    window = start()
    window.do("window.new_preset('resnet18')")
    window.until("window.engine.hello is not None")
    window.do("window.document.apply(edits.rename(window.document.design, 'Ended'), 'Rename')")
    children = window.descendants()
    assert window.do("window.document.is_clean") == "False"
    window.process.send_signal(sent)
    window.process.communicate(timeout=60)
    assert window.process.returncode == 0
    assert not any(map(alive, children))
    again = start()
    again.until("len(window.banners.banners()) == 1")
    assert "Ended" in again.do("window.banners.banners()[0].what")


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_all_windows_of_a_program_keep_their_copies_when_the_system_ends_it(
    start: Callable[..., Window], tmp_path: Path
) -> None:
    window = start()
    window.do("window.new_preset('resnet18')")
    window.do("window.acts['newWindow'].trigger()")
    window.do("window.windows.open[1].new_preset('resnet34')")
    for place, name in enumerate(("One", "Two")):
        held = f"window.windows.open[{place}].document"
        window.do(f"{held}.apply(edits.rename({held}.design, '{name}'), 'Rename')")
    window.until("window.engine.hello is not None")
    children = window.descendants()
    assert len(children) == 1, "one engine for both"
    window.process.send_signal(signal.SIGTERM)
    window.process.communicate(timeout=60)
    assert window.process.returncode == 0
    assert not any(map(alive, children))
    again = start()
    again.until("len(window.banners.banners()) == 2")
    told = again.do("[banner.what for banner in window.banners.banners()]")
    assert "“One”" in told
    assert "“Two”" in told


def train(window: Window) -> list[int]:
    """Begin a long run; returns the processes under the window."""
    window.do("window.new_preset('digits_starter')")
    window.until("window.engine.hello is not None")
    window.do("window.show_tab('trainPanel')")
    window.until("window.editor.train_views.panel.can_train")
    window.do("window.doings.train()")
    window.until("window.editor.train_views.panel.is_running")
    wait(lambda: len(window.descendants()) >= 2, "engine and run")
    return window.descendants()


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at processes through /proc")
def test_closing_a_window_that_trains_asks_and_leaves_no_process(start: Callable[..., Window]) -> None:
    window = start()
    processes = train(window)
    dialogs = "__import__('resnet_studio.ui.shell.dialogs', fromlist=['x'])"
    answer = "__import__('resnet_studio.ui.shell.answers', fromlist=['x']).Answer"
    window.do(f"setattr({dialogs}, 'ask_stop_training', lambda parent, **_: {answer}.CANCEL)")
    assert window.do("window.close()") == "False"
    window.do(f"setattr({dialogs}, 'ask_stop_training', lambda parent, **_: {answer}.YES)")
    window.do("window.close()")
    window.process.communicate(timeout=90)
    assert window.process.returncode == 0
    assert not any(map(alive, processes))


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at processes through /proc")
def test_a_window_killed_while_it_trains_leaves_no_process(start: Callable[..., Window]) -> None:
    window = start()
    processes = train(window)
    os.kill(window.process.pid, signal.SIGKILL)
    wait(lambda: not any(map(alive, processes)), "run and engine end with the window")

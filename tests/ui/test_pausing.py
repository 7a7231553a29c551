"""A run that is paused, in the window: our own child and one that is followed; its buttons, its words, and that it goes on."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.runs import requests
from resnet_studio.runs.child import child_environment
from resnet_studio.runs.events import Event, Held, Stopped, WentOn, encode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import RunState, describe_run
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.document import Document
from resnet_studio.ui.runs.actions import RunActions
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.panel import TrainPanel
from tests.ui.test_training_panel import PER_EPOCH, Engine, epoch_events, started

# Keeps its events as the real one does, and hears requests in its folder and on its stdin.
TRAINS = """
import sys, threading, time
from pathlib import Path
from resnet_studio.runs import requests
from resnet_studio.runs.folder import RunFolder
run, (first, held, went_on, last) = RunFolder(Path(sys.argv[1])), sys.argv[2:6]
def say(text):
    with run.events_path.open("a") as file: file.write(text)
    print(text, end="", flush=True)
told = threading.Event()
def listen():
    if sys.stdin.readline(): told.set()
threading.Thread(target=listen, daemon=True).start()
stops = lambda: told.is_set() or requests.stop_is_asked(run)
with run.lock():
    say(first)
    while not stops():
        if requests.pause_is_asked(run):
            say(held)
            while requests.pause_is_asked(run) and not stops(): time.sleep(0.01)
            if not stops(): say(went_on)
        time.sleep(0.01)
    say(last)
"""


def text(*events: Event) -> str:
    return "".join(encode(event) + "\n" for event in events)


WORDS = [
    text(started(), *epoch_events(1)),
    text(Held(step=PER_EPOCH, epoch=2)),
    text(WentOn(step=PER_EPOCH, seconds=1.0), *epoch_events(2)),
    text(Stopped(step=2 * PER_EPOCH, reason="asked")),
]


def command(run: RunFolder) -> list[str]:
    return [sys.executable, "-c", TRAINS, str(run.path), *WORDS]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[TrainPanel]:
    document = Document(preset("digits_starter"))
    panel = TrainPanel(document, ThemeManager(), Engine(), command=command)
    document.setParent(panel)
    qtbot.addWidget(panel)
    panel.resize(1000, 400)
    panel.show()
    yield panel
    panel.shutdown()


Processes = list["subprocess.Popen[bytes]"]


@pytest.fixture
def elsewhere() -> Iterator[Processes]:
    """Those that train what the panel follows."""
    begun: Processes = []
    yield begun
    for process in begun:
        process.communicate(timeout=60)


def train_here(_qtbot: QtBot, panel: TrainPanel, _elsewhere: Processes) -> None:
    panel.train()


def train_elsewhere(qtbot: QtBot, panel: TrainPanel, elsewhere: Processes) -> None:
    run = RunFolder.create(preset("digits_starter"), default_spec())
    elsewhere.append(
        subprocess.Popen(
            command(run), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=child_environment()
        )
    )
    qtbot.waitUntil(lambda: run.is_running() and run.events_path.exists(), timeout=60_000)
    panel.show_run(run)


@pytest.mark.parametrize("begin", [train_here, train_elsewhere])
def test_it_waits_and_goes_on(
    qtbot: QtBot,
    panel: TrainPanel,
    elsewhere: Processes,
    begin: Callable[[QtBot, TrainPanel, Processes], None],
) -> None:
    begin(qtbot, panel, elsewhere)
    runner, pause = panel.runner, panel.header.pause
    qtbot.waitUntil(lambda: bool(runner.history.epochs), timeout=30_000)
    assert (pause.text(), pause.isVisible(), panel.can_resume) == ("Pause", True, False)
    qtbot.mouseClick(pause, Qt.MouseButton.LeftButton)
    assert runner.is_pausing
    assert not pause.isEnabled()
    assert panel.details.text() == "pausing"
    qtbot.waitUntil(lambda: runner.is_held, timeout=30_000)
    assert (pause.text(), pause.accessibleName(), pause.isEnabled()) == ("Resume", "Resume", True)
    assert panel.details.text() == f"paused · epoch 2/{default_spec().epochs} · step {PER_EPOCH}"
    assert "A checkpoint is kept" in panel.page.strip.text
    assert panel.is_running
    assert panel.can_resume
    assert runner.run is not None
    assert describe_run(runner.run).state is RunState.PAUSED
    panel.resume()
    qtbot.waitUntil(lambda: len(runner.history.epochs) == 2, timeout=30_000)
    assert not runner.is_held
    assert pause.text() == "Pause"
    assert panel.page.strip.text == ""
    panel.pause()
    qtbot.waitUntil(lambda: runner.is_held, timeout=30_000)
    panel.stop()
    assert not pause.isVisible()
    qtbot.waitUntil(lambda: not runner.is_running, timeout=30_000)
    assert isinstance(runner.history.ending, Stopped)


def test_what_cannot_be_asked_is_told_and_nothing_hangs(
    qtbot: QtBot, panel: TrainPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_run: RunFolder) -> None:
        raise StudioError("The folder cannot be written.")

    panel.train()
    runner, told = panel.runner, []
    qtbot.waitUntil(lambda: bool(runner.history.epochs), timeout=30_000)
    runner.failed.disconnect()
    runner.failed.connect(told.append)
    monkeypatch.setattr(requests, "ask_to_pause", refuse)
    panel.pause()
    assert [error.what for error in told] == ["The folder cannot be written."]
    assert not runner.is_pausing
    assert panel.header.pause.isEnabled()


def test_in_the_list_it_is_resumed_and_not_deleted(qapp: object, tmp_path: Path) -> None:
    info = describe_run(RunFolder.create(preset("digits_starter"), default_spec(), tmp_path))
    actions = RunActions()
    wanted = {
        RunState.PAUSED: (True, False, False),
        RunState.RUNNING: (False, False, False),
        RunState.STOPPED: (True, True, True),
    }
    for state, on in wanted.items():
        actions.allow([replace(info, state=state)], lambda _: False)
        found = (actions.resume.isEnabled(), actions.queue.isEnabled(), actions.delete.isEnabled())
        assert found == on, state

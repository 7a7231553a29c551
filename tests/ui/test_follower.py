"""A run that another process trains, in the window: let go, followed, stopped, ended by a kill; with scripted processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.runs import requests
from resnet_studio.runs.child import child_environment
from resnet_studio.runs.events import Event, Finished, Stopped, encode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.training.run_page import RunPage
from resnet_studio.ui.training.runner import Runner
from tests.runs.said import say
from tests.ui.test_training_panel import epoch_events, started

Process = subprocess.Popen[bytes]
Elsewhere = tuple[RunFolder, Process]
STOPPED = Stopped(step=4, reason="asked")
DONE = Finished(step=8, best_accuracy=0.9, best_epoch=1, seconds=1.0)
# Keeps its events as the real one does, hears requests, and speaks while somebody listens.
TRAINS = """
import os, sys, threading, time
from pathlib import Path
from resnet_studio.runs import requests
from resnet_studio.runs.folder import RunFolder
run, first, last = RunFolder(Path(sys.argv[1])), sys.argv[2], sys.argv[3]
def keep(text):
    with run.events_path.open("a") as file: file.write(text)
gone = threading.Event()
def listen():
    sys.stdin.read()
    gone.set()
threading.Thread(target=listen, daemon=True).start()
with run.lock():
    keep(first)
    print(first, end="", flush=True)
    while not requests.stop_is_asked(run):
        if gone.wait(0.02) and not requests.may_go_on_alone(run):
            break
    keep(last)
"""


def text(*events: Event) -> str:
    return "".join(encode(event) + "\n" for event in events)


FIRST = text(started(), *epoch_events(1))


def command(run: RunFolder, last: str = text(STOPPED)) -> list[str]:
    return [sys.executable, "-c", TRAINS, str(run.path), FIRST, last]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[Runner]:
    made = Runner(command=command)
    yield made
    made.shutdown()
    made.deleteLater()


@pytest.fixture
def elsewhere(qtbot: QtBot) -> Iterator[Elsewhere]:
    """A run that trains, and the process that does it."""
    run = RunFolder.create(preset("digits_starter"), default_spec())
    with subprocess.Popen(
        command(run), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=child_environment()
    ) as process:
        qtbot.waitUntil(run.is_running, timeout=30_000)
        yield run, process
        process.kill()


@pytest.fixture
def followed(qtbot: QtBot, runner: Runner, elsewhere: Elsewhere) -> Elsewhere:
    """The same, followed by the runner, which has seen its first epoch."""
    runner.follow(elsewhere[0])
    sees_epochs(qtbot, runner, 1)
    return elsewhere


def sees_epochs(qtbot: QtBot, runner: Runner, count: int) -> None:
    qtbot.waitUntil(lambda: len(runner.history.epochs) == count, timeout=30_000)


def test_a_run_elsewhere_is_followed_and_stopped(qtbot: QtBot, runner: Runner, elsewhere: Elsewhere) -> None:
    run, process = elsewhere
    runner.show(run)
    sees_epochs(qtbot, runner, 1)
    assert runner.is_running
    assert runner.is_followed
    assert runner.pid == process.pid
    assert not runner.can_resume
    runner.stop()
    assert runner.is_stopping
    qtbot.waitUntil(lambda: not runner.is_running, timeout=30_000)
    assert runner.outcome is not None
    assert runner.outcome.stopped
    assert runner.history.ending == STOPPED
    assert runner.can_resume


def test_one_that_waits_for_room_is_told_and_offers_no_second_try_from_here(
    qtbot: QtBot, runner: Runner, followed: Elsewhere
) -> None:
    run, _ = followed
    page = RunPage(runner, ThemeManager(ThemeChoice.LIGHT))
    qtbot.addWidget(page)
    assert not runner.is_paused
    # As the process that trains says it, whose words the disk would not take.
    with requests.paused(run):
        qtbot.waitUntil(lambda: runner.is_paused, timeout=30_000)
        assert "could not be written" in page.strip.text
        assert page.findChild(QPushButton, "stopPausedButton") is not None
        assert page.findChild(QPushButton, "retryButton") is None
    say(run, *epoch_events(2))
    sees_epochs(qtbot, runner, 2)
    assert not runner.is_paused


def test_what_is_killed_elsewhere_is_told(qtbot: QtBot, runner: Runner, followed: Elsewhere) -> None:
    _, process = followed
    process.kill()
    qtbot.waitUntil(lambda: not runner.is_running, timeout=30_000)
    assert runner.outcome is not None
    assert runner.outcome.crashed
    assert "without a word" in runner.outcome.title


def test_to_look_at_another_run_leaves_the_followed_one_alone(
    qtbot: QtBot, runner: Runner, followed: Elsewhere
) -> None:
    run, process = followed
    old = RunFolder.create(preset("digits_starter"), default_spec())
    say(old, started(), DONE)
    runner.show(old)
    qtbot.waitUntil(lambda: runner.run == old, timeout=30_000)
    assert not runner.is_running
    assert runner.history.ending == DONE
    runner.shutdown()
    assert process.poll() is None
    assert run.is_running()


def test_a_file_that_is_cut_back_is_shown_from_the_beginning(
    qtbot: QtBot, runner: Runner, followed: Elsewhere
) -> None:
    run, _ = followed
    os.truncate(run.events_path, len(text(started())))
    say(run, epoch_events(1)[0])
    qtbot.waitUntil(lambda: runner.history.epochs == [], timeout=30_000)
    qtbot.waitUntil(lambda: list(runner.history.steps) == [1], timeout=30_000)


@pytest.mark.allow_children
def test_a_run_that_is_let_go_trains_on_and_is_found_again(qtbot: QtBot, runner: Runner) -> None:
    runner.start(preset("digits_starter"), default_spec())
    sees_epochs(qtbot, runner, 1)
    run, pid = runner.run, runner.pid
    assert run is not None
    assert pid is not None
    runner.let_go()
    assert not runner.is_running
    assert run.is_running()
    assert requests.may_go_on_alone(run)
    runner.show(run)
    qtbot.waitUntil(lambda: runner.is_followed and len(runner.history.epochs) == 1, timeout=30_000)
    assert runner.pid == pid
    runner.stop()
    qtbot.waitUntil(lambda: not runner.is_running, timeout=30_000)
    assert not requests.may_go_on_alone(run), "its end was told"


def test_a_run_that_is_ended_at_once_is_killed(qtbot: QtBot, runner: Runner, followed: Elsewhere) -> None:
    _, process = followed
    runner.end_at_once()
    assert process.wait(30) == -signal.SIGKILL
    qtbot.waitUntil(lambda: not runner.is_running, timeout=30_000)
    assert runner.was_forced

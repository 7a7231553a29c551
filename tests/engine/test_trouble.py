"""What the world does to a run: asked to end in each of its phases, its images moved, its loader killed. It resumes exactly."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch

from resnet_studio.engine.data import batches
from resnet_studio.engine.training import beginning, checkpoint, ground, validation
from resnet_studio.engine.training import step as step_room
from resnet_studio.engine.training.command import run_training
from resnet_studio.engine.training.stop import StopListener
from resnet_studio.runs.child import child_environment
from resnet_studio.runs.events import Event, Failed, Finished, Step, Stopped, decode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import RunState, describe_run
from tests.engine.test_data_folder import fill
from tests.engine.train_helpers import assert_same_end, new_run, tiny_design, tiny_spec, train_here

SETTINGS: dict[str, Any] = {"epochs": 2, "batch_size": 256}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    run = new_run(tmp_path_factory.mktemp("whole"), **SETTINGS)
    train_here(run)
    return run


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


PHASES: dict[str, tuple[ModuleType | type, str, int, int]] = {
    # where, what is called, at which call the signal comes, steps done when it has stopped
    "opening the data": (ground, "open_data", 1, 0),
    "building": (beginning, "build", 1, 0),
    "loading a batch": (batches.Feeder, "_finished", 3, 2),
    "a step": (step_room, "forward", 3, 3),
    "the last step of an epoch": (step_room, "forward", 5, 5),
    "validation": (validation, "forward", 1, 5),
    "writing a checkpoint": (checkpoint, "write_atomically", 1, 5),
}


@pytest.mark.parametrize("phase", PHASES)
def test_sigterm_in_every_phase_keeps_a_checkpoint_and_the_run_goes_on_exactly(
    phase: str, whole: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, name, at, steps = PHASES[phase]
    real, calls = getattr(place, name), 0

    def signalled(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at:
            os.kill(os.getpid(), signal.SIGTERM)
        return real(*args, **named)

    run, said = new_run(tmp_path, **SETTINGS), list[Event]()
    listener = StopListener(run)
    listener.listen_to_signals()
    with monkeypatch.context() as patch:
        patch.setattr(place, name, signalled)
        run_training(run, said.append, listener)
    assert isinstance(said[-1], Stopped)
    assert (said[-1].step, said[-1].reason) == (steps, "The process was asked to end by SIGTERM.")
    assert checkpoint.newest(run, "last") is not None
    assert isinstance(train_here(run)[-1], Finished)
    assert_same_end(run, whole)


# A process of its own, told to end at the moment at which it loads torch: seconds on a cold disk.
_WHILE_TORCH_LOADS = """
import builtins, os, signal, sys
from pathlib import Path
load = builtins.__import__
def loads(name, *rest):
    if name == "torch":
        builtins.__import__ = load
        os.kill(os.getpid(), signal.SIGTERM)
    return load(name, *rest)
builtins.__import__ = loads
from resnet_studio.engine.training.child import train_child
from resnet_studio.runs.folder import RunFolder
sys.exit(train_child(RunFolder.open(Path(sys.argv[1]))))
"""


def test_sigterm_while_torch_loads_is_heard(tmp_path: Path) -> None:
    run = new_run(tmp_path, **SETTINGS)
    ended = subprocess.run(
        [sys.executable, "-c", _WHILE_TORCH_LOADS, str(run.path)], env=child_environment(), stdin=subprocess.PIPE,
        capture_output=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")
    last = decode(ended.stdout.splitlines()[-1])
    assert isinstance(last, Stopped)
    assert last.step == 0


# --- images on the disk -------------------------------------------------------------------------------------------------


def _folder_run(parent: Path, root: Path, *, workers: int) -> RunFolder:
    spec = tiny_spec(data="folder", root=str(root), epochs=2, batch_size=2, workers=workers, device="cpu")
    return RunFolder.create(tiny_design(channels=3, classes=2, size=9), spec, parent)


def _at_first_step(run: RunFolder, act: Callable[[], None]) -> Event:
    """Train, and do something as soon as the first step is told; returns the last word."""
    acted = False

    def take(event: Event) -> None:
        nonlocal acted
        if isinstance(event, Step) and not acted:
            acted = True
            act()

    return run_training(run, take, lambda: "")


def test_images_moved_away_end_the_run_and_brought_back_it_goes_on_exactly(tmp_path: Path) -> None:
    root, away = fill(tmp_path / "images", count=10), tmp_path / "away"
    one, two = (_folder_run(tmp_path / name, root, workers=0) for name in ("one", "two"))
    train_here(one)

    def move() -> None:
        root.rename(away)

    last = _at_first_step(two, move)
    assert isinstance(last, Failed)
    assert str(root) in last.what
    assert "Put it back" in last.remedy
    # Not even the folder is there: the run cannot begin, and says which.
    again = train_here(two)[-1]
    assert isinstance(again, Failed)
    assert str(root) in again.what
    away.rename(root)
    assert isinstance(train_here(two)[-1], Finished)
    assert_same_end(two, one)


def test_a_killed_loader_process_ends_the_run_with_words_and_it_goes_on_exactly(tmp_path: Path) -> None:
    root = fill(tmp_path / "images", count=20)
    one, two = (
        _folder_run(tmp_path / name, root, workers=number) for name, number in (("one", 0), ("two", 2))
    )
    train_here(one)

    def kill() -> None:
        loaders = multiprocessing.active_children()
        assert len(loaders) == 2
        pid = loaders[0].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    last = _at_first_step(two, kill)
    assert isinstance(last, Failed)
    assert "loader process" in last.what
    assert "fewer loader workers" in last.remedy
    assert not multiprocessing.active_children()
    assert isinstance(train_here(two)[-1], Finished)
    weights = [checkpoint.load_weights(run.path, "last")[0] for run in (one, two)]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_a_run_that_a_bug_ended_has_failed_and_was_not_killed(
    whole: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(tmp_path, **SETTINGS)
    with monkeypatch.context() as patch:
        forward, calls = step_room.forward, iter(range(100))

        def breaks(*args: Any) -> torch.Tensor:
            if next(calls) == 3:
                raise KeyError("nobody thought of this")
            return forward(*args)

        patch.setattr(step_room, "forward", breaks)
        with pytest.raises(KeyError):
            train_here(run)
    last = run.events()[-1]
    assert isinstance(last, Failed)
    assert "KeyError" in last.what
    assert describe_run(run).state is RunState.FAILED
    train_here(run)
    assert_same_end(run, whole)

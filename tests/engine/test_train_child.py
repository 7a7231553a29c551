"""The training child for real: killed, told to stop, left alone, on a full disk. Each test starts processes that import torch."""

import random
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from resnet_studio.engine.training import checkpoint
from resnet_studio.runs.child import child_environment, train_command
from resnet_studio.runs.events import Checkpointed, Epoch, Failed, Finished, Paused, Step, Stopped
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import RunState, describe_run
from resnet_studio.runs.outcome import Outcome
from tests.engine.train_helpers import DEADLINE_SECONDS, Child, assert_same_end, new_run, wait_until

EPOCHS = 6


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    run = new_run(tmp_path_factory.mktemp("whole"), epochs=EPOCHS)
    with Child(run) as child:
        child.rest()
        assert child.process.returncode == 0
    return run


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_again_and_again_it_ends_like_one_that_was_not(
    whole: RunFolder, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    run = new_run(tmp_path, epochs=EPOCHS)
    for _ in range(3):
        with Child(run) as child:
            # Any moment from the first step to within an epoch, its validation or its checkpoint.
            for _ in range(dice.randint(1, 22)):
                if child.event() is None:
                    break
            child.kill()
        assert describe_run(run).state in (RunState.CRASHED, RunState.FINISHED)
    with Child(run) as child:
        said = child.rest()
        assert child.process.returncode == 0
    assert isinstance(said[-1], Finished)
    assert_same_end(run, whole)


ASKS = [Child.asks_for_nonsense_and_a_stop, Child.close_stdin, Child.terminate]


@pytest.mark.parametrize("ask", ASKS)
def test_asked_to_stop_it_keeps_a_checkpoint_and_goes_on_exactly(
    whole: RunFolder, tmp_path: Path, ask: Callable[[Child], None]
) -> None:
    run = new_run(tmp_path, epochs=EPOCHS)
    with Child(run) as child:
        child.until(Epoch)
        child.until(Step)
        ask(child)
        said = child.rest()
        assert child.process.returncode == 0
    assert isinstance(said[-1], Stopped)
    assert isinstance(said[-2], Checkpointed)
    assert said[-2].step == said[-1].step
    assert Outcome.of(child.process.returncode, said[-1]).stopped
    assert describe_run(run).state is RunState.STOPPED
    with Child(run) as child:
        child.rest()
    assert_same_end(run, whole)


def test_a_reader_that_went_away_stops_it(tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=5000)
    with Child(run) as child:
        child.until(Step)
        assert child.process.stdout is not None
        child.process.stdout.close()
        child.process.wait(120)
        assert child.process.returncode == 0
    assert isinstance(run.events()[-1], Stopped)


def test_a_second_child_of_the_same_run_is_refused(tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=5000)
    with Child(run) as child:
        child.until(Step)
        with Child(run) as other:
            (said,) = other.rest()
            assert isinstance(said, Failed)
            assert "training already" in said.what
            assert other.process.returncode == 2
        child.say(do="stop")
        assert isinstance(child.rest()[-1], Stopped)


@pytest.mark.parametrize("room", [1000, 12_000])  # for not one event more, and for events but no checkpoint
def test_on_a_full_disk_it_waits_and_goes_on_as_if_nothing_had_been(
    whole: RunFolder, tmp_path: Path, room: int
) -> None:
    run = new_run(tmp_path, epochs=EPOCHS)
    with Child(run) as child:
        child.until(Checkpointed)
        resource.prlimit(child.process.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        paused = child.until(Paused)
        assert isinstance(paused, Paused)
        assert "could not be written" in paused.what
        child.say(do="retry")
        assert isinstance(child.until(Paused), Paused), "it was tried again, and the disk is still full"
        resource.prlimit(child.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        child.say(do="retry")
        said = child.rest()
        assert child.process.returncode == 0
    assert isinstance(said[-1], Finished)
    assert not any(isinstance(event, Paused) for event in run.events())
    assert_same_end(run, whole)


@pytest.mark.parametrize("ask", ASKS)
def test_a_run_that_waits_for_the_disk_ends_when_it_is_told_to(
    tmp_path: Path, ask: Callable[[Child], None]
) -> None:
    run = new_run(tmp_path, epochs=5000)
    with Child(run) as child:
        child.until(Checkpointed, 2)
        resource.prlimit(child.process.pid, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        child.until(Paused)
        ask(child)
        said = child.rest()
    assert child.process.returncode == 2
    assert isinstance(said[-1], Failed)
    assert "could not be written" in said[-1].what
    assert checkpoint.newest(run, "last") is not None
    assert run.events()


def test_without_a_window_a_full_disk_ends_it_with_words_and_the_last_checkpoint(tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=5000)
    command = [word for word in train_command(run) if word != "--events"]
    with subprocess.Popen(
        command, env=child_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            wait_until(lambda: checkpoint.newest(run, "last") is not None)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
            _, said = process.communicate(timeout=DEADLINE_SECONDS)
        finally:
            process.kill()
    assert process.returncode == 2
    assert "could not be written" in said
    assert checkpoint.newest(run, "last") is not None


def test_no_process_of_the_group_is_left(tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=1)
    with Child(run) as child:
        child.rest()
        group = child.process.pid
    listed = subprocess.run(["ps", "-eo", "pgid="], capture_output=True, text=True, check=True).stdout.split()
    assert str(group) not in listed

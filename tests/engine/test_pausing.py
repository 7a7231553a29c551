"""A run that is paused waits with its process kept, and ends as if it had never been; whatever happens to it meanwhile."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.pausing import pause_asked
from resnet_studio.runs import requests
from resnet_studio.runs.child import child_environment
from resnet_studio.runs.events import Finished, Held, Step, Stopped, WentOn
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import RunState, describe_run
from tests.engine.test_world import ENOUGH, SCRIPT, _new, _wait_until
from tests.engine.train_helpers import DEADLINE_SECONDS, Child, assert_same_end, new_run, train_here

# So many that no run is over before it is paused.
EPOCHS = 12


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    run = new_run(tmp_path_factory.mktemp("whole"), epochs=EPOCHS)
    train_here(run)
    return run


def _held(child: Child) -> Held:
    """Paused at the step in hand."""
    child.until(Step)
    requests.ask_to_pause(child.run)
    held = child.until(Held)
    assert isinstance(held, Held)
    return held


def test_it_waits_behind_a_step_and_goes_on_exactly(whole: RunFolder, tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=EPOCHS)
    began = time.monotonic()
    with Child(run) as child:
        held = _held(child)
        kept = checkpoint.newest(run, "last")
        assert kept is not None
        assert kept.contents["about"]["step"] == held.step
        assert describe_run(run).state is RunState.PAUSED
        requests.ask_to_go_on(run)
        went_on = child.until(WentOn)
        assert isinstance(went_on, WentOn)
        assert went_on.step == held.step
        again = _held(child)
        assert again.step > held.step
        requests.ask_to_go_on(run)
        said = child.rest()
    took = time.monotonic() - began
    waited = [event.seconds for event in run.events() if isinstance(event, WentOn)]
    assert len(waited) == 2
    assert isinstance(said[-1], Finished)
    # What it waited is no part of the time that it took.
    assert 0 < said[-1].seconds < took - sum(waited)
    assert_same_end(run, whole)


def by_request(child: Child) -> None:
    requests.ask_to_stop(child.run)


@pytest.mark.parametrize("ask", [by_request, Child.terminate])
def test_paused_it_still_stops_when_it_is_asked_to(tmp_path: Path, ask: Callable[[Child], None]) -> None:
    run = new_run(tmp_path, epochs=EPOCHS)
    with Child(run) as child:
        held = _held(child)
        ask(child)
        said = child.rest()
        assert child.process.returncode == 0
    assert isinstance(said[-1], Stopped)
    assert said[-1].step == held.step
    assert not any(isinstance(event, WentOn) for event in said)
    assert describe_run(run).state is RunState.STOPPED
    assert not requests.pause_is_asked(run)


def test_killed_while_it_waits_nothing_is_lost_and_nobody_needs_to_say_that_it_goes_on(
    whole: RunFolder, tmp_path: Path
) -> None:
    run = new_run(tmp_path, epochs=EPOCHS)
    with Child(run) as child:
        held = _held(child)
        child.kill()
    assert describe_run(run).state is RunState.CRASHED
    said = train_here(run)
    steps = [event.step for event in said if isinstance(event, Step)]
    assert steps[0] == held.step + 1
    assert_same_end(run, whole)


def test_a_run_that_does_not_train_cannot_be_paused(tmp_path: Path) -> None:
    run = new_run(tmp_path)
    for ask in (requests.ask_to_pause, requests.ask_to_go_on):
        with pytest.raises(StudioError, match="is not training"):
            ask(run)


def test_the_folder_is_looked_into_ten_times_a_second_at_most(tmp_path: Path) -> None:
    run = new_run(tmp_path)
    now = 0.0
    look = pause_asked(run, lambda: now)
    assert not look()
    (run.path / "pause.request").touch()
    now = 0.09
    assert not look()
    now = 0.11
    assert look()


def test_two_processes_wait_and_stop_together_and_go_on_exactly(tmp_path: Path) -> None:
    whole, run = (_new(tmp_path, name, epochs=4) for name in ("whole", "paused"))
    # It is stopped while it waits, and so trained twice; in one start, which takes longer than all of it.
    words = [word for one in (run, run, whole) for word in (str(one.path), ENOUGH, "0")]
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node=2",
        str(SCRIPT),
    ]
    with subprocess.Popen(
        [*command, *words],
        env=child_environment() | {"OMP_NUM_THREADS": "1"},
        stdout=-1,
        stderr=-2,
        text=True,
    ) as process:
        for count in (1, 2):
            _wait_until(lambda: isinstance(run.last_event(), Step), process)
            requests.ask_to_pause(run)
            _wait_until(lambda n=count: sum(isinstance(e, Held) for e in run.events()) == n, process)  # type: ignore[misc]
            if count == 1:
                requests.ask_to_go_on(run)
        requests.ask_to_stop(run)
        said, _ = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 0, said
    assert len([event for event in run.events() if isinstance(event, Stopped)]) == 1
    assert_same_end(run, whole)

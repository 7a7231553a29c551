"""A run that goes on without its window, for real: let go, asked to stop by another process."""

import resource
from pathlib import Path

from resnet_studio.runs import requests
from resnet_studio.runs.events import Checkpointed, Epoch, Paused, Stopped
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.following import EventReader, outcome_of
from resnet_studio.runs.listing import RunState, describe_run
from resnet_studio.runs.starting import start_alone
from tests.engine.train_helpers import (
    DEADLINE_SECONDS,
    Child,
    assert_same_end,
    new_run,
    train_here,
    wait_until,
)


def epochs(run: RunFolder) -> int:
    return sum(isinstance(event, Epoch) for event in run.events())


def test_let_go_it_trains_to_its_end_as_if_nothing_had_been(tmp_path: Path) -> None:
    run, whole = (new_run(tmp_path / name, epochs=5) for name in ("kept", "whole"))
    with Child(run) as child:
        child.until(Epoch)
        child.let_go()
        assert child.process.wait(DEADLINE_SECONDS) == 0
    assert outcome_of(run).ok
    assert describe_run(run).state is RunState.FINISHED
    train_here(whole)
    assert_same_end(run, whole)


def test_let_go_while_it_asks_for_room_it_waits_for_it_by_itself(tmp_path: Path) -> None:
    run, whole = (new_run(tmp_path / name, epochs=3) for name in ("kept", "whole"))
    with Child(run) as child:
        child.until(Epoch)
        resource.prlimit(child.process.pid, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        child.until(Paused)
        child.let_go()
        wait_until(lambda: "The run waits until there is room." in run.log_path.read_text())
        assert requests.is_paused(run)
        resource.prlimit(child.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        assert child.process.wait(DEADLINE_SECONDS) == 0
    assert outcome_of(run).ok
    train_here(whole)
    assert_same_end(run, whole)


def test_alone_it_hears_a_request_and_keeps_a_checkpoint(tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=5000)
    process = start_alone(run)
    try:
        wait_until(lambda: epochs(run) > 0)
        reader = EventReader(run)
        said, _ = reader.read()
        assert said == run.events()[: len(said)]
        requests.ask_to_stop(run)
        assert process.wait(DEADLINE_SECONDS) == 0
        *_, kept, last = reader.read()[0]
        assert isinstance(kept, Checkpointed)
        assert isinstance(last, Stopped)
        assert kept.step == last.step
        assert outcome_of(run).stopped
        assert not requests.stop_is_asked(run)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()

"""One run trained by two real processes under torchrun: the same losses, exact resume, a stop, a kill, and clear refusals."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design, Norm
from resnet_studio.engine.build import build
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.data.opening import open_data
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.demands import check_world
from resnet_studio.engine.training.world import World
from resnet_studio.runs.child import child_environment
from resnet_studio.runs.events import Epoch, Finished, Started, Step, Stopped
from resnet_studio.runs.folder import RunFolder
from tests.engine.train_helpers import assert_same_end, curves, tiny_design, tiny_spec, train_here

DEADLINE_SECONDS = 180
SCRIPT = Path(__file__).with_name("split_together.py")
ENOUGH = "1000000"


def _group_normed() -> Design:
    """Group norms see one image alone, so that two halves of a batch are the whole one."""
    base = tiny_design()
    stages = tuple(
        replace(
            stage,
            blocks=tuple(
                replace(b, spec=replace(b.spec, norm=Norm.GROUP, norm_groups=2)) for b in stage.blocks
            ),
        )
        for stage in base.stages
    )
    return replace(base, stages=stages, stem=replace(base.stem, norm=Norm.GROUP, norm_groups=2))


def _start(run: RunFolder, *options: str, processes: int = 2) -> "subprocess.Popen[str]":
    command = [
        sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}", *options,
        "-m", "resnet_studio", "resume", str(run.path),
    ]  # fmt: skip
    environment = child_environment() | {"OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _together(run: RunFolder, *options: str, processes: int = 2) -> str:
    process = _start(run, *options, processes=processes)
    said, _ = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 0, said
    return said


def _new(parent: Path, name: str, **changes: object) -> RunFolder:
    spec = replace(tiny_spec(epochs=2), **changes)  # type: ignore[arg-type]
    return RunFolder.create(_group_normed(), spec, parent / name)


def _wait_for_step(run: RunFolder, step: int, process: "subprocess.Popen[str]") -> None:
    _wait_until(lambda: any(isinstance(e, Step) and e.step >= step for e in run.events()), process)


def _wait_until(holds: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.05)


def test_two_processes_learn_what_one_learns(tmp_path: Path) -> None:
    alone, pair = _new(tmp_path, "alone"), _new(tmp_path, "pair")
    train_here(alone)
    said = _together(pair)
    assert said.count("epoch 2/2") == 1, "only the first process speaks"
    assert isinstance(pair.events()[-1], Finished)
    for one, two in zip(curves(alone), curves(pair), strict=True):
        assert one.keys() == two.keys()
        for name, value in one.items():
            assert two[name] == pytest.approx(value, rel=2e-3, abs=2e-3), (name, one, two)
    ends = [checkpoint.newest(run, "last") for run in (alone, pair)]
    assert ends[0] is not None
    assert ends[1] is not None
    for name, value in ends[0].contents["model"].items():
        torch.testing.assert_close(ends[1].contents["model"][name], value, rtol=2e-3, atol=2e-3)


def test_a_run_that_lost_a_process_and_was_stopped_ends_like_one_that_was_left_alone(tmp_path: Path) -> None:
    """Three processes: of two, any order of adding gives the same sum."""
    settings = {"epochs": 5, "mixup": 0.2, "parts": 2}
    whole, troubled = _new(tmp_path, "whole", **settings), _new(tmp_path, "troubled", **settings)
    process = _start(troubled, "--max-restarts=2", processes=3)
    _wait_for_step(troubled, 12, process)
    children = [
        int(pid) for pid in subprocess.check_output(["pgrep", "-P", str(process.pid)], text=True).split()
    ]
    os.kill(children[-1], signal.SIGKILL)
    # torchrun starts all again, from the last checkpoint.
    _wait_until(lambda: sum(isinstance(event, Started) for event in troubled.events()) == 2, process)
    _wait_for_step(troubled, 14, process)
    # It hands a signal to its processes, each of which may be in another step.
    os.kill(process.pid, signal.SIGINT)
    process.communicate(timeout=DEADLINE_SECONDS)
    assert isinstance(troubled.events()[-1], Stopped)
    words = [word for run in (troubled, whole) for word in (str(run.path), ENOUGH, "0")]
    subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=3", str(SCRIPT), *words],
        env=child_environment() | {"OMP_NUM_THREADS": "1"}, timeout=DEADLINE_SECONDS, check=True,
    )  # fmt: skip
    assert len([event for event in troubled.events() if isinstance(event, Epoch)]) == settings["epochs"]
    assert_same_end(whole, troubled)


def test_more_processes_than_images_of_a_batch_are_refused() -> None:
    run_spec = tiny_spec(batch_size=1)
    feeder = Feeder(open_data("digits"), run_spec, tiny_design().input, torch.device("cpu"))
    check_world(feeder, World(size=1))
    with pytest.raises(StudioError, match="cannot be shared by 2 processes"):
        check_world(feeder, World(size=2))


def test_norms_are_not_synchronised_on_processors() -> None:
    with pytest.raises(StudioError, match="on graphics cards only"):
        World(size=2).joined(build(tiny_design()), torch.device("cpu"), sync_norms=True)
    alone = build(tiny_design())
    assert World().joined(alone, torch.device("cpu"), sync_norms=True) is alone


@given(st.integers(1, 70), st.integers(1, 9))
def test_every_image_of_a_batch_is_learnt_from_once(count: int, size: int) -> None:
    shares = [World(rank=rank, size=size).mine(torch.arange(count)) for rank in range(size)]
    assert torch.equal(torch.cat(shares), torch.arange(count))
    assert max(map(len, shares)) - min(map(len, shares)) <= 1

"""Several processes that do not end well: one fails, the disk is full, none of them hears, their starter is killed. Real ones."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from resnet_studio.engine.training.together import wants_together
from resnet_studio.runs.child import child_environment
from resnet_studio.runs.events import Event, Failed, Paused, Started, Step, decode
from resnet_studio.runs.folder import RunFolder
from tests.engine.pretend_card import pretend_cards
from tests.engine.train_helpers import DEADLINE_SECONDS, Child, new_run, train_here, wait_until

SCRIPT = Path(__file__).with_name("part_together.py")
ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "TORCH_ELASTIC_SHUTDOWN_TIMEOUT": "1"}


def _workers(starter: int) -> dict[str, int]:
    """The processes of a starter, by rank."""
    found = {}
    for pid in subprocess.run(
        ["pgrep", "-P", str(starter)], capture_output=True, text=True, check=False
    ).stdout.split():
        words = dict(
            word.partition("=")[::2] for word in Path(f"/proc/{pid}/environ").read_text().split("\0") if word
        )
        if "RANK" in words:
            found[words["RANK"]] = int(pid)
    return found


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_one_that_fails_ends_the_others_that_wait_for_it_and_its_words_are_the_runs(tmp_path: Path) -> None:
    run = new_run(tmp_path)
    words = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", str(SCRIPT), str(run.path)]  # fmt: skip
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=child_environment() | ENVIRONMENT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = [decode(line) for line in process.stdout]
        assert process.wait(DEADLINE_SECONDS) == 1
    for last in (said[-1], run.events()[-1]):
        assert isinstance(last, Failed)
        assert "Memory ran out" in last.what
    assert sum(isinstance(event, Failed) for event in said) == 1, "only the first process speaks"


class _Pair(Child):
    """Started as the window starts it."""

    def __init__(self, run: RunFolder) -> None:
        super().__init__(run, command=[sys.executable, str(SCRIPT), str(run.path)], more=ENVIRONMENT)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Child]:
    with _Pair(new_run(tmp_path, epochs=5000, device="all")) as child:
        yield child


def _limit(pid: int, room: int = resource.RLIM_INFINITY) -> None:
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))


def test_every_retry_reaches_the_one_that_asks_and_nobody_outlives_a_firm_end(pair: Child) -> None:
    pair.until(Step)
    workers = _workers(pair.process.pid)
    assert sorted(workers) == ["0", "1"]
    _limit(workers["0"], 1000)
    pair.until(Paused)
    for _ in range(8):
        # Of two that read the same pipe, the other one would have heard it at some time.
        pair.say(do="retry")
        assert isinstance(pair.event(), Paused)
    _limit(workers["0"])
    pair.say(do="retry")
    pair.until(Step)
    for pid in workers.values():
        os.kill(pid, signal.SIGSTOP)
    os.kill(pair.process.pid, signal.SIGTERM)
    pair.process.wait(DEADLINE_SECONDS)
    wait_until(lambda: not any(map(_is_alive, workers.values())))


_STARTER = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", sys.argv[1]], start_new_session=True).wait()
"""
_WORKER = """
import os, signal, time
from resnet_studio.engine.children import end_with_parent
end_with_parent()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(os.getpid(), flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="others have no signal for it")
def test_one_in_a_session_of_its_own_dies_with_the_one_that_started_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _STARTER, _WORKER], stdout=subprocess.PIPE, env=child_environment() | ENVIRONMENT, start_new_session=True,
    ) as starter:  # fmt: skip
        assert starter.stdout is not None
        worker = int(starter.stdout.readline())
        os.killpg(starter.pid, signal.SIGKILL)
    wait_until(lambda: not _is_alive(worker))


def test_without_two_cards_all_of_them_are_one_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(tmp_path, device="all")
    for name in ("WORLD_SIZE", "RANK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(torch.distributed, "is_nccl_available", lambda: True)
    assert not wants_together(run)
    for count, wanted in ((1, False), (2, True)):
        monkeypatch.setattr(torch.cuda, "device_count", lambda count=count: count)
        assert wants_together(run) is wanted
    assert not wants_together(new_run(tmp_path, device="auto"))
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert not wants_together(run)


def test_all_cards_are_refused_in_words_where_torch_cannot_join_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(tmp_path, device="all")
    monkeypatch.setattr(torch.distributed, "is_nccl_available", lambda: False)
    with pretend_cards():
        assert not wants_together(run)
        last: Event = train_here(run)[-1]
    assert isinstance(last, Failed)
    assert "NCCL" in last.what
    assert not any(isinstance(event, Started) for event in run.events())

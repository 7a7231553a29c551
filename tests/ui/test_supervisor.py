"""The supervisor against children that behave, misbehave, flood and die; none is left behind (conftest watches)."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.runs.events import Event, Failed, Finished, Step, Stopped, encode
from resnet_studio.runs.outcome import Outcome
from resnet_studio.ui.training.supervisor import BATCH_SECONDS, RunSupervisor

PROLOGUE = """
import json, os, signal, subprocess, sys, threading, time
def say(line): print(line, flush=True)
def asked(): return json.loads(sys.stdin.readline() or '{"do": "gone"}')["do"]
"""


def step(number: int) -> Step:
    return Step(
        step=number, epoch=1, loss=1.0, accuracy=0.5, lr=0.1, images_per_second=10.0, memory_bytes=1
    )  # fmt: skip


class Watched:
    """A supervisor whose signals are kept, with the times of the batches."""

    def __init__(self, script: str, folder: Path, **graces: float) -> None:
        self.events: list[Event] = []
        self.times: list[float] = []
        self.outcome: Outcome | None = None
        self.supervisor = RunSupervisor(
            [sys.executable, "-c", PROLOGUE + script], folder / "log.txt", **graces
        )
        self.supervisor.batched.connect(self._batch)
        self.supervisor.ended.connect(self._end)

    def _batch(self, events: list[Event]) -> None:
        self.times.append(time.monotonic())
        self.events += events

    def _end(self, outcome: Outcome) -> None:
        self.outcome = outcome

    def finish(self, qtbot: QtBot) -> Outcome:
        qtbot.waitUntil(lambda: self.outcome is not None, timeout=30_000)
        assert self.supervisor.wait(10_000)
        assert self.outcome is not None
        return self.outcome


@pytest.fixture
def watch(qtbot: QtBot, tmp_path: Path) -> Callable[..., Watched]:
    def start(script: str, **graces: float) -> Watched:
        watched = Watched(script, tmp_path, **graces)
        watched.supervisor.start()
        return watched

    return start


def lines(*events: Event) -> str:
    return "".join(f"say({encode(event)!r})\n" for event in events)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # Re-parented to an init that has not reaped it yet: over all the same.
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_events_arrive_in_order_and_the_end_is_an_outcome(
    watch: Callable[..., Watched], qtbot: QtBot
) -> None:
    done = Finished(step=2, best_accuracy=0.5, best_epoch=1, seconds=1.0)
    watched = watch(lines(step(1), step(2), done))
    outcome = watched.finish(qtbot)
    assert watched.events == [step(1), step(2), done]
    assert outcome.ok
    assert outcome.last == done


def test_garbage_between_events_is_passed_over_and_told(watch: Callable[..., Watched], qtbot: QtBot) -> None:
    garbage = "say('hello'); say('{}'); sys.stdout.buffer.write(b'\\xff\\xfe\\n')\nsay('[' * 5000)\n"
    watched = watch(lines(step(1)) + garbage + lines(step(2)))
    outcome = watched.finish(qtbot)
    assert watched.events == [step(1), step(2)]
    assert "not understood" in outcome.log


def test_a_flood_is_coalesced_and_nothing_is_lost(watch: Callable[..., Watched], qtbot: QtBot) -> None:
    count = 20_000
    script = f"line = {encode(step(7))!r}\nsys.stdout.write((line + chr(10)) * {count})\n"
    began = time.monotonic()
    watched = watch(script)
    watched.finish(qtbot)
    assert len(watched.events) == count
    # However slow the machine is: ten a second, and what is left at the end.
    assert len(watched.times) <= (watched.times[-1] - began) / BATCH_SECONDS + 2


def test_a_killed_child_has_an_outcome_with_its_signal_and_log(
    watch: Callable[..., Watched], qtbot: QtBot
) -> None:
    script = lines(step(1)) + "sys.stderr.write('last words'); sys.stderr.flush()\nos.kill(os.getpid(), 9)\n"
    outcome = watch(script).finish(qtbot)
    assert outcome.signal == signal.SIGKILL
    assert outcome.crashed
    assert "last words" in outcome.log


def test_a_failure_that_the_child_explains_is_the_outcomes_words(
    watch: Callable[..., Watched], qtbot: QtBot
) -> None:
    failed = Failed(what="The loss is not finite.", remedy="Try a smaller learning rate.")
    outcome = watch(lines(failed) + "sys.exit(1)\n").finish(qtbot)
    assert (outcome.title, outcome.advice) == (failed.what, failed.remedy)
    assert not outcome.crashed


def test_stop_is_asked_on_stdin_and_answered(watch: Callable[..., Watched], qtbot: QtBot) -> None:
    stopped = Stopped(step=1, reason="asked")
    watched = watch(lines(step(1)) + "assert asked() == 'stop'\n" + lines(stopped))
    qtbot.waitUntil(lambda: bool(watched.events), timeout=30_000)
    watched.supervisor.stop()
    assert watched.finish(qtbot).stopped
    assert not watched.supervisor.was_forced


def test_a_child_that_ignores_everything_is_killed_with_its_whole_group(
    watch: Callable[..., Watched], qtbot: QtBot, tmp_path: Path
) -> None:
    script = (
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "worker = subprocess.Popen([sys.executable, '-c', 'import signal; "
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()'])\n"
        f"open({str(tmp_path / 'worker')!r}, 'w').write(str(worker.pid))\n"
        + lines(step(1))
        + "while True: signal.pause()\n"
    )
    watched = watch(script, grace=0.1, firm=0.1)
    qtbot.waitUntil(lambda: bool(watched.events), timeout=30_000)
    watched.supervisor.stop()
    outcome = watched.finish(qtbot)
    assert outcome.signal == signal.SIGKILL
    assert watched.supervisor.was_forced
    worker = int((tmp_path / "worker").read_text())
    qtbot.waitUntil(lambda: is_gone(worker), timeout=10_000)


def test_what_the_child_leaves_behind_ends_with_it(
    watch: Callable[..., Watched], qtbot: QtBot, tmp_path: Path
) -> None:
    # The orphan holds the pipe open: the end of the child itself must be enough.
    script = (
        "worker = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
        f"open({str(tmp_path / 'worker')!r}, 'w').write(str(worker.pid))\n" + lines(step(1))
    )
    watched = watch(script)
    assert watched.finish(qtbot).code == 0
    worker = int((tmp_path / "worker").read_text())
    qtbot.waitUntil(lambda: is_gone(worker), timeout=10_000)


def test_a_child_that_cannot_start_is_a_failure_in_words(qtbot: QtBot, tmp_path: Path) -> None:
    supervisor = RunSupervisor([str(tmp_path / "no-such-program")], tmp_path / "log.txt")
    with qtbot.waitSignal(supervisor.ended, timeout=10_000) as ended:
        supervisor.start()
    supervisor.wait()
    outcome = ended.args[0]
    assert not outcome.ok
    assert "could not be started" in outcome.title


def test_the_child_hears_the_end_of_its_stdin_when_the_window_is_killed(tmp_path: Path) -> None:
    """A window of its own is killed with -9; its child must notice by itself."""
    child = "import os, sys; print(os.getpid(), flush=True); sys.stdin.read()"
    window = (
        "import sys\n"
        "from pathlib import Path\n"
        "from resnet_studio.ui.training.child_process import ChildProcess\n"
        f"child = ChildProcess([sys.executable, '-c', {child!r}], Path({str(tmp_path / 'log.txt')!r}))\n"
        "print(child.line(30).decode().strip(), flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", window], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        watched = os.pidfd_open(pid)
        process.kill()
    try:
        assert select.select([watched], [], [], 20)[0], "the child outlived its window"
    finally:
        os.close(watched)

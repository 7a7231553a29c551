"""Runs in the background and the queue, with real processes: started, followed, stopped, killed, one after another."""

import json
import os
import signal
import subprocess
from pathlib import Path

from tests.cli.program import command, environment, refusal, run

TINY = ("digits_starter", "--device", "cpu", "--batch-size", "512")

WAITS = ("--on-full-disk", "wait")


def told_to_wait(pid: int) -> bool:
    """Whether a run's process was started so; that it then waits is tested in tests/engine/test_full_disk.py."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    return listed.stdout.rstrip().endswith("--on-full-disk wait")


def test_a_run_in_the_background_is_listed_followed_and_stopped(tmp_path: Path) -> None:
    begun = run("train", *TINY, "--epochs", "5000", "--detach", "--json", *WAITS, folder=tmp_path)
    assert begun.returncode == 0, begun.stderr
    told = json.loads(begun.stdout)
    assert told_to_wait(told["pid"])
    name = Path(told["run"]).name
    (listed,) = json.loads(run("runs", "--running", "--json", folder=tmp_path).stdout)
    assert (listed["run"], listed["state"]) == (told["run"], "running")
    assert "training already" in refusal(run("resume", name, "--detach", folder=tmp_path))
    assert "training already" in refusal(run("queue", "add", told["run"], folder=tmp_path))
    with subprocess.Popen(
        command("follow", name), cwd=tmp_path, env=environment(tmp_path / ".home"), stdout=subprocess.PIPE, text=True,
    ) as follower:  # fmt: skip
        assert follower.stdout is not None
        while "epoch" not in (line := follower.stdout.readline()):
            assert line, "the follower ended before the first epoch"
        assert "is paused" in run("pause", name, folder=tmp_path).stdout
        (listed,) = json.loads(run("runs", "--running", "--json", folder=tmp_path).stdout)
        assert listed["state"] == "paused"
        assert "goes on in its own process" in run("resume", name, folder=tmp_path).stdout
        while "goes on after" not in (line := follower.stdout.readline()):
            assert line, "the follower ended before the run went on"
        stopped = run("stop", name, folder=tmp_path)
        assert stopped.returncode == 0, stopped.stderr
        assert "It stopped." in stopped.stdout
        assert "stopped at step" in follower.stdout.read()
        assert follower.wait() == 130
    for word in ("stop", "pause"):
        assert "is not training" in refusal(run(word, name, folder=tmp_path))
    again = run("resume", name, "--detach", folder=tmp_path)
    assert again.returncode == 0, again.stderr
    ended = run("stop", name, "--now", folder=tmp_path)
    assert "It was ended." in ended.stdout
    assert "without a word" in refusal(run("follow", name, folder=tmp_path))


def test_a_run_that_cannot_begin_says_so_at_once_and_leaves_no_folder(tmp_path: Path) -> None:
    words = ("train", "digits_starter", "--data", "cifar10", "--adapt", "--detach")
    assert "CIFAR-10 is not complete" in refusal(run(*words, folder=tmp_path))
    assert not list((tmp_path / ".home" / "runs").iterdir())


def test_the_queue_trains_two_at_a_time_and_a_failure_blocks_nobody(tmp_path: Path) -> None:
    for more in (
        ["--epochs", "1"],
        ["--epochs", "1", "--seed", "1"],
        ["--epochs", "5000"],
        ["--epochs", "1", "--seed", "2"],
    ):
        added = run("queue", "add", *TINY, *more, folder=tmp_path)
        assert added.returncode == 0, added.stderr
    listed = json.loads(run("queue", "list", "--json", folder=tmp_path).stdout)
    long = Path(listed["entries"][2]["run"])
    moved = run("queue", "move", long.name, "1", folder=tmp_path)
    assert moved.stdout.splitlines()[2].split()[1] == long.name
    with subprocess.Popen(
        command("queue", "run", "--devices", "cpu,cpu", *WAITS), cwd=tmp_path, env=environment(tmp_path / ".home"),
        stdout=subprocess.PIPE, text=True,
    ) as worker:  # fmt: skip
        assert worker.stdout is not None
        said = [worker.stdout.readline() for _ in range(5)]
        assert [line.split(": ")[1] for line in said] == [
            "begins on cpu\n", "begins on cpu\n", "Training finished.\n", "begins on cpu\n", "Training finished.\n",
        ]  # fmt: skip
        assert "worked off already" in refusal(run("queue", "run", "--devices", "cpu", folder=tmp_path))
        late = run("queue", "start", *WAITS, folder=tmp_path)
        assert late.returncode == 0
        assert "stays as it was said then" in late.stderr
        note = json.loads((long / "run.lock").read_text())
        assert told_to_wait(note["pid"])
        os.killpg(note["pid"], signal.SIGKILL)
        rest = worker.stdout.read()
        assert worker.wait() == 0
    assert "ended by the signal SIGKILL" in rest
    queue = json.loads(run("queue", "list", "--json", folder=tmp_path).stdout)
    assert [entry["state"] for entry in queue["entries"]] == ["ended"] * 4
    assert [entry["good"] for entry in queue["entries"]].count(False) == 1
    assert not queue["going"]

"""Runs without a window on a full disk, for real: asked in a terminal, waiting by themselves, told to stop meanwhile."""

import contextlib
import functools
import os
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.stop import StopListener
from resnet_studio.runs import requests
from resnet_studio.runs.child import alone_command, child_environment, program
from resnet_studio.runs.events import Epoch
from resnet_studio.runs.folder import RunFolder
from tests.engine.train_helpers import DEADLINE_SECONDS, assert_same_end, new_run, train_here, wait_until

EPOCHS = 6
AGAIN = "s and Enter to stop: "
Process = subprocess.Popen[bytes]
# The terminal controls the process, so that Ctrl+C in it is a signal.
_IN_FRONT = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    run = new_run(tmp_path_factory.mktemp("whole"), epochs=EPOCHS)
    train_here(run)
    return run


def limit(process: Process, room: int = resource.RLIM_INFINITY) -> None:
    """Let its files grow no longer than this."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))


class Terminal:
    """A command in a terminal of its own, as a shell starts it."""

    def __init__(self, command: list[str]) -> None:
        self._person, program_end = os.openpty()
        self._said = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", _IN_FRONT, *command],
            stdin=program_end,
            stdout=program_end,
            stderr=program_end,
            env=child_environment(),
            start_new_session=True,
        )
        os.close(program_end)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE_SECONDS)
        os.close(self._person)

    def types(self, data: bytes) -> None:
        os.write(self._person, data)

    def until(self, words: str) -> str:
        """What it says up to these words."""
        while words not in self._said:
            more = self._read()
            assert more, f"it ended without {words!r}: {self._said[-500:]}"
            self._said += more
        before, _, self._said = self._said.partition(words)
        return before

    def rest(self) -> str:
        """Everything that it still says, and its end."""
        while more := self._read():
            self._said += more
        self.process.wait(DEADLINE_SECONDS)
        return self._said

    def _read(self) -> str:
        ready, _, _ = select.select([self._person], [], [], DEADLINE_SECONDS)
        assert ready, f"it said nothing for too long: {self._said[-500:]}"
        # Linux tells so that the other end is gone.
        with contextlib.suppress(OSError):
            return os.read(self._person, 65536).decode("utf-8", "replace")
        return ""


def test_in_a_terminal_it_asks_and_goes_on_as_if_nothing_had_been(whole: RunFolder, tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=EPOCHS)
    with Terminal(program("resume", str(run.path))) as terminal:
        terminal.until("epoch 1/")
        limit(terminal.process, 1000)
        asked = terminal.until(AGAIN)
        # The bar, the last before the question, is taken away.
        assert asked.rpartition("\x1b[K")[2].startswith(str(run.path))
        assert "could not be written (File too large). Its disk has " in asked
        terminal.types(b"\n")
        assert "could not be written" in terminal.until(AGAIN), (
            "it was tried again, and the disk is still full"
        )
        limit(terminal.process)
        terminal.types(b"\n")
        said = terminal.rest()
        assert terminal.process.returncode == 0
    assert said.count("The run goes on.") == 1
    assert_same_end(run, whole)


@pytest.mark.parametrize("way", ["Ctrl+C", "SIGTERM"])
def test_a_question_is_ended_by_a_signal(tmp_path: Path, way: str) -> None:
    run = new_run(tmp_path, epochs=5000)
    with Terminal(program("train", str(run.path))) as terminal:
        terminal.until("epoch 1/")
        wait_until(lambda: checkpoint.newest(run, "last") is not None)
        limit(terminal.process, 1000)
        terminal.until(AGAIN)
        if way == "Ctrl+C":
            terminal.types(b"\x03")
        else:
            terminal.process.send_signal(signal.SIGTERM)
        said = terminal.rest()
        assert terminal.process.returncode == 2
    assert "could not be written" in said
    assert f"`resnet-studio resume {run.path}` goes on from the last checkpoint." in said
    assert checkpoint.newest(run, "last") is not None


@contextlib.contextmanager
def waiting(run: RunFolder) -> Iterator[Process]:
    """A run that nobody watches and that waits for room; its files cannot grow any more when this comes back."""
    with run.log_path.open("ab") as log:
        process = subprocess.Popen(
            alone_command(run, waits=True), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, env=child_environment(),
        )  # fmt: skip
    try:
        wait_until(lambda: any(isinstance(event, Epoch) for event in run.events()))
        limit(process, 1000)
        wait_until(lambda: "The run waits until there is room." in run.log_path.read_text())
        yield process
    finally:
        process.kill()
        process.wait(DEADLINE_SECONDS)


def assert_told_once(log: str) -> None:
    assert log.count("The run waits until there is room.") == 1
    assert log.count("There is room: the run goes on. It waited 0:0") == 1


def test_while_it_waits_it_hears_that_it_is_to_stop(tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=5000)
    with waiting(run) as process:
        follower = subprocess.Popen(
            program("follow", str(run.path)), env=child_environment(), stdout=subprocess.PIPE, text=True
        )
        with follower:
            assert follower.stdout is not None
            try:
                seen = iter(follower.stdout.readline, "")
                assert any(
                    line.startswith("paused: The run's folder could not be written. ") for line in seen
                )
            finally:
                follower.kill()
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE_SECONDS) == 2
    assert "the run goes on" not in run.log_path.read_text()
    assert not requests.is_paused(run)


def test_a_request_in_the_folder_ends_the_wait(tmp_path: Path) -> None:
    run = new_run(tmp_path)
    with run.lock():
        requests.ask_to_stop(run)
        assert not StopListener(run, alone=True).waits_until(lambda: False)


# --- a disk that is really full -------------------------------------------------------------------------------------------

# $1 becomes a disk of 400 kB with a heap on it to throw away; the run $2 moves there, and back when the command has ended.
_ON_A_SMALL_DISK = """
folder=$1 run=$2; shift 2
mount -t tmpfs -o size=400k small "$folder" && mv "$run" "$folder/run" || exit 99
head -c 270000 /dev/zero > "$folder/heap"
"$@" "$folder/run" --alone --on-full-disk wait 2> "$folder/../log"
code=$?
mv "$folder/run" "$run"
exit $code
"""


@functools.cache
def may_mount() -> bool:
    """Whether this machine lets anybody have a file system of one's own."""
    try:
        tried = subprocess.run(
            ["unshare", "-rm", "mount", "-t", "tmpfs", "x", "/tmp"], capture_output=True, check=False
        )
    except FileNotFoundError:
        return False
    return tried.returncode == 0


@pytest.mark.skipif(not may_mount(), reason="needs a mount")
def test_on_a_full_disk_it_waits_until_something_is_deleted(whole: RunFolder, tmp_path: Path) -> None:
    run, disk, log = new_run(tmp_path, epochs=EPOCHS), tmp_path / "disk", tmp_path / "log"
    disk.mkdir()
    with subprocess.Popen(
        ["unshare", "-rm", "sh", "-c", _ON_A_SMALL_DISK, "sh", disk, run.path, *program("train")],
        env=child_environment(),
    ) as shell:
        try:
            wait_until(lambda: log.is_file() and "No space left on device" in log.read_text())
            # Its own view of the files: nobody else sees what it has mounted.
            Path(f"/proc/{shell.pid}/root{disk}/heap").unlink()
            assert shell.wait(DEADLINE_SECONDS) == 0, log.read_text()
        finally:
            shell.kill()
    assert_told_once(log.read_text())
    assert_same_end(run, whole)


@pytest.mark.skipif(may_mount(), reason="tested on a disk that is really full")
def test_alone_it_waits_and_goes_on_by_itself(whole: RunFolder, tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=EPOCHS)
    with waiting(run) as process:
        limit(process)
        assert process.wait(DEADLINE_SECONDS) == 0
    assert_told_once(run.log_path.read_text())
    assert_same_end(run, whole)

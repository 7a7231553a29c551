"""A run followed by its file, as it grows, is torn and is cut back; who holds a lock; how a run ended, told by its folder."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.runs import lock, requests
from resnet_studio.runs.events import Event, Failed, Finished, Notice, Started, Stopped, encode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.following import EventReader, outcome_of
from resnet_studio.runs.spec import default_spec
from tests.runs.said import say

STARTED = Started(
    run="run", design="Digits starter", spec=default_spec(), device="cpu", device_label="CPU", params=1,
    train_images=1, val_images=1, steps_per_epoch=1, classes=("a", "b"), start_step=0, torch="2",
)  # fmt: skip
STOPPED = Stopped(step=1, reason="asked")


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(preset("digits_starter"), default_spec(), tmp_path)


def notices(*texts: str) -> list[Event]:
    return [Notice(text=text) for text in texts]


def test_what_was_read_is_not_read_again_and_a_torn_line_waits(run: RunFolder) -> None:
    reader = EventReader(run)
    assert reader.read() == ([], False)
    say(run, *notices("one", "two"))
    assert reader.read() == (notices("one", "two"), False)
    line = encode(Notice(text="three")).encode()
    with run.events_path.open("ab") as file:
        file.write(line[:9])
    assert reader.read() == ([], False)
    with run.events_path.open("ab") as file:
        file.write(line[9:] + b"\n")
    assert reader.read() == (notices("three"), False)


@pytest.mark.parametrize(
    "more", [[], ["other"], ["other", "and many more than there were before it was cut"]]
)
def test_a_run_that_was_resumed_is_read_from_the_beginning(run: RunFolder, more: list[str]) -> None:
    reader = EventReader(run)
    say(run, *notices("one", "two", "three"))
    reader.read()
    os.truncate(run.events_path, len(encode(Notice(text="one"))) + 1)
    say(run, *notices(*more))
    assert reader.read() == (notices("one", *more), True)
    assert reader.read() == ([], False)


@pytest.mark.parametrize(
    ("said", "ok", "crashed"),
    [
        ([STARTED, STOPPED], True, False),
        ([STARTED, Finished(step=1, best_accuracy=1, best_epoch=1, seconds=1)], True, False),
        ([STARTED, Failed(what="No.", remedy="Do.")], False, False),
        ([STARTED, STOPPED, STARTED], False, True),
        ([], False, True),
    ],
)
def test_the_folder_tells_how_it_ended(run: RunFolder, said: list[Event], ok: bool, crashed: bool) -> None:
    say(run, *said)
    run.log_path.write_text("the last words")
    outcome = outcome_of(run)
    assert (outcome.ok, outcome.crashed) == (ok, crashed)
    assert outcome.log == "the last words"
    if crashed:
        assert "without a word" in outcome.title


HOLD = (
    "import sys; from pathlib import Path; from resnet_studio.runs.lock import held\n"
    "with held(Path(sys.argv[1])): print('held', flush=True); sys.stdin.readline()"
)


def test_who_holds_a_lock_is_said_only_while_it_is_held(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    assert lock.holder(path) is None
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert lock.holder(path) == lock.Holder(pid=process.pid, host=socket.gethostname())
        process.kill()
        process.wait()
    assert b"pid" in path.read_bytes()
    assert lock.holder(path) is None


def test_two_who_only_look_do_not_take_each_other_for_the_holder(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    path.touch()
    descriptor = os.open(path, os.O_RDWR)
    assert lock._try_lock(descriptor, shared=True)
    assert not lock.is_held(path)
    os.close(descriptor)


def test_only_a_run_that_trains_is_asked_to_stop(run: RunFolder) -> None:
    with pytest.raises(StudioError, match="not training"):
        requests.ask_to_stop(run)
    assert not requests.stop_is_asked(run)
    with run.lock():
        requests.ask_to_stop(run)
    assert requests.stop_is_asked(run)
    requests.ask_to_go_on_alone(run)
    requests.clear(run)
    assert not requests.stop_is_asked(run)
    assert not requests.may_go_on_alone(run)

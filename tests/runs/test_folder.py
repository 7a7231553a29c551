"""The run folder: what is written comes back, what is torn is dropped, what is damaged is named."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from resnet_studio.design import presets
from resnet_studio.design.errors import StudioError
from resnet_studio.runs import about
from resnet_studio.runs.child import child_environment, is_stop
from resnet_studio.runs.events import Epoch, Event, Failed, Finished, Notice, Step, Stopped, encode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import data_root, home, runs_root
from resnet_studio.runs.listing import BrokenRun, RunInfo, RunState, list_runs
from resnet_studio.runs.outcome import Outcome
from resnet_studio.runs.spec import TrainSpec

DESIGN = presets.preset("digits_starter")


def step(number: int) -> Step:
    return Step(step=number, epoch=1, loss=1.0, accuracy=0.5, lr=0.1, images_per_second=1.0, memory_bytes=1)


def epoch(number: int, accuracy: float, *, best: bool) -> Epoch:
    return Epoch(
        epoch=number, step=number * 2, train_loss=1.0, train_accuracy=0.5, val_loss=1.0, val_accuracy=accuracy,
        seconds=1.0, best=best, time_left=0.0,
    )  # fmt: skip


def write(run: RunFolder, events: list[Event], torn: bytes = b"") -> None:
    run.events_path.write_bytes(b"".join(encode(event).encode() + b"\n" for event in events) + torn)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(DESIGN, TrainSpec(seed=7), tmp_path)


def test_what_is_written_comes_back(run: RunFolder) -> None:
    again = RunFolder.open(run.path)
    assert again.design() == DESIGN
    assert again.spec() == TrainSpec(seed=7)
    assert again.events() == []
    assert "digits-starter" in run.name


def test_two_runs_in_the_same_second_are_two_folders(tmp_path: Path) -> None:
    paths = {RunFolder.create(DESIGN, TrainSpec(), tmp_path).path for _ in range(4)}
    assert len(paths) == 4


def test_a_torn_last_line_is_dropped_and_a_broken_middle_named(run: RunFolder) -> None:
    write(run, [step(1), step(2)], torn=b'{"event":"st')
    assert run.events() == [step(1), step(2)]
    run.events_path.write_bytes(b"rubbish\n" + encode(step(1)).encode() + b"\n")
    with pytest.raises(StudioError, match="line 1"):
        run.events()


@pytest.mark.parametrize("torn", [b"", b'{"event":"step","step":9'])
def test_events_are_cut_back_to_a_checkpoint(run: RunFolder, torn: bytes) -> None:
    first = [step(1), step(2), epoch(1, 0.5, best=True), step(3)]
    write(run, [*first, step(4), epoch(2, 0.6, best=True), Notice(text="late")], torn)
    run.cut_events(step=3, epochs=1)
    assert run.events() == first
    run.cut_events(step=2, epochs=0)  # the checkpoint stands before the validation of epoch 1
    assert run.events() == first[:2]
    assert run.events_path.read_bytes().endswith(b"\n")


def test_cutting_nothing_needs_no_file(run: RunFolder) -> None:
    run.cut_events(step=0, epochs=0)
    assert run.events() == []


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(StudioError, match="not empty"):
        RunFolder.create_at(tmp_path, DESIGN, TrainSpec())
    with pytest.raises(StudioError, match="not a run"):
        RunFolder.open(tmp_path)
    with pytest.raises(StudioError, match=r"letter\.txt"):
        RunFolder.create(DESIGN, TrainSpec(), tmp_path / "letter.txt")


def test_a_run_that_could_not_be_written_is_not_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _data: bytes) -> None:
        raise StudioError(f"{path} could not be written.", "The disk is full.")

    with monkeypatch.context() as disk:
        disk.setattr(about, "write_atomically", full)
        with pytest.raises(StudioError, match="disk is full"):
            RunFolder.create_at(tmp_path / "r", DESIGN, TrainSpec())
    assert RunFolder.create_at(tmp_path / "r", DESIGN, TrainSpec()).design() == DESIGN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": 9, "created": "x", "spec": {}}',
        "\xff",
        '{"format": 1, "created": 3, "spec": {}}',
    ],
)
def test_a_damaged_run_is_named_and_listed_as_broken(run: RunFolder, text: str) -> None:
    run.about_path.write_text(text, encoding="latin-1")
    with pytest.raises(StudioError, match=r"run\.json"):
        RunFolder.open(run.path)
    (entry,) = list_runs(run.path.parent)
    assert isinstance(entry, BrokenRun)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("created", "2024-01-01T00:00:00"), ("created", "yesterday"), ("format", True), ("format", 1.0)],
)
def test_one_run_with_a_wrong_field_does_not_hide_the_others(
    run: RunFolder, field: str, wrong: object
) -> None:
    good = RunFolder.create(DESIGN, TrainSpec(), run.path.parent)
    about = json.loads(run.about_path.read_text())
    run.about_path.write_text(json.dumps(about | {field: wrong}))
    first, second = list_runs(run.path.parent)
    assert isinstance(first, RunInfo)
    assert first.run == good
    assert isinstance(second, BrokenRun)
    assert "run.json" in second.fault.what


@pytest.mark.skipif(os.name != "posix", reason="needs named pipes")
def test_events_that_are_no_file_are_named(run: RunFolder) -> None:
    os.mkfifo(run.events_path)
    with pytest.raises(StudioError, match=r"events\.jsonl is not a regular file"):
        run.events()
    (entry,) = list_runs(run.path.parent)
    assert isinstance(entry, BrokenRun)


@pytest.mark.parametrize(
    ("events", "state", "best"),
    [
        ([], RunState.NEW, None),
        ([step(1)], RunState.CRASHED, None),
        ([epoch(1, 0.9, best=True), epoch(2, 0.8, best=False)], RunState.CRASHED, 0.9),
        ([epoch(1, 0.9, best=True), Stopped(step=2, reason="asked")], RunState.STOPPED, 0.9),
        ([epoch(1, 0.9, best=True), Stopped(step=2, reason="asked"), epoch(2, 0.95, best=True)], RunState.CRASHED, 0.95),
        ([epoch(1, 0.9, best=True), Finished(step=2, best_accuracy=0.9, best_epoch=1, seconds=1.0)], RunState.FINISHED, 0.9),
        ([Failed(what="The disk is full.", remedy="")], RunState.FAILED, None),
    ],
)  # fmt: skip
def test_the_list_tells_how_a_run_stands(
    run: RunFolder, events: list[Event], state: RunState, best: float | None
) -> None:
    write(run, events, torn=b'{"ev' if events else b"")
    (info,) = list_runs(run.path.parent)
    assert isinstance(info, RunInfo)
    assert (info.state, info.best_accuracy, info.design) == (state, best, "Digits starter")


def test_a_run_is_running_while_a_process_holds_it_and_not_after_its_kill(run: RunFolder) -> None:
    code = (
        "import sys; from pathlib import Path; from resnet_studio.runs.folder import RunFolder\n"
        "with RunFolder(Path(sys.argv[1])).lock(): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(run.path)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, env=child_environment()) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        assert run.is_running()
        (info,) = list_runs(run.path.parent)
        assert isinstance(info, RunInfo)
        assert info.state is RunState.RUNNING
        with pytest.raises(StudioError, match="training already"), run.lock():
            pass
        child.kill()
        child.wait()
    assert not run.is_running()
    with run.lock():
        assert run.is_running()


@pytest.mark.skipif(os.name != "posix", reason="needs flock")
def test_a_disk_without_locks_is_told(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    (run.path / "run.lock").touch()
    monkeypatch.setattr("fcntl.flock", unknown)
    assert not run.is_running()
    with pytest.raises(StudioError, match=r"could not be locked \(No locks"), run.lock():
        pass


def test_the_home_is_one_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    assert (home(), runs_root(), data_root()) == (tmp_path, tmp_path / "runs", tmp_path / "data")
    monkeypatch.delenv("RESNET_STUDIO_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    if sys.platform == "linux":
        assert home() == tmp_path / "resnet-studio"
    assert list_runs(tmp_path / "nothing") == []


def test_outcomes_have_words() -> None:
    assert Outcome.of(0, Stopped(step=1, reason="asked")).stopped
    assert (
        Outcome.of(0, Finished(step=1, best_accuracy=1.0, best_epoch=1, seconds=1.0)).title
        == "Training finished."
    )
    killed = Outcome.of(-9, log="\n".join(map(str, range(100))))
    assert killed.crashed
    assert "SIGKILL" in killed.title
    assert killed.log_end.splitlines()[-1] == "99"
    failed = Outcome.of(2, Failed(what="Disk full.", remedy="Free some."))
    assert (failed.ok, failed.crashed, failed.title, failed.advice) == (
        False,
        False,
        "Disk full.",
        "Free some.",
    )
    assert "exit code 3" in Outcome.of(3).title
    assert "signal 200" in Outcome.of(-200).title


@pytest.mark.parametrize(
    ("line", "stop"),
    [(b'{"do":"stop"}\n', True), (b"{}", False), (b"stop", False), (b"\xff", False), (b"[]", False)],
)
def test_only_the_word_stop_stops(line: bytes, stop: bool) -> None:
    assert is_stop(line) is stop


def test_a_child_finds_the_program_once() -> None:
    path = child_environment(child_environment({}))["PYTHONPATH"]
    assert os.pathsep not in path

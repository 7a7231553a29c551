"""The queue: its changes, its file, and the worker on a pool of two devices, with processes that end when the test says so."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import preset
from resnet_studio.runs.events import Event, Failed, Finished, Stopped
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.queue import (
    Entry,
    Queue,
    Turn,
    added,
    change_queue,
    cleared,
    moved,
    queue_path,
    read_queue,
    removed,
)
from resnet_studio.runs.spec import default_spec
from resnet_studio.runs.working import Worker
from tests.runs.said import say

DONE = Finished(step=1, best_accuracy=0.9, best_epoch=1, seconds=1.0)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.delenv("HIP_VISIBLE_DEVICES", raising=False)


def new_run(device: str = "auto") -> RunFolder:
    return RunFolder.create(preset("digits_starter"), replace(default_spec(), device=device))


def queued(*devices: str, going: bool = True) -> list[RunFolder]:
    runs = [new_run(device) for device in devices]
    for run in runs:
        change_queue(lambda queue, run=run: added(queue, run))
    change_queue(lambda queue: replace(queue, going=going))
    return runs


class Pool:
    """Starts nothing: a run "trains" until the test ends it."""

    def __init__(self) -> None:
        self.codes: dict[Path, int] = {}
        self.began: list[tuple[RunFolder, dict[str, str]]] = []

    def start(self, run: RunFolder, more: Mapping[str, str]) -> "Pool.Process":
        self.began.append((run, dict(more)))
        return Pool.Process(self, run)

    def end(self, run: RunFolder, last: Event | None = DONE, code: int = 0) -> None:
        if last is not None:
            say(run, last)
        self.codes[run.path] = code

    @property
    def runs(self) -> list[RunFolder]:
        return [run for run, _ in self.began]

    class Process:
        def __init__(self, pool: "Pool", run: RunFolder) -> None:
            self._pool, self._run = pool, run

        def poll(self) -> int | None:
            return self._pool.codes.get(self._run.path)


def turns() -> list[Turn]:
    return [entry.turn for entry in read_queue().entries]


def test_two_devices_train_one_run_each_and_the_next_begins_when_one_has_ended() -> None:
    runs, pool = queued("auto", "cpu", "auto", "cpu"), Pool()
    worker = Worker(["cpu", "cpu"], pool.start)
    assert worker.look()
    assert worker.look()
    assert pool.runs == runs[:2]
    pool.end(runs[1])
    worker.look()
    assert pool.runs == runs[:3]
    assert turns() == [Turn.RUNNING, Turn.ENDED, Turn.RUNNING, Turn.WAITING]
    for run in (runs[0], runs[2]):
        pool.end(run)
    assert worker.look()
    pool.end(runs[3])
    assert not worker.look()
    assert turns() == [Turn.ENDED] * 4
    assert all(entry.good for entry in read_queue().entries)
    assert not read_queue().going, "what is put in later waits for somebody to start it"


def test_however_a_run_ends_the_next_one_begins_and_its_end_is_told() -> None:
    runs, pool = queued("cpu", "cpu", "cpu", "cpu", "cpu"), Pool()
    worker = Worker(["cpu"], pool.start)
    worker.look()
    pool.end(runs[0], Failed(what="The loss is not finite.", remedy="Try less."), 2)
    worker.look()
    pool.end(runs[1], None, -9)
    worker.look()
    pool.end(runs[2], Stopped(step=1, reason="asked"))
    (runs[3].path / "run.json").unlink()
    worker.look()
    assert pool.runs == [*runs[:3], runs[4]]
    said = read_queue().entries
    assert [entry.good for entry in said[:4]] == [False, False, True, False]
    assert said[0].said == "The loss is not finite. Try less."
    assert "SIGKILL" in said[1].said
    assert said[2].said == "Training stopped."
    assert "no run.json" in said[3].said


def test_each_graphics_card_is_taken_once_and_seen_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,6")
    runs, pool = queued("cuda:1", "auto", "auto", "cpu"), Pool()
    worker = Worker(["cuda:0", "cuda:1", "cpu"], pool.start)
    worker.look()
    assert pool.began == [(runs[0], {}), (runs[1], {"CUDA_VISIBLE_DEVICES": "4"}), (runs[3], {})]
    assert [entry.slot for entry in read_queue().entries] == ["cuda:1", "cuda:0", "", "cpu"]
    pool.end(runs[0])
    worker.look()
    assert pool.began[-1] == (runs[2], {"CUDA_VISIBLE_DEVICES": "6"})


def test_amds_variable_is_set_where_the_driver_heeds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIP_VISIBLE_DEVICES", "2,3")
    (first, second), pool = queued("auto", "auto"), Pool()
    Worker(["cuda:0", "cuda:1"], pool.start).look()
    assert pool.began == [
        (first, {"CUDA_VISIBLE_DEVICES": "0", "HIP_VISIBLE_DEVICES": "2"}),
        (second, {"CUDA_VISIBLE_DEVICES": "1", "HIP_VISIBLE_DEVICES": "3"}),
    ]


def test_the_one_graphics_processor_of_an_apple_machine_is_taken_once() -> None:
    runs, pool = queued("auto", "auto", "cpu"), Pool()
    worker = Worker(["cpu", "mps"], pool.start)
    worker.look()
    assert pool.began == [(runs[0], {}), (runs[2], {})]
    assert read_queue().entries[0].slot == "mps"
    pool.end(runs[0])
    worker.look()
    assert pool.began[-1] == (runs[1], {})


def test_a_run_on_all_cards_has_them_all_and_is_not_overtaken() -> None:
    runs, pool = queued("auto", "all", "auto"), Pool()
    worker = Worker(["cuda:0", "cuda:1", "cpu"], pool.start)
    worker.look()
    assert pool.runs == runs[:1]
    pool.end(runs[0])
    worker.look()
    assert pool.runs == runs[:2]
    pool.end(runs[1])
    worker.look()
    assert pool.runs == runs


def test_a_run_that_somebody_else_trains_has_its_device() -> None:
    other, (run,), pool = new_run("cpu"), queued("cpu"), Pool()
    worker = Worker(["cpu"], pool.start)
    with other.lock():
        assert worker.look()
        assert pool.runs == []
    worker.look()
    assert pool.runs == [run]


def test_a_worker_that_was_killed_is_replaced_by_one_that_finds_its_run() -> None:
    runs, pool = queued("cpu", "cpu"), Pool()
    Worker(["cpu"], pool.start).look()
    with runs[0].lock():
        again = Worker(["cpu"], pool.start)
        assert again.look()
        assert turns() == [Turn.RUNNING, Turn.WAITING]
    # It may have begun only just, and hold its lock in a moment.
    assert again.look()
    assert turns() == [Turn.RUNNING, Turn.WAITING]
    Worker(["cpu"], pool.start, patience=-1).look()
    assert pool.runs == runs
    assert "without a word" in read_queue().entries[0].said


def test_paused_it_begins_nothing_and_waits_for_what_trains() -> None:
    runs, pool = queued("cpu", "cpu"), Pool()
    worker = Worker(["cpu"], pool.start)
    worker.look()
    change_queue(lambda queue: replace(queue, going=False))
    assert worker.look()
    pool.end(runs[0])
    assert not worker.look()
    assert turns() == [Turn.ENDED, Turn.WAITING]


def test_the_file_outlives_everybody_and_a_run_stands_in_it_once() -> None:
    (run,) = queued("cpu", going=False)
    assert read_queue() == Queue(entries=(Entry(run=run.path),))
    with pytest.raises(StudioError, match="already"):
        change_queue(lambda queue: added(queue, run))
    with run.lock(), pytest.raises(StudioError, match="training"):
        added(Queue(), run)
    queue_path().write_text('{"format": 1, "entries": [], "going": 1}')
    with pytest.raises(StudioError, match="no queue"):
        read_queue()


ENTRIES = st.lists(st.sampled_from(list(Turn)), max_size=7).map(
    lambda kinds: Queue(entries=tuple(Entry(run=Path(f"/r{n}"), turn=turn) for n, turn in enumerate(kinds)))
)


@given(queue=ENTRIES, which=st.integers(0, 6), to=st.integers(-2, 9))
def test_moving_and_removing_touch_nothing_else(queue: Queue, which: int, to: int) -> None:
    run = Path(f"/r{which}")
    entry = queue.entry(run)
    if entry is None or entry.turn is not Turn.WAITING:
        with pytest.raises(StudioError):
            moved(queue, run, to)
        return
    after = moved(queue, run, to)
    assert set(after.entries) == set(queue.entries)
    waiting = after.of(Turn.WAITING)
    assert waiting.index(entry) == min(max(0, to), len(waiting) - 1)
    rest = removed(after, run)
    assert [one for one in queue.of(Turn.WAITING) if one != entry] == list(rest.of(Turn.WAITING))
    assert cleared(after).of(Turn.ENDED) == ()
    assert cleared(after).of(Turn.RUNNING) == queue.of(Turn.RUNNING)

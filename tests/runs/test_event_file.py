"""The file of events and the thinned-out stream: nothing lost, nothing doubled, means that are means."""

import errno
import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.design import presets
from resnet_studio.design.errors import StudioError
from resnet_studio.runs import event_file
from resnet_studio.runs.event_file import EventFile, Throttle
from resnet_studio.runs.events import Event, Notice, Step, Stopped
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import TrainSpec


def step(number: int, loss: float = 1.0) -> Step:
    return Step(step=number, epoch=1, loss=loss, accuracy=0.5, lr=0.1, images_per_second=1.0, memory_bytes=1)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(presets.preset("digits_starter"), TrainSpec(), tmp_path)


def test_each_event_is_on_the_disk_at_once(run: RunFolder) -> None:
    file = EventFile(run)
    for number in range(1, 4):
        file.append(step(number))
        assert [e.step for e in run.events() if isinstance(e, Step)] == list(range(1, number + 1))
    file.sync()
    file.close()
    file.append(Notice(text="again"))
    file.close()
    assert run.events()[-1] == Notice(text="again")


def test_a_file_that_cannot_be_written_is_named(run: RunFolder) -> None:
    run.events_path.mkdir()
    file = EventFile(run)
    with pytest.raises(StudioError, match=r"events\.jsonl"):
        file.append(step(1))
    file.append_if_possible(step(1))
    file.close()


@pytest.mark.parametrize("torn", [b"", b'{"event":"st', b"x" * 200_000])
@pytest.mark.parametrize("before", [[], [step(1), step(2)]])
def test_what_follows_a_kill_is_a_line_of_its_own(run: RunFolder, before: list[Step], torn: bytes) -> None:
    file = EventFile(run)
    for event in before:
        file.append(event)
    file.close()
    with run.events_path.open("ab") as raw:
        raw.write(torn)
    file.append(Notice(text="after the kill"))
    file.close()
    assert run.events() == [*before, Notice(text="after the kill")]


def test_what_a_full_disk_took_of_an_event_is_taken_back(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = EventFile(run)
    file.append(step(1))
    whole = os.write

    def nearly_full(descriptor: int, data: bytes) -> int:
        if len(data) < 20:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return whole(descriptor, data[: len(data) - 10])

    with monkeypatch.context() as disk:
        disk.setattr(event_file.os, "write", nearly_full)
        with pytest.raises(StudioError, match="No space left"):
            file.append(step(2))
    file.append(Notice(text="there is room again"))
    file.close()
    assert run.events() == [step(1), Notice(text="there is room again")]


@given(st.lists(st.tuples(st.floats(0, 0.2), st.floats(0, 10)), min_size=1, max_size=60))
def test_thinned_steps_keep_the_mean_and_the_last(moments: list[tuple[float, float]]) -> None:
    now = 100.0
    given_on: list[Event] = []
    throttle = Throttle(given_on.append, clock=lambda: now)
    times: list[float] = []
    for number, (pause, loss) in enumerate(moments, start=1):
        now += pause
        before = len(given_on)
        throttle(step(number, loss))
        times += [now] * (len(given_on) - before)
    throttle(Stopped(step=len(moments), reason="asked"))
    steps = [event for event in given_on if isinstance(event, Step)]
    assert given_on[-1] == Stopped(step=len(moments), reason="asked")
    assert steps[-1].step == len(moments)
    assert all(later - earlier >= 0.05 - 1e-9 for earlier, later in pairwise(times))
    weights = [b - a for a, b in pairwise([0, *(s.step for s in steps)])]
    whole = sum(loss for _, loss in moments)
    assert sum(s.loss * w for s, w in zip(steps, weights, strict=True)) == pytest.approx(whole)


def test_thinned_steps_say_of_the_cards_what_was_seen_last() -> None:
    given_on: list[Event] = []
    moments = iter([100.0, 100.0, 100.01, 100.02, 200.0, 200.0])
    throttle = Throttle(given_on.append, clock=lambda: next(moments))
    for number in range(1, 5):
        throttle(replace(step(number), gpu_percent=(10.0 * number,), gpu_memory_bytes=(number,)))
    last = given_on[-1]
    assert isinstance(last, Step)
    assert (last.step, last.gpu_percent, last.gpu_memory_bytes) == (4, (40.0,), (4,))

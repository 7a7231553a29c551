"""The figures of graphics cards, from a driver that is played here: no machine of the tests need have a card."""

import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import torch

from resnet_studio.engine import cards
from resnet_studio.engine.cards import Cards, Look
from resnet_studio.engine.training.world import World
from resnet_studio.runs.events import Started, Step
from tests.engine.train_helpers import new_run, train_here

NOT_SUPPORTED = 3


class PlayedDriver:
    """NVML with two cards and a part of a third, which tells no use: that is what MIG does."""

    def __init__(self) -> None:
        self.uses = {b"GPU-one": 97, b"GPU-two": 3}
        self.used = {b"GPU-one": 12 * 2**30, b"GPU-two": 2**30, b"MIG-part": 2**29}
        self.names: dict[int, bytes] = {}

    def nvmlDeviceGetHandleByUUID(self, name: bytes, handle: Any) -> int:
        if name not in self.used:
            return 6
        handle._obj.value = 1000 + len(self.names)
        self.names[handle._obj.value] = name
        return 0

    def nvmlDeviceGetUtilizationRates(self, handle: Any, rates: Any) -> int:
        name = self.names[handle.value]
        if name not in self.uses:
            return NOT_SUPPORTED
        rates._obj.gpu, rates._obj.memory = self.uses[name], 50
        return 0

    def nvmlDeviceGetMemoryInfo(self, handle: Any, held: Any) -> int:
        held._obj.used = self.used[self.names[handle.value]]
        held._obj.total = 80 * 2**30
        return 0


def test_each_card_is_asked_by_what_it_is_and_not_by_its_number() -> None:
    assert Cards(PlayedDriver(), ["two", "one"]).look() == Look((3.0, 97.0), (2**30, 12 * 2**30))
    assert Cards(PlayedDriver(), ["GPU-one"]).look() == Look((97.0,), (12 * 2**30,))


def test_what_not_every_card_tells_is_told_of_none() -> None:
    assert Cards(PlayedDriver(), ["one", "part"]).look() == Look(None, (12 * 2**30, 2**29))


def test_a_card_that_the_driver_does_not_know_is_told_of_as_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "uuid_of", {0: "one", 1: "strange"}.__getitem__)
    monkeypatch.setattr(cards, "driver", PlayedDriver)
    with cards.watching([0, 1]) as gauge:
        assert gauge() == Look()


def test_nobody_is_asked_on_a_processor_and_a_machine_without_the_driver_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(cards, "driver", lambda: asked.append(True))
    with cards.watching([]) as gauge:
        assert gauge() == Look()
    assert not asked
    with cards.watching([0]) as gauge:
        assert gauge() == Look()
    assert asked
    assert cards.totals([]) is None


def test_cards_are_looked_at_in_a_thread_again_and_again_until_the_end() -> None:
    looks: list[str] = []
    third = threading.Event()

    def look() -> Look:
        looks.append(threading.current_thread().name)
        if len(looks) == 3:
            third.set()
        return Look((float(len(looks)),), (len(looks),))

    with cards.watched(look, every=0.001) as gauge:
        assert third.wait(60)
        told = gauge().percent
        assert told is not None
        assert told[0] >= 2
    assert set(looks) == {"graphics cards"}
    assert "graphics cards" not in [thread.name for thread in threading.enumerate()]


@pytest.mark.parametrize(
    ("world", "device", "numbers"),
    [
        (World(), "cpu", []),
        (World(), "cuda:2", [2]),
        (World(), "cuda", [0]),
        (World(rank=0, size=8, local_size=4), "cuda:0", [0, 1, 2, 3]),
        (World(rank=3, size=8, local_rank=3, local_size=4), "cuda:3", []),
        # Each of eight processes was given its own card, and sees fewer than there are.
        (World(rank=0, size=8, local_size=8), "cuda:0", [0]),
    ],
)
def test_the_leader_tells_of_all_cards_of_its_machine(
    monkeypatch: pytest.MonkeyPatch, world: World, device: str, numbers: list[int]
) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    assert list(world.cards(torch.device(device))) == numbers


def test_a_run_tells_what_was_seen_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = iter(range(1000))
    monkeypatch.setattr(World, "cards", lambda _self, _device: range(1))
    monkeypatch.setattr(cards, "totals", lambda numbers: (80 * 2**30,) * len(numbers))
    monkeypatch.setattr(
        cards, "watching", lambda _numbers: nullcontext(lambda: Look((float(next(seen)),), (7,)))
    )
    said = train_here(new_run(tmp_path, epochs=1))
    assert [event.gpu_total_bytes for event in said if isinstance(event, Started)] == [(80 * 2**30,)]
    steps = [event for event in said if isinstance(event, Step)]
    assert [event.gpu_percent for event in steps] == [(float(number),) for number in range(len(steps))]
    assert {event.gpu_memory_bytes for event in steps} == {(7,)}

"""Graphics cards that are not as they should be: busy or broken ones are told of with a remedy, and each process takes its own."""

from pathlib import Path
from typing import Any

import pytest
import torch

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.training import command, compiling, ground
from resnet_studio.engine.training.step import forward
from resnet_studio.engine.training.world import World
from resnet_studio.runs.events import Failed
from tests.engine.pretend_card import pretend_cards
from tests.engine.train_helpers import new_run, train_here

CARD = torch.device("cuda:0")


def _failing(words: str) -> Any:
    def failed(*_args: Any) -> Any:
        raise torch.AcceleratorError(words)

    return failed


@pytest.mark.parametrize("settings", [{}, {"compile": "default"}])
def test_what_the_driver_says_is_told_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any]
) -> None:
    # The compiler takes seconds to load, and does nothing here.
    monkeypatch.setattr(compiling, "_compiled", lambda network, _mode: network)
    monkeypatch.setattr(ground, "make_deterministic", lambda *_args, **_named: None)
    said = "CUDA error: CUDA-capable device(s) is/are busy or unavailable"
    monkeypatch.setattr(
        f"{forward.__module__}.forward", _failing(f"{said}\nCompile with TORCH_USE_CUDA_DSA.")
    )
    last = train_here(new_run(tmp_path, **settings))[-1]
    assert isinstance(last, Failed)
    assert last.what == f"The graphics card failed: {said}"
    assert "another program" in last.remedy


def test_memory_that_runs_out_is_no_fault_of_the_card_and_a_wrong_index_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{forward.__module__}.forward", _failing("CUDA error: out of memory"))
    last = train_here(new_run(tmp_path))[-1]
    assert isinstance(last, Failed)
    assert "Memory ran out" in last.what
    monkeypatch.setattr(f"{forward.__module__}.forward", _failing("CUDA error: device-side assert triggered"))
    with pytest.raises(torch.AcceleratorError):
        command.run_training(new_run(tmp_path), lambda _event: None, lambda: "")


def test_a_process_that_sees_one_card_of_several_takes_it() -> None:
    world = World(rank=1, size=2, local_rank=1, local_size=2)
    first = World(size=2, local_size=2)
    with pretend_cards(2):
        assert (first.card(), world.card()) == (0, 1)
        assert list(first.cards(CARD)) == [0, 1]
    with pretend_cards(1):
        assert (first.card(), world.card()) == (0, 0)
        assert list(first.cards(CARD)) == [0]
        assert list(world.cards(CARD)) == []


@pytest.mark.parametrize("same", [False, True])
def test_two_processes_on_one_card_are_refused(monkeypatch: pytest.MonkeyPatch, same: bool) -> None:
    def gather(told: list[Any], mine: str) -> None:
        told[:] = [mine, mine if same else "another"]

    monkeypatch.setattr(torch.distributed, "all_gather_object", gather)
    world = World(size=2, local_size=2)
    with pretend_cards(1):
        if not same:
            world.require_own_card(CARD)
            return
        with pytest.raises(StudioError, match="the same graphics card"):
            world.require_own_card(CARD)

"""torch.compile in a run: shown, not counted, plain in the checkpoints, exact across a stop, and refused in words.

Traced for real by torch's compiler. All but the refusal leave out its last stage, which makes C++ for a minute and more.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from resnet_studio.engine.build import build
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.job import Clock
from resnet_studio.runs.events import Epoch, Failed, Finished, Notice, Phase, Step
from tests.engine.train_helpers import assert_same_end, new_run, tiny_design, train_here

SETTINGS: dict[str, Any] = {"epochs": 1, "batch_size": 256, "parts": 2}


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    compiled = torch.compile

    def only_traced(network: Any, *, mode: str, dynamic: bool) -> Any:
        assert mode in ("default", "reduce-overhead")
        return compiled(network, backend="eager", dynamic=dynamic)

    monkeypatch.setattr(torch, "compile", only_traced)
    yield
    torch.compiler.reset()


@pytest.mark.usefixtures("traced")
def test_it_is_the_same_run_to_rounding_and_goes_on_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, whole, cut = (
        new_run(tmp_path / str(number), **SETTINGS, compile=mode)
        for number, mode in enumerate(("off", "reduce-overhead", "reduce-overhead"))
    )
    wanted = [event.loss for event in train_here(plain) if isinstance(event, Step)]
    waits: list[float] = []
    leave_out = Clock.leave_out

    def told(clock: Clock, seconds: float) -> None:
        waits.append(seconds)
        leave_out(clock, seconds)

    with monkeypatch.context() as patch:
        patch.setattr(Clock, "leave_out", told)
        said = train_here(whole)
    assert isinstance(said[-1], Finished)
    assert [event.step for event in said if isinstance(event, Phase)] == [0]
    assert len([e for e in said if isinstance(e, Notice) and "Compiled for images" in e.text]) == 1
    assert len(waits) == 1
    assert [event.loss for event in said if isinstance(event, Step)] == pytest.approx(wanted, rel=1e-4)
    assert all(event.seconds < sum(waits) for event in said if isinstance(event, Epoch | Finished))
    weights, _ = checkpoint.load_weights(whole.path, "last")
    build(tiny_design()).load_state_dict(weights, strict=True)
    train_here(cut, stop_after=3)
    assert [event.step for event in train_here(cut) if isinstance(event, Phase)] == [3]
    assert_same_end(whole, cut)


def test_without_a_compiler_it_says_so_and_no_step_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch._inductor.config as settings

    monkeypatch.setattr(settings.cpp, "cxx", ("/nowhere/g++",))
    monkeypatch.setattr(settings, "fx_graph_cache", False)
    # Else its thread would look like one that the run has left behind.
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)
    run = new_run(tmp_path, epochs=1, compile="default")
    said = train_here(run)
    torch.compiler.reset()
    assert isinstance(said[-1], Failed)
    assert "could not be compiled" in said[-1].what
    assert "C++ compiler" in said[-1].remedy
    assert not [event for event in said if isinstance(event, Step)]
    assert checkpoint.newest(run, "last") is None

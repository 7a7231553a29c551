"""The estimate of training's memory against what real optimizers and a real run take."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from benchmarks.memory import peak_of
from resnet_studio.analysis.training_memory import TOLERANCE
from resnet_studio.engine.training.optimizer import make_optimizer
from resnet_studio.runs.fields import OPTIMIZERS
from resnet_studio.runs.footprint import slots
from resnet_studio.runs.spec import default_spec


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_slots_are_those_of_torchs_optimizers(momentum: float) -> None:
    for name in OPTIMIZERS:
        spec = replace(default_spec("cifar10"), optimizer=name, momentum=momentum)
        layer = torch.nn.Linear(30, 30)
        optimizer = make_optimizer(layer, spec)
        layer(torch.zeros(1, 30)).sum().backward()
        optimizer.step()
        state = optimizer.state[layer.weight]
        carried = sum(v.numel() for v in state.values() if isinstance(v, torch.Tensor) and v.numel() > 1)
        assert slots(spec) == carried / 900, name


@pytest.mark.skipif(sys.platform != "linux", reason="a process's peak is read from /proc")
@pytest.mark.parametrize(("preset", "batch"), [("resnet18", 4), ("cifar_resnet20", 256)])
def test_the_estimate_holds_for_the_peak_of_a_real_child(preset: str, batch: int, tmp_path: Path) -> None:
    found = peak_of(preset, batch, tmp_path)
    assert found.estimated == pytest.approx(found.measured, rel=TOLERANCE)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card")
@pytest.mark.parametrize(("preset", "batch"), [("resnet18", 64), ("resnet18", 256), ("cifar_resnet20", 512)])
def test_the_estimate_is_enough_for_what_a_card_allocates(preset: str, batch: int, tmp_path: Path) -> None:
    found = peak_of(preset, batch, tmp_path, "cuda")
    assert found.measured <= found.estimated <= 1.5 * found.measured

"""The light optimizers are torch's, bit for bit, and leave torch's compiler alone."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torchvision.models import resnet50
from torchvision.ops._utils import split_normalization_params

from resnet_studio.design import presets
from resnet_studio.design.types import Attention, Design, Norm
from resnet_studio.engine.build import build
from resnet_studio.engine.training import optimizer
from resnet_studio.engine.training.optimizer import make_optimizer, take_back
from resnet_studio.runs.child import child_environment
from resnet_studio.runs.events import Finished
from resnet_studio.runs.fields import OPTIMIZERS
from resnet_studio.runs.folder import RunFolder
from tests.engine.train_helpers import (
    assert_same_end,
    dropping_design,
    everywhere,
    normless_design,
    tiny_design,
    tiny_spec,
    train_here,
)


def trained(make: Any) -> list[torch.Tensor]:
    torch.manual_seed(0)
    network = build(tiny_design())
    optimizer = make(network)
    for _ in range(4):
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(torch.rand(8, 1, 8, 8)), torch.arange(8)).backward()
        optimizer.step()
    return list(network.parameters())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_they_step_as_torchs_own(name: str) -> None:
    spec = tiny_spec(optimizer=name, lr=0.01, weight_decay=0.1, decay_norms=True)
    own: dict[str, Any] = {
        "sgd": lambda n: torch.optim.SGD(
            n.parameters(), 0.01, momentum=0.9, nesterov=True, weight_decay=0.1, fused=True
        ),
        "adamw": lambda n: torch.optim.AdamW(n.parameters(), 0.01, weight_decay=0.1, fused=True),
        "adam": lambda n: torch.optim.Adam(n.parameters(), 0.01, weight_decay=0.1, fused=True),
        "rmsprop": lambda n: torch.optim.RMSprop(n.parameters(), 0.01, momentum=0.9, weight_decay=0.1),
        "nadam": lambda n: torch.optim.NAdam(
            n.parameters(), 0.01, weight_decay=0.1, decoupled_weight_decay=True
        ),
    }
    pairs = zip(trained(lambda n: make_optimizer(n, spec)), trained(own[name]), strict=True)
    assert all(torch.equal(ours, theirs) for ours, theirs in pairs)


def _with_group_norms() -> Design:
    design = dropping_design()
    stem = replace(design.stem, norm=Norm.GROUP, norm_groups=2)
    return everywhere(replace(design, stem=stem), norm=Norm.GROUP, norm_groups=2)


@pytest.mark.parametrize(
    "design",
    [presets.preset("resnet50"), dropping_design(), _with_group_norms(), everywhere(tiny_design(), attention=Attention.ECA), normless_design()],
    ids=["resnet50", "SE", "group norms", "ECA", "no norms"],
)  # fmt: skip
def test_just_what_torchvision_takes_for_norms_is_spared_on_request(design: Design) -> None:
    network = build(design)
    others, norms = make_optimizer(network, tiny_spec(decay_norms=False, weight_decay=0.1)).param_groups
    assert (others["weight_decay"], norms["weight_decay"]) == (0.1, 0.0)
    theirs, of_others = split_normalization_params(network)
    assert {id(p) for p in norms["params"]} == {id(p) for p in theirs}
    assert {id(p) for p in others["params"]} == {id(p) for p in of_others}
    assert len(others["params"]) + len(norms["params"]) == len(list(network.parameters()))


def test_resnet50s_norms_and_bias_are_where_torchvisions_own_stand() -> None:
    network = resnet50()
    spared = make_optimizer(network, tiny_spec(decay_norms=False)).param_groups[1]["params"]
    names = {name for name, parameter in network.named_parameters() if any(parameter is p for p in spared)}
    assert names == {
        f"{name}.{part}"
        for name, module in network.named_modules()
        if isinstance(module, nn.BatchNorm2d)
        for part in ("weight", "bias")
    }
    assert "fc.bias" not in names


@pytest.mark.parametrize(("name", "decay_norms"), [("sgd", False), ("nadam", False), ("adamw", True)])
def test_a_run_begun_with_biases_among_the_norms_goes_on_just_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, decay_norms: bool
) -> None:
    """As versions before it did: what had one dimension was spared, whatever it belonged to."""

    def earlier(network: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
        return [p for p in network.parameters() if p.ndim > 1], [
            p for p in network.parameters() if p.ndim <= 1
        ]

    spec = tiny_spec(epochs=2, optimizer=name, lr=0.01, weight_decay=0.3, decay_norms=decay_norms)
    whole, cut = (RunFolder.create(dropping_design(), spec, tmp_path / folder) for folder in ("whole", "cut"))
    with monkeypatch.context() as patch:
        patch.setattr(optimizer, "_by_kind", earlier)
        train_here(whole)
        train_here(cut, stop_after=7)
    train_here(cut, stop_after=15)
    assert isinstance(train_here(cut)[-1], Finished)
    assert_same_end(whole, cut)


# What is loaded is a process's own matter; one is asked step by step, for each costs an import of torch.
ASKED = f"""
import json, sys, torch
from resnet_studio.engine.device import make_deterministic
from resnet_studio.engine.training.optimizer import make_optimizer
from resnet_studio.runs.spec import TrainSpec

def say(what):
    print(json.dumps([what, "torch._dynamo" in sys.modules or "torch._inductor" in sys.modules]))

for name in {OPTIMIZERS!r}:
    layer = torch.nn.Linear(2, 2)
    optimizer = make_optimizer(layer, TrainSpec(optimizer=name))
    layer(torch.ones(1, 2)).sum().backward(); optimizer.step(); optimizer.zero_grad()
    optimizer.load_state_dict(optimizer.state_dict())
    say(name)
for wanted in (False, True):
    make_deterministic(wanted)
    assert not torch.is_deterministic_algorithms_warn_only_enabled()
    say(torch.are_deterministic_algorithms_enabled())
"""


def test_neither_an_optimizer_nor_determinism_loads_the_compiler() -> None:
    said = subprocess.run(
        [sys.executable, "-c", ASKED], env=child_environment(), capture_output=True, text=True, check=True, timeout=120
    )  # fmt: skip
    told = [json.loads(line) for line in said.stdout.splitlines()]
    assert told == [[what, False] for what in (*OPTIMIZERS, False, True)]
    assert not said.stderr


@pytest.mark.parametrize("overflows", [False, True])
def test_a_first_step_that_overflows_leaves_nothing_behind(overflows: bool) -> None:
    """fp16's losses are scaled until they overflow; torch's fused SGD then kept momentum that nobody had written."""
    ends = []
    for ours in (True, False):
        torch.manual_seed(0)
        layer = nn.Linear(64, 64)
        made = make_optimizer(
            layer, tiny_spec(optimizer="sgd", precision="fp16", momentum=0.9, lr=0.1, weight_decay=0.0)
        )
        theirs = torch.optim.SGD(
            layer.parameters(), lr=0.1, momentum=0.9, nesterov=made.param_groups[0]["nesterov"], fused=False
        )
        optimizer = made if ours else theirs
        scaler = torch.amp.GradScaler("cpu", init_scale=65536.0)
        for step in range(3):
            optimizer.zero_grad()
            scaler.scale(layer(torch.ones(4, 64)).pow(2).mean()).backward()
            if overflows and step == 0:
                layer.weight.grad[0, 0] = torch.inf  # type: ignore[index]
            # What freed memory holds is anything.
            junk = [torch.full((64, 64), 1e9) for _ in range(50)]
            del junk
            scaler.step(optimizer)
            scaler.update()
        ends.append(layer.weight.detach().clone())
    torch.testing.assert_close(*ends)


def test_how_a_step_is_taken_belongs_to_the_device_and_not_to_the_checkpoint() -> None:
    layer = nn.Linear(2, 2)
    optimizer = make_optimizer(layer, tiny_spec(optimizer="adam"))
    layer(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    kept = optimizer.state_dict()
    for group in kept["param_groups"]:
        group["fused"] = False
    fresh = make_optimizer(layer, tiny_spec(optimizer="adam"))
    take_back(fresh, layer, kept)
    assert all(group["fused"] for group in fresh.param_groups)
    fresh.step()
    assert float(fresh.state[layer.weight]["step"]) == 2

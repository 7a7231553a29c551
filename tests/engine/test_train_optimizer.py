"""The light optimizers are torch's, bit for bit, and leave torch's compiler alone."""

import json
import subprocess
import sys
from typing import Any

import pytest
import torch
from torch import nn

from resnet_studio.engine.build import build
from resnet_studio.engine.training.optimizer import make_optimizer
from resnet_studio.runs.child import child_environment
from resnet_studio.runs.fields import OPTIMIZERS
from tests.engine.train_helpers import tiny_design, tiny_spec


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


def test_norms_and_biases_are_spared_on_request() -> None:
    groups = make_optimizer(build(tiny_design()), tiny_spec(decay_norms=False, weight_decay=0.1)).param_groups
    assert [group["weight_decay"] for group in groups] == [0.1, 0.0]
    assert all(parameter.ndim > 1 for parameter in groups[0]["params"])
    assert all(parameter.ndim == 1 for parameter in groups[1]["params"])


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

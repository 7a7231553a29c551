"""Generated Python, run: the same names, shapes and outputs as the network that the engine builds from the same Plan."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from torch import nn

from resnet_studio.analysis.plan import Plan, analyse
from resnet_studio.analysis.source import source_of
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.types import Attention, Design
from resnet_studio.engine.build import blueprint, build, initialise
from tests.engine.drawings import designs


def imported(plan: Plan, *, device: str = "cpu") -> nn.Module:
    """The network of the plan's generated file."""
    source = source_of(plan)
    space: dict[str, Any] = {"__name__": "generated"}
    exec(compile(source.text, "generated.py", "exec"), space)
    with torch.device(device):
        network = space[source.network]()
    assert isinstance(network, nn.Module)
    return network


def shapes(network: nn.Module) -> list[tuple[str, tuple[int, ...]]]:
    """Names and shapes of the state_dict, in its order."""
    return [(name, tuple(tensor.shape)) for name, tensor in network.state_dict().items()]


def roughened(network: nn.Module) -> nn.Module:
    """No scale is one and no shift is zero, so that nothing can be left out unseen."""
    with torch.no_grad():
        for tensor in network.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(torch.rand_like(tensor) * 0.5 + 0.1)
    return network


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(design=designs())
def test_a_random_drawings_code_is_its_network(design: Design) -> None:
    plan = analyse(design)
    torch.manual_seed(0)
    network = roughened(build(plan)).eval()
    written = imported(plan)
    assert shapes(written) == shapes(network)
    written.load_state_dict(network.state_dict(), strict=True)
    written.eval()
    images = torch.rand((2, *design.input.shape))
    with torch.no_grad():
        torch.testing.assert_close(written(images), network(images))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(design=designs())
def test_code_begins_with_the_same_weights(design: Design) -> None:
    plan = analyse(design)
    network, written = build(plan), imported(plan)
    if Attention.ECA in {block.spec.attention for block in design.blocks()}:
        return  # its own first draw stands between
    torch.manual_seed(3)
    initialise(network, plan)
    torch.manual_seed(3)
    written.initialise()  # type: ignore[operator]  # the class exists only in the test
    for (name, ours), its in zip(network.state_dict().items(), written.state_dict().values(), strict=True):
        if not name.startswith("fc."):  # torch's own draw, which code makes once, in the constructor
            torch.testing.assert_close(its, ours, rtol=0, atol=0, msg=name)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(design=designs())
def test_code_trains_every_parameter(design: Design) -> None:
    plan = analyse(replace(design, head=replace(design.head, classes=5)) if design.head else design)
    network = roughened(imported(plan)).train()
    network(torch.rand((3, *design.input.shape))).square().sum().backward()
    assert [name for name, parameter in network.named_parameters() if parameter.grad is None] == []


@pytest.mark.parametrize("name", PRESETS)
def test_a_presets_code_has_its_names(name: str) -> None:
    plan = analyse(PRESETS[name].make())
    assert shapes(imported(plan, device="meta")) == shapes(blueprint(plan))

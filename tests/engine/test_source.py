"""Generated Python, run: the same names, shapes and outputs as the network that the engine builds from the same Plan."""

import re
from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from resnet_studio.analysis.plan import Plan, analyse
from resnet_studio.analysis.source import helpers, source_of
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.types import (
    Activation,
    Attention,
    Block,
    BlockKind,
    BlockSpec,
    Design,
    Norm,
    Order,
    ShortcutKind,
    Stage,
)
from resnet_studio.engine.build import blueprint, build, initialise
from tests.engine.drawings import designs, one_block


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


def assert_same(design: Design) -> None:
    """The code's network has the engine's names and shapes, loads its weights strictly, gives its outputs, and trains."""
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
    written.train()(torch.rand((3, *design.input.shape))).square().sum().backward()
    assert [name for name, parameter in written.named_parameters() if parameter.grad is None] == []


@given(design=designs())
def test_a_random_drawings_code_is_its_network(design: Design) -> None:
    assert_same(design)


@st.composite
def alike(draw: st.DrawFn) -> Design:
    """Blocks of one kind that differ in numbers alone, so that one class has to make them all."""
    kind = draw(st.sampled_from(list(BlockKind)))
    common = BlockSpec(
        kind=kind,
        channels=8,
        width=8,
        norm_groups=2,
        order=draw(st.sampled_from(list(Order))),
        activation=draw(st.sampled_from(list(Activation))),
        norm=draw(st.sampled_from(list(Norm))),
        attention=draw(st.sampled_from(list(Attention))),
        dropout=draw(st.sampled_from([0.0, 0.1])),
        stride_first=draw(st.booleans()),
    )
    number = {
        "width": st.sampled_from([4, 8, 12]) if draw(st.booleans()) else st.just(8),
        "groups": st.sampled_from([1, 2, 4]),
        "kernel": st.sampled_from([1, 3, 5]),
        "dilation": st.sampled_from([1, 2]),
        "norm_groups": st.sampled_from([1, 2, 4]),
        "reduction": st.sampled_from([2, 4, 16]),
        "drop_path": st.sampled_from([0.0, 0.1, 0.2]),
        "zero_init": st.booleans(),
        "stride": st.sampled_from([1, 1, 2]),
        "shortcut": st.sampled_from([ShortcutKind.PROJECTION, ShortcutKind.ZERO_PAD]),
    }
    varying = draw(st.sets(st.sampled_from(sorted(number)), min_size=1))
    specs = [
        replace(
            common,
            **{"shortcut": ShortcutKind.PROJECTION} | {name: draw(number[name]) for name in sorted(varying)},
        )
        for _ in range(draw(st.integers(2, 5)))
    ]
    # Where the channels or the map stay, nothing need be done to the input.
    if draw(st.booleans()):
        specs = [replace(s, shortcut=ShortcutKind.IDENTITY) if s.stride == 1 else s for s in specs]
    blocks = tuple(Block(f"b{index}", spec) for index, spec in enumerate(specs))
    design = one_block(common, size=40)
    return replace(design, stages=(Stage(id="s", name="Stage 1", blocks=blocks),))


@given(design=alike())
def test_numbers_that_differ_are_told_to_one_class(design: Design) -> None:
    plan = analyse(design)
    assert plan.problems == ()
    text = source_of(plan).text
    made = re.findall(r"^class \w*(?:BasicBlock|Bottleneck)\d*\(", text, re.MULTILINE)
    sources = {unit.part.shortcut_from_pre for unit in plan.units if unit.part.shortcut}
    assert len(made) == max(1, len(sources))
    assert_same(design)


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


@pytest.mark.parametrize("name", PRESETS)
def test_a_presets_code_has_its_names(name: str) -> None:
    plan = analyse(PRESETS[name].make())
    assert shapes(imported(plan, device="meta")) == shapes(blueprint(plan))


def test_drop_path_leaves_out_whole_branches_and_keeps_the_mean() -> None:
    space: dict[str, Any] = {"torch": torch, "nn": nn, "Tensor": torch.Tensor}
    exec(helpers.DROP_PATH, space)
    module = space["DropPath"](0.25)
    images = torch.ones(4000, 2, 3, 3)
    torch.manual_seed(0)
    kept = module.train()(images)
    assert kept.unique().tolist() == pytest.approx([0, 1 / 0.75])
    assert torch.equal(kept, kept[:, :1, :1, :1].expand_as(kept))
    assert float(kept.mean()) == pytest.approx(1, abs=0.03)
    assert torch.equal(module.eval()(images), images)

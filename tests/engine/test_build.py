"""The torch modules against torchvision, and against the Plan for random drawings."""

from dataclasses import replace

import pytest
import torch
import torchvision
from hypothesis import given, seed, settings
from torch import nn

from resnet_studio.analysis.layers import WITHOUT_MODULE
from resnet_studio.analysis.plan import analyse
from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import BlockKind, BlockSpec, Design, Order, ShortcutKind
from resnet_studio.engine.build import ProblemsError, blueprint, build
from resnet_studio.engine.modules import Network
from tests.engine.drawings import designs, one_block

TORCHVISION = (
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnext50_32x4d",
    "resnext101_32x8d",
)
few = settings(max_examples=settings().max_examples // 4)  # each example builds a network


@pytest.mark.parametrize("name", TORCHVISION)
def test_names_shapes_and_counts_are_torchvisions(name: str) -> None:
    with torch.device("meta"):
        theirs = torchvision.models.get_model(name)
    ours = blueprint(preset(name))
    assert {n: t.shape for n, t in ours.state_dict().items()} == {
        n: t.shape for n, t in theirs.state_dict().items()
    }
    assert list(ours.state_dict()) == list(theirs.state_dict())
    meta = torchvision.models.get_model_weights(name).DEFAULT.meta
    totals = analyse(preset(name)).totals
    assert totals.params == meta["num_params"]
    # torchvision prints GMACs to three digits, counting what fvcore counts.
    assert totals.macs / 1e9 == pytest.approx(meta["_ops"], abs=6e-4)


@pytest.mark.parametrize("name", TORCHVISION)
def test_weights_go_to_torchvision_and_back_with_equal_outputs(name: str) -> None:
    theirs = torchvision.models.get_model(name).eval()
    ours = build(preset(name)).eval()
    theirs.load_state_dict(ours.state_dict(), strict=True)
    images = torch.randn(2, 3, 48, 48)
    with torch.no_grad():
        assert torch.equal(ours(images), theirs(images))
    for parameter in theirs.parameters():
        nn.init.normal_(parameter, std=0.02)
    ours.load_state_dict(theirs.state_dict(), strict=True)
    with torch.no_grad():
        assert torch.equal(ours(images), theirs(images))


def _ran(network: Network, images: torch.Tensor) -> tuple[dict[str, tuple[int, ...]], torch.Tensor]:
    """The shape that leaves every layer, and the outputs."""
    seen: dict[str, tuple[int, ...]] = {}
    for name, module in network.named_modules():
        if not list(module.children()):
            module.register_forward_hook(
                lambda _m, _i, out, name=name: seen.__setitem__(name, tuple(out.shape[1:]))
            )
    return seen, network(images)


@few
@given(design=designs())
def test_plan_and_network_agree_on_every_name_shape_and_count(design) -> None:
    plan = analyse(design)
    network = build(plan)
    shapes, _ = _ran(network, torch.randn(2, *design.input.shape))
    rows = {name: layer for name, layer, _ in plan.layers() if layer.kind not in WITHOUT_MODULE}
    assert shapes == {name: layer.output for name, layer in rows.items()}
    for name, layer in rows.items():
        module = network.get_submodule(name)
        assert sum(p.numel() for p in module.parameters()) == layer.params, name
    assert sum(p.numel() for p in network.parameters()) == plan.totals.params


@pytest.mark.parametrize("number", range(4))
def test_of_thousands_of_drawings_plan_and_network_agree_and_a_step_reaches_all(number: int) -> None:
    """Every name, shape and count, and every gradient; with whatever numbers lay in memory, for filling them takes longest.

    Two stages of two blocks hold every pair of neighbours that there is; deeper ones are drawn above.
    """

    @seed(number)
    @settings(max_examples=500)
    @given(design=designs(most=2))
    def check(design: Design) -> None:
        plan = analyse(design)
        network = blueprint(plan).to_empty(device="cpu").train()
        rows = {name: layer for name, layer, _ in plan.layers() if layer.kind not in WITHOUT_MODULE}
        shapes, outputs = _ran(network, torch.randn(2, *design.input.shape))
        assert shapes == {name: layer.output for name, layer in rows.items()}
        for name, layer in rows.items():
            held = sum(p.numel() for p in network.get_submodule(name).parameters())
            assert held == layer.params, name
        assert sum(p.numel() for p in network.parameters()) == plan.totals.params
        outputs.sum().backward()
        assert [name for name, p in network.named_parameters() if p.grad is None] == []

    check()


@few
@given(design=designs())
def test_one_backward_step_reaches_every_parameter(design) -> None:
    network = build(design)
    network(torch.randn(3, *design.input.shape)).square().sum().backward()
    assert [name for name, p in network.named_parameters() if p.grad is None] == []


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("kind", BlockKind)
def test_in_place_activations_change_no_output(kind: BlockKind, order: Order) -> None:
    spec = BlockSpec(kind=kind, channels=8, width=8, order=order)
    network = build(one_block(spec)).eval()
    images = torch.randn(2, 3, 8, 8)
    with torch.no_grad():
        before = network(images)
        for module in network.modules():
            if isinstance(module, nn.ReLU):
                module.inplace = False
        assert torch.equal(before, network(images))


@pytest.mark.parametrize("order", Order)
def test_zero_init_makes_the_block_its_shortcut(order: Order) -> None:
    spec = BlockSpec(kind=BlockKind.BOTTLENECK, channels=8, width=4, order=order, zero_init=True)
    block = build(one_block(spec)).get_submodule("layer1.0").eval()
    x = torch.rand(2, 8, 8, 8)  # not negative: a last ReLU changes nothing
    with torch.no_grad():
        torch.testing.assert_close(block(x), x, rtol=1e-4, atol=1e-4)


def test_a_plain_block_is_never_silenced() -> None:
    spec = BlockSpec(kind=BlockKind.RESIDUAL, channels=8, width=8, shortcut=ShortcutKind.NONE, zero_init=True)
    assert build(one_block(spec)).get_parameter("layer1.0.bn2.weight").abs().sum() > 0


def test_zero_padding_takes_every_second_pixel_and_adds_silent_channels() -> None:
    spec = BlockSpec(kind=BlockKind.RESIDUAL, channels=12, width=8, stride=2, shortcut=ShortcutKind.ZERO_PAD)
    shortcut = build(one_block(spec)).get_submodule("layer1.0.downsample")
    assert list(shortcut.parameters()) == []
    x = torch.randn(2, 8, 9, 9)
    out = shortcut(x)
    assert out.shape == (2, 12, 5, 5)
    assert torch.equal(out[:, :8], x[:, :, ::2, ::2])
    assert out[:, 8:].abs().sum() == 0


def test_fresh_weights_are_torchvisions_distribution() -> None:
    torch.manual_seed(3)
    network = build(preset("resnet18"))
    weight = network.get_parameter("layer3.0.conv1.weight")
    assert float(weight.detach().std()) == pytest.approx((2 / (256 * 9)) ** 0.5, rel=0.02)
    norm = network.get_submodule("layer3.0.bn1")
    assert torch.equal(norm.weight, torch.ones(256))
    assert torch.equal(norm.running_var, torch.ones(256))
    assert int(norm.num_batches_tracked) == 0
    torch.manual_seed(3)
    again = build(preset("resnet18"))
    assert all(torch.equal(a, b) for a, b in zip(network.parameters(), again.parameters(), strict=True))


def test_no_activation_module_is_shared() -> None:
    network = build(preset("resnet18"))
    leaves = [
        name for name, module in network.named_modules(remove_duplicate=False) if isinstance(module, nn.ReLU)
    ]
    assert len(leaves) == len({id(network.get_submodule(name)) for name in leaves}) == 17


def test_a_drawing_with_problems_is_refused_by_its_first_problem() -> None:
    design = preset("resnet18")
    first = design.stages[1].blocks[0]
    spec = replace(first.spec, shortcut=ShortcutKind.IDENTITY)
    stages = (
        design.stages[0],
        replace(design.stages[1], blocks=(replace(first, spec=spec), *design.stages[1].blocks[1:])),
    )
    with pytest.raises(
        ProblemsError, match=r"Stage 2, block 1: 64 → 128, stride 2.*and 1 more.*Add projection"
    ):
        build(replace(design, stages=stages, head=None))


def test_a_network_beyond_the_memory_is_refused_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resnet_studio.engine.build.physical_memory", lambda: 10**8)
    with pytest.raises(StudioError, match=r"0\.2 GiB of weights.*cpu"):
        build(preset("resnet152"))


def test_fx_traces_it_and_keeps_its_outputs() -> None:
    network = build(preset("cifar_resnet20")).eval()
    traced = torch.fx.symbolic_trace(network)
    images = torch.randn(2, 3, 32, 32)
    with torch.no_grad():
        assert torch.equal(traced(images), network(images))


@pytest.mark.filterwarnings("ignore")  # what torch's own compiler complains about is not ours
@pytest.mark.parametrize("order", [Order.ORIGINAL, Order.FULL_PREACT])
def test_torch_compile_takes_it_in_one_piece(order: Order) -> None:
    spec = BlockSpec(
        kind=BlockKind.BOTTLENECK, channels=12, width=8, order=order, shortcut=ShortcutKind.PROJECTION
    )
    network = build(one_block(spec)).eval()
    compiled = torch.compile(network, backend="eager", fullgraph=True)
    images = torch.randn(2, 3, 8, 8)
    torch.testing.assert_close(compiled(images), network(images))


def test_torch_export_takes_it_with_any_batch() -> None:
    network = build(preset("digits_starter")).eval()
    batch = torch.export.Dim("batch")
    program = torch.export.export(network, (torch.randn(2, 1, 8, 8),), dynamic_shapes=({0: batch},))
    images = torch.randn(5, 1, 8, 8)
    torch.testing.assert_close(program.module()(images), network(images))


def test_channels_last_gives_the_same() -> None:
    network = build(preset("cifar_resnet20")).eval()
    images = torch.randn(2, 3, 32, 32)
    with torch.no_grad():
        plain = network(images)
        network.to(memory_format=torch.channels_last)
        last = network(images.contiguous(memory_format=torch.channels_last))
    torch.testing.assert_close(plain, last, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_has_a_blueprint_without_memory(name: str) -> None:
    network = blueprint(preset(name))
    assert all(tensor.is_meta for tensor in network.state_dict().values())
    assert sum(p.numel() for p in network.parameters()) == analyse(preset(name)).totals.params

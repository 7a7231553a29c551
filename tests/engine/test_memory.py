"""What the Plan says autograd keeps, against what autograd says it keeps."""

from dataclasses import replace

import pytest
import torch
import torchvision
from torch import Tensor, nn

from resnet_studio.analysis.costs import unit_costs
from resnet_studio.analysis.plan import analyse
from resnet_studio.design.presets import preset
from resnet_studio.design.types import (
    Activation,
    Attention,
    BlockKind,
    BlockSpec,
    Design,
    Head,
    HeadPool,
    Norm,
    Order,
    ShortcutKind,
    Stem,
    StemKind,
)
from resnet_studio.engine.build import build
from tests.engine.drawings import one_block


def kept_bytes(design: Design) -> int:
    """Bytes that autograd holds after one forward pass of one image in training mode, without the weights themselves."""
    torch.manual_seed(0)
    return kept_by(build(design).train(), torch.randn(1, *design.input.shape))


def kept_by(network: nn.Module, images: Tensor) -> int:
    """The same of any network; a storage is known by itself, so that networks without numbers can be asked too."""
    own = {storage_of(tensor) for tensor in (*network.parameters(), *network.buffers())}
    kept: dict[int, Tensor] = {}

    def keep(tensor: Tensor) -> Tensor:
        place = storage_of(tensor)
        if place not in own:
            kept[place] = tensor  # held, so that no later tensor gets the same place
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        network(images)
    return sum(tensor.untyped_storage().nbytes() for tensor in kept.values())


def storage_of(tensor: Tensor) -> int:
    """What tells one storage from another, also on the meta device, where no storage has an address."""
    return int(tensor.untyped_storage()._cdata)


TORCHVISION = [
    "resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "resnext50_32x4d", "resnext101_32x8d",
    "resnext101_64x4d", "wide_resnet50_2", "wide_resnet101_2",
]  # fmt: skip


@pytest.mark.parametrize("name", TORCHVISION)
def test_of_torchvisions_own_networks_autograd_keeps_what_the_plan_says(name: str) -> None:
    """At full size, on the meta device: what autograd keeps is a question of shapes."""
    with torch.device("meta"):
        network = torchvision.models.get_model(name).train()
        images = torch.empty(1, 3, 224, 224)
    assert analyse(preset(name)).totals.backward_bytes == pytest.approx(kept_by(network, images), rel=0.01)


@pytest.mark.parametrize("name", ["resnet18", "cifar_resnet20", "resnet50"])
def test_backward_memory_is_within_two_percent_of_autograds(name: str) -> None:
    """With real numbers, of the network that is built here."""
    design = preset(name)
    assert analyse(design).totals.backward_bytes == pytest.approx(kept_bytes(design), rel=0.02)


def test_the_units_memory_adds_up_to_the_whole() -> None:
    for name in TORCHVISION:
        plan = analyse(preset(name))
        assert sum(cost.kept for cost in unit_costs(plan)) == plan.totals.backward_bytes


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("shortcut", ShortcutKind)
def test_every_order_and_shortcut_keeps_what_the_plan_says(order: Order, shortcut: ShortcutKind) -> None:
    changes = shortcut in (ShortcutKind.PROJECTION, ShortcutKind.POOL_PROJECTION, ShortcutKind.ZERO_PAD)
    spec = BlockSpec(
        kind=BlockKind.BOTTLENECK, channels=16 if changes else 8, width=8, stride=2 if changes else 1,
        order=order, shortcut=shortcut,
    )  # fmt: skip
    design = one_block(spec, size=32)
    assert analyse(design).totals.backward_bytes == pytest.approx(kept_bytes(design), rel=0.02)


@pytest.mark.parametrize("activation", Activation)
def test_every_activation_keeps_what_the_plan_says(activation: Activation) -> None:
    spec = BlockSpec(kind=BlockKind.RESIDUAL, channels=8, width=8, activation=activation)
    design = one_block(spec, size=32)
    assert analyse(design).totals.backward_bytes == pytest.approx(kept_bytes(design), rel=0.02)


@pytest.mark.parametrize("attention", Attention)
@pytest.mark.parametrize("norm", Norm)
def test_every_attention_and_norm_keeps_what_the_plan_says(attention: Attention, norm: Norm) -> None:
    spec = BlockSpec(
        kind=BlockKind.BOTTLENECK, channels=32, width=8, attention=attention, norm=norm, norm_groups=4, dropout=0.2,
        shortcut=ShortcutKind.PROJECTION, drop_path=0.2,
    )  # fmt: skip
    design = one_block(spec, size=32)
    assert analyse(design).totals.backward_bytes == pytest.approx(kept_bytes(design), rel=0.02)


@pytest.mark.parametrize("kind", StemKind)
def test_every_stem_keeps_what_the_plan_says(kind: StemKind) -> None:
    spec = BlockSpec(kind=BlockKind.RESIDUAL, channels=16, width=16)
    design = one_block(spec, channels=16, size=32)
    stem = Stem(channels=16, kind=kind, kernel=3, stride=1, pool=True)
    design = replace(design, stem=stem, head=Head(classes=3, pool=HeadPool.MAX, dropout=0.5))
    assert analyse(design).totals.backward_bytes == pytest.approx(kept_bytes(design), rel=0.02)

"""What the Plan says autograd keeps, against what autograd says it keeps."""

import pytest
import torch
from torch import Tensor

from resnet_studio.analysis.plan import analyse
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Activation, BlockKind, BlockSpec, Design, Order, ShortcutKind
from resnet_studio.engine.build import build
from tests.engine.drawings import one_block


def kept_bytes(design: Design) -> int:
    """Bytes that autograd holds after one forward pass of one image in training mode, without the weights themselves."""
    torch.manual_seed(0)
    network = build(design).train()
    own = {t.untyped_storage().data_ptr() for t in (*network.parameters(), *network.buffers())}
    kept: dict[int, Tensor] = {}

    def keep(tensor: Tensor) -> Tensor:
        place = tensor.untyped_storage().data_ptr()
        if place not in own:
            kept[place] = tensor  # held, so that no later tensor gets the same place
        return tensor

    images = torch.randn(1, *design.input.shape)
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        network(images)
    return sum(tensor.untyped_storage().nbytes() for tensor in kept.values())


@pytest.mark.parametrize(
    "name", ["resnet18", "cifar_resnet20", pytest.param("resnet50", marks=pytest.mark.slow)]
)
def test_backward_memory_is_within_two_percent_of_autograds(name: str) -> None:
    design = preset(name)
    assert analyse(design).totals.backward_bytes == pytest.approx(kept_bytes(design), rel=0.02)


@pytest.mark.quick_cases(10)
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

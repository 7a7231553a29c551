"""What the Plan says autograd keeps, against what autograd says it keeps."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

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

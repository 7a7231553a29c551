"""Attention, drop path and stems as modules: against formulas written out, against torchvision's parts, at their limits."""

import pytest
import torch
from torch import Tensor, nn
from torchvision.ops import SqueezeExcitation, StochasticDepth

from resnet_studio.design.types import Attention, BlockKind, BlockSpec, Norm, Order, ShortcutKind
from resnet_studio.engine.build import build
from tests.engine.drawings import one_block


def _block(**fields: object) -> nn.Module:
    spec = BlockSpec(kind=BlockKind.RESIDUAL, channels=8, width=8, **fields)  # type: ignore[arg-type]
    torch.manual_seed(1)
    return build(one_block(spec)).get_submodule("layer1.0").eval()


def _weights(block: nn.Module, name: str) -> Tensor:
    return block.get_parameter(f"se.{name}").flatten(1)


def test_squeeze_and_excitation_is_torchvisions() -> None:
    assert isinstance(_block(attention=Attention.SE, reduction=2).get_submodule("se"), SqueezeExcitation)


def test_eca_weighs_by_a_convolution_over_neighbouring_channels() -> None:
    se = _block(attention=Attention.ECA).get_submodule("se")
    x = torch.randn(2, 8, 5, 6)
    kernel = se.get_parameter("conv.weight").flatten()
    means = nn.functional.pad(x.mean((2, 3)), (1, 1))
    weights = torch.stack([(means[:, i : i + 3] * kernel).sum(1) for i in range(8)], dim=1).sigmoid()
    torch.testing.assert_close(se(x), x * weights[:, :, None, None])


def test_cbam_is_its_two_formulas() -> None:
    block = _block(attention=Attention.CBAM, reduction=2)
    se = block.get_submodule("se")
    x = torch.randn(2, 8, 9, 7)

    def shared(v: Tensor) -> Tensor:
        return (v @ _weights(block, "channel.fc1.weight").T).relu() @ _weights(block, "channel.fc2.weight").T

    first = x * (shared(x.mean((2, 3))) + shared(x.amax((2, 3)))).sigmoid()[:, :, None, None]
    maps = torch.stack((first.mean(1), first.amax(1)), dim=1)
    seen = nn.functional.conv2d(maps, se.get_parameter("spatial.conv.conv.weight"), padding=3)
    # Fresh, in eval mode, the norm divides by the root of 1 + eps.
    torch.testing.assert_close(se(x), first * (seen / (1 + 1e-5) ** 0.5).sigmoid())


def test_drop_path_leaves_out_whole_branches_and_keeps_their_mean() -> None:
    block = _block(drop_path=0.25, order=Order.NO_FINAL_RELU)
    assert isinstance(block.get_submodule("drop_path"), StochasticDepth)
    x = torch.randn(1, 8, 4, 4)
    with torch.no_grad():
        branch = block(x) - x
        block.get_submodule("drop_path").train()
        many = block(x.expand(400, -1, -1, -1)) - x
    left = (many.flatten(1).abs().amax(1) > 1e-6).float()
    assert 0.65 < float(left.mean()) < 0.85
    torch.testing.assert_close(many[left > 0][0], branch[0] / 0.75, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("attention", [Attention.SE, Attention.ECA, Attention.CBAM])
@pytest.mark.parametrize("norm", Norm)
def test_zero_init_silences_the_branch_and_not_the_attention(attention: Attention, norm: Norm) -> None:
    block = _block(attention=attention, norm=norm, norm_groups=2, zero_init=True, order=Order.NO_FINAL_RELU)
    x = torch.randn(2, 8, 6, 6)
    with torch.no_grad():
        torch.testing.assert_close(block(x), x)
    inner = [p for name, p in block.named_parameters() if name.startswith("se.") and p.dim() > 1]
    assert all(float(p.detach().abs().sum()) > 0 for p in inner)


def test_a_pooled_projection_keeps_its_numbers_without_a_stride() -> None:
    block = _block(shortcut=ShortcutKind.POOL_PROJECTION)
    assert [name for name, _ in block.get_submodule("downsample").named_children()] == ["1", "2"]

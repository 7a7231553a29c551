"""The layers of a block's attention: squeeze-and-excitation, ECA, CBAM. Knows no order of the block around it.

Each ends in a circled times, which weighs the map that came in. Names are timm's: everything stands in `se`.
"""

from __future__ import annotations

from math import log2

from resnet_studio.analysis import layers as make
from resnet_studio.analysis.layers import Layer, Shape
from resnet_studio.design.types import Activation, Attention, BlockSpec

CBAM_KERNEL = 7


def attention_rows(spec: BlockSpec, shape: Shape) -> tuple[Layer, ...]:
    """The rows behind a branch that ends in `shape`; none where the spec has no attention."""
    match spec.attention:
        case Attention.SE:
            return _squeeze_excitation(shape, squeezed(spec, shape[0]))
        case Attention.ECA:
            return _efficient_channels(shape)
        case Attention.CBAM:
            return _cbam(shape, squeezed(spec, shape[0]))
        case _:
            return ()


def squeezed(spec: BlockSpec, channels: int) -> int:
    """Channels between the two small layers: channels // reduction, but at least one."""
    return max(1, channels // spec.reduction)


def eca_kernel(channels: int) -> int:
    """Odd kernel that grows with the logarithm of the channels (Wang et al. 2020, eq. 12, gamma 2 and b 1)."""
    reach = int((log2(channels) + 1) / 2)
    return max(3, reach if reach % 2 else reach + 1)


def _squeeze_excitation(shape: Shape, inner: int) -> tuple[Layer, ...]:
    """Hu et al. 2017, as torchvision.ops.SqueezeExcitation names it."""
    pooled = make.global_pool("se.avgpool", shape)
    first = make.conv("se.fc1", pooled.output, inner, kernel=1, bias=True)
    act = make.activation("se.activation", first.output, Activation.RELU)
    second = make.conv("se.fc2", act.output, shape[0], kernel=1, bias=True)
    gate = make.gate("se.scale_activation", second.output)
    return (pooled, first, act, second, gate, make.scale("se.scale", shape))


def _efficient_channels(shape: Shape) -> tuple[Layer, ...]:
    """Wang et al. 2020: one small convolution over neighbouring channels."""
    pooled = make.global_pool("se.avgpool", shape)
    mixed = make.conv_1d("se.conv", shape[0], kernel=eca_kernel(shape[0]))
    return (pooled, mixed, make.gate("se.gate", mixed.output), make.scale("se.scale", shape))


def _cbam(shape: Shape, inner: int) -> tuple[Layer, ...]:
    """Woo et al. 2018: which channels, by mean and maximum through the same two layers; then which places."""
    pooled = make.global_pool("se.channel.pool", shape, pool="avg_max")
    first = make.conv("se.channel.fc1", pooled.output, inner, kernel=1)
    act = make.activation("se.channel.act", first.output, Activation.RELU)
    second = make.conv("se.channel.fc2", act.output, shape[0], kernel=1)
    gate = make.gate("se.channel.gate", second.output, (shape[0], 1, 1))
    maps = make.channel_pool("se.spatial.pool", shape)
    seen = make.conv("se.spatial.conv.conv", maps.output, 1, kernel=CBAM_KERNEL)
    normed = make.norm("se.spatial.conv.bn", seen.output)
    place = make.gate("se.spatial.gate", normed.output)
    channels = (pooled, first, act, second, gate, make.scale("se.channel.scale", shape))
    return (*channels, maps, seen, normed, place, make.scale("se.spatial.scale", shape))

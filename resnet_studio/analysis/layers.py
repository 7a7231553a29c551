"""One layer with its shapes and counts, as arithmetic. Knows nothing of blocks.

Shapes are (channels, height, width), or (features,) behind the pooling; everything is for batch 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import prod

from resnet_studio.design.types import Activation

Shape = tuple[int, ...]


class LayerKind(StrEnum):
    """What a layer does. ADD has no module: it is the circled plus."""

    CONV = "conv"
    NORM = "norm"
    ACTIVATION = "activation"
    MAX_POOL = "max_pool"
    AVG_POOL = "avg_pool"
    GLOBAL_POOL = "global_pool"
    ZERO_PAD = "zero_pad"
    ADD = "add"
    LINEAR = "linear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One row of the layer table, and one torch module (but for ADD).

    Args:
        name: relative to its unit ("conv2", "downsample.0"); the stem's and the head's are whole names ("conv1", "fc").
        kind: what it does.
        input: shape that arrives.
        output: shape that leaves.
        kernel: kernel size, 0 where there is none.
        stride: stride, 1 where there is none.
        padding: padding on each side.
        groups: groups of a convolution.
        activation: which non-linearity, for ACTIVATION.
        params: learned numbers, biases included.
        macs: multiply-adds by the definition: convolutions and the classifier, biases not counted.
        torchinfo_macs: what torchinfo counts for this layer: biases too, and for a norm its parameters.
        sound: False when no such layer can be built (groups that do not divide); its counts are then zero.
    """

    name: str
    kind: LayerKind
    input: Shape
    output: Shape
    kernel: int = 0
    stride: int = 1
    padding: int = 0
    groups: int = 1
    activation: Activation | None = None
    params: int = 0
    macs: int = 0
    torchinfo_macs: int = 0
    sound: bool = True

    @property
    def flops(self) -> int:
        """Floating-point operations: a multiply-add is two."""
        return 2 * self.macs


def strided(size: int, *, kernel: int, stride: int, padding: int) -> int:
    """Output length of a convolution or pooling over one axis, as torch computes it."""
    return (size + 2 * padding - kernel) // stride + 1


def conv(name: str, shape: Shape, channels: int, *, kernel: int, stride: int = 1, groups: int = 1) -> Layer:
    """A convolution without bias, padded by kernel // 2."""
    arriving, height, width = shape
    pad = kernel // 2
    out = (
        channels,
        strided(height, kernel=kernel, stride=stride, padding=pad),
        strided(width, kernel=kernel, stride=stride, padding=pad),
    )
    sound = arriving % groups == 0 and channels % groups == 0
    params = arriving // groups * channels * kernel * kernel if sound else 0
    macs = params * out[1] * out[2]
    return Layer(
        name=name, kind=LayerKind.CONV, input=shape, output=out, kernel=kernel, stride=stride, padding=pad,
        groups=groups, params=params, macs=macs, torchinfo_macs=macs, sound=sound,
    )  # fmt: skip


def norm(name: str, shape: Shape) -> Layer:
    """Batch norm: a scale and a shift per channel. torchinfo counts its parameters as its multiply-adds."""
    params = 2 * shape[0]
    return Layer(
        name=name, kind=LayerKind.NORM, input=shape, output=shape, params=params, torchinfo_macs=params
    )


def activation(name: str, shape: Shape, function: Activation) -> Layer:
    """A non-linearity: no parameters, no multiply-adds."""
    return Layer(name=name, kind=LayerKind.ACTIVATION, input=shape, output=shape, activation=function)


def max_pool(name: str, shape: Shape) -> Layer:
    """The stem's 3x3 max-pool with stride 2, padded by 1."""
    channels, height, width = shape
    out = (
        channels,
        strided(height, kernel=3, stride=2, padding=1),
        strided(width, kernel=3, stride=2, padding=1),
    )
    return Layer(name=name, kind=LayerKind.MAX_POOL, input=shape, output=out, kernel=3, stride=2, padding=1)


def avg_pool(name: str, shape: Shape, *, stride: int) -> Layer:
    """Average pooling of stride x stride; the last row and column may be a partial window, as in ResNet-D."""
    channels, height, width = shape
    out = (channels, -(-height // stride), -(-width // stride))
    return Layer(name=name, kind=LayerKind.AVG_POOL, input=shape, output=out, kernel=stride, stride=stride)


def zero_pad(name: str, shape: Shape, channels: int, *, stride: int) -> Layer:
    """Shortcut A: every stride-th pixel, and zeros for the channels that are missing."""
    out = (channels, -(-shape[1] // stride), -(-shape[2] // stride))
    return Layer(name=name, kind=LayerKind.ZERO_PAD, input=shape, output=out, stride=stride)


def add(name: str, shape: Shape) -> Layer:
    """The circled plus."""
    return Layer(name=name, kind=LayerKind.ADD, input=shape, output=shape)


def global_pool(name: str, shape: Shape) -> Layer:
    """Global average pooling: one number per channel."""
    return Layer(name=name, kind=LayerKind.GLOBAL_POOL, input=shape, output=(shape[0], 1, 1))


def linear(name: str, features: int, classes: int) -> Layer:
    """The classifier, with bias."""
    macs = features * classes
    params = macs + classes
    return Layer(
        name=name, kind=LayerKind.LINEAR, input=(features,), output=(classes,), params=params, macs=macs,
        torchinfo_macs=params,
    )  # fmt: skip


def elements(shape: Shape) -> int:
    """How many numbers a tensor of this shape holds."""
    return prod(shape)

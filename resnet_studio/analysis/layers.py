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
    """What a layer does. ADD and SCALE have no module: they are the circled plus and the circled times."""

    CONV = "conv"
    CONV_1D = "conv_1d"
    NORM = "norm"
    ACTIVATION = "activation"
    GATE = "gate"
    MAX_POOL = "max_pool"
    AVG_POOL = "avg_pool"
    GLOBAL_POOL = "global_pool"
    CHANNEL_POOL = "channel_pool"
    ZERO_PAD = "zero_pad"
    DROPOUT = "dropout"
    DROP_PATH = "drop_path"
    SCALE = "scale"
    ADD = "add"
    LINEAR = "linear"


WITHOUT_MODULE = (LayerKind.ADD, LayerKind.SCALE)
ATTENTION_PREFIX = "se."


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
        dilation: distance between a kernel's taps.
        groups: groups of a convolution or of a group norm (0: a batch norm).
        bias: a convolution learns a shift per channel.
        pool: which global pooling: "avg", "max", or "avg_max" (both, side by side).
        rate: share that a DROPOUT or DROP_PATH leaves out in training.
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
    dilation: int = 1
    groups: int = 1
    bias: bool = False
    pool: str = ""
    rate: float = 0.0
    activation: Activation | None = None
    params: int = 0
    macs: int = 0
    torchinfo_macs: int = 0
    sound: bool = True

    @property
    def flops(self) -> int:
        """Floating-point operations: a multiply-add is two."""
        return 2 * self.macs

    @property
    def aside(self) -> bool:
        """Part of the attention, which weighs the branch from the side instead of carrying it."""
        return self.name.startswith(ATTENTION_PREFIX)


def strided(size: int, *, kernel: int, stride: int, padding: int, dilation: int = 1) -> int:
    """Output length of a convolution or pooling over one axis, as torch computes it."""
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def conv(
    name: str,
    shape: Shape,
    channels: int,
    *,
    kernel: int,
    stride: int = 1,
    groups: int = 1,
    dilation: int = 1,
    bias: bool = False,
) -> Layer:
    """A convolution, padded so that a stride of 1 keeps the map's size."""
    arriving, height, width = shape
    pad = dilation * (kernel // 2)
    out = (
        channels,
        strided(height, kernel=kernel, stride=stride, padding=pad, dilation=dilation),
        strided(width, kernel=kernel, stride=stride, padding=pad, dilation=dilation),
    )
    sound = arriving % groups == 0 and channels % groups == 0
    weights = arriving // groups * channels * kernel * kernel if sound else 0
    params = weights + (channels if bias and sound else 0)
    return Layer(
        name=name, kind=LayerKind.CONV, input=shape, output=out, kernel=kernel, stride=stride, padding=pad,
        dilation=dilation, groups=groups, bias=bias, params=params, macs=weights * out[1] * out[2],
        torchinfo_macs=params * out[1] * out[2], sound=sound,
    )  # fmt: skip


def conv_1d(name: str, channels: int, *, kernel: int) -> Layer:
    """ECA's convolution over neighbouring channels: one kernel, no bias. Shapes are (1, channels)."""
    shape = (1, channels)
    macs = kernel * channels
    return Layer(
        name=name, kind=LayerKind.CONV_1D, input=shape, output=shape, kernel=kernel, padding=kernel // 2,
        params=kernel, macs=macs, torchinfo_macs=macs,
    )  # fmt: skip


def norm(name: str, shape: Shape, *, groups: int = 0) -> Layer:
    """A scale and a shift per channel: batch norm, or group norm in `groups`. torchinfo counts its parameters as multiply-adds."""
    params = 2 * shape[0]
    return Layer(
        name=name, kind=LayerKind.NORM, input=shape, output=shape, groups=groups, params=params, torchinfo_macs=params,
        sound=groups == 0 or shape[0] % groups == 0,
    )  # fmt: skip


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


def scale(name: str, shape: Shape) -> Layer:
    """The circled times: the map weighed by its gate."""
    return Layer(name=name, kind=LayerKind.SCALE, input=shape, output=shape)


def gate(name: str, shape: Shape, output: Shape | None = None) -> Layer:
    """The sigmoid that makes weights from 0 to 1; CBAM's first sums its two columns before."""
    return Layer(name=name, kind=LayerKind.GATE, input=shape, output=shape if output is None else output)


def global_pool(name: str, shape: Shape, *, pool: str = "avg") -> Layer:
    """Global pooling: one number per channel ("avg", "max"), or both side by side ("avg_max", CBAM)."""
    out = (shape[0], 1, 2 if pool == "avg_max" else 1)
    return Layer(name=name, kind=LayerKind.GLOBAL_POOL, input=shape, output=out, pool=pool)


def channel_pool(name: str, shape: Shape) -> Layer:
    """CBAM's look at places: mean and maximum over the channels, two maps."""
    return Layer(name=name, kind=LayerKind.CHANNEL_POOL, input=shape, output=(2, *shape[1:]))


def dropout(name: str, shape: Shape, rate: float) -> Layer:
    """Single numbers left out in training."""
    return Layer(name=name, kind=LayerKind.DROPOUT, input=shape, output=shape, rate=rate)


def drop_path(name: str, shape: Shape, rate: float) -> Layer:
    """The whole branch of an image left out in training."""
    return Layer(name=name, kind=LayerKind.DROP_PATH, input=shape, output=shape, rate=rate)


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

"""The small modules that torch.nn lacks, as text, and how a layer row is written. Knows no block and no network."""

from __future__ import annotations

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.source.text import call
from resnet_studio.design.types import Activation, Attention

_ACTIVATIONS = {
    Activation.RELU: "nn.ReLU",
    Activation.LEAKY_RELU: "nn.LeakyReLU",
    Activation.ELU: "nn.ELU",
    Activation.SILU: "nn.SiLU",
    Activation.GELU: "nn.GELU",
    Activation.HARDSWISH: "nn.Hardswish",
}
ATTENTION_CLASSES = {
    Attention.SE: "SqueezeExcitation",
    Attention.ECA: "EfficientChannelAttention",
    Attention.CBAM: "CBAM",
}

ZERO_PAD = '''\
class ZeroPad(nn.Module):
    """Shortcut A (He et al. 2015): every stride-th pixel, zeros for new channels."""

    def __init__(self, missing: int, stride: int = 1) -> None:
        super().__init__()
        self.missing = missing
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        x = x[:, :, :: self.stride, :: self.stride]
        return F.pad(x, (0, 0, 0, 0, 0, self.missing))'''

DROP_PATH = '''\
class DropPath(nn.Module):
    """Stochastic depth: training leaves out the branch of some images (Huang 2016)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.rate == 0.0:
            return x
        keep = torch.rand(x.shape[0], 1, 1, 1, device=x.device) >= self.rate
        return x * keep / (1.0 - self.rate)'''

SE = '''\
class SqueezeExcitation(nn.Module):
    """Weighs each channel by what all of them say (Hu et al. 2017)."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, squeezed, kernel_size=1)
        self.fc2 = nn.Conv2d(squeezed, channels, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        scale = self.fc2(F.relu(self.fc1(self.avgpool(x))))
        return x * torch.sigmoid(scale)'''

ECA = '''\
class EfficientChannelAttention(nn.Module):
    """Weighs each channel by its neighbours (Wang et al. 2020)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        kernel = max(3, (channels.bit_length() // 2) | 1)  # eq. 12: (log2(C) + 1) / 2, odd
        self.conv = nn.Conv1d(1, 1, kernel, padding=kernel // 2, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        scale = self.conv(x.mean((2, 3)).unsqueeze(1))
        return x * torch.sigmoid(scale).transpose(1, 2).unsqueeze(3)'''

CBAM = '''\
class ChannelAttention(nn.Module):
    """Which channels matter, by their mean and their maximum."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.fc1 = nn.Conv2d(channels, squeezed, kernel_size=1, bias=False)
        self.fc2 = nn.Conv2d(squeezed, channels, kernel_size=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        mean = self.fc2(F.relu(self.fc1(x.mean((2, 3), keepdim=True))))
        most = self.fc2(F.relu(self.fc1(x.amax((2, 3), keepdim=True))))
        return x * torch.sigmoid(mean + most)


class ConvNorm(nn.Module):
    """A 7x7 convolution of the mean and the maximum over channels, and its norm."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 1, kernel_size=7, padding=3, bias=False)
        self.bn = nn.BatchNorm2d(1)

    def forward(self, x: Tensor) -> Tensor:
        return self.bn(self.conv(x))


class SpatialAttention(nn.Module):
    """Which places matter."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = ConvNorm()

    def forward(self, x: Tensor) -> Tensor:
        maps = torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], dim=1)
        return x * torch.sigmoid(self.conv(maps))


class CBAM(nn.Module):
    """Weighs channels, then places (Woo et al. 2018)."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.channel = ChannelAttention(channels, squeezed)
        self.spatial = SpatialAttention()

    def forward(self, x: Tensor) -> Tensor:
        return self.spatial(self.channel(x))'''

ATTENTION_TEXT = {Attention.SE: SE, Attention.ECA: ECA, Attention.CBAM: CBAM}
# What the texts above define, none of which a network may be called.
DEFINED = frozenset(
    {"ZeroPad", "DropPath", "SqueezeExcitation", "EfficientChannelAttention", "ChannelAttention", "ConvNorm",
     "SpatialAttention", "CBAM"}
)  # fmt: skip


def activation(function: Activation | None, *, in_place: bool) -> str:
    """The call that makes a non-linearity; only ReLU may overwrite what it gets."""
    assert function is not None
    named = _ACTIVATIONS[function]
    return f"{named}(inplace=True)" if in_place and function is Activation.RELU else f"{named}()"


def norm(channels: object, groups: object) -> str:
    """The call that makes a norm of so many channels; no groups make it a batch norm."""
    return f"nn.GroupNorm({groups}, {channels})" if groups else f"nn.BatchNorm2d({channels})"


def conv(
    arriving: object,
    leaving: object,
    *,
    kernel: object,
    stride: object = 1,
    padding: object = 0,
    dilation: object = 1,
    groups: object = 1,
    bias: bool = False,
) -> str:
    """The call that makes a convolution; what is torch's own default is left out."""
    return call(
        "nn.Conv2d",
        arriving,
        leaving,
        kernel_size=kernel,
        stride=_unless(stride, 1),
        padding=_unless(padding, 0),
        dilation=_unless(dilation, 1),
        groups=_unless(groups, 1),
        bias=None if bias else False,
    )


def _unless(value: object, default: int) -> object:
    return None if value == default else value


def row_call(row: Layer, *, in_place: bool = True) -> str:
    """The call that makes the module of one row with its own numbers."""
    match row.kind:
        case LayerKind.CONV:
            return conv(
                row.input[0], row.output[0], kernel=row.kernel, stride=row.stride, padding=row.padding,
                dilation=row.dilation, groups=row.groups, bias=row.bias,
            )  # fmt: skip
        case LayerKind.NORM:
            return norm(row.input[0], row.groups)
        case LayerKind.ACTIVATION:
            return activation(row.activation, in_place=in_place)
        case LayerKind.MAX_POOL:
            return call("nn.MaxPool2d", kernel_size=row.kernel, stride=row.stride, padding=row.padding)
        case LayerKind.GLOBAL_POOL:
            return f"nn.Adaptive{'Max' if row.pool == 'max' else 'Avg'}Pool2d(1)"
        case LayerKind.DROPOUT:
            return f"nn.Dropout({row.rate!r})"
        case LayerKind.LINEAR:
            return f"nn.Linear({row.input[0]}, {row.output[0]})"
    raise AssertionError(f"no call makes a {row.kind} here")


def attribute(row: Layer) -> str:
    """The attribute that holds a row's module: the row's name; one for all activations, one for all of the attention."""
    if row.aside:
        return "se"
    if row.kind is LayerKind.ACTIVATION:
        return "relu" if row.activation is Activation.RELU else "act"
    return row.name

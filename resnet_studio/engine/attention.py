"""The torch modules of a block's attention, row for row as the Plan names them. Knows no block around it.

Squeeze-and-excitation is torchvision's own; ECA and CBAM, which it lacks, stand here. Names are timm's.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from resnet_studio.analysis.layers import Layer


def attention_module(rows: Sequence[Layer]) -> nn.Module:
    """The module of all rows that stand in `se`, on the meta device."""
    names = {row.name for row in rows}
    with torch.device("meta"):
        if "se.conv" in names:
            return EfficientChannelAttention(rows[1].kernel)
        channels, inner = rows[1].input[0], rows[1].output[0]
        if "se.channel.fc1" in names:
            seen = next(row for row in rows if row.name == "se.spatial.conv.conv")
            return CBAM(channels, inner, seen.kernel)
        # Imported here: torchvision costs most of a second, which a network without attention need not pay.
        from torchvision.ops import SqueezeExcitation

        module: nn.Module = SqueezeExcitation(channels, inner)
        return module


class EfficientChannelAttention(nn.Module):
    """ECA (Wang et al. 2020, arXiv:1910.03151): each channel is weighed by its neighbours' means."""

    def __init__(self, kernel: int) -> None:
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.conv = nn.Conv1d(1, 1, kernel, padding=kernel // 2, bias=False)
        self.gate = nn.Sigmoid()

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same."""
        means = self.avgpool(x).flatten(1).unsqueeze(1)
        weights: Tensor = self.gate(self.conv(means))
        return x * weights.transpose(1, 2).unsqueeze(3)


class AvgMaxPool(nn.Module):
    """Mean and maximum of each map, side by side, so that both pass the same layers at once."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C, 1, 2)."""
        return torch.cat((x.mean((2, 3), keepdim=True), x.amax((2, 3), keepdim=True)), dim=3)


class SumGate(nn.Module):
    """The sigmoid of two columns' sum."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, 1, 2) to (N, C, 1, 1)."""
        return torch.sigmoid(x.sum(3, keepdim=True))


class ChannelPool(nn.Module):
    """Mean and maximum over the channels: what is there at each place."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, 2, H, W)."""
        return torch.cat((x.mean(1, keepdim=True), x.amax(1, keepdim=True)), dim=1)


class _ChannelWeights(nn.Module):
    def __init__(self, channels: int, inner: int) -> None:
        super().__init__()
        self.pool = AvgMaxPool()
        self.fc1 = nn.Conv2d(channels, inner, 1, bias=False)
        self.act = nn.ReLU(inplace=True)
        self.fc2 = nn.Conv2d(inner, channels, 1, bias=False)
        self.gate = SumGate()

    def forward(self, x: Tensor) -> Tensor:
        weights: Tensor = self.gate(self.fc2(self.act(self.fc1(self.pool(x)))))
        return x * weights


class _NormedConvolution(nn.Module):
    def __init__(self, kernel: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 1, kernel, padding=kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(1)

    def forward(self, x: Tensor) -> Tensor:
        normed: Tensor = self.bn(self.conv(x))
        return normed


class _PlaceWeights(nn.Module):
    def __init__(self, kernel: int) -> None:
        super().__init__()
        self.pool = ChannelPool()
        self.conv = _NormedConvolution(kernel)
        self.gate = nn.Sigmoid()

    def forward(self, x: Tensor) -> Tensor:
        weights: Tensor = self.gate(self.conv(self.pool(x)))
        return x * weights


class CBAM(nn.Module):
    """Woo et al. 2018 (arXiv:1807.06521): which channels matter, then which places."""

    def __init__(self, channels: int, inner: int, kernel: int) -> None:
        super().__init__()
        self.channel = _ChannelWeights(channels, inner)
        self.spatial = _PlaceWeights(kernel)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same."""
        out: Tensor = self.spatial(self.channel(x))
        return out

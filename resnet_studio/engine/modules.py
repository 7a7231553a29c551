"""The torch modules of one Plan: each Layer row one module under its own name. Knows no initialisation and no design.

Names are an interface: the state_dict of a preset is torchvision's, key for key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from itertools import groupby

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.parts import Part
from resnet_studio.analysis.plan import Unit
from resnet_studio.design.types import Activation
from resnet_studio.engine.attention import attention_module

_ACTIVATIONS: dict[Activation, Callable[[], nn.Module]] = {
    Activation.RELU: nn.ReLU,
    Activation.LEAKY_RELU: nn.LeakyReLU,
    Activation.ELU: nn.ELU,
    Activation.SILU: nn.SiLU,
    Activation.GELU: nn.GELU,
    Activation.HARDSWISH: nn.Hardswish,
}


class ZeroPad(nn.Module):
    """Shortcut A (He et al. 2015, section 3.3): every stride-th pixel, zeros for the channels that are missing."""

    def __init__(self, stride: int, missing: int) -> None:
        super().__init__()
        self.stride = stride
        self.missing = missing

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C + missing, ceil(H / stride), ceil(W / stride))."""
        x = x[:, :, :: self.stride, :: self.stride]
        return F.pad(x, (0, 0, 0, 0, 0, self.missing))

    def extra_repr(self) -> str:
        """What `print(network)` shows."""
        return f"stride={self.stride}, missing={self.missing}"


def _conv(row: Layer) -> nn.Module:
    return nn.Conv2d(
        row.input[0], row.output[0], row.kernel, stride=row.stride, padding=row.padding, dilation=row.dilation,
        groups=row.groups, bias=row.bias, device="meta",
    )  # fmt: skip


def _norm(row: Layer) -> nn.Module:
    if row.groups:
        return nn.GroupNorm(row.groups, row.input[0], device="meta")
    return nn.BatchNorm2d(row.input[0], device="meta")


def _activation(row: Layer) -> nn.Module:
    assert row.activation is not None
    return _ACTIVATIONS[row.activation]()


def _avg_pool(row: Layer) -> nn.Module:
    # The last row and column may be a partial window; padding must not weigh in its mean (ResNet-D).
    return nn.AvgPool2d(row.kernel, row.stride, ceil_mode=True, count_include_pad=False)


def _global_pool(row: Layer) -> nn.Module:
    return nn.AdaptiveMaxPool2d(1) if row.pool == "max" else nn.AdaptiveAvgPool2d(1)


def _drop_path(row: Layer) -> nn.Module:
    # Imported here: torchvision costs most of a second, which most networks need not pay.
    from torchvision.ops import StochasticDepth

    module: nn.Module = StochasticDepth(row.rate, "row")
    return module


_MAKERS: dict[LayerKind, Callable[[Layer], nn.Module]] = {
    LayerKind.CONV: _conv,
    LayerKind.NORM: _norm,
    LayerKind.ACTIVATION: _activation,
    LayerKind.MAX_POOL: lambda row: nn.MaxPool2d(row.kernel, row.stride, row.padding),
    LayerKind.AVG_POOL: _avg_pool,
    LayerKind.GLOBAL_POOL: _global_pool,
    LayerKind.ZERO_PAD: lambda row: ZeroPad(row.stride, row.output[0] - row.input[0]),
    LayerKind.DROPOUT: lambda row: nn.Dropout(row.rate),
    LayerKind.DROP_PATH: _drop_path,
    LayerKind.LINEAR: lambda row: nn.Linear(row.input[0], row.output[0], device="meta"),
}


def _module(rows: list[Layer], before: Layer | None) -> nn.Module:
    """The module of rows that share the first part of their name; `before` is the row ahead of them, if any."""
    if rows[0].aside:
        return attention_module(rows)
    if "." not in rows[0].name:
        return _single(rows[0], before)
    inside = OrderedDict[str, nn.Module]()
    for ahead, row in zip((before, *rows), rows, strict=False):
        inside[row.name.partition(".")[2]] = _single(row, ahead)
    return nn.Sequential(inside)


def _single(row: Layer, before: Layer | None) -> nn.Module:
    module = _MAKERS[row.kind](row)
    # In place saves a map, but only over a tensor that was made here and that nobody else reads.
    if isinstance(module, nn.ReLU) and before is not None:
        module.inplace = True
    return module


class _Rows(nn.Module):
    """A module whose children are Layer rows, run one behind the other by name."""

    def _add(self, rows: Iterable[Layer]) -> tuple[str, ...]:
        """Make the children of rows that follow each other; rows called a.b stand together in one child a."""
        names: list[str] = []
        before: Layer | None = None
        for name, group in groupby(rows, key=lambda row: row.name.partition(".")[0]):
            inside = list(group)
            self.add_module(name, _module(inside, before))
            names.append(name)
            before = inside[-1]
        return tuple(names)

    def _run(self, names: tuple[str, ...], x: Tensor) -> Tensor:
        for name in names:
            x = getattr(self, name)(x)
        return x


class Block(_Rows):
    """One block: x -> pre -> body -> + -> after, the shortcut starting at x or behind `pre`."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self._pre = self._add(part.pre)
        self._body = self._add(part.body)
        self._adds = part.add is not None
        self._shortcut_from_pre = part.shortcut_from_pre
        self._shortcut = self._add(part.shortcut)
        self._after = self._add(part.after)
        if self._after and isinstance(first := getattr(self, self._after[0]), nn.ReLU):
            first.inplace = True  # the body's end or the sum: made here, read by nobody else

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) of `part.input` to `part.output`."""
        forked = self._run(self._pre, x)
        out = self._run(self._body, forked)
        if self._adds:
            carried = forked if self._shortcut_from_pre else x
            out = out + self._run(self._shortcut, carried)
        return self._run(self._after, out)


class Network(_Rows):
    """A whole network, or the stem or the head alone: the units it was given, in order."""

    def __init__(self, units: Iterable[Unit]) -> None:
        super().__init__()
        before: tuple[str, ...] = ()
        stages: list[str] = []
        after: tuple[str, ...] = ()
        for unit in units:
            if unit.stage is not None:
                stage, number = unit.name.split(".")
                if stage not in stages:
                    stages.append(stage)
                    self.add_module(stage, nn.Sequential())
                getattr(self, stage).add_module(number, Block(unit.part))
            elif any(row.kind is LayerKind.LINEAR for row in unit.part.body):
                after = self._add(unit.part.body)
            else:
                before = self._add(unit.part.body)
        pooled = after.index("avgpool") + 1 if after else 0
        self._features = (*before, *stages, *after[:pooled])
        self._classifier = after[pooled:]

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) images to (N, classes) logits."""
        x = self._run(self._features, x)
        if not self._classifier:
            return x
        return self._run(self._classifier, torch.flatten(x, 1))

"""The functions that make the shortcuts' modules, and the calls of them. Knows no block's branch."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.source.helpers import conv, norm
from resnet_studio.analysis.source.text import broken, call
from resnet_studio.analysis.source.variants import Sample
from resnet_studio.design.types import ShortcutKind

_WORDS = {
    ShortcutKind.PROJECTION: ("projection", "A 1x1 convolution where the shape changes (shortcut B)."),
    ShortcutKind.POOL_PROJECTION: (
        "pooled_projection", "Average pooling, then a 1x1 convolution (ResNet-D's shortcut)."
    ),
}  # fmt: skip
_RETURNS = ") -> nn.Sequential:"


@dataclass(frozen=True, slots=True)
class Projection:
    """One function of the file, and the blocks whose shortcut it makes."""

    name: str
    note: str
    samples: tuple[Sample, ...]

    @property
    def _pooled(self) -> bool:
        return self.samples[0].spec.shortcut is ShortcutKind.POOL_PROJECTION

    def _norm_groups(self) -> set[int]:
        return {
            row.groups
            for sample in self.samples
            for row in sample.part.shortcut
            if row.kind is LayerKind.NORM
        }

    def lines(self) -> list[str]:
        """The function."""
        told = ["in_channels: int", "channels: int", "stride: int = 1"]
        groups = self._norm_groups()
        if len(groups) > 1:
            told.append("norm_groups: int = 32")
        projecting = _row(self.samples[0], LayerKind.CONV)
        assert projecting is not None
        modules = [
            conv("in_channels", "channels", kernel=1, stride=1 if self._pooled else "stride", bias=projecting.bias)
        ]  # fmt: skip
        if self._pooled:
            modules.insert(0, self._pool())
        if groups:
            modules.append(norm("channels", "norm_groups" if len(groups) > 1 else next(iter(groups))))
        lines = [*broken(0, f"def {self.name}(", told, _RETURNS), f'    """{self.note}"""']
        if self._pooled and modules[0] == "pool":
            lines += [
                "    pool: nn.Module = nn.Identity()",
                "    if stride > 1:",
                "        pool = nn.AvgPool2d(stride, ceil_mode=True, count_include_pad=False)",
            ]
        if len(modules) == 1:
            return [*lines, *broken(4, "return nn.Sequential(", modules, ")")]
        return [*lines, "    return nn.Sequential(", *(f"        {module}," for module in modules), "    )"]

    def _pool(self) -> str:
        """Without a stride nothing is pooled, and the convolution keeps its number."""
        if any(_row(sample, LayerKind.AVG_POOL) is None for sample in self.samples):
            return "pool"
        return "nn.AvgPool2d(stride, ceil_mode=True, count_include_pad=False)"

    def call(self, sample: Sample) -> str:
        """The expression that makes one block's shortcut."""
        groups = self._norm_groups()
        return call(
            self.name,
            sample.part.input[0],
            sample.spec.channels,
            stride=sample.spec.stride if sample.spec.stride > 1 else None,
            norm_groups=sample.spec.norm_groups if len(groups) > 1 else None,
        )


def projections_of(samples: Iterable[Sample]) -> list[Projection]:
    """The functions in the order in which they are first needed."""
    groups: dict[Hashable, list[Sample]] = {}
    for sample in dict.fromkeys(samples):
        projecting = _row(sample, LayerKind.CONV)
        if projecting is not None:
            normed = _row(sample, LayerKind.NORM)
            key = (
                sample.spec.shortcut,
                projecting.bias,
                normed is None or bool(normed.groups),
                normed is None,
            )
            groups.setdefault(key, []).append(sample)
    found: list[Projection] = []
    for members in groups.values():
        plain, note = _WORDS[members[0].spec.shortcut]
        earlier = sum(one.note == note for one in found)
        name = f"{plain}{earlier + 1}" if earlier else plain
        found.append(Projection(name, note, tuple(members)))
    return found


def zero_pad_call(sample: Sample) -> str:
    """The expression that makes a zero-padding shortcut."""
    missing = sample.part.output[0] - sample.part.input[0]
    return call("ZeroPad", missing, stride=sample.spec.stride if sample.spec.stride > 1 else None)


def pads(sample: Sample) -> bool:
    """Whether the block's shortcut is a zero-padding module."""
    return _row(sample, LayerKind.ZERO_PAD) is not None


def _row(sample: Sample, kind: LayerKind) -> Layer | None:
    return next((row for row in sample.part.shortcut if row.kind is kind), None)

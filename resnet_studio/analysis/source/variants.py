"""Which blocks of a Plan share a class: those that differ in numbers only. Writes no text.

What may be told in the constructor (channels, stride, rates, the shortcut) does not part two blocks; an order, a norm, an
attention or another non-linearity does.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.parts import Part
from resnet_studio.analysis.plan import Plan
from resnet_studio.design.types import Attention, BlockKind, BlockSpec, Order

_T = TypeVar("_T")
_TOLD = (LayerKind.DROP_PATH,)
_WORDS = {Attention.NONE: "", Attention.SE: "SE", Attention.ECA: "ECA", Attention.CBAM: "CBAM"}


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One block as it is: its spec and what it becomes there. Known by identity: comparing Parts would cost too much."""

    spec: BlockSpec
    part: Part

    def convs(self) -> tuple[Layer, ...]:
        """The convolutions of the branch."""
        return tuple(row for row in self.part.body if row.kind is LayerKind.CONV and not row.aside)

    @property
    def spatial(self) -> Layer:
        """The convolution whose kernel, dilation and groups the spec tells."""
        return self.convs()[0 if self.spec.kind is BlockKind.RESIDUAL else 1]


@dataclass(frozen=True, slots=True)
class Variant:
    """Blocks that share a class.

    Args:
        name: of the class.
        samples: each distinct block once.
        strided: which convolution takes the stride.
        from_pre: the shortcut's module starts behind the first norm and activation.
    """

    name: str
    samples: tuple[Sample, ...]
    strided: int
    from_pre: bool

    @property
    def pattern(self) -> Sample:
        """The sample with the most layers: what others lack, a rate of zero does for them."""
        return max(self.samples, key=lambda sample: len(sample.part.body))

    def values(self, of: Callable[[Sample], Hashable]) -> set[Hashable]:
        """Every value that a property takes among the samples."""
        return {of(sample) for sample in self.samples}


def variants_of(samples: Iterable[Sample]) -> list[Variant]:
    """The variants in the order in which they are first needed."""
    groups: dict[Hashable, list[Sample]] = {}
    for sample in dict.fromkeys(samples):
        groups.setdefault(_key(sample), []).append(sample)
    found: list[Variant] = []
    for members in groups.values():
        found += _settled(members)
    return _named(found)


def samples_of(plan: Plan) -> list[Sample]:
    """Every block, from input to output; equal ones in equal places are one object."""
    known: dict[int, Sample] = {}
    units = (unit for unit in plan.units if unit.stage is not None)
    # The analysis memoises Parts by spec and shape: the same Part is the same block.
    return [
        known.setdefault(id(unit.part), Sample(block.spec, unit.part))
        for block, unit in zip(plan.design.blocks(), units, strict=True)
    ]


def _key(sample: Sample) -> Hashable:
    """What parts two blocks into two classes."""
    spec, part = sample.spec, sample.part
    rows = tuple(
        tuple((row.name, row.kind, row.activation, row.bias, bool(row.groups)) for row in rows if row.kind not in _TOLD)
        for rows in (part.pre, part.body, part.after)
    )  # fmt: skip
    return (spec.kind is BlockKind.RESIDUAL, spec.order, rows, part.add is None)


def _settled(members: Sequence[Sample]) -> list[Variant]:
    """Parted once more by where the stride and the shortcut's start are; who has none of either joins the first."""
    strided = _joined([_stride_place(sample) for sample in members], 0)
    sources = _joined(
        [sample.part.shortcut_from_pre if sample.part.shortcut else None for sample in members], False
    )
    parted: dict[tuple[int, bool], list[Sample]] = {}
    for sample, place, source in zip(members, strided, sources, strict=True):
        parted.setdefault((place, source), []).append(sample)
    return [Variant("", tuple(samples), *key) for key, samples in parted.items()]


def _stride_place(sample: Sample) -> int | None:
    return next((index for index, row in enumerate(sample.convs()) if row.stride > 1), None)


def _joined(values: list[_T | None], otherwise: _T) -> list[_T]:
    first = next((value for value in values if value is not None), otherwise)
    return [first if value is None else value for value in values]


def _named(variants: Iterable[Variant]) -> list[Variant]:
    taken: set[str] = set()
    named: list[Variant] = []
    for variant in variants:
        plain = _plain_name(variant.samples[0])
        name, number = plain, 2
        while name in taken:
            name, number = f"{plain}{number}", number + 1
        taken.add(name)
        named.append(replace(variant, name=name))
    return named


def _plain_name(sample: Sample) -> str:
    kind = "BasicBlock" if sample.spec.kind is BlockKind.RESIDUAL else "Bottleneck"
    order = "PreAct" if sample.spec.order in (Order.FULL_PREACT, Order.RELU_ONLY_PREACT) else ""
    return f"{'Plain' if sample.part.add is None else ''}{order}{_WORDS[sample.spec.attention]}{kind}"

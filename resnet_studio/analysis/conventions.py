"""What counts as work: multiply-adds or FLOPs, with or without norm, activation, addition and pooling. Knows no view.

Papers and libraries count the multiply-adds of convolutions and the classifier, and nothing else. Some tools add the rest;
what they add, and what is added here, is one operation for each of these, at inference and for one image:

* norm: 2 an element, one multiplication and one addition (mean and variance are known, so it is a scale and a shift);
* activation: 1 an element that leaves, whatever the function; the gates of an attention are activations;
* addition: 1 an element that leaves; the circled times of an attention counts with it;
* pooling: 1 an element that arrives (once for each kind of pooling that reads it).

Biases, zero padding, dropout and stochastic depth count nothing. Counted as multiply-adds, each operation stands beside the
multiply-adds as one of them, which is what ptflops prints (ResNet-50 with norm, activation and pooling: 4.12 G). Counted as
FLOPs, a multiply-add is two operations and each of these is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from resnet_studio.analysis.layers import Layer, LayerKind, elements
from resnet_studio.analysis.parts import Part
from resnet_studio.analysis.plan import Plan
from resnet_studio.language import tr

ITEMS = ("norm", "activation", "addition", "pooling")
_ITEM_WORDS = {
    "norm": tr("norm"),
    "activation": tr("activation"),
    "addition": tr("addition"),
    "pooling": tr("pooling"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """What a count of work counts. The default is the papers' and torchvision's.

    Args:
        flops: a multiply-add is two operations, not one.
        norm, activation, addition, pooling: whether the operations of these count too.
    """

    flops: bool = False
    norm: bool = False
    activation: bool = False
    addition: bool = False
    pooling: bool = False

    @property
    def items(self) -> tuple[str, ...]:
        """What counts beside convolutions and the classifier."""
        return tuple(name for name in ITEMS if getattr(self, name))

    @property
    def unit(self) -> str:
        """What stands behind a number: "multiply-adds", "FLOPs with norm, addition"."""
        unit = "FLOPs" if self.flops else tr("multiply-adds")
        if not self.items:
            return unit
        return tr("{unit} with {items}", unit=unit, items=", ".join(_ITEM_WORDS[name] for name in self.items))

    @property
    def words(self) -> str:
        """One line that says it."""
        if self.flops:
            base = tr("FLOPs, two a multiply-add, of convolutions and classifier")
        else:
            base = tr("multiply-adds of convolutions and classifier")
        return ", ".join([base, *(_ITEM_WORDS[name] for name in self.items)])


PAPERS = Convention()
PTFLOPS = Convention(norm=True, activation=True, pooling=True)
EVERYTHING = Convention(norm=True, activation=True, addition=True, pooling=True)


class Work(NamedTuple):
    """What a layer, part or plan does for one image: multiply-adds, and the other operations by what they are."""

    macs: int = 0
    norm: int = 0
    activation: int = 0
    addition: int = 0
    pooling: int = 0

    def counted(self, by: Convention) -> int:
        """The number that a convention makes of it."""
        others = (
            (self.norm if by.norm else 0)
            + (self.activation if by.activation else 0)
            + (self.addition if by.addition else 0)
            + (self.pooling if by.pooling else 0)
        )
        return (2 * self.macs if by.flops else self.macs) + others

    @property
    def operations(self) -> int:
        """Every floating-point operation: two a multiply-add, and all the others."""
        return 2 * self.macs + self.norm + self.activation + self.addition + self.pooling


_POOLS = (LayerKind.MAX_POOL, LayerKind.AVG_POOL, LayerKind.GLOBAL_POOL, LayerKind.CHANNEL_POOL)


def layer_work(layer: Layer) -> Work:
    """What one layer does."""
    kind = layer.kind
    if not layer.sound:
        return Work()
    if kind is LayerKind.NORM:
        return Work(norm=2 * elements(layer.output))
    if kind in (LayerKind.ACTIVATION, LayerKind.GATE):
        return Work(activation=elements(layer.output))
    if kind in (LayerKind.ADD, LayerKind.SCALE):
        return Work(addition=elements(layer.output))
    if kind in _POOLS:
        # CBAM's poolings are a mean and a maximum of the same map.
        twice = kind is LayerKind.CHANNEL_POOL or layer.pool == "avg_max"
        return Work(pooling=elements(layer.input) * (2 if twice else 1))
    return Work(macs=layer.macs)


# A part's own hash walks all its layers; parts are memoised and few, so they are known by who they are.
_KNOWN: dict[int, tuple[Part, Work]] = {}
_MOST = 8192


def part_work(part: Part) -> Work:
    """What a stem, block or head does. Memoised."""
    known = _KNOWN.get(id(part))
    if known is not None and known[0] is part:
        return known[1]
    work = total([layer_work(layer) for layer in part.layers()])
    if len(_KNOWN) >= _MOST:
        _KNOWN.clear()
    _KNOWN[id(part)] = (part, work)
    return work


def plan_work(plan: Plan) -> Work:
    """What the sound part of a drawing does."""
    return total([part_work(unit.part) for unit in plan.units])


def total(works: list[Work]) -> Work:
    """The sum of several."""
    if not works:
        return Work()
    return Work(*map(sum, zip(*works, strict=True)))


def convention(items: str, *, flops: bool = False) -> Convention | None:
    """The convention that people write as `conv`, `all`, `ptflops` or `norm,addition` (or with plus signs); None where it is none."""
    if items in ("conv", "all", "ptflops"):
        base = {"conv": PAPERS, "all": EVERYTHING, "ptflops": PTFLOPS}[items]
        chosen = set(base.items)
    else:
        chosen = {word.strip() for word in items.replace("+", ",").split(",")} - {"conv"}
    if not chosen <= set(ITEMS):
        return None
    return Convention(flops=flops, **{name: name in chosen for name in ITEMS})

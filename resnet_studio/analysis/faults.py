"""What can be wrong inside one unit, in shapes and words, with the spec that would be right. Knows no places.

A fault is a value: the drawing that has it stays alive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import gcd

from resnet_studio.analysis.layers import Layer, LayerKind, Shape
from resnet_studio.design.types import BlockKind, BlockSpec, Head, Norm, ShortcutKind, Stem
from resnet_studio.language import tr


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a unit.

    Args:
        code: short stable name ("shortcut", "groups", "shrunk").
        message: what is wrong, in shapes and words.
        label: the words on the repair's button; empty where there is no repair.
        mended: the block's spec, the stem or the head that repairs it.
    """

    code: str
    message: str
    label: str = ""
    mended: BlockSpec | Stem | Head | None = None


def shape_words(shape: Shape) -> str:
    """A shape as the window writes it: 256·28² when square, else 256·28x14; features alone as 1000."""
    if len(shape) < 3:
        return "x".join(map(str, shape))
    channels, height, width = shape
    return f"{channels}·{height}²" if height == width else f"{channels}·{height}x{width}"


def shrinking_fault(rows: Sequence[Layer]) -> Fault | None:
    """A stride on a map that has nothing left to halve."""
    for row in rows:
        if row.stride > 1 and 1 in row.input[1:]:
            size = f"{row.input[1]}x{row.input[2]}"
            return Fault(
                "shrunk",
                tr("stride {stride} on a {size} map: nothing is left to halve", stride=row.stride, size=size),
            )
    return None


def stem_faults(stem: Stem, shape: Shape, rows: Sequence[Layer]) -> tuple[Fault, ...]:
    """Everything wrong in a stem that gets `shape`."""
    found = _norm_faults(stem, rows)
    shrinking = shrinking_fault(rows)
    if shrinking is not None:
        found.append(_unshrunk(shrinking, stem, shape))
    return tuple(found)


_UNSHRUNK = {
    ("stride",): tr("Set stride 1"),
    ("pool",): tr("Remove max-pool"),
    ("stride", "pool"): tr("Set stride 1 and remove max-pool"),
    (): "",
}


def _unshrunk(fault: Fault, stem: Stem, shape: Shape) -> Fault:
    """The fault with the stem that halves no map which has nothing left to halve."""
    steps: list[str] = []
    if stem.stride > 1 and 1 in shape[1:]:
        stem = replace(stem, stride=1)
        steps.append("stride")
    if stem.pool and 1 in (-(-size // stem.stride) for size in shape[1:]):
        stem = replace(stem, pool=False)
        steps.append("pool")
    return replace(fault, label=_UNSHRUNK[tuple(steps)], mended=stem)


def head_faults(head: Head, rows: Sequence[Layer]) -> tuple[Fault, ...]:
    """Everything wrong in a head."""
    return tuple(_norm_faults(head, rows))


def _norm_faults(owner: BlockSpec | Stem | Head, rows: Sequence[Layer]) -> list[Fault]:
    """Group norms whose groups do not divide their channels: one fault, with a number that divides them all."""
    normed = [row.input[0] for row in rows if row.kind is LayerKind.NORM and row.groups]
    wrong = [channels for channels in normed if channels % owner.norm_groups]
    if owner.norm is not Norm.GROUP or not wrong:
        return []
    best = nearest_divisor(gcd(*normed), owner.norm_groups)
    message = tr(
        "{groups} groups of the norm do not divide {channels} channels",
        groups=owner.norm_groups,
        channels=wrong[0],
    )
    return [
        Fault(
            "norm_groups",
            message,
            tr("Set {groups} norm groups", groups=best),
            replace(owner, norm_groups=best),
        )
    ]


def block_faults(
    spec: BlockSpec,
    shape: Shape,
    body: Sequence[Layer],
    shortcut: Sequence[Layer],
    others: Sequence[Layer] = (),
) -> tuple[Fault, ...]:
    """Everything wrong in a block that gets `shape`; `others` are the layers before the fork and behind the addition."""
    found: list[Fault] = []
    groups = _groups_fault(spec, shape[0])
    if groups is not None:
        found.append(groups)
    found += _norm_faults(spec, (*others, *body, *shortcut))
    if spec.shortcut is ShortcutKind.NONE and spec.drop_path:
        message = tr("drop path without a shortcut: where the branch is left out, nothing is left")
        found.append(Fault("drop_path", message, tr("Set drop path 0"), replace(spec, drop_path=0.0)))
    added = body[-1].output
    arriving = shortcut[-1].output if shortcut else shape
    if spec.shortcut is not ShortcutKind.NONE and arriving != added:
        found.append(_addition_fault(spec, arriving, added))
    elif spec.shortcut is ShortcutKind.ZERO_PAD and shape[0] > spec.channels:
        message = tr(
            "zero-padding cannot go from {arriving} to {channels} channels: needs a projection",
            arriving=shape[0],
            channels=spec.channels,
        )
        found.append(
            Fault("shortcut", message, tr("Add projection"), replace(spec, shortcut=ShortcutKind.PROJECTION))
        )
    shrinking = shrinking_fault([row for row in body if row.kind is LayerKind.CONV])
    if shrinking is not None:
        found.append(replace(shrinking, label=tr("Set stride 1"), mended=_unstrided(spec, shape[0])))
    return tuple(found)


def _addition_fault(spec: BlockSpec, arriving: Shape, added: Shape) -> Fault:
    change = f"{arriving[0]} → {added[0]}"
    if spec.stride > 1:
        change = tr("{change}, stride {stride}", change=change, stride=spec.stride)
    message = tr(
        "{change}: the addition gets {added} and {arriving}; needs a projection",
        change=change,
        added=shape_words(added),
        arriving=shape_words(arriving),
    )
    return Fault("shortcut", message, tr("Add projection"), replace(spec, shortcut=ShortcutKind.PROJECTION))


def _unstrided(spec: BlockSpec, arriving: int) -> BlockSpec:
    fits = arriving == spec.channels and spec.shortcut is not ShortcutKind.NONE
    return replace(spec, stride=1, shortcut=ShortcutKind.IDENTITY if fits else spec.shortcut)


def _groups_fault(spec: BlockSpec, arriving: int) -> Fault | None:
    """The grouped convolutions of a bottleneck run width to width; a residual block's also see arriving and leaving."""
    grouped = [spec.width]
    if spec.kind is BlockKind.RESIDUAL:
        grouped += [arriving, spec.channels]
    wrong = [channels for channels in grouped if channels % spec.groups]
    if not wrong:
        return None
    best = nearest_divisor(gcd(*grouped), spec.groups)
    message = tr("{groups} groups do not divide {channels} channels", groups=spec.groups, channels=wrong[0])
    return Fault("groups", message, tr("Set {groups} groups", groups=best), replace(spec, groups=best))


def nearest_divisor(number: int, wanted: int) -> int:
    """The divisor of `number` nearest to `wanted`; the smaller of two equally near."""
    divisors = [d for d in range(1, min(number, 4 * wanted) + 1) if number % d == 0]
    return min(divisors, key=lambda d: (abs(d - wanted), d))

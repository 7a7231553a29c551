"""What one stem, block or head becomes for one input shape: its layers, counts and faults. Memoised; knows no places.

A block's layers stand in four rows, which the drawing, the table and the torch module all follow::

    x -> pre -> body ---------> + -> after -> out
      \\-------> shortcut ------/         (the shortcut starts behind `pre` when `shortcut_from_pre`)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from resnet_studio.analysis import layers as make
from resnet_studio.analysis.attention import attention_rows
from resnet_studio.analysis.faults import Fault, block_faults, head_faults, stem_faults
from resnet_studio.analysis.layers import Layer, LayerKind, Shape
from resnet_studio.analysis.memory import Kept, kept_for_backward
from resnet_studio.design.types import BlockKind, BlockSpec, Head, Norm, Order, ShortcutKind, Stem, StemKind

PREACT = (Order.RELU_ONLY_PREACT, Order.FULL_PREACT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The meaning of one unit, wherever it stands.

    Args:
        input: shape that arrives.
        output: shape that leaves.
        pre: layers before the fork (pre-activation orders).
        body: the residual branch, up to the addition.
        shortcut: layers on the shortcut; empty for identity and none.
        add: the addition, or None where there is none (stem, head, plain block).
        after: layers behind the addition.
        shortcut_from_pre: the shortcut starts behind `pre` (He et al. 2016: where the shape changes).
        params, macs, torchinfo_macs, activations: sums over the layers; activations are convolution outputs in elements.
        kept: what autograd keeps for the backward pass.
        faults: what is wrong in it.
    """

    input: Shape
    output: Shape
    pre: tuple[Layer, ...] = ()
    body: tuple[Layer, ...] = ()
    shortcut: tuple[Layer, ...] = ()
    add: Layer | None = None
    after: tuple[Layer, ...] = ()
    shortcut_from_pre: bool = False
    params: int = 0
    macs: int = 0
    torchinfo_macs: int = 0
    activations: int = 0
    kept: Kept = Kept()
    faults: tuple[Fault, ...] = ()

    def layers(self) -> tuple[Layer, ...]:
        """Every layer in the order of computation."""
        plus = () if self.add is None else (self.add,)
        return self.pre + self.body + self.shortcut + plus + self.after


def _summed(part: Part) -> Part:
    rows = part.layers()
    return replace(
        part,
        params=sum(row.params for row in rows),
        macs=sum(row.macs for row in rows),
        torchinfo_macs=sum(row.torchinfo_macs for row in rows),
        activations=sum(
            make.elements(row.output) for row in rows if row.kind is LayerKind.CONV and row.sound
        ),
        kept=kept_for_backward(
            part.input,
            pre=part.pre,
            body=part.body,
            shortcut=part.shortcut,
            add=part.add,
            after=part.after,
            shortcut_from_pre=part.shortcut_from_pre,
        ),
    )


@lru_cache(maxsize=512)
def stem_part(stem: Stem, shape: Shape) -> Part:
    """conv1, bn1, relu, maxpool, as torchvision names them; conv1.0 to conv1.6 where there are three, as timm does."""
    rows = _stem_convolutions(stem, shape)
    if stem.activate:
        rows += _norm_rows("bn1", rows[-1].output, stem)
        rows.append(make.activation("relu", rows[-1].output, stem.activation))
    if stem.pool:
        rows.append(make.max_pool("maxpool", rows[-1].output))
    return _summed(
        Part(input=shape, output=rows[-1].output, body=tuple(rows), faults=stem_faults(stem, shape, rows))
    )


def stem_channels(stem: Stem) -> tuple[int, ...]:
    """Channels behind each convolution of the stem."""
    if stem.kind is StemKind.PLAIN:
        return (stem.channels,)
    half = max(1, stem.channels // 2)
    return (half if stem.kind is StemKind.DEEP else max(1, 3 * (half // 4)), half, stem.channels)


def _stem_convolutions(stem: Stem, shape: Shape) -> list[Layer]:
    bias = stem.norm is Norm.NONE
    if stem.kind is StemKind.PLAIN:
        return [make.conv("conv1", shape, stem.channels, kernel=stem.kernel, stride=stem.stride, bias=bias)]
    rows: list[Layer] = []
    for index, channels in enumerate(stem_channels(stem)):
        if rows:
            rows += _norm_rows(f"conv1.{3 * index - 2}", rows[-1].output, stem)
            rows.append(make.activation(f"conv1.{3 * index - 1}", rows[-1].output, stem.activation))
        stride = 1 if rows else stem.stride
        arriving = rows[-1].output if rows else shape
        rows.append(make.conv(f"conv1.{3 * index}", arriving, channels, kernel=3, stride=stride, bias=bias))
    return rows


def _norm_rows(name: str, shape: Shape, owner: Stem | BlockSpec | Head) -> list[Layer]:
    """The owner's norm, or nothing where it has none."""
    if owner.norm is Norm.NONE:
        return []
    return [make.norm(name, shape, groups=owner.norm_groups if owner.norm is Norm.GROUP else 0)]


@lru_cache(maxsize=512)
def head_part(head: Head, shape: Shape) -> Part:
    """avgpool and fc, behind a last norm and activation where the head has them."""
    rows: list[Layer] = []
    if head.activate:
        rows = [*_norm_rows("norm", shape, head), make.activation("act", shape, head.activation)]
    rows.append(make.global_pool("avgpool", shape, pool=head.pool.value))
    if head.dropout:
        rows.append(make.dropout("drop", (shape[0],), head.dropout))
    rows.append(make.linear("fc", shape[0], head.classes))
    faults = head_faults(head, rows)
    return _summed(Part(input=shape, output=rows[-1].output, body=tuple(rows), faults=faults))


@dataclass(frozen=True, slots=True)
class _Step:
    channels: int
    kernel: int
    stride: int = 1
    groups: int = 1


def _steps(spec: BlockSpec) -> tuple[_Step, ...]:
    if spec.kind is BlockKind.RESIDUAL:
        return (
            _Step(spec.width, spec.kernel, spec.stride, spec.groups),
            _Step(spec.channels, spec.kernel, 1, spec.groups),
        )
    first, middle = (spec.stride, 1) if spec.stride_first else (1, spec.stride)
    return (
        _Step(spec.width, 1, first),
        _Step(spec.width, spec.kernel, middle, spec.groups),
        _Step(spec.channels, 1),
    )


class _Row:
    """Layers one behind the other, numbered as torchvision numbers them: conv1, bn1, relu1, conv2..."""

    def __init__(self, shape: Shape, spec: BlockSpec) -> None:
        self.shape = shape
        self.spec = spec
        self.counts = {"conv": 0, "bn": 0, "relu": 0}
        self.rows: list[Layer] = []

    def take(self) -> tuple[Layer, ...]:
        taken, self.rows = tuple(self.rows), []
        return taken

    def conv(self, step: _Step) -> None:
        self._append(
            make.conv(
                self._name("conv"), self.shape, step.channels, kernel=step.kernel, stride=step.stride, groups=step.groups,
                dilation=self.spec.dilation if step.kernel > 1 else 1, bias=self.spec.norm is Norm.NONE,
            )
        )  # fmt: skip

    def norm(self) -> None:
        for row in _norm_rows(self._name("bn"), self.shape, self.spec):
            self._append(row)

    def dropout(self) -> None:
        if self.spec.dropout:
            self._append(make.dropout("drop", self.shape, self.spec.dropout))

    def ending(self) -> None:
        """What weighs the branch, and what leaves it out, just before the addition."""
        self.rows += attention_rows(self.spec, self.shape)
        if self.spec.drop_path:
            self._append(make.drop_path("drop_path", self.shape, self.spec.drop_path))

    def act(self) -> None:
        self._append(make.activation(self._name("relu"), self.shape, self.spec.activation))

    def _name(self, stem: str) -> str:
        self.counts[stem] += 1
        return f"{stem}{self.counts[stem]}"

    def _append(self, layer: Layer) -> None:
        self.rows.append(layer)
        self.shape = layer.output


def _main_path(
    spec: BlockSpec, shape: Shape
) -> tuple[tuple[Layer, ...], tuple[Layer, ...], tuple[Layer, ...]]:
    """(pre, body, after) in the spec's order; `shape` of `after` is the body's output."""
    steps = _steps(spec)
    row = _Row(shape, spec)
    order = spec.order
    if order is Order.FULL_PREACT:
        row.norm()
    if order in PREACT:
        row.act()
    pre = row.take()
    for index, step in enumerate(steps):
        last = index == len(steps) - 1
        if last:
            row.dropout()
        row.conv(step)
        if order is Order.FULL_PREACT:
            if not last:
                row.norm()
                row.act()
            continue
        if not last or order is not Order.BN_AFTER_ADD:
            row.norm()
        if not last or order is Order.RELU_BEFORE_ADD:
            row.act()
    row.ending()
    body = row.take()
    if order is Order.BN_AFTER_ADD:
        row.norm()
    if order in (Order.ORIGINAL, Order.BN_AFTER_ADD):
        row.act()
    return pre, body, row.take()


def _shortcut(spec: BlockSpec, shape: Shape) -> tuple[Layer, ...]:
    """downsample.N. A projection is normalised unless the block is a pre-activation one, whose sums stay untouched.

    A pooled projection keeps the pool's number also where the stride is 1 and nothing is pooled, as timm does.
    """
    if spec.shortcut is ShortcutKind.ZERO_PAD:
        if (shape[0], 1) == (spec.channels, spec.stride):
            return ()
        return (make.zero_pad("downsample.0", shape, spec.channels, stride=spec.stride),)
    if spec.shortcut not in (ShortcutKind.PROJECTION, ShortcutKind.POOL_PROJECTION):
        return ()
    rows: list[Layer] = []
    stride, number = spec.stride, 0
    if spec.shortcut is ShortcutKind.POOL_PROJECTION:
        number = 1
        if stride > 1:
            rows.append(make.avg_pool("downsample.0", shape, stride=stride))
            shape, stride = rows[-1].output, 1
    bias = spec.norm is Norm.NONE
    rows.append(make.conv(f"downsample.{number}", shape, spec.channels, kernel=1, stride=stride, bias=bias))
    if spec.order not in PREACT:
        rows += _norm_rows(f"downsample.{number + 1}", rows[-1].output, spec)
    return tuple(rows)


@lru_cache(maxsize=8192)
def block_part(spec: BlockSpec, shape: Shape) -> Part:
    """The layers of one block for the shape that arrives, with what is wrong in it."""
    pre, body, after = _main_path(spec, shape)
    added = body[-1].output
    shortcut = _shortcut(spec, shape)
    plain = spec.shortcut is ShortcutKind.NONE
    part = Part(
        input=shape,
        output=added,
        pre=pre,
        body=body,
        shortcut=shortcut,
        add=None if plain else make.add("add", added),
        after=after,
        shortcut_from_pre=bool(pre) and any(row.kind is LayerKind.CONV for row in shortcut),
        faults=block_faults(spec, shape, body, shortcut, pre + after),
    )
    return _summed(part)

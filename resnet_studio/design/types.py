"""The drawing as frozen values: Design, Stem, Stage, Block, Head. Form only; what it means is the analysis room's work.

A drawing may be wrong (channels that do not match, groups that do not divide): construction never fails.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum


class BlockKind(StrEnum):
    """The papers' three blocks: two 3x3 (residual, "basic"); 1x1, 3x3, 1x1 (bottleneck); the same in groups (ResNeXt)."""

    RESIDUAL = "residual"
    BOTTLENECK = "bottleneck"
    RESNEXT = "resnext"


class Order(StrEnum):
    """Where normalisation and activation stand (He et al. 2016, arXiv:1603.05027, Fig. 4), and the lecture slide's block."""

    ORIGINAL = "original"
    BN_AFTER_ADD = "bn_after_add"
    RELU_BEFORE_ADD = "relu_before_add"
    RELU_ONLY_PREACT = "relu_only_preact"
    FULL_PREACT = "full_preact"
    NO_FINAL_RELU = "no_final_relu"


class ShortcutKind(StrEnum):
    """What carries x to the addition. A = zero padding, B = 1x1 projection, D = average pool then 1x1; none = plain net."""

    IDENTITY = "identity"
    PROJECTION = "projection"
    ZERO_PAD = "zero_pad"
    POOL_PROJECTION = "pool_projection"
    NONE = "none"


class Activation(StrEnum):
    """The non-linearity, by its torch.nn name in lower case."""

    RELU = "relu"
    LEAKY_RELU = "leaky_relu"
    ELU = "elu"
    SILU = "silu"
    GELU = "gelu"
    HARDSWISH = "hardswish"


class Norm(StrEnum):
    """What normalises. Without any, the convolutions learn a shift of their own (a bias)."""

    BATCH = "batch"
    GROUP = "group"
    NONE = "none"


class Attention(StrEnum):
    """What weighs the branch's channels before the addition.

    Squeeze-and-excitation (arXiv:1709.01507), ECA (arXiv:1910.03151), CBAM (arXiv:1807.06521, channels, then places).
    """

    NONE = "none"
    SE = "se"
    ECA = "eca"
    CBAM = "cbam"


class StemKind(StrEnum):
    """One convolution; or three 3x3 ones (He et al. 2018, arXiv:1812.01187, "C"): deep of c/2, c/2, c, tiered of 3c/8, c/2, c."""

    PLAIN = "plain"
    DEEP = "deep"
    TIERED = "tiered"


class HeadPool(StrEnum):
    """What makes one number of each channel's map."""

    AVG = "avg"
    MAX = "max"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSpec:
    """One image as the network gets it: channels x height x width."""

    channels: int = 3
    height: int = 224
    width: int = 224

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width), as every shape in this program."""
        return (self.channels, self.height, self.width)

    def __str__(self) -> str:
        """As people write it: 3x224x224."""
        return f"{self.channels}x{self.height}x{self.width}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem:
    """The first convolution or three of them, norm and activation, and the max-pool behind.

    Args:
        channels: channels that leave it.
        kind: one convolution, or three 3x3 ones.
        kernel: odd kernel size of the plain stem; padding is kernel // 2.
        stride: stride of the first convolution.
        pool: whether the 3x3 max-pool with stride 2 follows (ImageNet stems).
        activate: whether norm and activation follow the last convolution. Pre-activation nets leave them to the first block.
        norm: what normalises.
        norm_groups: groups of a group norm.
        activation: the non-linearity.
    """

    channels: int = 64
    kind: StemKind = StemKind.PLAIN
    kernel: int = 7
    stride: int = 2
    pool: bool = True
    activate: bool = True
    norm: Norm = Norm.BATCH
    norm_groups: int = 32
    activation: Activation = Activation.RELU


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSpec:
    """What a block is, apart from which one it is. Equal specs fold to one card, and cross the clipboard.

    Args:
        kind: residual, bottleneck or ResNeXt.
        channels: channels after the addition.
        width: channels of the inner convolutions (a bottleneck's 3x3). ResNeXt: cardinality x width per group.
        groups: cardinality of the 3x3 convolutions.
        stride: 1, or 2 to halve the map.
        stride_first: a bottleneck strides in its first 1x1 (v1, the paper) instead of in its 3x3 (v1.5, torchvision).
        kernel: odd kernel size of the spatial convolutions (both of a residual block, the middle one of a bottleneck).
        dilation: distance between the taps of those kernels; the padding keeps the map's size.
        order: where norm and activation stand.
        shortcut: what carries the input to the addition.
        activation: the non-linearity.
        norm: what normalises.
        norm_groups: groups of a group norm.
        attention: what weighs the branch before the addition.
        reduction: squeezed channels of that attention are channels // reduction (SE, CBAM).
        dropout: rate before the last convolution (wide nets, arXiv:1605.07146).
        drop_path: rate at which training leaves the whole branch out (stochastic depth, arXiv:1603.09382).
        zero_init: start the last norm's scale at zero, so that the block begins as f(x) = x.
    """

    kind: BlockKind
    channels: int
    width: int
    groups: int = 1
    stride: int = 1
    stride_first: bool = False
    kernel: int = 3
    dilation: int = 1
    order: Order = Order.ORIGINAL
    shortcut: ShortcutKind = ShortcutKind.IDENTITY
    activation: Activation = Activation.RELU
    norm: Norm = Norm.BATCH
    norm_groups: int = 32
    attention: Attention = Attention.NONE
    reduction: int = 16
    dropout: float = 0.0
    drop_path: float = 0.0
    zero_init: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the drawing: a permanent id, by which weights and selection follow it, and its spec."""

    id: str
    spec: BlockSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A lane: a name and the blocks in it, from input to output."""

    id: str
    name: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Global pooling and the classifier.

    Args:
        classes: outputs of the classifier.
        activate: norm and activation before the pooling, which pre-activation nets need.
        norm: what normalises there.
        norm_groups: groups of a group norm.
        activation: the non-linearity behind that norm.
        pool: what makes one number of each channel's map.
        dropout: rate before the classifier.
    """

    classes: int = 1000
    activate: bool = False
    norm: Norm = Norm.BATCH
    norm_groups: int = 32
    activation: Activation = Activation.RELU
    pool: HeadPool = HeadPool.AVG
    dropout: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The whole drawing: input, stem, stages of blocks, head. `head` is None when the user has taken it away."""

    name: str = "Untitled"
    input: InputSpec = field(default_factory=InputSpec)
    stem: Stem = field(default_factory=Stem)
    stages: tuple[Stage, ...] = ()
    head: Head | None = field(default_factory=Head)

    def blocks(self) -> Iterator[Block]:
        """Every block, from input to output."""
        for stage in self.stages:
            yield from stage.blocks

    def find(self, block_id: str) -> tuple[int, int] | None:
        """Indices (stage, position) of a block, or None when it is not in the drawing."""
        for s, stage in enumerate(self.stages):
            for b, block in enumerate(stage.blocks):
                if block.id == block_id:
                    return s, b
        return None

    def block(self, block_id: str) -> Block | None:
        """The block of that id, or None."""
        place = self.find(block_id)
        return None if place is None else self.stages[place[0]].blocks[place[1]]

    def channels_before(self, stage: int, position: int) -> int:
        """Channels that arrive at a place of the drawing, whether or not a block stands there."""
        before = [block for lane in self.stages[:stage] for block in lane.blocks]
        before += self.stages[stage].blocks[:position] if stage < len(self.stages) else ()
        return before[-1].spec.channels if before else self.stem.channels


def new_id() -> str:
    """A permanent id for a block or a stage: eight hex digits, unique in any drawing that people make."""
    # Not `secrets`: it loads OpenSSL, which costs a tenth of the whole window's start.
    return os.urandom(4).hex()


def with_new_id(block: Block) -> Block:
    """The same block as another individual, for duplicates and pastes."""
    return replace(block, id=new_id())

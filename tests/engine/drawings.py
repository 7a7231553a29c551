"""Random drawings without Problems, small enough to build and run in milliseconds."""

from dataclasses import replace

import torch
from hypothesis import assume
from hypothesis import strategies as st

from resnet_studio.analysis.plan import analyse
from resnet_studio.design.types import (
    Activation,
    Attention,
    Block,
    BlockKind,
    BlockSpec,
    Design,
    Head,
    HeadPool,
    InputSpec,
    Norm,
    Order,
    ShortcutKind,
    Stage,
    Stem,
    StemKind,
)

torch.set_num_threads(1)
_RATES = (0.0, 0.0, 0.25)


@st.composite
def specs(draw: st.DrawFn, arriving: int) -> BlockSpec:
    """A block that fits behind `arriving` channels."""
    groups = draw(st.sampled_from([1, 1, 2, 4]))
    kind = draw(st.sampled_from(list(BlockKind)))
    if kind is BlockKind.RESIDUAL and arriving % groups:
        groups = 1
    channels = draw(st.sampled_from([arriving, 8, 12]))
    if kind is BlockKind.RESIDUAL and channels % groups:
        groups = 1
    stride = draw(st.sampled_from([1, 1, 2, 3]))
    fitting = [ShortcutKind.PROJECTION, ShortcutKind.POOL_PROJECTION, ShortcutKind.NONE]
    if channels >= arriving:
        fitting.append(ShortcutKind.ZERO_PAD)
    if channels == arriving and stride == 1:
        fitting.append(ShortcutKind.IDENTITY)
    return BlockSpec(
        kind=kind,
        channels=channels,
        width=groups * draw(st.integers(1, 3)),
        groups=groups,
        stride=stride,
        stride_first=draw(st.booleans()),
        kernel=draw(st.sampled_from([1, 3, 3, 5])),
        dilation=draw(st.sampled_from([1, 1, 2, 3])),
        order=draw(st.sampled_from(list(Order))),
        shortcut=(shortcut := draw(st.sampled_from(fitting))),
        activation=draw(st.sampled_from(list(Activation))),
        norm=draw(st.sampled_from([Norm.BATCH, *Norm])),
        norm_groups=1,
        attention=draw(st.sampled_from([Attention.NONE, *Attention])),
        reduction=draw(st.sampled_from([1, 4, 16])),
        dropout=draw(st.sampled_from(_RATES)),
        drop_path=0.0 if shortcut is ShortcutKind.NONE else draw(st.sampled_from(_RATES)),
        zero_init=draw(st.booleans()),
    )


@st.composite
def designs(draw: st.DrawFn, most: int = 3) -> Design:
    """A drawing without Problems; of so many stages at most, and so many blocks in each."""
    stem = Stem(
        channels=draw(st.sampled_from([4, 6, 8])),
        kind=draw(st.sampled_from([StemKind.PLAIN, *StemKind])),
        kernel=draw(st.sampled_from([1, 3, 7])),
        stride=draw(st.integers(1, 2)),
        pool=draw(st.booleans()),
        activate=draw(st.booleans()),
        norm=draw(st.sampled_from([Norm.BATCH, *Norm])),
        norm_groups=1,
        activation=draw(st.sampled_from(list(Activation))),
    )
    arriving, stages = stem.channels, []
    for number in range(draw(st.integers(1, most))):
        blocks = []
        for position in range(draw(st.integers(1, most))):
            spec = draw(specs(arriving))
            blocks.append(Block(f"s{number}b{position}", spec))
            arriving = spec.channels
        stages.append(Stage(id=f"s{number}", name=f"Stage {number + 1}", blocks=tuple(blocks)))
    head = Head(
        classes=draw(st.integers(1, 5)),
        activate=draw(st.booleans()),
        norm=draw(st.sampled_from([Norm.BATCH, *Norm])),
        norm_groups=1,
        pool=draw(st.sampled_from(list(HeadPool))),
        dropout=draw(st.sampled_from(_RATES)),
    )
    size = st.integers(9, 40)
    image = InputSpec(channels=draw(st.integers(1, 4)), height=draw(size), width=draw(size))
    return _unshrunk(Design(name="Random", input=image, stem=stem, stages=tuple(stages), head=head))


def _unshrunk(design: Design) -> Design:
    """The same with a larger image when its strides have nothing left to halve."""
    while analyse(design).problems:
        image = replace(design.input, height=2 * design.input.height, width=2 * design.input.width)
        # Nine strides of 3 in a row, which only thousands of examples bring up, ask for more than any image.
        assume(image.height < 4096)
        design = replace(design, input=image)
    return design


def one_block(spec: BlockSpec, *, channels: int = 8, size: int = 8) -> Design:
    """Stem, one block, head."""
    return Design(
        input=InputSpec(channels=3, height=size, width=size),
        stem=Stem(channels=channels, kernel=3, stride=1, pool=False),
        stages=(Stage(id="s", name="Stage 1", blocks=(Block("b", spec),)),),
        head=Head(classes=3),
    )

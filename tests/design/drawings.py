"""hypothesis strategies for drawings: anything that the types and the limits allow, sound or not."""

from hypothesis import strategies as st

from resnet_studio.design import limits
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

_WORDS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=8).filter(
    str.strip
)
names = st.one_of(_WORDS, _WORDS.map(lambda name: (name * limits.MAX_NAME)[: limits.MAX_NAME]))
channels = st.one_of(st.integers(1, 512), st.sampled_from([1, 64, limits.MAX_CHANNELS]))
kernels = st.integers(0, limits.MAX_KERNEL // 2).map(lambda half: 2 * half + 1)
rates = st.one_of(st.just(0.0), st.floats(0, limits.MAX_RATE))

specs = st.builds(
    BlockSpec,
    kind=st.sampled_from(BlockKind),
    channels=channels,
    width=channels,
    groups=st.one_of(st.just(1), channels),
    stride=st.integers(1, limits.MAX_STRIDE),
    stride_first=st.booleans(),
    kernel=kernels,
    dilation=st.integers(1, limits.MAX_DILATION),
    order=st.sampled_from(Order),
    shortcut=st.sampled_from(ShortcutKind),
    activation=st.sampled_from(Activation),
    norm=st.sampled_from(Norm),
    norm_groups=channels,
    attention=st.sampled_from(Attention),
    reduction=channels,
    dropout=rates,
    drop_path=rates,
    zero_init=st.booleans(),
)
stems = st.builds(
    Stem,
    channels=channels,
    kind=st.sampled_from(StemKind),
    kernel=kernels,
    stride=st.integers(1, limits.MAX_STRIDE),
    pool=st.booleans(),
    activate=st.booleans(),
    norm=st.sampled_from(Norm),
    norm_groups=channels,
    activation=st.sampled_from(Activation),
)
heads = st.none() | st.builds(
    Head,
    classes=st.integers(1, limits.MAX_CLASSES),
    activate=st.booleans(),
    norm=st.sampled_from(Norm),
    norm_groups=channels,
    activation=st.sampled_from(Activation),
    pool=st.sampled_from(HeadPool),
    dropout=rates,
)
inputs = st.builds(
    InputSpec,
    channels=channels,
    height=st.integers(1, limits.MAX_IMAGE),
    width=st.integers(1, limits.MAX_IMAGE),
)


@st.composite
def designs(draw: st.DrawFn, *, min_stages: int = 0, max_stages: int = 4) -> Design:
    """Any drawing. Few different specs, so that runs of equal neighbours come up too."""
    palette = draw(st.lists(specs, min_size=1, max_size=4))
    lengths = draw(st.lists(st.integers(0, 5), min_size=min_stages, max_size=max_stages))
    stages = tuple(
        Stage(
            id=f"lane{s}",
            name=draw(names),
            blocks=tuple(Block(f"b{s}-{b}", draw(st.sampled_from(palette))) for b in range(length)),
        )
        for s, length in enumerate(lengths)
    )
    return Design(name=draw(names), input=draw(inputs), stem=draw(stems), stages=stages, head=draw(heads))


def ids(design: Design) -> list[str]:
    """Every block's id, from input to output."""
    return [block.id for block in design.blocks()]

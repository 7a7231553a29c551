"""The parts that later papers put in a block, by the papers' own formulas; what is wrong with them, and how it is mended."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.analysis.attention import eca_kernel, squeezed
from resnet_studio.analysis.layers import WITHOUT_MODULE, LayerKind
from resnet_studio.analysis.parts import block_part, head_part, stem_part
from resnet_studio.analysis.plan import HEAD, STEM, analyse
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import (
    Attention,
    Block,
    BlockKind,
    BlockSpec,
    Design,
    Head,
    HeadPool,
    Norm,
    Order,
    ShortcutKind,
    Stage,
    Stem,
    StemKind,
)
from tests.design.drawings import specs

PLAIN = BlockSpec(kind=BlockKind.BOTTLENECK, channels=256, width=64)
SHAPE = (256, 14, 10)


def _added(**fields: object) -> tuple[int, int]:
    """Parameters and multiply-adds that fields add to a plain bottleneck of 256 channels on a 14x10 map."""
    part, bare = block_part(replace(PLAIN, **fields), SHAPE), block_part(PLAIN, SHAPE)  # type: ignore[arg-type]
    assert part.faults == ()
    assert part.output == bare.output
    return part.params - bare.params, part.macs - bare.macs


def test_squeeze_and_excitation_costs_two_small_layers() -> None:
    """Hu et al. 2017, section 4: 2 C^2 / r weights, and here the biases that torchvision and timm give them."""
    assert _added(attention=Attention.SE) == (2 * 256 * 256 // 16 + 256 + 16, 2 * 256 * 256 // 16)
    assert _added(attention=Attention.SE, reduction=4)[0] == 2 * 256 * 64 + 256 + 64


def test_eca_costs_its_kernel() -> None:
    """Wang et al. 2020: k weights, k from the channels; 3 for 64, 5 for 256 and 512, 7 for 2048 in their ResNet-50."""
    assert _added(attention=Attention.ECA) == (5, 5 * 256)
    assert [eca_kernel(channels) for channels in (1, 16, 64, 256, 512, 1024, 2048)] == [3, 3, 3, 5, 5, 5, 7]


def test_cbam_looks_at_channels_and_then_at_places() -> None:
    """Woo et al. 2018: the shared layers see mean and maximum; a 7x7 over two maps, normalised, sees the places."""
    params, macs = _added(attention=Attention.CBAM)
    assert params == 2 * 256 * 16 + 2 * 7 * 7 + 2
    assert macs == 2 * (2 * 256 * 16) + 2 * 7 * 7 * 14 * 10


@given(st.integers(1, 300), st.integers(1, 64))
def test_at_least_one_channel_is_left_of_a_squeeze(channels: int, reduction: int) -> None:
    spec = replace(PLAIN, attention=Attention.SE, reduction=reduction)
    assert squeezed(spec, channels) == max(1, channels // reduction)


@pytest.mark.parametrize("order", Order)
def test_attention_stands_last_before_the_addition_whatever_the_order(order: Order) -> None:
    part = block_part(replace(PLAIN, order=order, attention=Attention.SE, drop_path=0.1), SHAPE)
    assert [row.name for row in part.body[-3:]] == ["se.scale_activation", "se.scale", "drop_path"]
    assert part.body[-1].output == part.output


@pytest.mark.parametrize("order", Order)
def test_dropout_stands_before_the_last_convolution(order: Order) -> None:
    part = block_part(replace(PLAIN, order=order, dropout=0.3), SHAPE)
    names = [row.name for row in part.body]
    assert names[names.index("drop") + 1] == "conv3"
    assert _added(order=order, dropout=0.3, drop_path=0.2) == _added(order=order)


def test_dilation_widens_the_view_and_keeps_the_map() -> None:
    for dilation, kernel in ((2, 3), (4, 3), (1, 7), (3, 5)):
        spec = BlockSpec(kind=BlockKind.RESIDUAL, channels=64, width=64, dilation=dilation, kernel=kernel)
        stage = Stage(id="s", name="S", blocks=(Block("b", spec),))
        design = Design(stem=Stem(kernel=1, stride=1, pool=False), stages=(stage,))
        plan = analyse(design)
        assert plan.problems == ()
        assert plan.units[1].part.output == plan.units[0].part.output
        assert plan.units[1].receptive == 1 + 2 * dilation * (kernel - 1)


def test_attention_does_not_widen_the_view_along_the_main_path() -> None:
    design = preset("resnet18")
    stages = tuple(
        replace(
            stage,
            blocks=tuple(Block(b.id, replace(b.spec, attention=Attention.CBAM)) for b in stage.blocks),
        )
        for stage in design.stages
    )
    assert analyse(replace(design, stages=stages)).totals.receptive == 435


def test_without_a_norm_the_convolutions_learn_a_bias() -> None:
    part = block_part(replace(PLAIN, norm=Norm.NONE), SHAPE)
    assert {row.kind for row in part.body} == {LayerKind.CONV, LayerKind.ACTIVATION}
    bare = block_part(PLAIN, SHAPE)
    assert part.params == bare.params - (64 + 64 + 256)  # a norm has two numbers a channel, a bias one
    assert part.macs == bare.macs
    stem = stem_part(Stem(norm=Norm.NONE), (3, 224, 224))
    assert stem.params == 3 * 64 * 49 + 64


@pytest.mark.parametrize(
    ("kind", "channels"),
    [(StemKind.PLAIN, (64,)), (StemKind.DEEP, (32, 32, 64)), (StemKind.TIERED, (24, 32, 64))],
)
def test_three_small_convolutions_see_nearly_what_the_large_one_saw(
    kind: StemKind, channels: tuple[int, ...]
) -> None:
    """He et al. 2018, figure 2b. Each has 64 channels at a quarter of the size; their 7x7 saw 11 pixels behind the pool."""
    stem = Stem(kind=kind)
    part = stem_part(stem, (3, 224, 224))
    convolutions = [row for row in part.body if row.kind is LayerKind.CONV]
    assert tuple(row.output[0] for row in convolutions) == channels
    assert part.output == (64, 56, 56)
    arriving = (3, *channels[:-1])
    kernel = 49 if kind is StemKind.PLAIN else 9
    norms = 2 * sum(channels)
    assert part.params == sum(kernel * a * b for a, b in zip(arriving, channels, strict=True)) + norms


@given(st.integers(1, 80), st.sampled_from(StemKind))
def test_a_stem_of_any_width_has_a_channel_everywhere(channels: int, kind: StemKind) -> None:
    part = stem_part(Stem(channels=channels, kind=kind), (3, 64, 64))
    assert part.output[0] == channels
    assert all(row.output[0] > 0 for row in part.body)


def test_the_head_pools_and_drops() -> None:
    rows = head_part(Head(pool=HeadPool.MAX, dropout=0.5), (512, 7, 7)).body
    assert [(row.kind, row.output) for row in rows] == [
        (LayerKind.GLOBAL_POOL, (512, 1, 1)),
        (LayerKind.DROPOUT, (512,)),
        (LayerKind.LINEAR, (1000,)),
    ]


@given(specs)
def test_counts_are_the_sums_of_rows_and_circles_cost_nothing(spec: BlockSpec) -> None:
    part = block_part(spec, (spec.channels, 8, 8))
    for total in ("params", "macs", "torchinfo_macs"):
        assert getattr(part, total) == sum(getattr(row, total) for row in part.layers())
    assert all(row.params == row.macs == 0 for row in part.layers() if row.kind in WITHOUT_MODULE)


# --- what is wrong, and its repair ----------------------------------------------------------------------------------


def _mended(design: Design, code: str, where: str) -> Design:
    problem = next(p for p in analyse(design).problems if p.code == code)
    assert problem.where == where
    assert problem.repair is not None
    mended = problem.repair.apply(design)
    assert code not in [p.code for p in analyse(mended).problems]
    return mended


def test_norm_groups_that_do_not_divide_are_mended_in_block_stem_and_head() -> None:
    design = preset("cifar_resnet20")
    stem = replace(design, stem=replace(design.stem, norm=Norm.GROUP))
    assert _mended(stem, "norm_groups", STEM).stem.norm_groups == 16
    assert design.head is not None
    head = replace(design, head=replace(design.head, activate=True, norm=Norm.GROUP, norm_groups=48))
    assert _mended(head, "norm_groups", HEAD).head == replace(head.head, norm_groups=32)
    first = design.stages[0].blocks[0]
    lane = replace(design.stages[0], blocks=(Block(first.id, replace(first.spec, norm=Norm.GROUP)),))
    block = replace(design, stages=(lane, *design.stages[1:]))
    assert _mended(block, "norm_groups", first.id).stages[0].blocks[0].spec.norm_groups == 16


def test_drop_path_needs_something_that_is_left() -> None:
    spec = replace(PLAIN, shortcut=ShortcutKind.NONE, drop_path=0.2)
    design = Design(stem=Stem(channels=256), stages=(Stage(id="s", name="S", blocks=(Block("b", spec),)),))
    assert _mended(design, "drop_path", "b").stages[0].blocks[0].spec.drop_path == 0


@pytest.mark.parametrize("size", [1, 2])
def test_a_stem_that_leaves_nothing_is_mended(size: int) -> None:
    design = preset("resnet18")
    design = replace(design, input=replace(design.input, height=size, width=size), stages=())
    while any(problem.code == "shrunk" for problem in analyse(design).problems):
        problem = next(p for p in analyse(design).problems if p.code == "shrunk")
        assert problem.repair is not None
        design = problem.repair.apply(design)
    assert analyse(design).units[0].part.output[1:] == (1, 1)


# --- advice ---------------------------------------------------------------------------------------------------------


def test_no_published_network_gets_advice() -> None:
    assert {name: analyse(preset(name)).advice for name in PRESETS} == dict.fromkeys(PRESETS, ())


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("stem", [True, False])
@pytest.mark.parametrize("head", [True, False])
def test_advice_ends_when_it_is_followed_and_never_keeps_from_building(
    order: Order, stem: bool, head: bool
) -> None:
    spec = BlockSpec(kind=BlockKind.RESIDUAL, channels=64, width=64, order=order)
    design = Design(
        stem=Stem(activate=stem),
        stages=(Stage(id="s", name="S", blocks=(Block("b", spec),)),),
        head=Head(activate=head),
    )
    plan = analyse(design)
    assert plan.problems == ()
    preact = order in (Order.RELU_ONLY_PREACT, Order.FULL_PREACT)
    assert (STEM in [one.where for one in plan.advice]) == (preact is stem)
    for one in plan.advice:
        assert one.repair is not None
        design = one.repair.apply(design)
    assert analyse(design).advice == ()

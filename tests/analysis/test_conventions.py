"""What counts as work: what tools print is reproduced to the integer, and each convention is a sum over the layers."""

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.analysis import conventions as room
from resnet_studio.analysis.conventions import EVERYTHING, PAPERS, PTFLOPS, Convention, plan_work
from resnet_studio.analysis.intensity import part_intensity, plan_bytes, plan_intensity
from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.plan import Plan, analyse
from resnet_studio.analysis.why import why
from resnet_studio.design.presets import preset


def _elements(plan: Plan, kind: LayerKind, *, arriving: bool = False) -> int:
    return sum(prod(row.input if arriving else row.output) for _, row, _ in plan.layers() if row.kind is kind)


def test_why_four_numbers_are_all_resnet_50() -> None:
    paper = plan_work(analyse(preset("resnet50_v1"))).counted(PAPERS)
    torchvision = plan_work(analyse(preset("resnet50")))
    assert f"{paper / 1e9:.2f}" == "3.86"
    assert int(paper / 1e8) / 10 == 3.8  # the paper prints 3.8 x 10^9: cut off, not rounded
    assert f"{torchvision.counted(PAPERS) / 1e9:.2f}" == "4.09"
    assert f"{torchvision.counted(PTFLOPS) / 1e9:.2f}" == "4.12"


# ptflops' README, column MACs(G): it counts norm, activation and pooling, and no addition.
@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("resnet18", "1.82"),
        ("resnet34", "3.68"),
        ("resnet50", "4.12"),
        ("resnet101", "7.85"),
        ("resnet152", "11.58"),
        ("resnext101_32x4d", "8.03"),
        ("resnext101_64x4d", "15.55"),
    ],
)
def test_ptflops_table(name: str, printed: str) -> None:
    assert f"{plan_work(analyse(preset(name))).counted(PTFLOPS) / 1e9:.2f}" == printed


def test_what_other_counters_print_of_resnet_50() -> None:
    plan = analyse(preset("resnet50"))
    work = plan_work(plan)
    averaged = _elements(plan, LayerKind.GLOBAL_POOL, arriving=True)
    # fvcore 0.1.5: convolutions, classifier, 2 an element of batch norm, the last pooling.
    assert work.macs + work.norm + averaged == 4_111_512_576
    # ptflops 0.7.5 meets activation and pooling twice, as module and as function, and counts the classifier's bias.
    assert work.macs + work.norm + 2 * (work.activation + work.pooling) + 1000 == 4_132_436_968
    # torch.utils.flop_counter: FLOPs of convolutions and classifier.
    assert work.counted(Convention(flops=True)) == 8_178_368_512


@pytest.mark.parametrize(
    "name", ["resnet50", "seresnet50", "resnet50d", "cifar_preact_resnet110", "wrn_16_8"]
)
def test_each_item_is_counted_by_its_elements(name: str) -> None:
    plan = analyse(preset(name))
    base = plan.totals.macs

    def only(**item: bool) -> int:
        return plan_work(plan).counted(Convention(**item)) - base

    assert only() == 0
    assert only(norm=True) == 2 * _elements(plan, LayerKind.NORM)
    gates = _elements(plan, LayerKind.GATE)
    assert only(activation=True) == _elements(plan, LayerKind.ACTIVATION) + gates
    assert only(addition=True) == _elements(plan, LayerKind.ADD) + _elements(plan, LayerKind.SCALE)
    pools = (LayerKind.MAX_POOL, LayerKind.AVG_POOL, LayerKind.GLOBAL_POOL)
    assert only(pooling=True) == sum(_elements(plan, kind, arriving=True) for kind in pools)
    assert only(flops=True) == base


CHOICES = st.builds(
    Convention,
    flops=st.booleans(),
    norm=st.booleans(),
    activation=st.booleans(),
    addition=st.booleans(),
    pooling=st.booleans(),
)


@given(by=CHOICES)
def test_a_plan_is_the_sum_of_its_parts_and_a_part_of_its_layers(by: Convention) -> None:
    plan = analyse(preset("resnet50d"))
    parts = [unit.part for unit in plan.units]
    total = plan_work(plan).counted(by)
    assert total == sum(room.part_work(part).counted(by) for part in parts)
    assert total == sum(room.layer_work(row).counted(by) for part in parts for row in part.layers())
    assert total >= plan.totals.macs


def test_conventions_by_their_words() -> None:
    assert room.convention("conv") == PAPERS
    assert room.convention("all", flops=True) == Convention(
        flops=True, norm=True, activation=True, addition=True, pooling=True
    )
    assert room.convention("ptflops") == PTFLOPS
    assert room.convention("norm, addition") == Convention(norm=True, addition=True)
    assert room.convention("conv,norm") == Convention(norm=True)
    assert room.convention("norms") is None
    assert EVERYTHING.items == room.ITEMS
    assert Convention().words == "multiply-adds of convolutions and classifier"


def test_intensity_of_one_convolution_by_hand() -> None:
    plan = analyse(preset("cifar_resnet20"))
    stem = plan.units[0].part
    conv, norm, act = 3 * 9 * 16 * 1024, 2 * 16 * 1024, 16 * 1024
    moved = (3 * 1024 + 16 * 1024 + 3 * 9 * 16) + (2 * 16 * 1024 + 4 * 16) + 2 * 16 * 1024
    assert part_intensity(stem) == pytest.approx((2 * conv + norm + act) / (4 * moved))


def test_an_addition_moves_three_maps_and_a_grouped_bottleneck_is_less_intense() -> None:
    plain, resnext = analyse(preset("resnet50")), analyse(preset("resnext50_32x4d"))
    assert plan_intensity(resnext) < plan_intensity(plain)
    with_adds, without = analyse(preset("resnet18_v1")), analyse(preset("plain18"))
    maps = _elements(with_adds, LayerKind.ADD)
    pads = [row for _, row, _ in with_adds.layers() if row.kind is LayerKind.ZERO_PAD]
    padded = sum(prod(row.input) + prod(row.output) for row in pads)
    assert plan_bytes(with_adds) - plan_bytes(without) == 4 * (3 * maps + padded)


def test_the_explanation_prints_what_it_counts() -> None:
    for reason in why():
        unit, digits = 10**9, len(reason.printed.split(" ")[0].split(".")[1])
        told = reason.counted / unit
        cut_or_rounded = (f"{told:.{digits}f}", f"{int(told * 10**digits) / 10**digits:.{digits}f}")
        assert reason.printed.removesuffix(" G") in cut_or_rounded
    assert [reason.printed for reason in why()][:3] == ["3.8 G", "3.86 G", "4.09 G"]

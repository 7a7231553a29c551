"""The same figures a second way: the papers' own formulas, written out here without the Plan."""

import pytest

from resnet_studio.analysis.figures import Figure, Told, figures, networks, verdict
from resnet_studio.analysis.plan import analyse
from resnet_studio.design.presets import find, preset

COUNTS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
BASIC = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3)}


def totals(name: str) -> tuple[int, int]:
    counted = analyse(preset(name)).totals
    return counted.params, counted.macs


def bottlenecks(depth: int, *, groups: int = 1, width: int = 64, first: bool = False) -> tuple[int, int]:
    """(parameters, multiply-adds) of Table 1's nets of bottlenecks by He et al. 2015 and Xie et al. 2016, eq. 4."""
    params, macs = 3 * 49 * 64 + 128, 3 * 49 * 64 * 112 * 112
    arriving, side = 64, 56
    for stage, count in enumerate(COUNTS[depth]):
        inner, leaving = groups * width * 2**stage, 256 * 2**stage
        for block in range(count):
            halves = stage > 0 and block == 0
            out = side // 2 if halves else side
            reduced = out if first else side  # v1 halves in the first 1x1
            convs = (arriving * inner, 9 * inner * inner // groups, inner * leaving)
            params += sum(convs) + 2 * (2 * inner + leaving)
            macs += convs[0] * reduced**2 + convs[1] * out**2 + convs[2] * out**2
            if block == 0:
                params += arriving * leaving + 2 * leaving
                macs += arriving * leaving * out**2
            arriving, side = leaving, out
    return params + 2048 * 1000 + 1000, macs + 2048 * 1000


def residuals(depth: int, *, projected: bool) -> tuple[int, int]:
    """(parameters, multiply-adds) of ResNet-18 and 34: 18 C^2 for two 3x3 of C channels."""
    params, macs = 3 * 49 * 64 + 128, 3 * 49 * 64 * 112 * 112
    for stage, count in enumerate(BASIC[depth]):
        c, side = 64 * 2**stage, 56 // 2**stage
        blocks = count * 18 * c * c
        if stage:
            blocks -= 9 * c * c // 2  # the first 3x3 of the first block sees half the channels
            if projected:
                params += 2 * c
                blocks += c * c // 2
        params += blocks + count * 4 * c
        macs += blocks * side**2
    return params + 512 * 1000 + 1000, macs + 512 * 1000


@pytest.mark.parametrize("depth", COUNTS)
def test_nets_of_bottlenecks(depth: int) -> None:
    assert totals(f"resnet{depth}") == bottlenecks(depth)
    assert totals(f"resnet{depth}_v1") == bottlenecks(depth, first=True)
    assert totals(f"wide_resnet{depth}_2") == bottlenecks(depth, width=128)


@pytest.mark.parametrize(
    ("groups", "width"), [(1, 64), (2, 40), (4, 24), (8, 14), (32, 4), (32, 8), (64, 4), (5, 13)]
)
@pytest.mark.parametrize("depth", COUNTS)
def test_resnext(depth: int, groups: int, width: int) -> None:
    assert totals(f"resnext{depth}_{groups}x{width}d") == bottlenecks(depth, groups=groups, width=width)
    block = groups * (256 * width + 9 * width * width + 256 * width)
    inner = analyse(preset(f"resnext{depth}_{groups}x{width}d")).units[2].part
    assert sum(row.params for row in inner.body if row.kind == "conv") == block


@pytest.mark.parametrize("depth", BASIC)
def test_nets_of_residual_blocks(depth: int) -> None:
    assert totals(f"resnet{depth}") == residuals(depth, projected=True)
    assert totals(f"resnet{depth}_v1") == residuals(depth, projected=False)
    assert totals(f"plain{depth}") == residuals(depth, projected=False)


@pytest.mark.parametrize("n", [1, 3, 5, 7, 9, 18, 200])
@pytest.mark.parametrize("base", [16, 24])
def test_cifar(n: int, base: int) -> None:
    suffix = "" if base == 16 else f"_w{base}"
    params, macs = 27 * base + 2 * base, 27 * base * 1024
    for stage in range(3):
        c, side = base * 2**stage, 32 // 2**stage
        convs = n * 18 * c * c - (9 * c * c // 2 if stage else 0)
        params += convs + n * 4 * c
        macs += convs * side**2
    params += 4 * base * 10 + 10
    macs += 4 * base * 10
    depth = 6 * n + 2
    assert totals(f"cifar_resnet{depth}{suffix}") == (params, macs)
    assert totals(f"cifar_plain{depth}{suffix}") == (params, macs)
    # Projections (B) add base x 2 base and 2 base x 4 base weights, and a norm behind each.
    projections = 2 * base * base + 4 * base + 8 * base * base + 8 * base
    assert totals(f"cifar_resnet{depth}_b{suffix}")[0] == params + projections
    # Full pre-activation: each block's first norm has the channels that arrive, and the last norm is the head's.
    moved = sum(2 * (c // 2) - 2 * c for c in (2 * base, 4 * base)) - 2 * base + 8 * base
    assert totals(f"cifar_preact_resnet{depth}{suffix}")[0] == params + moved


@pytest.mark.parametrize(("depth", "widen"), [(16, 8), (28, 10), (40, 4), (22, 3), (10, 1)])
def test_wide_resnet(depth: int, widen: int) -> None:
    n = (depth - 4) // 6
    params, macs = 27 * 16, 27 * 16 * 1024
    arriving = 16
    for stage in range(3):
        c, side = 16 * widen * 2**stage, 32 // 2**stage
        same = arriving == c and stage == 0
        project = 0 if same else arriving * c
        convs = 9 * arriving * c + 9 * c * c + (n - 1) * 18 * c * c + project
        params += convs + 2 * arriving + 2 * c + (n - 1) * 4 * c
        macs += convs * side**2
        arriving = c
    params += 2 * arriving + 10 * arriving + 10
    macs += 10 * arriving
    assert totals(f"wrn_{depth}_{widen}") == (params, macs)


@pytest.mark.parametrize(("groups", "width"), [(8, 64), (16, 64), (1, 64)])
def test_cifar_resnext(groups: int, width: int) -> None:
    params, macs, arriving = 27 * 64 + 128, 27 * 64 * 1024, 64
    for stage in range(3):
        inner, leaving, side = groups * width * 2**stage, 256 * 2**stage, 32 // 2**stage
        before = side if stage == 0 else 2 * side
        for block in range(3):
            convs = (arriving * inner, 9 * inner * inner // groups, inner * leaving)
            params += sum(convs) + 4 * inner + 2 * leaving
            macs += convs[0] * (before if block == 0 else side) ** 2 + (convs[1] + convs[2]) * side**2
            if block == 0:
                params += arriving * leaving + 2 * leaving
                macs += arriving * leaving * side**2
            arriving = leaving
    assert totals(f"cifar_resnext29_{groups}x{width}d") == (params + 10250, macs + 10240)


def test_the_tweaks_of_2018() -> None:
    """He et al. 2018: C replaces the 7x7 by three 3x3; D pools before it projects, which no parameter sees."""
    params, macs = bottlenecks(50)
    deep = 27 * 32 + 9 * 32 * 32 + 9 * 32 * 64
    params += deep - 147 * 64 + 4 * 32
    macs += (deep - 147 * 64) * 112 * 112
    assert totals("resnet50c") == totals("resnet50d") == (params, macs)
    tiered = 27 * 24 + 9 * 24 * 32 + 9 * 32 * 64
    assert totals("resnet50t")[0] == params + tiered - deep + 2 * (24 - 32)


def test_squeeze_and_excitation() -> None:
    """Hu et al. 2017, eq. 6: 2 C^2 / r more weights a block, here with biases."""
    more = sum(
        count * (2 * c * c // 16 + c // 16 + c)
        for count, c in zip(COUNTS[50], (256, 512, 1024, 2048), strict=True)
    )
    assert totals("seresnet50")[0] == bottlenecks(50)[0] + more


# --- the table of published figures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "figure", figures(), ids=lambda figure: f"{figure.network}-{figure.what}-{figure.printed}"
)
def test_every_published_figure_agrees(figure: Figure) -> None:
    found = verdict(figure)
    assert found.agrees, (figure.printed, found.counted)
    assert figure.source


def test_the_table_names_presets_and_has_the_papers() -> None:
    assert all(find(name) is not None for name in networks())
    assert len(set(figures())) == len(figures()) > 90
    assert {"resnet50", "resnet50_v1", "cifar_resnet1202", "wrn_28_10", "seresnet50"} <= set(networks())


@pytest.mark.parametrize(
    ("printed", "counted", "agrees"),
    [
        ("25,557,032", 25_557_032, True),
        ("25,557,032", 25_557_031, False),
        ("3.8 G", 3_857_973_248, True),  # cut off
        ("3.9 G", 3_857_973_248, True),  # rounded
        ("3.7 G", 3_857_973_248, False),
        ("4.0 G", 3_857_973_248, False),
        ("4.23 G", 4_230_479_872, True),
        ("0.27 M", 269_722, True),
        ("0.26 M", 269_722, True),
        ("0.28 M", 269_722, False),
    ],
)
def test_a_figure_agrees_to_its_printed_digits(printed: str, counted: int, agrees: bool) -> None:
    assert Figure(network="x", what="params", printed=printed, source="s").agrees(counted) is agrees


def test_torchinfo_is_part_of_the_verdict() -> None:
    figure = Figure(network="resnet18", what="params", printed="11,689,512", source="s")
    assert verdict(figure, Told(params=11_689_512, macs=0)).agrees
    assert not verdict(figure, Told(params=11_689_513, macs=0)).agrees
    sight = Figure(network="resnet18", what="receptive", printed="435", source="s")
    assert verdict(sight, Told(params=0, macs=0)).torchinfo is None

"""The Plan of whole drawings: names, totals, receptive fields, and that no drawing is too wrong to be analysed."""

from dataclasses import replace

import pytest
from hypothesis import given

from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.plan import HEAD, STEM, Plan, Unit, analyse
from resnet_studio.design import edits
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import (
    Block,
    BlockKind,
    BlockSpec,
    Design,
    InputSpec,
    Order,
    ShortcutKind,
    Stage,
    Stem,
)
from tests.analysis.networks import changed, v1
from tests.design.drawings import designs


@given(designs())
def test_whatever_is_drawn_is_analysed(design: Design) -> None:
    plan = analyse(design)
    blocks = list(design.blocks())
    expected = [STEM, *(block.id for block in blocks), *([HEAD] if design.head else [])]
    assert [unit.id for unit in plan.units] == expected
    shape: tuple[int, ...] = design.input.shape
    for unit in plan.units:
        assert unit.part.input == shape
        shape = unit.part.output
    assert plan.output == shape
    rows = list(plan.layers())
    assert len({name for name, _, _ in rows}) == len(rows)
    assert plan.totals.params == sum(layer.params for _, layer, _ in rows)
    assert plan.totals.macs == sum(layer.macs for _, layer, _ in rows)
    assert plan.totals.torchinfo_macs == sum(layer.torchinfo_macs for _, layer, _ in rows)
    assert plan.totals.flops == 2 * plan.totals.macs
    assert plan.totals.param_bytes == 4 * plan.totals.params


@given(designs())
def test_the_same_drawing_means_the_same(design: Design) -> None:
    first, second = analyse(design), analyse(replace(design))
    assert (first.units, first.totals) == (second.units, second.totals)
    assert [str(problem) for problem in first.problems] == [str(problem) for problem in second.problems]


@given(designs(min_stages=1))
def test_an_edit_leaves_what_comes_before_it_alone(design: Design) -> None:
    before = analyse(design)
    spec = edits.make_spec(BlockKind.RESIDUAL, 16)
    after = analyse(edits.insert_spec(design, len(design.stages) - 1, 0, spec)[0])
    count = 1 + sum(len(stage.blocks) for stage in design.stages[:-1])
    assert after.units[:count] == before.units[:count]


# --- receptive fields ---------------------------------------------------------------------------------------------------


def _seen_backwards(plan: Plan, last: Unit) -> int:
    """The receptive field by walking from the output back to the image: r becomes r * stride + (kernel - stride)."""
    units = plan.units[: plan.units.index(last) + 1]
    rows = [
        row
        for unit in units
        for row in unit.part.pre + unit.part.body + unit.part.after
        if row.kind in (LayerKind.CONV, LayerKind.MAX_POOL)
    ]
    seen = 1
    for row in reversed(rows):
        seen = seen * row.stride + (row.kernel - row.stride)
    return seen


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "cifar_resnet1202"])
def test_receptive_fields_agree_with_the_walk_back(name: str) -> None:
    plan = analyse(preset(name))
    for unit in plan.units[:-1]:
        assert unit.receptive == _seen_backwards(plan, unit)
    assert plan.totals.receptive == plan.units[-1].receptive == plan.units[-2].receptive


@pytest.mark.parametrize(
    ("design", "edge"),
    [
        (preset("resnet18"), 435),
        (preset("resnet34"), 899),
        # Strides in the 3x3 (v1.5) see a pixel more of each strided bottleneck than strides in the 1x1 before it.
        (preset("resnet50"), 427),
        (v1("resnet50"), 483),
        (v1("resnet101"), 1027),
        (v1("resnet152"), 1507),
    ],
    ids=["18", "34", "50 v1.5", "50 v1", "101 v1", "152 v1"],
)
def test_receptive_fields_known_from_the_literature(design: Design, edge: int) -> None:
    """Araujo et al. 2019, "Computing receptive fields of convolutional neural networks" (the v1 values)."""
    assert analyse(design).totals.receptive == edge


def test_jumps_are_the_strides_so_far() -> None:
    plan = analyse(preset("resnet50"))
    assert [unit.jump for unit in plan.units[:-1]] == [4] * 4 + [8] * 4 + [16] * 6 + [32] * 3


# --- names and shapes ---------------------------------------------------------------------------------------------------


def test_names_are_torchvisions() -> None:
    plan = analyse(preset("resnet18"))
    names = [name for name, layer, _ in plan.layers() if layer.params]
    assert names[:6] == ["conv1", "bn1", "layer1.0.conv1", "layer1.0.bn1", "layer1.0.conv2", "layer1.0.bn2"]
    assert names[-1] == "fc"
    assert "layer2.0.downsample.1" in names
    assert len([name for name in names if ".conv" in name]) == 16


def test_shapes_along_resnet50() -> None:
    plan = analyse(preset("resnet50"))
    ends = {unit.stage: unit.part.output for unit in plan.units if unit.stage is not None}
    assert ends == {0: (256, 56, 56), 1: (512, 28, 28), 2: (1024, 14, 14), 3: (2048, 7, 7)}
    assert plan.output == (1000,)


def test_the_input_decides_the_maps_and_not_the_parameters() -> None:
    design = preset("resnet50")
    small = analyse(replace(design, input=InputSpec(channels=3, height=160, width=96)))
    assert small.totals.params == analyse(design).totals.params
    assert small.units[-2].part.output == (2048, 5, 3)
    grey = analyse(replace(design, input=InputSpec(channels=1, height=224, width=224)))
    assert analyse(design).totals.params - grey.totals.params == 2 * 64 * 49


def test_a_plain_net_has_no_additions_and_the_same_layers() -> None:
    design = changed(preset("cifar_resnet20"), shortcut=ShortcutKind.NONE)
    plan = analyse(design)
    assert plan.problems == ()
    assert not [layer for _, layer, _ in plan.layers() if layer.kind is LayerKind.ADD]
    assert plan.totals == replace(
        analyse(preset("cifar_resnet20")).totals, backward_bytes=plan.totals.backward_bytes
    )


def test_what_autograd_keeps_for_one_small_block() -> None:
    """By hand, one residual block behind a bare stem: each kept tensor once, in float32."""
    block = Block("b", BlockSpec(kind=BlockKind.RESIDUAL, channels=4, width=4, order=Order.ORIGINAL))
    design = Design(
        input=InputSpec(channels=3, height=8, width=8),
        stem=Stem(channels=4, kernel=3, stride=1, pool=False, activate=False),
        stages=(Stage(id="s", name="Stage 1", blocks=(block,)),),
        head=None,
    )
    image, map_ = 3 * 64 * 4, 4 * 64 * 4
    # image (conv1), x (conv1 of the block), conv1's output (bn1), relu1's output (itself and conv2), conv2's output (bn2), relu2's.
    assert analyse(design).totals.backward_bytes == image + 5 * map_

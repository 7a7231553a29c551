"""The figures that papers and torchvision print: parameters to the integer, multiply-adds to the printed digits."""

import json
from typing import Any

import pytest

from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.plan import Plan, analyse
from resnet_studio.design.presets import PRESETS, cifar_resnet, preset
from resnet_studio.design.types import Design, Order, ShortcutKind
from resnet_studio.resources_path import resource
from tests.analysis.networks import (
    cifar_bottleneck,
    in_order,
    resnext,
    v1,
    wide_resnet,
    with_shortcuts,
)

FIGURES: dict[str, Any] = json.loads(resource("figures.json").read_text(encoding="utf-8"))


def _rows(name: str) -> list[Any]:
    rows: list[Any] = FIGURES[name]["rows"]
    return [pytest.param(row, id="-".join(str(value) for value in list(row.values())[:2])) for row in rows]


def _sound(design: Design) -> Plan:
    plan = analyse(design)
    assert plan.problems == ()
    return plan


def _giga(plan: Plan) -> str:
    return f"{plan.totals.macs / 1e9:.3f}"


@pytest.mark.parametrize("row", _rows("resnet"))
def test_resnet(row: dict[str, Any]) -> None:
    name = f"resnet{row['depth']}"
    plan = _sound(preset(name))
    assert plan.totals.params == row["params"]
    assert _giga(plan) == f"{row['v15_gmacs']:.3f}"
    first = _sound(v1(name))
    assert _giga(first) == f"{row['v1_gmacs']:.3f}"
    # The paper's two digits are truncated or rounded, never further away than one of the last.
    assert abs(first.totals.macs - row["paper_flops"]) < 0.1e9
    assert [len(stage.blocks) for stage in plan.design.stages] == row["blocks"]
    assert {block.spec.kind.value for block in plan.design.blocks()} == {row["kind"]}
    assert _depth(plan) == row["depth"]


def _depth(plan: Plan) -> int:
    """Layers with weights on the main path, as the papers count them."""
    weighted = (LayerKind.CONV, LayerKind.LINEAR)
    return sum(layer.kind in weighted for unit in plan.units for layer in unit.part.pre + unit.part.body)


def test_striding_first_changes_no_parameter() -> None:
    for name in ("resnet50", "resnet101", "resnet152"):
        assert _sound(v1(name)).totals.params == _sound(preset(name)).totals.params


@pytest.mark.parametrize("row", _rows("cifar"))
def test_cifar(row: dict[str, Any]) -> None:
    design = cifar_resnet(row["depth"])
    plan = _sound(design)
    assert plan.totals.params == row["params"]
    assert _depth(plan) == row["depth"]
    assert [len(stage.blocks) for stage in design.stages] == [row["n"]] * 3
    if row["mmacs"] is not None:
        assert f"{plan.totals.macs / 1e6:.2f}" == f"{row['mmacs']:.2f}"
    assert round(plan.totals.params / 1e6, 2) == pytest.approx(row["paper_params"] / 1e6, abs=0.051)
    projected = _sound(with_shortcuts(design, ShortcutKind.ZERO_PAD, ShortcutKind.PROJECTION))
    assert projected.totals.params - plan.totals.params == FIGURES["cifar"]["projection_params"]


@pytest.mark.parametrize("row", _rows("resnext"))
def test_resnext_of_equal_complexity(row: dict[str, Any]) -> None:
    cardinality, width = row["cardinality"], row["width"]
    for depth, blocks in ((50, (3, 4, 6, 3)), (101, (3, 4, 23, 3))):
        plan = _sound(resnext(blocks, cardinality, width))
        assert plan.totals.params == row[f"params{depth}"]
        assert _giga(plan) == f"{row[f'gmacs{depth}']:.3f}"
    block = plan.units[2].part
    convolutions = [layer for layer in block.body if layer.kind is LayerKind.CONV]
    assert sum(layer.params for layer in convolutions) == row["block_params"]
    assert row["block_params"] == cardinality * (256 * width + 9 * width * width + width * 256)
    assert convolutions[1].output[0] == row["group_conv_width"]
    assert convolutions[1].groups == cardinality


def test_resnext_of_one_group_is_resnet_and_the_presets_are_the_papers() -> None:
    one = _sound(resnext((3, 4, 6, 3), 1, 64))
    assert one.totals == _sound(preset("resnet50")).totals
    for name, blocks, cardinality, width in (
        ("resnext50_32x4d", (3, 4, 6, 3), 32, 4),
        ("resnext101_32x8d", (3, 4, 23, 3), 32, 8),
    ):
        built, plan = _sound(resnext(blocks, cardinality, width)), _sound(preset(name))
        assert plan.totals == built.totals
    assert plan.totals.params == 88_791_336  # torchvision's num_params
    assert _giga(plan) == "16.414"


def test_orders_of_2016() -> None:
    figures = FIGURES["orders"]["params"]
    deep = cifar_resnet(110)
    assert _sound(deep).totals.params == 1_727_962
    assert _sound(in_order(deep, Order.FULL_PREACT)).totals.params == figures["resnet110_full_preact"]
    bottlenecks = cifar_bottleneck(164)
    assert _sound(bottlenecks).totals.params == figures["resnet164_original"]
    assert _sound(in_order(bottlenecks, Order.FULL_PREACT)).totals.params == figures["resnet164_full_preact"]


def test_the_table_of_orders_names_ours() -> None:
    assert [row["order"] for row in FIGURES["orders"]["rows"]] == [
        order.value for order in Order if order is not Order.NO_FINAL_RELU
    ]


@pytest.mark.parametrize("row", _rows("wide_resnet"))
def test_wide_resnet(row: dict[str, Any]) -> None:
    plan = _sound(wide_resnet(row["depth"], row["widen"]))
    assert plan.totals.params == row["params"]
    assert _giga(plan) == f"{row['gmacs']:.3f}"


def test_the_lectures_numbers() -> None:
    figures = FIGURES["lecture"]
    wide = _sound(preset("resnet34")).units  # stage 3: 3x3, 256 to 256
    plain = next(
        layer
        for unit in wide
        for layer in unit.part.body
        if layer.kind is LayerKind.CONV and layer.input[0] == layer.output[0] == 256
    )
    assert plain.macs // (14 * 14) == plain.params == figures["plain_3x3_256_macs_per_pixel"]
    bottleneck = _sound(preset("resnet50")).units[2].part
    per_pixel = [layer.macs // (56 * 56) for layer in bottleneck.body if layer.kind is LayerKind.CONV]
    assert per_pixel == figures["bottleneck_macs_per_pixel"]
    assert sum(per_pixel) == 69_632


def test_every_preset_is_sound_and_named_by_its_library() -> None:
    for name, entry in PRESETS.items():
        plan = _sound(preset(name))
        assert entry.name == name
        assert plan.design.name == entry.title
        assert entry.note
        assert entry.source
        assert preset(name) == preset(name)


def test_grouping_into_b_groups_divides_by_b() -> None:
    plain = _sound(resnext((1, 1, 1, 1), 1, 128)).units[1].part.body[3]
    grouped = _sound(resnext((1, 1, 1, 1), 32, 4)).units[1].part.body[3]
    assert plain.kind is LayerKind.CONV
    assert plain.output == grouped.output
    assert (plain.params, plain.macs) == (32 * grouped.params, 32 * grouped.macs)
    assert plain.kernel == 3

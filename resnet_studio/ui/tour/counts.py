"""The numbers that the tour tells, counted from the drawing as it is, and the published ones beside them. Knows no widget."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.plan import Plan, analyse
from resnet_studio.design.presets import preset
from resnet_studio.design.types import BlockSpec, Design
from resnet_studio.resources_path import resource
from resnet_studio.ui.format import THIN, resolution, thousands


@cache
def published() -> dict[str, Any]:
    """The published figures, as they stand in resources."""
    told: dict[str, Any] = json.loads(resource("figures.json").read_text(encoding="utf-8"))
    return told


@cache
def plan_of(name: str) -> Plan:
    """The plan of a preset."""
    return analyse(preset(name))


def convolutions(plan: Plan, block_id: str) -> list[Layer]:
    """A block's convolutions along the branch, in order."""
    unit = plan.unit(block_id)
    return [] if unit is None else [row for row in unit.part.body if row.kind is LayerKind.CONV]


def each_pixel(layer: Layer) -> int:
    """Multiply-adds of a convolution for one pixel of its output."""
    _, height, width = layer.output
    return layer.macs // (height * width)


def pixel_costs(plan: Plan, block_id: str) -> list[int]:
    """Multiply-adds of each convolution of a block's branch for one pixel."""
    return [each_pixel(layer) for layer in convolutions(plan, block_id)]


def about(number: int) -> str:
    """As a lecturer says it: 589824 is "about 590 k"."""
    return f"{round(number / 1000)}{THIN}k"


def giga(macs: int) -> str:
    """Multiply-adds as papers print them: "4.09 G"."""
    return f"{macs / 1e9:.2f}{THIN}G"


def mega(params: int) -> str:
    """Parameters as papers print them: "25.6 M"."""
    return f"{params / 1e6:.1f}{THIN}M"


def percent(value: float) -> str:
    """A percentage with the two digits that the papers print, or one."""
    return f"{value:g}{THIN}%"


def two_digits(value: float) -> str:
    """A percentage to two digits, in a column of such: "6.50 %"."""
    return f"{value:.2f}{THIN}%"


def one_digit(value: float) -> str:
    """A percentage to one digit: "76.1 %"."""
    return f"{value:.1f}{THIN}%"


def stage_rows(plan: Plan) -> list[tuple[str, str, str, str, str]]:
    """(stage, blocks, map, channels, multiply-adds of its last block) of each stage."""
    rows = []
    for index, stage in enumerate(plan.design.stages):
        units = [unit for unit in plan.units if unit.stage == index]
        if units:
            last = units[-1].part
            rows.append(
                (stage.name, str(len(units)), resolution(last.output), str(last.output[0]), f"{last.macs / 1e6:.0f}{THIN}M")
            )  # fmt: skip
    return rows


def spec_of(design: Design, block_id: str) -> BlockSpec | None:
    """A block's spec, while it is in the drawing."""
    block = design.block(block_id)
    return None if block is None else block.spec


__all__ = [
    "THIN", "about", "convolutions", "each_pixel", "giga", "mega", "one_digit", "percent", "pixel_costs", "plan_of", "published", "spec_of",
    "stage_rows", "thousands", "two_digits",
]  # fmt: skip

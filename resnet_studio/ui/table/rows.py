"""The rows of the layer table as plain objects: stem, stages, blocks, head, and their layers. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from resnet_studio.analysis.layers import Layer, LayerKind, Shape
from resnet_studio.analysis.parts import Part
from resnet_studio.analysis.plan import HEAD, STEM, Unit
from resnet_studio.design.types import BlockKind, Stage
from resnet_studio.language import tr
from resnet_studio.ui.layer_words import kind_words


class Column(IntEnum):
    """The table's columns, in order."""

    NAME = 0
    KIND = 1
    KERNEL = 2
    STRIDE = 3
    GROUPS = 4
    INPUT = 5
    OUTPUT = 6
    PARAMS = 7
    MACS = 8
    ACTIVATIONS = 9
    MEMORY = 10
    RECEPTIVE = 11
    JUMP = 12
    INTENSITY = 13
    TORCHINFO = 14


# These hold words and stand at the left; all others hold numbers.
WORDS = (Column.NAME, Column.KIND)


BLOCK_WORDS = {
    BlockKind.RESIDUAL: tr("Residual"),
    BlockKind.BOTTLENECK: tr("Bottleneck"),
    BlockKind.RESNEXT: "ResNeXt",
}


@dataclass(frozen=True, slots=True)
class Cells:
    """What a row says: the same for stages, blocks and layers. What has no kernel, stride or groups has 0."""

    name: str
    kind: str
    kernel: int
    stride: int
    groups: int
    input: Shape
    output: Shape
    params: int
    macs: int
    dilation: int = 1
    axes: int = 2

    @property
    def kernel_words(self) -> str:
        """ "7×7", "3×3 d2" where it is dilated, or nothing."""
        if not self.kernel:
            return ""
        dilated = f" d{self.dilation}" if self.dilation > 1 else ""
        return "×".join([str(self.kernel)] * self.axes) + dilated

    @property
    def kernel_and_stride(self) -> str:
        """ "7×7 /2", where there is no column for the stride."""
        return f"{self.kernel_words} /{self.stride}".lstrip() if self.stride > 1 else self.kernel_words


class Row:
    """A node of the tree. `key` stays the same through edits; `unit_id` is what a selection of it means.

    Attributes:
        number: a number for the model's indices, never used twice.
        children: in the order of computation; None for a unit whose layers nobody has asked for yet.
        shown: the children in the order and choice in force.
        source: of a stage's row, what it was made from last: the stage, its index, its blocks' parts.
        texts: what its cells say, as far as somebody has asked.
    """

    __slots__ = (
        "cells",
        "children",
        "key",
        "kind",
        "layer",
        "number",
        "parent",
        "place",
        "shown",
        "source",
        "texts",
        "unit",
        "unit_id",
    )
    _count = 0

    def __init__(self, key: str, unit_id: str, parent: Row | None) -> None:
        Row._count += 1
        self.number = Row._count
        self.key, self.unit_id, self.parent = key, unit_id, parent
        self.unit: Unit | None = None
        self.layer: Layer | None = None
        self.kind: BlockKind | None = None
        self.cells = Cells("", "", 0, 0, 0, (), (), 0, 0)
        self.children: list[Row] | None = []
        self.shown: list[Row] = []
        self.place = 0
        self.source: tuple[Stage, int, list[Part]] | None = None
        self.texts: dict[int, str] = {}

    def path(self) -> tuple[int, ...]:
        """Places from the top down, by which rows sort as they are seen."""
        return () if self.parent is None else (*self.parent.path(), self.place)

    def renumber(self) -> None:
        """Let every shown child know where it stands."""
        for place, child in enumerate(self.shown):
            child.place = place


def layer_cells(unit: Unit, layer: Layer) -> Cells:
    """What a layer's row says. A group norm has groups, too."""
    groups = layer.groups if layer.kind in (LayerKind.CONV, LayerKind.NORM) else 0
    stride = layer.stride if layer.kernel or layer.stride > 1 else 0
    axes = 1 if layer.kind is LayerKind.CONV_1D else 2
    return Cells(
        unit.full_name(layer), kind_words(layer), layer.kernel, stride, groups, layer.input, layer.output,
        layer.params, layer.macs, layer.dilation, axes,
    )  # fmt: skip


def unit_cells(unit: Unit, kind: BlockKind | None) -> Cells:
    """What a stem's, block's or head's row says."""
    part = unit.part
    name = unit.name or unit.id
    words = BLOCK_WORDS[kind] if kind is not None else {STEM: tr("Stem"), HEAD: tr("Head")}[unit.id]
    return Cells(name, words, 0, 0, 0, part.input, part.output, part.params, part.macs)


def stage_cells(index: int, name: str, units: Sequence[Unit]) -> Cells:
    """What a stage's row says; an empty one has no shapes."""
    first: Shape = units[0].part.input if units else ()
    last: Shape = units[-1].part.output if units else ()
    params = sum(unit.part.params for unit in units)
    macs = sum(unit.part.macs for unit in units)
    return Cells(f"layer{index + 1}", name, 0, 0, 0, first, last, params, macs)


def make_layers(row: Row) -> list[Row]:
    """The layers' rows of a unit's row."""
    assert row.unit is not None
    made = []
    for layer in row.unit.part.layers():
        child = Row(f"{row.key}/{layer.name}", row.unit_id, row)
        child.layer, child.unit = layer, row.unit
        child.cells = layer_cells(row.unit, layer)
        made.append(child)
    return made


def sort_value(row: Row, column: Column) -> tuple[float, ...] | str:
    """By what a column sorts: numbers by size, words by letter. Of work and of what is only counted when asked, others know."""
    cells = row.cells
    if column is Column.NAME:
        return cells.name
    if column is Column.KIND:
        return cells.kind
    numbers: dict[Column, tuple[float, ...]] = {
        Column.KERNEL: (cells.kernel, cells.stride),
        Column.STRIDE: (cells.stride,),
        Column.GROUPS: (cells.groups,),
        Column.INPUT: cells.input,
        Column.OUTPUT: cells.output,
        Column.PARAMS: (cells.params,),
        Column.MACS: (cells.macs,),
        Column.TORCHINFO: (row.number,),
    }
    return numbers[column]


def neighbours(rows: Iterable[Row]) -> list[tuple[Row, Row]]:
    """(first, last) of each run of rows that stand one below the other under the same parent."""
    runs: list[tuple[Row, Row]] = []
    for row in rows:
        if runs and runs[-1][1].parent is row.parent and runs[-1][1].place + 1 == row.place:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs

"""Turning plain JSON values into our frozen types, strictly: every wrong value is named by its path. Knows no files.

No bool or float passes for an int, every number has a range, unknown fields are refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from resnet_studio.design import limits
from resnet_studio.design.schema_fields import Fields, Json, SchemaError
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
from resnet_studio.language import tr

# --- reading ----------------------------------------------------------------------------------------------------------


def design_from(value: Json) -> Design:
    """A Design from the parsed JSON of one, without its `format`.

    Raises:
        SchemaError: naming the first wrong value.
    """
    fields = Fields(value, "")
    head = fields.take("head")
    stages = [
        _stage(item, f"stages[{i}]") for i, item in enumerate(fields.array("stages", limits.MAX_STAGES))
    ]
    design = Design(
        name=fields.text("name"),
        input=_input(fields.take("input")),
        stem=_stem(fields.take("stem")),
        stages=tuple(stages),
        head=None if head is None else _head(head),
    )
    _check_whole(design)
    return fields.close(design)


def _check_whole(design: Design) -> None:
    count = sum(len(stage.blocks) for stage in design.stages)
    if count > limits.MAX_BLOCKS:
        raise SchemaError(
            tr("A design may hold {most} blocks, not {count}.", most=limits.MAX_BLOCKS, count=count)
        )
    seen: set[str] = {"stem", "head", "design"}
    for unit_id in [stage.id for stage in design.stages] + [block.id for block in design.blocks()]:
        if unit_id in seen:
            raise SchemaError(tr("The id {unit_id!r} is used twice.", unit_id=unit_id))
        seen.add(unit_id)


def _input(value: Json) -> InputSpec:
    fields = Fields(value, "input")
    return fields.close(
        InputSpec(
            channels=fields.integer("channels", 1, limits.MAX_CHANNELS),
            height=fields.integer("height", 1, limits.MAX_IMAGE),
            width=fields.integer("width", 1, limits.MAX_IMAGE),
        )
    )


def _stem(value: Json) -> Stem:
    fields = Fields(value, "stem")
    return fields.close(
        Stem(
            channels=fields.integer("channels", 1, limits.MAX_CHANNELS),
            kind=fields.choice("kind", StemKind),
            kernel=fields.odd("kernel", limits.MAX_KERNEL),
            stride=fields.integer("stride", 1, limits.MAX_STRIDE),
            pool=fields.flag("pool"),
            activate=fields.flag("activate"),
            norm=fields.choice("norm", Norm),
            norm_groups=fields.integer("norm_groups", 1, limits.MAX_CHANNELS),
            activation=fields.choice("activation", Activation),
        )
    )


def _head(value: Json) -> Head:
    fields = Fields(value, "head")
    return fields.close(
        Head(
            classes=fields.integer("classes", 1, limits.MAX_CLASSES),
            activate=fields.flag("activate"),
            norm=fields.choice("norm", Norm),
            norm_groups=fields.integer("norm_groups", 1, limits.MAX_CHANNELS),
            activation=fields.choice("activation", Activation),
            pool=fields.choice("pool", HeadPool),
            dropout=fields.rate("dropout"),
        )
    )


def _stage(value: Json, path: str) -> Stage:
    fields = Fields(value, path)
    blocks = [
        _block(item, f"{path}.blocks[{i}]")
        for i, item in enumerate(fields.array("blocks", limits.MAX_BLOCKS))
    ]
    return fields.close(Stage(id=fields.identifier("id"), name=fields.text("name"), blocks=tuple(blocks)))


def _block(value: Json, path: str) -> Block:
    fields = Fields(value, path)
    block_id = fields.identifier("id")
    return Block(block_id, _spec(fields))


def spec_from(value: Json, path: str = "block") -> BlockSpec:
    """A BlockSpec from its JSON object, as on the clipboard.

    Raises:
        SchemaError: naming the first wrong value.
    """
    return _spec(Fields(value, path))


def _spec(fields: Fields) -> BlockSpec:
    channels: Callable[[str], int] = lambda name: fields.integer(name, 1, limits.MAX_CHANNELS)  # noqa: E731
    return fields.close(
        BlockSpec(
            kind=fields.choice("kind", BlockKind),
            channels=channels("channels"),
            width=channels("width"),
            groups=channels("groups"),
            stride=fields.integer("stride", 1, limits.MAX_STRIDE),
            stride_first=fields.flag("stride_first"),
            kernel=fields.odd("kernel", limits.MAX_KERNEL),
            dilation=fields.integer("dilation", 1, limits.MAX_DILATION),
            order=fields.choice("order", Order),
            shortcut=fields.choice("shortcut", ShortcutKind),
            activation=fields.choice("activation", Activation),
            norm=fields.choice("norm", Norm),
            norm_groups=channels("norm_groups"),
            attention=fields.choice("attention", Attention),
            reduction=channels("reduction"),
            dropout=fields.rate("dropout"),
            drop_path=fields.rate("drop_path"),
            zero_init=fields.flag("zero_init"),
        )
    )


# --- writing ----------------------------------------------------------------------------------------------------------


def design_to(design: Design) -> dict[str, Json]:
    """The JSON value of a Design, without `format`; `design_from` gives the same Design back."""
    return {
        "name": design.name,
        "input": _plain(design.input),
        "stem": _plain(design.stem),
        "stages": [
            {
                "id": stage.id,
                "name": stage.name,
                "blocks": [{"id": block.id} | spec_to(block.spec) for block in stage.blocks],
            }
            for stage in design.stages
        ],
        "head": None if design.head is None else _plain(design.head),
    }


def spec_to(spec: BlockSpec) -> dict[str, Json]:
    """The JSON object of a BlockSpec."""
    return dict(_plain(spec))


def _plain(value: InputSpec | Stem | Head | BlockSpec) -> Mapping[str, Json]:
    names = type(value).__slots__
    return {
        name: field.value if isinstance(field := getattr(value, name), StrEnum) else field for name in names
    }

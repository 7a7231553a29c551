"""Turning plain JSON values into our frozen types, strictly: every wrong value is named by its path. Knows no files.

No bool or float passes for an int, every number has a range, unknown fields are refused by name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from resnet_studio.design import limits
from resnet_studio.design.errors import StudioError
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

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
Json = Any
_ID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


class SchemaError(StudioError):
    """A value in a design is not what it must be; the message names its place, like stages[1].blocks[0].stride."""


class _Fields:
    """One JSON object: each field is taken once, then `close` refuses what is left."""

    def __init__(self, value: Json, path: str) -> None:
        if not isinstance(value, dict):
            raise SchemaError(f"{path or 'The design'} must be an object, not {_words(value)}.")
        self.left: dict[str, Json] = dict(value)
        self.path = path

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def take(self, name: str) -> Json:
        if name not in self.left:
            raise SchemaError(f"{self.at(name)} is missing.")
        return self.left.pop(name)

    def integer(self, name: str, low: int, high: int) -> int:
        value = self.take(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise SchemaError(f"{self.at(name)} must be a whole number, not {_words(value)}.")
        if not low <= value <= high:
            raise SchemaError(f"{self.at(name)} must be from {low} to {high}, not {_number(value)}.")
        return value

    def odd(self, name: str, high: int) -> int:
        value = self.integer(name, 1, high)
        if value % 2 == 0:
            raise SchemaError(f"{self.at(name)} must be odd, not {value}.")
        return value

    def rate(self, name: str) -> float:
        value = self.take(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise SchemaError(f"{self.at(name)} must be a number, not {_words(value)}.")
        # The parser has refused NaN and Infinity; 1e999 is read as infinity all the same.
        if not 0 <= value <= limits.MAX_RATE:
            raise SchemaError(f"{self.at(name)} must be from 0 to {limits.MAX_RATE}, not {_words(value)}.")
        return float(value)

    def flag(self, name: str) -> bool:
        value = self.take(name)
        if not isinstance(value, bool):
            raise SchemaError(f"{self.at(name)} must be true or false, not {_words(value)}.")
        return value

    def choice(self, name: str, kinds: type[E]) -> E:
        value = self.take(name)
        known = [kind.value for kind in kinds]
        if not isinstance(value, str) or value not in known:
            raise SchemaError(f"{self.at(name)} must be one of {', '.join(known)}, not {_words(value)}.")
        return kinds(value)

    def text(self, name: str) -> str:
        value = self.take(name)
        if not isinstance(value, str):
            raise SchemaError(f"{self.at(name)} must be text, not {_words(value)}.")
        fault = name_fault(value)
        if fault:
            raise SchemaError(f"{self.at(name)} {fault}.")
        return value

    def identifier(self, name: str) -> str:
        value = self.take(name)
        if not isinstance(value, str) or not 1 <= len(value) <= 32 or not _ID_CHARACTERS.issuperset(value):
            raise SchemaError(
                f"{self.at(name)} must be 1 to 32 letters, digits, - or _, not {_words(value)}."
            )
        return value

    def array(self, name: str, high: int) -> list[Json]:
        value = self.take(name)
        if not isinstance(value, list):
            raise SchemaError(f"{self.at(name)} must be a list, not {_words(value)}.")
        if len(value) > high:
            raise SchemaError(f"{self.at(name)} may hold {high}, not {len(value)}.")
        return value

    def close(self, result: T) -> T:
        if self.left:
            unknown = ", ".join(repr(name[: limits.MAX_NAME]) for name in sorted(self.left)[:5])
            raise SchemaError(f"{self.path or 'The design'} has fields that are not known: {unknown}.")
        return result


def _words(value: Json) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _number(value) if isinstance(value, int) else repr(value)[:60]


def _number(value: int) -> str:
    # str() of an int with over 4,300 digits raises, and nobody wants to read one.
    return str(value) if value.bit_length() <= 64 else "a number of over 64 bits"


def name_fault(name: str) -> str:
    """What is wrong with a name that people gave, or an empty text. Names are shown, and never used as a path."""
    if len(name) > limits.MAX_NAME:
        return f"may have {limits.MAX_NAME} characters, not {len(name)}"
    if not name.strip():
        return "must not be empty"
    # Cc control, Cf format (bidirectional overrides, zero width), Cs surrogates, Co private, Cn unassigned, Zl/Zp line ends.
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for c in name):
        return "must not have control or invisible characters"
    return ""


# --- reading ----------------------------------------------------------------------------------------------------------


def design_from(value: Json) -> Design:
    """A Design from the parsed JSON of one, without its `format`.

    Raises:
        SchemaError: naming the first wrong value.
    """
    fields = _Fields(value, "")
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
        raise SchemaError(f"A design may hold {limits.MAX_BLOCKS} blocks, not {count}.")
    seen: set[str] = {"stem", "head", "design"}
    for unit_id in [stage.id for stage in design.stages] + [block.id for block in design.blocks()]:
        if unit_id in seen:
            raise SchemaError(f"The id {unit_id!r} is used twice.")
        seen.add(unit_id)


def _input(value: Json) -> InputSpec:
    fields = _Fields(value, "input")
    return fields.close(
        InputSpec(
            channels=fields.integer("channels", 1, limits.MAX_CHANNELS),
            height=fields.integer("height", 1, limits.MAX_IMAGE),
            width=fields.integer("width", 1, limits.MAX_IMAGE),
        )
    )


def _stem(value: Json) -> Stem:
    fields = _Fields(value, "stem")
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
    fields = _Fields(value, "head")
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
    fields = _Fields(value, path)
    blocks = [
        _block(item, f"{path}.blocks[{i}]")
        for i, item in enumerate(fields.array("blocks", limits.MAX_BLOCKS))
    ]
    return fields.close(Stage(id=fields.identifier("id"), name=fields.text("name"), blocks=tuple(blocks)))


def _block(value: Json, path: str) -> Block:
    fields = _Fields(value, path)
    block_id = fields.identifier("id")
    return Block(block_id, _spec(fields))


def spec_from(value: Json, path: str = "block") -> BlockSpec:
    """A BlockSpec from its JSON object, as on the clipboard.

    Raises:
        SchemaError: naming the first wrong value.
    """
    return _spec(_Fields(value, path))


def _spec(fields: _Fields) -> BlockSpec:
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

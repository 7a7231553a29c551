"""Taking the fields of one JSON object, strictly, each once; every wrong value is named by its path. Knows no design."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Any, TypeVar

from resnet_studio.design import limits
from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
Json = Any
_ID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


class SchemaError(StudioError):
    """A value in a design is not what it must be; the message names its place, like stages[1].blocks[0].stride."""


class Fields:
    """One JSON object: each field is taken once, then `close` refuses what is left."""

    def __init__(self, value: Json, path: str) -> None:
        if not isinstance(value, dict):
            raise SchemaError(
                tr(
                    "{field} must be an object, not {value}.",
                    field=path or tr("The design"),
                    value=value_words(value),
                )
            )
        self.left: dict[str, Json] = dict(value)
        self.path = path

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def take(self, name: str) -> Json:
        if name not in self.left:
            raise SchemaError(tr("{field} is missing.", field=self.at(name)))
        return self.left.pop(name)

    def integer(self, name: str, low: int, high: int) -> int:
        value = self.take(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise SchemaError(
                tr(
                    "{field} must be a whole number, not {value}.",
                    field=self.at(name),
                    value=value_words(value),
                )
            )
        if not low <= value <= high:
            raise SchemaError(
                tr(
                    "{field} must be from {low} to {high}, not {value}.",
                    field=self.at(name),
                    low=low,
                    high=high,
                    value=_number(value),
                )
            )
        return value

    def odd(self, name: str, high: int) -> int:
        value = self.integer(name, 1, high)
        if value % 2 == 0:
            raise SchemaError(tr("{field} must be odd, not {value}.", field=self.at(name), value=value))
        return value

    def rate(self, name: str) -> float:
        value = self.take(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise SchemaError(
                tr("{field} must be a number, not {value}.", field=self.at(name), value=value_words(value))
            )
        # The parser has refused NaN and Infinity; 1e999 is read as infinity all the same.
        if not 0 <= value <= limits.MAX_RATE:
            raise SchemaError(
                tr(
                    "{field} must be from 0 to {most}, not {value}.",
                    field=self.at(name),
                    most=limits.MAX_RATE,
                    value=value_words(value),
                )
            )
        return float(value)

    def flag(self, name: str) -> bool:
        value = self.take(name)
        if not isinstance(value, bool):
            raise SchemaError(
                tr(
                    "{field} must be true or false, not {value}.",
                    field=self.at(name),
                    value=value_words(value),
                )
            )
        return value

    def choice(self, name: str, kinds: type[E]) -> E:
        value = self.take(name)
        known = [kind.value for kind in kinds]
        if not isinstance(value, str) or value not in known:
            raise SchemaError(
                tr(
                    "{field} must be one of {known}, not {value}.",
                    field=self.at(name),
                    known=", ".join(known),
                    value=value_words(value),
                )
            )
        return kinds(value)

    def text(self, name: str) -> str:
        value = self.take(name)
        if not isinstance(value, str):
            raise SchemaError(
                tr("{field} must be text, not {value}.", field=self.at(name), value=value_words(value))
            )
        fault = name_fault(value)
        if fault:
            raise SchemaError(f"{self.at(name)} {fault}.")
        return value

    def identifier(self, name: str) -> str:
        value = self.take(name)
        if not isinstance(value, str) or not 1 <= len(value) <= 32 or not _ID_CHARACTERS.issuperset(value):
            raise SchemaError(
                tr(
                    "{field} must be 1 to 32 letters, digits, - or _, not {value}.",
                    field=self.at(name),
                    value=value_words(value),
                )
            )
        return value

    def array(self, name: str, high: int) -> list[Json]:
        value = self.take(name)
        if not isinstance(value, list):
            raise SchemaError(
                tr("{field} must be a list, not {value}.", field=self.at(name), value=value_words(value))
            )
        if len(value) > high:
            raise SchemaError(
                tr("{field} may hold {most}, not {count}.", field=self.at(name), most=high, count=len(value))
            )
        return value

    def close(self, result: T) -> T:
        if self.left:
            unknown = ", ".join(repr(name[: limits.MAX_NAME]) for name in sorted(self.left)[:5])
            raise SchemaError(
                tr(
                    "{field} has fields that are not known: {unknown}.",
                    field=self.path or "The design",
                    unknown=unknown,
                )
            )
        return result


def value_words(value: Json) -> str:
    """A wrong value as a message names it, not too long."""
    if isinstance(value, dict):
        return tr("an object")
    if isinstance(value, list):
        return tr("a list")
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _number(value) if isinstance(value, int) else repr(value)[:60]


def _number(value: int) -> str:
    # str() of an int with over 4,300 digits raises, and nobody wants to read one.
    return str(value) if value.bit_length() <= 64 else "a number of over 64 bits"


def name_fault(name: str) -> str:
    """What is wrong with a name that people gave, or an empty text. Names are shown, and never used as a path."""
    if len(name) > limits.MAX_NAME:
        return tr("may have {most} characters, not {count}", most=limits.MAX_NAME, count=len(name))
    if not name.strip():
        return tr("must not be empty")
    # Cc control, Cf format (bidirectional overrides, zero width), Cs surrogates, Co private, Cn unassigned, Zl/Zp line ends.
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for c in name):
        return tr("must not have control or invisible characters")
    return ""

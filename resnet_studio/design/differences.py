"""In what two drawings differ, in words: part, the one's value, the other's. Knows no plan and no window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from typing import Any

from resnet_studio.design.types import BlockSpec, Design, Stage

Difference = tuple[str, str, str]
_NOTHING = "–"


def design_differences(one: Design, other: Design) -> list[Difference]:
    """The parts in which two drawings differ, from input to head; names and block ids do not count."""
    rows: list[Difference] = []
    if one.input != other.input:
        rows.append(("Input", str(one.input), str(other.input)))
    rows += _of_part("Stem", one.stem, other.stem)
    for number in range(max(len(one.stages), len(other.stages))):
        rows += _of_stage(number + 1, _at(one.stages, number), _at(other.stages, number))
    return rows + _of_part("Head", one.head, other.head)


def _at(stages: tuple[Stage, ...], number: int) -> Stage | None:
    return stages[number] if number < len(stages) else None


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return _NOTHING
    if isinstance(value, Enum):
        return str(value.value).replace("_", " ")
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _of_part(title: str, one: Any, other: Any) -> list[Difference]:
    """The fields in which two stems or heads differ."""
    if one == other:
        return []
    if one is None or other is None:
        return [(title, *("there" if part is not None else _NOTHING for part in (one, other)))]  # type: ignore[list-item]
    return [
        (f"{title}, {field.name.replace('_', ' ')}", _words(a), _words(b))
        for field in fields(one)
        if (a := getattr(one, field.name)) != (b := getattr(other, field.name))
    ]


def _of_stage(number: int, one: Stage | None, other: Stage | None) -> Iterator[Difference]:
    counts = [0 if stage is None else len(stage.blocks) for stage in (one, other)]
    if counts[0] != counts[1]:
        yield f"Stage {number}, blocks", *(str(count) if count else _NOTHING for count in counts)  # type: ignore[misc]
    if one is None or other is None:
        return
    found: dict[tuple[str, str, str], list[int]] = {}
    for place, (a, b) in enumerate(zip(one.blocks, other.blocks, strict=False), start=1):
        for told in _of_specs(a.spec, b.spec):
            found.setdefault(told, []).append(place)
    for (field, a_words, b_words), places in found.items():
        yield f"Stage {number}, {_places(places)}, {field}", a_words, b_words


def _of_specs(one: BlockSpec, other: BlockSpec) -> Iterator[tuple[str, str, str]]:
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if a != b:
            yield field.name.replace("_", " "), _words(a), _words(b)


def _places(places: list[int]) -> str:
    """ "block 1", "blocks 1-3", "blocks 1, 3"."""
    if len(places) == 1:
        return f"block {places[0]}"
    if places[-1] - places[0] == len(places) - 1:
        return f"blocks {places[0]}-{places[-1]}"
    return f"blocks {', '.join(map(str, places))}"

"""Older design files as today's, by pure functions on plain JSON values. Knows no files and checks nothing: the schema does.

A function takes format N and gives N + 1. What it does not understand it leaves, for the schema to name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FORMAT = 2
Json = Any


def _filled(value: Json, fresh: dict[str, Json]) -> Json:
    """The object with the fields that the older format did not have; its own win, so that strangers are still refused."""
    return fresh | value if isinstance(value, dict) else value


def _spec_1_to_2(value: Json) -> Json:
    """A block of format 1: 3x3 kernels, batch norm, nothing that drops or weighs."""
    return _filled(
        value,
        {
            "kernel": 3,
            "dilation": 1,
            "norm": "batch",
            "norm_groups": 32,
            "attention": "none",
            "reduction": 16,
            "dropout": 0.0,
            "drop_path": 0.0,
        },
    )


def _stage_1_to_2(value: Json) -> Json:
    if not isinstance(value, dict) or not isinstance(value.get("blocks"), list):
        return value
    return value | {"blocks": [_spec_1_to_2(block) for block in value["blocks"]]}


def _head_1_to_2(value: Json) -> Json:
    """`norm` was a switch: now `activate`, as the stem's, and `norm` says which."""
    if not isinstance(value, dict) or not isinstance(value.get("norm"), bool):
        return value
    rest = {name: field for name, field in value.items() if name != "norm"}
    return _filled(
        rest, {"activate": value["norm"], "norm": "batch", "norm_groups": 32, "pool": "avg", "dropout": 0.0}
    )


def _design_1_to_2(value: dict[str, Json]) -> dict[str, Json]:
    new = dict(value)
    if "stem" in new:
        new["stem"] = _filled(new["stem"], {"kind": "plain", "norm": "batch", "norm_groups": 32})
    if isinstance(new.get("stages"), list):
        new["stages"] = [_stage_1_to_2(stage) for stage in new["stages"]]
    if "head" in new:
        new["head"] = _head_1_to_2(new["head"])
    return new


MIGRATIONS: dict[int, Callable[[dict[str, Json]], dict[str, Json]]] = {1: _design_1_to_2}


def migrated(value: dict[str, Json], version: int) -> dict[str, Json]:
    """A design of an older format as one of today's."""
    while version < FORMAT:
        value = MIGRATIONS[version](value)
        version += 1
    return value


_SPEC_MIGRATIONS: dict[int, Callable[[Json], Json]] = {1: _spec_1_to_2}


def migrated_spec(value: Json, version: int) -> Json:
    """A block alone, as on the clipboard, of an older format as one of today's."""
    while version < FORMAT:
        value = _SPEC_MIGRATIONS[version](value)
        version += 1
    return value

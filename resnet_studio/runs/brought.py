"""The report of the weights that a run began with, kept in its folder as weights.json. Knows no torch and no window.

It is written once, by whoever put the weights in, after they were in: what it says is what happened.
"""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any, cast

from resnet_studio.design.atomic import write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.results import Surveyed
from resnet_studio.runs.wire import MAX_LINE

_TEXTS = ("title", "path", "sha256", "kind", "origin", "origin_name", "how", "target", "text")
_COUNTS = ("tensors", "carried", "sliced", "fresh", "offered", "numbers", "kept")
_LISTS = ("notices", "units", "unused")
_UNIT_TEXTS, _UNIT_COUNTS = ("id", "name", "place"), ("carried", "sliced", "fresh")
_FATE = ("name", "way", "source", "reason")


def brought_path(run: RunFolder) -> Path:
    """weights.json; missing where a run began fresh."""
    return run.path / "weights.json"


def keep_brought(run: RunFolder, report: Surveyed) -> None:
    """Keep the report.

    Raises:
        StudioError: the folder cannot be written.
    """
    write_atomically(brought_path(run), (json.dumps(report, indent=1) + "\n").encode())


def read_brought(run: RunFolder) -> Surveyed | None:
    """The report; None where the run began fresh, or has not begun.

    Raises:
        StudioError: the file is there and cannot be read.
    """
    path = brought_path(run)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StudioError(tr("{path} is not a regular file.", path=path))
        with path.open("rb") as file:
            data = file.read(MAX_LINE)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StudioError(
            tr("{path} could not be read ({reason}).", path=path, reason=error.strerror)
        ) from error
    try:
        value = json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise StudioError(tr("{path} is not JSON.", path=path), tr("It was damaged.")) from error
    if not _is_report(value):
        raise StudioError(
            tr("{path} is no report of weights.", path=path), tr("Was it written by a newer version?")
        )
    return cast(Surveyed, value)


def _is_report(value: Any) -> bool:
    return (
        _has(value, _TEXTS, _COUNTS, _LISTS)
        and all(isinstance(text, str) for name in ("notices", "unused") for text in value[name])
        and all(_is_unit(unit) for unit in value["units"])
    )


def _is_unit(value: Any) -> bool:
    return _has(value, _UNIT_TEXTS, _UNIT_COUNTS, ("fates",)) and all(
        _has(fate, _FATE) for fate in value["fates"]
    )


def _has(
    value: Any, texts: tuple[str, ...], counts: tuple[str, ...] = (), lists: tuple[str, ...] = ()
) -> bool:
    """Whether it is an object of these fields, and of these types."""
    return (
        isinstance(value, dict)
        and set(value) == {*texts, *counts, *lists}
        and all(isinstance(value[name], str) for name in texts)
        and all(type(value[name]) is int for name in counts)
        and all(isinstance(value[name], list) for name in lists)
    )

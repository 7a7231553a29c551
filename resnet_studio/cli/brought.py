"""The report of weights for a terminal: where each block's come from, before they are put in and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from resnet_studio.cli import text
from resnet_studio.runs.brought import read_brought
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.results import Surveyed, TensorFate, UnitFates

WAYS = ("carried", "sliced", "fresh")
_TITLES = ("block", "why", *WAYS)
# Two whole blocks side by side are as short by themselves.
_FOLDED = 3


def about_lines(found: Surveyed) -> Iterator[str]:
    """What was looked at, and what is odd about it."""
    yield f"weights  {found['title']}: {found['tensors']} tensors of {found['origin_name']} ({found['how']})"
    yield from (f"note     {notice}" for notice in found["notices"])


def report_lines(found: Surveyed, *, every: bool = False) -> Iterator[str]:
    """A row for each block, neighbours that are carried whole in one, and the sum; with `every`, no folding and each tensor."""
    units = found["units"]
    yield from text.table(_TITLES, list(_rows(units, every=every)), left=2)
    if every:
        yield from (_fate_line(fate) for unit in units for fate in unit["fates"])
    whole = sum(map(_is_whole, units))
    if whole:
        yield f"{whole} of {len(units)} units are carried whole."
    yield f"{found['target']}: {found['text']}"
    if found["offered"]:
        yield f"{found['offered']} tensors could be sliced where channels changed: add --slice."


def put_in_lines(found: Surveyed) -> Iterator[str]:
    """The report once more, as it was found in the network after the weights had been put in."""
    yield f"put in   {found['title']}, read off the network:"
    yield from text.table(_TITLES, list(_rows(found["units"], every=False)), left=2)
    yield f"{found['target']}: {found['text']}"


def show_brought(run: RunFolder) -> None:
    """Print what a run's weights brought, as its folder keeps it; nothing where it began fresh.

    Raises:
        StudioError: the report cannot be read.
    """
    found = read_brought(run)
    if found is not None:
        print(text.harmless("\n".join(put_in_lines(found))), flush=True)


def _is_whole(unit: UnitFates) -> bool:
    return not unit["sliced"] and not unit["fresh"]


def _rows(units: list[UnitFates], *, every: bool) -> Iterator[tuple[str, ...]]:
    for whole, group in groupby(units, _is_whole):
        run = list(group)
        if whole and not every and len(run) >= _FOLDED:
            counts = (sum(unit["carried"] for unit in run), 0, 0)
            yield (
                f"{run[0]['place']} to {run[-1]['place']}",
                f"{len(run)} units, whole",
                *map(_count, counts),
            )
        else:
            yield from (_row(unit) for unit in run)


def _row(unit: UnitFates) -> tuple[str, ...]:
    reasons = Counter(fate["reason"] for fate in unit["fates"] if fate["reason"])
    why = "; ".join(reason for reason, _ in reasons.most_common(2)) + ("; …" if len(reasons) > 2 else "")
    return (unit["place"], why, _count(unit["carried"]), _count(unit["sliced"]), _count(unit["fresh"]))


def _count(number: int) -> str:
    return str(number) if number else "-"


def _fate_line(fate: TensorFate) -> str:
    source = f"  from {fate['source']}" if fate["source"] and fate["source"] != fate["name"] else ""
    return f"  {fate['name']}  {fate['way']}{source}" + (f"  ({fate['reason']})" if fate["reason"] else "")

"""The command `weights`, and the flags with which `train` and `export` name weights. Opens and carries nothing itself."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resnet_studio.cli import text
from resnet_studio.cli.brought import about_lines, report_lines
from resnet_studio.cli.parser import Parser, UsageError
from resnet_studio.cli.progress import Bar
from resnet_studio.cli.sources import design_of, run_of, sound
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.results import Surveyed

if TYPE_CHECKING:
    from resnet_studio.engine.weights.pretrained import Pretrained
    from resnet_studio.engine.weights.starting import Holdings, Survey

SOURCE = "FILE|NAME|RUN"


def run_weights(words: list[str]) -> int:
    """Say what weights hold and, for a drawing, what would become of each tensor."""
    parser = Parser(
        "weights",
        "What a file of weights holds (.pt, .pth, .safetensors), a run's best checkpoint, or torchvision's weights of a "
        "name, which are downloaded into torch's own cache. With --into: what would be carried, block by block.",
    )
    parser.add_argument("source", metavar=SOURCE, nargs="?")
    parser.flag("--into", metavar="FILE|PRESET", help="the drawing that would get them")
    add_carrying(parser)
    parser.flag("--all", action="store_true", help="each block in a row of its own, and every tensor")
    parser.flag("--list", action="store_true", help="list torchvision's weights that are known here")
    parser.flag("--json", action="store_true", help="print JSON")
    values = parser.read(words)
    if values.list:
        return _list(as_json=values.json)
    if values.source is None:
        raise UsageError(
            "Name a file, or torchvision's weights.", "`resnet-studio weights --list` lists them."
        )
    initial = initial_of(values.source, values)
    if values.into is None:
        return _show_holdings(initial, as_json=values.json)
    found = looked(look(initial, sound(design_of(values.into), values.into)))
    if values.json:
        print(json.dumps(found, indent=1))
    else:
        print(text.harmless("\n".join([*about_lines(found), "", *report_lines(found, every=values.all)])))
    return ExitCode.DONE


def add_carrying(parser: Parser) -> None:
    """The flags that say how weights are carried."""
    parser.flag(
        "--origin", metavar="FILE|PRESET", help="the design that the weights belong to (found by itself)"
    )
    parser.flag("--slice", action="store_true", help="carry a part of a tensor where channels changed")


def initial_of(source: str, values: argparse.Namespace) -> Initial:
    """The weights that a command line names."""
    origin = None if values.origin is None else sound(design_of(values.origin), values.origin)
    run = run_of(source)
    path = Path(source).expanduser() if run is None else _checkpoint_of(run)
    # A run may be resumed from another place; torchvision's names stay what they are.
    there = run is not None or path.is_file() or source.endswith((".pt", ".pth", ".safetensors"))
    return Initial(source=str(path.absolute()) if there else source, origin=origin, slices=bool(values.slice))


def _checkpoint_of(run: Path) -> Path:
    """A run's best weights, or where there are none its last."""
    from resnet_studio.engine.training import checkpoint

    folder = RunFolder.open(run)
    for kind in ("best", "last"):
        found = checkpoint.newest(folder, kind)
        if found is not None:
            return found.path
    raise StudioError(
        f"The run {run} has no checkpoint that is sound.", "Train it first, at least for one epoch."
    )


def look(initial: Initial, design: Design) -> Survey:
    """What would be carried into a design, with a bar while it is fetched."""
    from resnet_studio.engine.weights.starting import survey

    bar = Bar()
    try:
        return survey(initial, design, progress=bar.tell)
    finally:
        bar.clear()


def looked(found: Survey) -> Surveyed:
    """What was found as JSON values, which is what reports are printed from."""
    from resnet_studio.engine.weights.starting import survey_to_wire

    return survey_to_wire(found)


def settled(initial: Initial, design: Design, *, quiet: bool) -> Initial:
    """The same weights, looked at: their origin is known, and another file of that name is refused. Prints the report."""
    found = look(initial, design)
    if not quiet:
        told = looked(found)
        print(text.harmless("\n".join([*about_lines(told), *report_lines(told)])), flush=True)
    return replace(initial, origin=found.origin.design, sha256=found.held.sha256)


# --- what a source holds ------------------------------------------------------------------------------------------------


def _show_holdings(initial: Initial, *, as_json: bool) -> int:
    from resnet_studio.engine.weights.starting import holdings

    bar = Bar()
    try:
        found = holdings(initial, progress=bar.tell)
    finally:
        bar.clear()
    if as_json:
        print(json.dumps(_holdings_json(found), indent=1))
    else:
        print(text.harmless("\n".join(_holdings_lines(found))))
    return ExitCode.DONE


def _holdings_lines(found: Holdings) -> Iterator[str]:
    held = found.held
    numbers = sum(prod(shape) for _, shape in held.tensors.values())
    kinds = Counter(dtype for dtype, _ in held.tensors.values())
    yield f"file       {held.path} ({text.size(held.path.stat().st_size)}, {held.kind})"
    yield f"sha256     {held.sha256}"
    yield f"tensors    {len(held.tensors)} with {numbers:,} numbers ({', '.join(f'{n} {kind}' for kind, n in kinds.items())})"
    if found.origin is None:
        yield f"network    not known: {found.unknown}"
        yield from (
            f"  {name}  {text.shape(shape)}  {dtype}" for name, (dtype, shape) in held.tensors.items()
        )
        return
    yield f"network    {found.origin.design.name} ({found.origin.how})"
    yield from (f"note       {notice}" for notice in found.origin.notices)


def _holdings_json(found: Holdings) -> dict[str, Any]:
    held, origin = found.held, found.origin
    return {
        "title": found.title,
        "path": str(held.path),
        "sha256": held.sha256,
        "kind": held.kind,
        "network": None if origin is None else origin.design.name,
        "how": found.unknown if origin is None else origin.how,
        "notices": list(held.notices if origin is None else origin.notices),
        "not_finite": list(held.not_finite),
        "tensors": [
            {"name": name, "dtype": dtype, "shape": list(shape)}
            for name, (dtype, shape) in held.tensors.items()
        ],
    }


def _list(*, as_json: bool) -> int:
    from resnet_studio.engine.weights.pretrained import table

    if as_json:
        print(json.dumps([_entry_json(entry) for entry in table()], indent=1))
        return ExitCode.DONE
    rows = [
        (
            entry.name,
            entry.preset + (" (default)" if entry.is_default else ""),
            "here" if entry.is_here else "",
            text.size(entry.bytes),
            f"{entry.params:,}",
            f"{entry.top1:.2f}",
        )
        for entry in table()
    ]
    print(
        "\n".join(
            text.table(("weights", "preset", "in torch's cache", "size", "params", "top-1 %"), rows, left=3)
        )
    )
    return ExitCode.DONE


def _entry_json(entry: Pretrained) -> dict[str, Any]:
    return {
        "name": entry.name, "preset": entry.preset, "default": entry.is_default, "here": entry.is_here,
        "path": str(entry.path), "url": entry.url, "bytes": entry.bytes, "params": entry.params, "top1": entry.top1,
    }  # fmt: skip

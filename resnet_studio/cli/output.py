"""The commands that write a file for others: diagram and export. Draw and compute nothing themselves."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from resnet_studio.cli import text
from resnet_studio.cli.brought import put_in_lines
from resnet_studio.cli.parser import Parser, UsageError
from resnet_studio.cli.progress import Bar
from resnet_studio.cli.sources import design_of, run_of, sound
from resnet_studio.cli.weights import SOURCE, add_carrying, initial_of, settled
from resnet_studio.design.carried import is_carrier
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.formats import FORMATS, format_of
from resnet_studio.runs.results import Receipt

_WHICH = ("best", "last", "fresh")
_DRAWINGS = {".svg": "svg", ".pdf": "pdf", ".png": "png"}


def run_diagram(words: list[str]) -> int:
    """Draw a design with Graphviz."""
    parser = Parser("diagram", "Draw a design with Graphviz; the ending of OUT says the format.")
    parser.add_argument("source", metavar="FILE|PRESET|RUN")
    parser.flag("-o", "--output", metavar="OUT", required=True, help="OUT.svg, OUT.pdf or OUT.png")
    parser.flag("--detail", choices=("blocks", "layers"), default="blocks", help="what one box is (blocks)")
    parser.flag("--unfold", action="store_true", help="a box for every block, also in runs of equal ones")
    parser.flag("--theme", choices=("light", "dark"), default="light", help="colours (light)")
    parser.flag(
        "--direction", choices=("LR", "TB"), default="LR", help="left to right, or top to bottom (LR)"
    )
    values = parser.read(words)
    target = Path(values.output)
    form = _DRAWINGS.get(target.suffix.lower())
    if form is None:
        raise UsageError(f"{target} does not say its format.", "End its name in .svg, .pdf or .png.")
    design = design_of(values.source)
    from resnet_studio.engine import diagram

    look = diagram.Look(
        detail=values.detail, fold=not values.unfold, theme=values.theme, direction=values.direction
    )
    with quiet_fontconfig():
        notes = diagram.render(design, target, look=look, format=form)
    print("\n".join([f"{target}: {design.name}, {text.size(target.stat().st_size)}", *notes]))
    return ExitCode.DONE


@contextmanager
def quiet_fontconfig() -> Iterator[None]:
    """WORKAROUND: the fontconfig in pygraphviz's wheel is older than many systems' configuration, and says so on stderr
    for every file of it that it does not know. Other lines pass.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            said.seek(0)
            for line in said:
                if not line.startswith(b"Fontconfig warning"):
                    os.write(2, line)


@contextmanager
def ending_in_order() -> Iterator[None]:
    """SIGTERM leaves no temporary file and no child, like Ctrl-C; by itself it would end the process where it stands."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run_export(words: list[str]) -> int:
    """Write a network in a format for others, and show the receipt."""
    parser = Parser(
        "export",
        "Write a network for other programs: of a run the best weights, of an exported file its own, of a design fresh "
        "ones. The file is read again in a clean process and compared before it takes its place.",
        more="\n".join(["formats:", *(f"  {known.suffix:13} {known.line}" for known in FORMATS.values())]),
    )
    parser.add_argument("source", metavar="FILE|PRESET|RUN")
    parser.flag(
        "-o", "--output", metavar="OUT", required=True, help="the file to write; its ending says the format"
    )
    parser.flag("--format", choices=tuple(FORMATS), help="the format, where the ending does not say it")
    parser.flag(
        "--weights",
        metavar=f"best|last|fresh|{SOURCE}",
        help="best (of a run), fresh (of a design), or weights to carry into the design (see `resnet-studio weights`)",
    )
    add_carrying(parser)
    parser.flag("--state-dict", action="store_true", help="beside a .pt, also write the bare state_dict")
    parser.flag("--json", action="store_true", help="print the receipt as JSON")
    values = parser.read(words)
    run = run_of(values.source)
    if run is None and values.weights in ("best", "last"):
        raise UsageError(
            f"{values.source} is no run, so it has no {values.weights} weights.",
            "Name a run, or take --weights fresh.",
        )
    format_of(Path(values.output), values.format)  # before torch is loaded
    with ending_in_order():
        receipt = _export(run, values)
    if values.json:
        print(json.dumps(receipt, indent=1))
    else:
        print(text.harmless("\n".join(_receipt_lines(receipt))))
    return ExitCode.DONE


def _export(run: Path | None, values: Namespace) -> Receipt:
    named = values.weights not in (None, *_WHICH)
    if not named and (values.origin is not None or values.slice):
        raise UsageError("--origin and --slice say how weights are carried.", "Name them with --weights.")
    fresh = values.weights == "fresh" or named
    carrier = Path(values.source) if run is None and not fresh and is_carrier(Path(values.source)) else None
    design = (
        sound(design_of(values.source), values.source) if carrier is None and (run is None or fresh) else None
    )
    from resnet_studio.engine.exporting import export

    target, bar = Path(values.output), Bar()
    more: dict[str, Any] = {
        "format": values.format, "state_dict": values.state_dict, "progress": bar.tell,
    }  # fmt: skip
    try:
        if design is not None:
            initial = initial_of(values.weights, values) if named else None
            if initial is not None and not values.json:
                initial = settled(initial, design, quiet=False)
            return export.export(design, target, initial=initial, **more)
        if carrier is not None:
            return export.export_file(carrier, target, **more)
        assert run is not None
        return export.export_run(run, target, which=values.weights or "best", **more)
    finally:
        bar.clear()


def _receipt_lines(receipt: Receipt) -> Iterable[str]:
    yield f"file                {receipt['path']} ({FORMATS[receipt['format']].title}, {receipt['bytes']:,} bytes)"
    yield f"weights             {receipt['weights']}"
    yield f"parameters          {receipt['params']:,}"
    largest, outputs = receipt["max_difference"], receipt["largest_output"]
    where = f" in outputs up to {outputs:.3g}" if largest and outputs is not None else ""
    told = (
        f"largest difference {largest:.3g}{where}"
        if outputs is not None
        else "weights the same, outputs overflow"
    )
    yield f"reloaded, compared  {told}"
    if largest:
        batches = (f"{found['difference']:.3g} at {found['batch']}" for found in receipt["differences"])
        yield f"by batch            {', '.join(batches)}"
    for note in receipt["notes"]:
        yield f"note                {note}"
    if "brought" in receipt:
        yield from put_in_lines(receipt["brought"])

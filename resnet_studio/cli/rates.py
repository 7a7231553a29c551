"""The command `rates`: the learning-rate range test, as a small table with a suggestion, or JSON. Computes nothing itself."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

from resnet_studio.cli import text
from resnet_studio.cli.parser import Parser, UsageError
from resnet_studio.cli.progress import Bar
from resnet_studio.cli.sources import design_of, sound
from resnet_studio.design.errors import StudioError
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.spec import checked, default_spec

_SHOWN = 12


def run_rates(words: list[str]) -> int:
    """Find the learning rates at which a network learns."""
    parser = Parser(
        "rates",
        "Try ever larger learning rates, a batch each, on a network that is thrown away (Smith 2015): the loss falls where the rate "
        "is right, and leaves where it is too large.",
    )
    parser.add_argument("source", metavar="FILE|PRESET")
    parser.flag("--data", default="digits", metavar="DATA", help="the data set (digits)")
    parser.flag("--root", metavar="FOLDER", help="where the data lies")
    parser.flag("--optimizer", metavar="NAME", help="sgd, adamw...; as in train")
    parser.flag("--device", default="auto", metavar="DEVICE", help="where to compute (auto)")
    parser.flag("--json", action="store_true", help="print JSON")
    values = parser.read(words)
    design = sound(design_of(values.source), values.source)
    try:
        spec = replace(default_spec(values.data), device=values.device)
        if values.root is not None:
            spec = replace(spec, root=str(Path(values.root).expanduser().absolute()))
        spec = checked(replace(spec, optimizer=values.optimizer or spec.optimizer))
    except StudioError as error:
        raise UsageError(error.what, error.remedy) from error
    from resnet_studio.engine.training.rates import range_test

    bar = Bar()
    try:
        found = range_test(design, spec, progress=bar.tell)
    finally:
        bar.clear()
    if values.json:
        print(json.dumps(asdict(found), indent=1))
        return ExitCode.DONE
    every = max(1, len(found.points) // _SHOWN)
    rows = [(f"{point.rate:.2g}", f"{point.loss:.4f}") for point in found.points[::every]]
    print("\n".join(text.table(("learning rate", "smoothed loss"), rows, left=0)))
    if found.suggestion is None:
        print("The loss never fell: look at the data and the drawing.")
    else:
        print(
            f"Suggested: --lr {found.suggestion:.2g}, a tenth of where the loss was lowest ({spec.optimizer})."
        )
    return ExitCode.DONE

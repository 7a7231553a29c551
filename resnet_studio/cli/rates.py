"""The command `rates`: the learning-rate range test, as a small table with a suggestion, or JSON. Computes nothing itself."""

from __future__ import annotations

import json
from dataclasses import asdict

from resnet_studio.cli import text
from resnet_studio.cli.making import add_intent, intended
from resnet_studio.cli.parser import Parser
from resnet_studio.cli.progress import Bar
from resnet_studio.runs.exit_code import ExitCode

_SHOWN = 12


def run_rates(words: list[str]) -> int:
    """Find the learning rates at which a network learns."""
    parser = Parser(
        "rates",
        "Try ever larger learning rates, a batch each, on a network that is thrown away (Smith 2015): the loss falls where the rate "
        "is right, and leaves where it is too large. It begins as `train` with the same flags would and takes the same steps; "
        "only --lr and --schedule are not used, nor is anything compiled or averaged. The loss is smoothed over about ten steps.",
    )
    add_intent(parser)
    parser.flag("--json", action="store_true", help="print JSON")
    values = parser.read(words)
    design, spec, initial = intended(values, quiet=values.json)
    from resnet_studio.engine.training.rates import range_test

    bar = Bar()
    try:
        found = range_test(design, spec, initial=initial, progress=bar.tell)
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

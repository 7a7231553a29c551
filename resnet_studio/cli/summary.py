"""The command `summary`: the Plan as a table or as JSON, and torchinfo's confirmation of it. Counts nothing itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from resnet_studio.analysis.layers import WITHOUT_MODULE
from resnet_studio.analysis.plan import Plan, Unit, analyse, place_words
from resnet_studio.cli import text
from resnet_studio.cli.parser import Parser, input_spec
from resnet_studio.cli.show import problem_json, report_problems
from resnet_studio.cli.sources import adapted, design_of
from resnet_studio.design.errors import StudioError
from resnet_studio.design.folding import runs_of_equal

CONVENTIONS = {
    "macs": "multiply-adds of convolutions and the classifier, batch 1; biases, norms, activations, pooling and additions count zero",
    "flops": "2 x macs",
    "torchinfo_macs": "torchinfo's count: biases too, and a norm's parameters",
    "params": "learned numbers, biases and norms included; running statistics are not learned",
    "shapes": "[channels, height, width]; [features] behind the pooling",
}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What torchinfo said: who confirmed, or why nobody could, and where it counted otherwise."""

    by: str | None
    reason: str
    differences: tuple[str, ...] = ()


def run_summary(words: list[str]) -> int:
    """Print every layer; 1 where the drawing has Problems or torchinfo counts otherwise."""
    parser = Parser("summary", "Every layer with its shapes, parameters and multiply-adds.")
    parser.add_argument("source", metavar="FILE|PRESET")
    parser.flag("--input", metavar="CxHxW", help="for another input, like 1x28x28")
    parser.flag("--fold", action="store_true", help="one line for each run of equal blocks")
    parser.flag("--json", action="store_true", help="print JSON")
    parser.flag(
        "--no-confirm",
        action="store_true",
        help="do not ask torchinfo (saves the seconds torch takes to load)",
    )
    values = parser.read(words)
    shape = None if values.input is None else input_spec(values.input)
    plan = analyse(adapted(design_of(values.source), shape=shape, classes=None))
    if not values.json:
        # Shown before torch loads: the figures are there at once.
        print(
            "\n".join([*_title(plan), *(_folded(plan) if values.fold else _layers(plan)), *_totals(plan)]),
            flush=True,
        )
        report_problems(plan.problems)
    confirmation = Confirmation(None, "not asked: --no-confirm") if values.no_confirm else confirm(plan)
    if values.json:
        print(json.dumps(summary_json(plan, confirmation), indent=1))
    else:
        print(_confirmed(plan, confirmation))
    return 1 if plan.problems or confirmation.differences else 0


def confirm(plan: Plan) -> Confirmation:
    """Ask torchinfo."""
    if plan.problems:
        return Confirmation(None, "the drawing has problems, so no network can be built from it")
    try:
        import torchinfo

        from resnet_studio.engine.confirm import confirm as ask
    except ImportError as error:
        return Confirmation(None, f"torchinfo cannot be loaded: {error}")
    try:
        answer = ask(plan)
    except StudioError as error:
        return Confirmation(None, str(error))
    if answer.agrees:
        return Confirmation(f"torchinfo {torchinfo.__version__}", "")
    return Confirmation(None, "torchinfo counts otherwise", tuple(answer.differences))


def summary_json(plan: Plan, confirmation: Confirmation) -> dict[str, Any]:
    """The whole summary as JSON values."""
    totals = plan.totals
    return {
        "name": plan.design.name,
        "input": list(plan.design.input.shape),
        "output": list(plan.output),
        "batch": 1,
        "params": totals.params,
        "macs": totals.macs,
        "flops": totals.flops,
        "torchinfo_macs": totals.torchinfo_macs,
        "activations": totals.activations,
        "param_bytes": totals.param_bytes,
        "backward_bytes": totals.backward_bytes,
        "receptive_field": totals.receptive,
        "conventions": CONVENTIONS,
        "layers": list(_layer_rows(plan)),
        "problems": [problem_json(problem) for problem in plan.problems],
        "confirmed_by": confirmation.by,
        "unconfirmed_because": confirmation.reason or None,
        "differences": list(confirmation.differences),
    }


def _layer_rows(plan: Plan) -> Iterator[dict[str, Any]]:
    for name, layer, unit in plan.layers():
        yield {
            "name": name,
            "kind": layer.kind.value,
            "unit": unit.id,
            "input_shape": list(layer.input),
            "output_shape": list(layer.output),
            "kernel": layer.kernel,
            "stride": layer.stride,
            "groups": layer.groups,
            "params": layer.params,
            "macs": layer.macs,
            "sound": layer.sound,
        }


# --- for people ---------------------------------------------------------------------------------------------------------


def _title(plan: Plan) -> list[str]:
    classes = f", {plan.design.head.classes} classes" if plan.design.head else ""
    return [f"{plan.design.name}: input {plan.design.input}, batch 1{classes}", ""]


def _layers(plan: Plan) -> list[str]:
    rows = []
    for name, layer, _ in plan.layers():
        kernel = f"{layer.kernel}x{layer.kernel}" if layer.kernel else ""
        stride = f"/{layer.stride}" if layer.stride > 1 else ""
        groups = f" g{layer.groups}" if layer.groups > 1 else ""
        kind = layer.activation.value if layer.activation else layer.kind.value
        if layer.kind in WITHOUT_MODULE:
            kind = "add (+)"
        counted = (f"{layer.params:,}" if layer.params else "-", f"{layer.macs:,}" if layer.macs else "-")
        if not layer.sound:
            counted = ("broken", "broken")
        rows.append(
            (
                name,
                f"{kind} {kernel}{stride}{groups}".strip(),
                text.shape(layer.input),
                text.shape(layer.output),
                *counted,
            )
        )
    return text.table(("layer", "kind", "input", "output", "params", "MACs"), rows, left=2)


def _folded(plan: Plan) -> list[str]:
    units = {unit.id: unit for unit in plan.units}
    rows = [_unit_row("Stem", plan.units[0])]
    for stage in plan.design.stages:
        for start, count in runs_of_equal(stage.blocks):
            block = stage.blocks[start]
            same = [units[other.id].part for other in stage.blocks[start : start + count]]
            times = f" x{count}" if count > 1 else ""
            place = place_words(units[block.id])
            if count > 1:
                place = f"{place.replace('block', 'blocks')}-{start + count}"
            what = f"{block.spec.kind.value}{times}, {block.spec.shortcut.value}"
            # Equal specs cost the same only where the same shape arrives, so the run is summed, not multiplied.
            macs, params = sum(part.macs for part in same), sum(part.params for part in same)
            rows.append((place, what, text.shape(same[-1].output), f"{params:,}", f"{macs:,}"))
    if plan.design.head is not None:
        rows.append(_unit_row("Head", plan.units[-1]))
    return text.table(("unit", "blocks, shortcut", "output", "params", "MACs"), rows, left=2)


def _unit_row(place: str, unit: Unit) -> tuple[str, ...]:
    part = unit.part
    return (place, "", text.shape(part.output), f"{part.params:,}", f"{part.macs:,}")


def _totals(plan: Plan) -> list[str]:
    totals = plan.totals
    return [
        "",
        f"parameters          {totals.params:,} ({text.size(totals.param_bytes)} as float32)",
        f"multiply-adds       {totals.macs:,} ({text.si(totals.macs, 'MACs')}; {text.si(totals.flops, 'FLOPs')} at two a multiply-add)",
        f"kept for training   {text.size(totals.backward_bytes)} an image (float32, by autograd)",
        f"receptive field     {totals.receptive} pixels",
        "MACs: convolutions and classifier, batch 1; norms, activations, pooling, additions and biases count zero.",
    ]


def _confirmed(plan: Plan, confirmation: Confirmation) -> str:
    if confirmation.by:
        return (
            f"Confirmed by {confirmation.by}: {plan.totals.params:,} parameters, "
            f"{plan.totals.torchinfo_macs:,} multiply-adds by its own count (biases and norms' parameters too)."
        )
    lines = [f"Not confirmed by torchinfo: {confirmation.reason}."]
    return "\n".join([*lines, *(f"  {difference}" for difference in confirmation.differences)])

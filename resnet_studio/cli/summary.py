"""The command `summary`: the Plan as a table or as JSON, and torchinfo's confirmation of it. Counts nothing itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from resnet_studio.analysis.conventions import PAPERS, Convention, layer_work, plan_work
from resnet_studio.analysis.costs import Cost, together, unit_costs
from resnet_studio.analysis.intensity import layer_bytes
from resnet_studio.analysis.layers import LayerKind, elements
from resnet_studio.analysis.plan import Plan, Unit, analyse
from resnet_studio.analysis.recognition import Recognition, recognise
from resnet_studio.cli import tables, text
from resnet_studio.cli.counting import add_counting, convention_of
from resnet_studio.cli.parser import Parser, UsageError, input_spec
from resnet_studio.cli.show import problem_json, report_advice, report_problems
from resnet_studio.cli.sources import adapted, design_of
from resnet_studio.design.errors import StudioError
from resnet_studio.runs.exit_code import ExitCode

CONVENTIONS = {
    "macs": "multiply-adds of convolutions and the classifier, batch 1; biases, norms, activations, pooling and additions count zero",
    "flops": "2 x macs",
    "torchinfo_macs": "torchinfo's count: biases too, and a norm's parameters",
    "params": "learned numbers, biases and norms included; running statistics are not learned",
    "work": "multiply-adds, and the other operations: norm 2 an element, activation 1, addition 1, pooling 1 an arriving element",
    "intensity": "floating-point operations for each byte moved, every layer reading and writing float32 once",
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
    parser.flag("--blocks", action="store_true", help="one line for each block")
    parser.flag(
        "--columns",
        metavar="LIST",
        help=f"more columns for blocks: {', '.join(tables.COLUMNS)}, or all (implies --fold)",
    )
    add_counting(parser)
    parser.flag("--json", action="store_true", help="print JSON")
    parser.flag(
        "--no-confirm",
        action="store_true",
        help="do not ask torchinfo (saves the seconds torch takes to load)",
    )
    values = parser.read(words)
    shape = None if values.input is None else input_spec(values.input)
    by, columns = convention_of(values), _columns(values.columns)
    plan = analyse(adapted(design_of(values.source), shape=shape, classes=None))
    if not values.json:
        # Shown before torch loads: the figures are there at once.
        if values.blocks or values.fold or columns:
            shown = tables.units(plan, by, fold=not values.blocks, columns=columns)
        else:
            shown = tables.layers(plan, by)
        print("\n".join([*_title(plan), *shown, *_totals(plan, by)]), flush=True)
        report_problems(plan.problems)
        report_advice(plan.advice)
    confirmation = Confirmation(None, "not asked: --no-confirm") if values.no_confirm else confirm(plan)
    if values.json:
        print(json.dumps(summary_json(plan, confirmation, by), indent=1))
    else:
        print(_confirmed(plan, confirmation))
    return ExitCode.PROBLEMS if plan.problems or confirmation.differences else ExitCode.DONE


def _columns(words: str | None) -> tuple[str, ...]:
    if words is None:
        return ()
    chosen = tuple(tables.COLUMNS) if words == "all" else tuple(word.strip() for word in words.split(","))
    wrong = [name for name in chosen if name not in tables.COLUMNS]
    if wrong:
        raise UsageError(
            f"There is no column {wrong[0][:60]!r}.", f"Take some of {', '.join(tables.COLUMNS)}, or all."
        )
    return chosen


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


def summary_json(plan: Plan, confirmation: Confirmation, by: Convention = PAPERS) -> dict[str, Any]:
    """The whole summary as JSON values."""
    totals = plan.totals
    costs = unit_costs(plan)
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
        "effective_stride": plan.units[-1].jump,
        "bytes_moved": together(costs).moved,
        "intensity": round(together(costs).intensity, 4),
        "counted": {"by": by.words, "work": plan_work(plan).counted(by)},
        "recognised": _recognised_json(recognise(plan.design)),
        "conventions": CONVENTIONS,
        "units": [_unit_json(plan, index, cost) for index, cost in enumerate(costs)],
        "stages": list(_stage_rows(plan, costs)),
        "layers": list(_layer_rows(plan)),
        "problems": [problem_json(problem) for problem in plan.problems],
        "advice": [problem_json(advice) for advice in plan.advice],
        "confirmed_by": confirmation.by,
        "unconfirmed_because": confirmation.reason or None,
        "differences": list(confirmation.differences),
    }


def _unit_json(plan: Plan, index: int, cost: Cost) -> dict[str, Any]:
    unit = plan.units[index]
    return {
        "id": unit.id,
        "name": unit.name,
        "output_shape": list(unit.part.output),
        **_cost_json(cost, unit),
    }


def _stage_rows(plan: Plan, costs: list[Cost]) -> Iterator[dict[str, Any]]:
    """Every stage's sums; an empty one costs nothing and has no shape."""
    for number, stage in enumerate(plan.design.stages):
        inside = [index for index, unit in enumerate(plan.units) if unit.stage == number]
        last = plan.units[inside[-1]] if inside else None
        cost = together([costs[index] for index in inside])
        shape = None if last is None else list(last.part.output)
        row = {"id": stage.id, "name": f"layer{number + 1}", "title": stage.name, "blocks": len(inside)}
        yield row | {"output_shape": shape, **_cost_json(cost, last)}


def _cost_json(cost: Cost, last: Unit | None) -> dict[str, Any]:
    """What units cost together, and how far one sees behind the last of them."""
    return {
        "params": cost.params,
        "macs": cost.work.macs,
        "work": dict(zip(cost.work._fields, cost.work, strict=True)),
        "activations": cost.activations,
        "backward_bytes": cost.kept,
        "bytes_moved": cost.moved,
        "intensity": round(cost.intensity, 4),
        "receptive_field": None if last is None else last.receptive,
        "effective_stride": None if last is None else last.jump,
    }


def _recognised_json(found: Recognition | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "name": found.name,
        "title": found.title,
        "exact": found.exact,
        "differences": list(found.differences),
        "notes": list(found.notes),
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
            "dilation": layer.dilation,
            "bias": layer.bias,
            "rate": layer.rate,
            "params": layer.params,
            "macs": layer.macs,
            "activations": elements(layer.output) if layer.kind is LayerKind.CONV and layer.sound else 0,
            "bytes_moved": layer_bytes(layer),
            "flops_of_all": layer_work(layer).operations,
            "sound": layer.sound,
        }


# --- for people ---------------------------------------------------------------------------------------------------------


def _title(plan: Plan) -> list[str]:
    classes = f", {plan.design.head.classes} classes" if plan.design.head else ""
    title = f"{plan.design.name}: input {plan.design.input}, batch 1{classes}"
    found = recognise(plan.design)
    return [title, *([] if found is None else _recognised(found)), ""]


_MOST_DIFFERENCES = 12


def _recognised(found: Recognition) -> list[str]:
    notes = f" ({', '.join(found.notes)})" if found.notes else ""
    if found.exact:
        return [f"This is {found.title}{notes}."]
    if len(found.differences) == 1:
        return [f"Nearest: {found.title}{notes}; differs in {found.differences[0]}."]
    shown = found.differences[:_MOST_DIFFERENCES]
    rest = len(found.differences) - len(shown)
    more = [f"  and {rest} more"] if rest else []
    return [f"Nearest: {found.title}{notes}; differs in", *(f"  {line}" for line in shown), *more]


def _totals(plan: Plan, by: Convention) -> list[str]:
    totals, cost = plan.totals, together(unit_costs(plan))
    lines = [
        "",
        f"parameters          {totals.params:,} ({text.size(totals.param_bytes)} as float32)",
        f"multiply-adds       {totals.macs:,} ({text.si(totals.macs, 'MACs')}; {text.si(totals.flops, 'FLOPs')} at two a multiply-add)",
    ]
    if by != PAPERS:
        work = cost.work.counted(by)
        items = f"; with {', '.join(by.items)}" if by.items else ""
        lines.append(f"counted as asked    {work:,} ({text.si(work, tables.head(by))}{items})")
    lines += [
        f"activations         {totals.activations:,} elements of convolution outputs",
        f"kept for training   {text.size(totals.backward_bytes)} an image (float32, by autograd)",
        f"intensity           {cost.intensity:.1f} FLOPs/byte ({text.size(cost.moved)} moved, layer by layer)",
        f"receptive field     {totals.receptive} pixels, at an effective stride of {plan.units[-1].jump}",
    ]
    if not by.items:
        rest = "norms, activations, pooling, additions and biases count zero."
        return [*lines, f"{tables.head(by)}: convolutions and classifier, batch 1; {rest}"]
    return [*lines, f"{tables.head(by)}: {by.words}, batch 1."]


def _confirmed(plan: Plan, confirmation: Confirmation) -> str:
    if confirmation.by:
        return (
            f"Confirmed by {confirmation.by}: {plan.totals.params:,} parameters, "
            f"{plan.totals.torchinfo_macs:,} multiply-adds by its own count (biases and norms' parameters too)."
        )
    lines = [f"Not confirmed by torchinfo: {confirmation.reason}."]
    return "\n".join([*lines, *(f"  {difference}" for difference in confirmation.differences)])

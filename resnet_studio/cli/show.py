"""The commands that need neither torch nor a window: presets, new, check. Knows no terminal beyond lines of text."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import shorten
from typing import Any

from resnet_studio.analysis.conventions import plan_work
from resnet_studio.analysis.plan import Plan, Problem, analyse
from resnet_studio.cli import text
from resnet_studio.cli.counting import add_counting, convention_of
from resnet_studio.cli.parser import Parser, UsageError, classes, input_spec
from resnet_studio.cli.sources import adapted, design_of
from resnet_studio.design.files import write_design
from resnet_studio.design.presets import FAMILIES, PRESETS, Family, Parameter, Preset, preset
from resnet_studio.runs.exit_code import ExitCode

# A table that a terminal breaks is none; the whole words stand in --json.
_WIDEST = 62


def run_presets(words: list[str]) -> int:
    """List the presets with their figures."""
    parser = Parser("presets", "List the named networks with their parameters and multiply-adds.")
    parser.flag(
        "--families", action="store_true", help="list the families, whose every member is a preset too"
    )
    add_counting(parser)
    parser.flag("--json", action="store_true", help="print JSON")
    values = parser.read(words)
    as_json, by = values.json, convention_of(values)
    if values.families:
        print(
            json.dumps([_family_json(one) for one in FAMILIES.values()], indent=1) if as_json else _families()
        )
        return ExitCode.DONE
    entries = [(entry, analyse(entry.make())) for entry in PRESETS.values()]
    if as_json:
        counted = [
            _preset_json(entry, plan) | {"work": plan_work(plan).counted(by)} for entry, plan in entries
        ]
        print(json.dumps(counted, indent=1))
        return ExitCode.DONE
    head = ("preset", "what it is", "source", "input", "params", "FLOPs" if by.flops else "MACs")
    rows = [
        (
            entry.name,
            shorten(f"{entry.title}: {entry.note}", _WIDEST, placeholder=" …"),
            entry.source.partition(",")[0],
            str(plan.design.input),
            f"{plan.totals.params:,}",
            text.si(plan_work(plan).counted(by)),
        )
        for entry, plan in entries
    ]
    print("\n".join(text.table(head, rows, left=3)))
    print(
        "\nAny other member of a family is a preset too (wrn_22_3, cifar_resnet44_w32); --families shows what there is."
    )
    rest = "" if by.flops or by.items else "; FLOPs are twice that"
    print(f"{'FLOPs' if by.flops else 'MACs'}: {by.words}, for one image of that input{rest}.")
    return ExitCode.DONE


def _families() -> str:
    lines: list[str] = []
    for family in FAMILIES.values():
        lines += [f"{family.title}: {family.about}", f"  {family.form}"]
        lines += [f"    {one.name.upper():12} {one.meaning} ({_allowed(one)})" for one in family.parameters]
        lines.append("")
    return "\n".join(lines[:-1])


def _allowed(parameter: Parameter) -> str:
    if parameter.choices:
        return ", ".join(str(value) for value, _ in parameter.choices)
    rule = f"{parameter.rule}, " if parameter.rule else ""
    return f"{rule}{parameter.low} to {parameter.high}"


def _family_json(family: Family) -> dict[str, Any]:
    return {
        "name": family.name,
        "title": family.title,
        "about": family.about,
        "form": family.form,
        "first": family.preset(family.defaults()).name,
        "parameters": [
            {
                "name": one.name,
                "label": one.label,
                "meaning": one.meaning,
                "default": one.default,
                **(
                    {"choices": [value for value, _ in one.choices]}
                    if one.choices
                    else {"low": one.low, "high": one.high, "step": one.step}
                ),
            }
            for one in family.parameters
        ],
    }


def _preset_json(entry: Preset, plan: Plan) -> dict[str, Any]:
    return {
        "name": entry.name,
        "title": entry.title,
        "group": entry.group,
        "family": entry.family or None,
        "note": entry.note,
        "source": entry.source,
        "input": list(plan.design.input.shape),
        "classes": plan.design.head.classes if plan.design.head else None,
        "params": plan.totals.params,
        "macs": plan.totals.macs,
    }


def run_new(words: list[str]) -> int:
    """Write a preset as a design file."""
    parser = Parser("new", "Write a preset as a design file.")
    parser.add_argument("preset", metavar="PRESET", help="`resnet-studio presets` lists them")
    parser.flag("-o", "--output", metavar="FILE", required=True, help="the design file to write")
    parser.flag("--input", metavar="CxHxW", help="another input, like 1x28x28")
    parser.flag("--classes", metavar="N", help="another number of classes")
    parser.flag("--force", action="store_true", help="replace FILE where it exists")
    values = parser.read(words)
    design = adapted(
        preset(values.preset),
        shape=None if values.input is None else input_spec(values.input),
        classes=None if values.classes is None else classes(values.classes),
    )
    target = Path(values.output)
    if target.is_file() and not values.force:
        raise UsageError(f"{target} exists.", "Choose another name, or add --force to replace it.")
    write_design(target, design)
    plan = analyse(design)
    print(f"{target}: {design.name}, {headline(plan)}")
    return report_problems(plan.problems)


def headline(plan: Plan) -> str:
    """One line on the whole drawing, every number with its convention."""
    blocks = sum(len(stage.blocks) for stage in plan.design.stages)
    counted = f"{blocks} block" + ("" if blocks == 1 else "s")
    return (
        f"input {plan.design.input}, {counted}, {plan.totals.params:,} parameters, "
        f"{text.si(plan.totals.macs, 'MACs')} (batch 1)"
    )


def run_check(words: list[str]) -> int:
    """List the Problems of a drawing, and advice; 1 where there are Problems."""
    parser = Parser("check", "List what is wrong with a drawing. Exit code 1 where something is.")
    parser.add_argument("source", metavar="FILE|PRESET")
    parser.flag("--json", action="store_true", help="print JSON")
    values = parser.read(words)
    plan = analyse(design_of(values.source))
    if values.json:
        found = {
            "problems": [problem_json(problem) for problem in plan.problems],
            "advice": [problem_json(advice) for advice in plan.advice],
        }
        print(json.dumps(found, indent=1))
        return ExitCode.PROBLEMS if plan.problems else ExitCode.DONE
    code = report_problems(plan.problems)
    report_advice(plan.advice)
    if code == 0:
        print(f"{plan.design.name} is sound: {headline(plan)}")
    return code


def problem_json(problem: Problem) -> dict[str, Any]:
    """A Problem as JSON."""
    return {
        "code": problem.code,
        "where": problem.where,
        "place": problem.place,
        "message": problem.message,
        "repair": problem.repair.label if problem.repair else None,
    }


def report_problems(problems: tuple[Problem, ...]) -> int:
    """Print the Problems one a line; the exit code."""
    for problem in problems:
        hint = f" (the window repairs it: {problem.repair.label})" if problem.repair else ""
        print(f"problem: {problem}{hint}")
    return ExitCode.PROBLEMS if problems else ExitCode.DONE


def report_advice(advice: tuple[Problem, ...]) -> None:
    """Print what can be built, but no paper would do, one a line."""
    for found in advice:
        hint = f" (the window does it: {found.repair.label})" if found.repair else ""
        print(f"advice: {found}{hint}")

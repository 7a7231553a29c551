"""The command `compare`: two drawings side by side as a table or as JSON, and the settings of two runs. Compares nothing itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from resnet_studio.analysis.compare import Comparison, Row, RowKind, Side, Sign, compare, folded
from resnet_studio.analysis.comparison import MEASURES, totals_of
from resnet_studio.analysis.conventions import Convention, plan_work
from resnet_studio.analysis.plan import Plan
from resnet_studio.cli import text
from resnet_studio.cli.counting import add_counting, convention_of
from resnet_studio.cli.parser import Parser
from resnet_studio.cli.show import problem_json
from resnet_studio.cli.sources import design_of, existing_run, run_of
from resnet_studio.cli.summary import CONVENTIONS
from resnet_studio.cli.words import block_words
from resnet_studio.design.types import BlockSpec, Design, Stage
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import runs_root
from resnet_studio.runs.spec_words import spec_differences

MARKS = {Sign.EQUAL: "", Sign.CHANGED: "~", Sign.ADDED: "+", Sign.REMOVED: "-"}
_LABELS = {
    "params": "parameters",
    "macs": "multiply-adds",
    "activations": "activations",
    "memory": "kept for training",
    "receptive": "receptive field",
}
_NOTES = {
    "delta": "the right drawing's number less the left one's",
    "memory": "float32 bytes that autograd keeps for one image",
    "receptive": "pixels, at the end of a row; it does not add up",
}

Setting = tuple[str, str, str]


def run_compare(words: list[str]) -> int:
    """Lay two drawings side by side; 1 where one has Problems, or where they differ and --exit-code asks."""
    parser = Parser(
        "compare",
        "Two drawings side by side: which stages and blocks are equal, changed (~), added (+) or removed (-) in B as seen "
        "from A, and what each difference costs. Of two runs also the settings in which they differ.",
    )
    parser.add_argument("left", metavar="A", help="a file, a preset or a run")
    parser.add_argument("right", metavar="B", help="another one")
    parser.flag("--only-differences", action="store_true", help="leave out what is equal and costs the same")
    parser.flag("--exit-code", action="store_true", help="1 where the drawings differ, as diff does")
    add_counting(parser)
    parser.flag("--json", action="store_true", help="print JSON")
    values = parser.read(words)
    names, by = (values.left, values.right), convention_of(values)
    designs = [_design(name) for name in names]
    runs = [_run(name) for name in names]
    settings = (
        None if None in runs else spec_differences(*(RunFolder.open(run).spec() for run in runs if run))
    )
    found = compare(*designs)
    if values.json:
        print(json.dumps(_json(found, names, settings) | _counted_json(found, by), indent=1))
    else:
        lines = _lines(found, names, settings, by, only_differences=values.only_differences)
        print(text.harmless("\n".join(lines)))
    broken = bool(found.left.problems or found.right.problems)
    return ExitCode.PROBLEMS if broken or (values.exit_code and not found.same) else ExitCode.DONE


def _run(name: str) -> Path | None:
    """The run of that path or name; None where it names something else."""
    found = run_of(name)
    if found is None and Path(name).name == name and (runs_root() / name / "run.json").is_file():
        return None if Path(name).exists() else existing_run(name)
    return found


def _design(name: str) -> Design:
    run = _run(name)
    return design_of(name if run is None else str(run))


# --- as a table -------------------------------------------------------------------------------------------------------


def _lines(
    found: Comparison,
    names: tuple[str, str],
    settings: list[Setting] | None,
    by: Convention,
    *,
    only_differences: bool,
) -> Iterator[str]:
    left, right = (
        totals_of(plan) | {"macs": plan_work(plan).counted(by)} for plan in (found.left, found.right)
    )
    labels = _LABELS | {"macs": by.unit}
    yield f"{found.left.design.name} -> {found.right.design.name}: {found.words}"
    yield ""
    rows = [
        (labels[name], f"{left[name]:,}", f"{right[name]:,}", _signed(right[name] - left[name]))
        for name in left
    ]
    titles = [name if len(name) <= 40 else f"...{name[-37:]}" for name in names]
    yield from text.table(("", *titles, "change"), rows)
    yield ""
    shown = [row for row in folded(found).walk() if row.differs or not only_differences]
    if shown:
        head = ("", "unit", "what it is", "parameters", "FLOPs" if by.flops else "MACs")
        table = text.table(head, [_cells(row, by) for row in shown], left=3)
        # Behind the numbers: it is long, and a narrow terminal folds or cuts it.
        words = ["difference", "-" * 10, *(row.what for row in shown)]
        width = max(map(len, table))
        yield from (f"{line:{width}}  {word}".rstrip() for line, word in zip(table, words, strict=True))
    for plan in (found.left, found.right):
        for problem in plan.problems:
            yield f"problem in {plan.design.name}: {problem}"
    if settings is not None:
        yield ""
        yield from _setting_lines(settings, names)


def _setting_lines(settings: list[Setting], names: tuple[str, str]) -> list[str]:
    if not settings:
        return ["The two runs have the same settings."]
    return text.table(("setting", *names), settings, left=3)


def _cells(row: Row, by: Convention) -> tuple[str, ...]:
    place = row.side.place
    if row.left is not None and row.right is not None and row.left.place != place:
        place = f"{row.left.place} -> {place}"
    work = row.delta(lambda side: side.cost.work.counted(by))
    costs = (_signed(change) for change in (row.delta(MEASURES["params"]), work))
    indent = "  " if row.kind is RowKind.BLOCK else ""
    return MARKS[row.sign], indent + place, _what(row.side), *costs


def _what(side: Side) -> str:
    if isinstance(side.value, BlockSpec) and isinstance(side.end, BlockSpec):
        return block_words(side.value, side.count, side.end.drop_path)
    if isinstance(side.value, Stage):
        count = len(side.value.blocks)
        return f"{count} block{'' if count == 1 else 's'}"
    return ""


def _signed(change: int) -> str:
    return f"{change:+,}" if change else "-"


# --- as JSON ----------------------------------------------------------------------------------------------------------


def _json(found: Comparison, names: tuple[str, str], settings: list[Setting] | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "left": _plan_json(found.left, names[0]),
        "right": _plan_json(found.right, names[1]),
        "delta": found.deltas,
        "same": found.same,
        "words": found.words,
        "rows": [_row_json(row) for row in found.rows],
        "conventions": {name: CONVENTIONS[name] for name in ("params", "macs")} | _NOTES,
    }
    return told if settings is None else told | {"settings": settings}


def _counted_json(found: Comparison, by: Convention) -> dict[str, Any]:
    """The whole drawings' work as asked; `macs` everywhere stay the papers'."""
    left, right = (plan_work(plan).counted(by) for plan in (found.left, found.right))
    return {"counted": {"by": by.words, "left": left, "right": right, "delta": right - left}}


def _plan_json(plan: Plan, source: str) -> dict[str, Any]:
    problems = [problem_json(problem) for problem in plan.problems]
    return {"source": source, "name": plan.design.name} | totals_of(plan) | {"problems": problems}


def _row_json(row: Row) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": row.kind.value,
        "sign": row.sign.value,
        "left": _side_json(row.left),
        "right": _side_json(row.right),
        "moved": row.moved or None,
        "changes": [
            {"field": change.field, "left": change.left, "right": change.right, "words": change.words}
            for change in row.changes
        ],
        "delta": {name: row.delta(measure) for name, measure in MEASURES.items()},
    }
    return told | ({"rows": [_row_json(inner) for inner in row.rows]} if row.kind is RowKind.STAGE else {})


def _side_json(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    numbers = {name: measure(side) for name, measure in MEASURES.items()}
    return {
        "place": side.place,
        "ids": list(side.ids),
        **numbers,
        "output": list(side.output),
    }

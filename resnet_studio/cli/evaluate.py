"""The command `evaluate`: what a run's weights get right and wrong, as a table or JSON. Computes nothing itself."""

from __future__ import annotations

import json
from collections.abc import Iterator

from resnet_studio.cli import text
from resnet_studio.cli.parser import Parser, UsageError
from resnet_studio.cli.progress import Bar
from resnet_studio.cli.sources import existing_run
from resnet_studio.runs.evaluation import MAX_WORST, Evaluation, evaluation_to
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.folder import RunFolder


def run_evaluate(words: list[str]) -> int:
    """Evaluate a run's weights on its validation images."""
    parser = Parser(
        "evaluate", "Per-class accuracy, confusion matrix and the worst images of a run's weights."
    )
    parser.add_argument("source", metavar="RUN", help="a run's folder, or its name among the program's runs")
    parser.flag("--weights", choices=("best", "last"), default="best", help="which checkpoint (best)")
    parser.flag(
        "--worst",
        metavar="N",
        default="8",
        help=f"how many of the worst images to name (8, at most {MAX_WORST})",
    )
    parser.flag("--json", action="store_true", help="print JSON, with the whole confusion matrix")
    values = parser.read(words)
    run = RunFolder.open(existing_run(values.source))
    worst = _count(values.worst)
    from resnet_studio.engine.training.evaluate import evaluate

    bar = Bar()
    try:
        found = evaluate(run, which=values.weights, worst=worst, samples=0, progress=bar.tell)
    finally:
        bar.clear()
    if values.json:
        told = {"run": str(run.path)} | evaluation_to(found, pixels=False)
        # Samples are pictures to look at; here nobody asked for any.
        del told["samples"]
        print(json.dumps(told, indent=1))
    else:
        print(text.harmless("\n".join(_lines(found))))
    return ExitCode.DONE


def _count(words: str) -> int:
    if not (words.isascii() and words.isdecimal() and len(words) < 6 and int(words) <= MAX_WORST):
        raise UsageError(f"--worst must be a whole number from 0 to {MAX_WORST}, not {words[:40]!r}.")
    return int(words)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.2f} %"


def _lines(found: Evaluation) -> Iterator[str]:
    top5 = f", top-5 {_percent(found.top5)}" if found.top5 is not None else ""
    yield (
        f"{found.weights} weights, epoch {found.epoch}, {found.images:,} validation images: "
        f"top-1 {_percent(found.top1)}{top5}, loss {found.loss:.4f}"
    )
    yield ""
    yield from text.table(
        ("class", "mostly taken for", "images", "accuracy", "precision"), _rows(found), left=2
    )
    if found.worst:
        yield ""
        rows = [
            (miss.name, found.classes[miss.truth], found.classes[miss.said], _percent(miss.confidence))
            for miss in found.worst
        ]
        yield from text.table(("worst images", "is", "taken for", "sure"), rows, left=3)


def _rows(found: Evaluation) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for number in sorted(
        range(len(found.classes)), key=lambda n: (found.recall(n) is None, found.recall(n) or 0.0)
    ):
        mistaken = found.mistaken(number)
        taken = "" if mistaken is None else f"{found.classes[mistaken[0]]} ({mistaken[1]:,})"
        row = (found.classes[number], taken, f"{sum(found.counts[number]):,}")
        rows.append((*row, _percent(found.recall(number)), _percent(found.precision(number))))
    return rows

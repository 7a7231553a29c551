"""Rows of the layer table as Markdown, CSV and LaTeX texts. Knows the model's words, and no view."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from resnet_studio.language import tr
from resnet_studio.ui.format import THIN, thousands
from resnet_studio.ui.table.figures import COUNTED
from resnet_studio.ui.table.model import LayerModel
from resnet_studio.ui.table.rows import Column, Row

_CSV_TITLES = (
    "layer",
    "kind",
    "kernel",
    "stride",
    "groups",
    "input",
    "output",
    "params",
    "macs",
    "activations",
    "memory_bytes",
    "receptive_field",
    "effective_stride",
    "flops_per_byte",
    "torchinfo",
)
_LATEX = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", "×": r"$\times$", "·": r"$\cdot$", "²": "$^2$", "\N{MINUS SIGN}": "$-$",
    "→": r"$\to$", "…": r"\dots{}", "✓": "yes", THIN: r"\,",
    # Behind the end of a row these would be read as its options.
    "[": "{[}", "]": "{]}", "*": "{*}",
} | {mark: f"\\{mark}" for mark in "&%$#_{}"}  # fmt: skip
# What the table writes with a prefix ("118 M").
_ROUNDED = (Column.MACS, Column.ACTIVATIONS, Column.MEMORY)
_BLANKS = re.compile(rf"[^\S{THIN}]+")


def markdown_of(model: LayerModel, rows: Sequence[Row], *, total: bool = False) -> str:
    """Rows as the table shows them, with exact counts, and with `total` the whole drawing's sums below them."""
    titles, *lines = _lines(model, rows, total=total)
    return as_markdown(titles, [[text.replace(THIN, " ") for text in line] for line in lines])


def csv_of(model: LayerModel, rows: Sequence[Row], *, total: bool = False) -> str:
    """Rows with plain numbers; `macs` are always multiply-adds, `memory_bytes` what is kept for the backward pass."""
    lines = [_values(model, row) for row in rows]
    return as_csv(_CSV_TITLES, [*lines, *([_total_values(model)] if total else [])])


def latex_of(model: LayerModel, rows: Sequence[Row], *, total: bool = False) -> str:
    """Rows as the table shows them, with exact counts, and with `total` the whole drawing's sums below them."""
    titles, *lines = _lines(model, rows, total=total)
    return as_latex(titles, lines)


def _lines(model: LayerModel, rows: Sequence[Row], *, total: bool) -> list[list[str]]:
    lines = [[_title(model, column) for column in Column]]
    lines += [[_exact(model, row, column) for column in Column] for row in rows]
    return [*lines, *([_exact_total(model)] if total else [])]


def _title(model: LayerModel, column: Column) -> str:
    """A column's title; a bare number of memory says its unit."""
    return (
        tr("{column} (bytes)", column=model.title(column)) if column is Column.MEMORY else model.title(column)
    )


def _exact(model: LayerModel, row: Row, column: Column) -> str:
    """What the cell says, but counts to the last digit: a copy is reckoned with."""
    said = model.text(row, column)
    if not said or column not in _ROUNDED:
        return said
    if column is Column.MACS:
        return thousands(model.looks.work(row))
    value = model.looks.figures.value(row, column)
    return said if value is None else thousands(int(value))


def _exact_total(model: LayerModel) -> list[str]:
    texts = model.total_texts()
    texts[Column.MACS] = thousands(model.looks.total_work(model.plan))
    for column in (Column.ACTIVATIONS, Column.MEMORY):
        value = model.looks.figures.total(column)
        if value is not None:
            texts[column] = thousands(int(value))
    return texts


def _values(model: LayerModel, row: Row) -> list[object]:
    c = row.cells
    kernel = f"{c.kernel}x{c.kernel}" if c.kernel else ""
    shapes = ["x".join(map(str, c.input)), "x".join(map(str, c.output))]
    figures = [_number(model.looks.figures.value(row, column)) for column in COUNTED]
    counts = [c.params, c.macs, *figures, model.verdict(row)]
    return [c.name, c.kind, kernel, c.stride or "", c.groups or "", *shapes, *counts]


def _total_values(model: LayerModel) -> list[object]:
    plan = model.plan
    shapes = ["x".join(map(str, shape)) for shape in (plan.design.input.shape, plan.output)]
    figures = [_number(model.looks.figures.total(column)) for column in COUNTED]
    return ["total", "", "", "", "", *shapes, plan.totals.params, plan.totals.macs, *figures, ""]


def _number(value: float | None) -> object:
    """Counts are whole; of an intensity four places are enough."""
    return "" if value is None else round(value, 4)


def as_markdown(titles: Sequence[str], lines: Sequence[Sequence[str]], *, right_from: int = 2) -> str:
    """A Markdown table; columns from `right_from` on are right-aligned."""
    marks = ["---" if index < right_from else "---:" for index in range(len(titles))]
    rows = [titles, marks, *lines]
    return "\n".join("| " + " | ".join(_cell(text) for text in row) + " |" for row in rows) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").split())


def as_csv(titles: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    """Comma-separated values with a line of titles; numbers as plain digits, so that any program can read them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows([[_harmless(value) for value in row] for row in lines])
    return out.getvalue()


def _harmless(value: object) -> object:
    # A stage may be called "=1+1": a spreadsheet must not compute what a person wrote.
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value


def as_latex(titles: Sequence[str], lines: Sequence[Sequence[str]], *, right_from: int = 2) -> str:
    """A tabular in the style of booktabs; columns from `right_from` on are right-aligned."""
    columns = "".join("l" if index < right_from else "r" for index in range(len(titles)))
    head, *rows = (" & ".join(map(latex_text, line)) + r" \\" for line in (titles, *lines))
    begin = ["% \\usepackage{booktabs}", rf"\begin{{tabular}}{{{columns}}}", r"\toprule", head, r"\midrule"]
    return "\n".join([*begin, *rows, r"\bottomrule", r"\end{tabular}"]) + "\n"


def latex_text(text: str) -> str:
    """A text that LaTeX prints as it stands: nothing in it commands."""
    plain = _BLANKS.sub(" ", text).strip(" ")
    return "".join(_LATEX.get(mark, mark) for mark in plain if mark.isprintable() or mark == THIN)

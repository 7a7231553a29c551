"""A comparison as a Markdown text. Knows the model's words, and no view."""

from __future__ import annotations

from resnet_studio.analysis.comparison import RowKind
from resnet_studio.language import tr
from resnet_studio.ui.compare.model import Column, CompareModel, Node
from resnet_studio.ui.format import THIN
from resnet_studio.ui.table.copying import as_markdown


def markdown_of(model: CompareModel) -> str:
    """The lines that are shown: both drawings, the difference in words, every delta."""
    comparison = model.comparison
    if comparison is None:
        return ""
    numbers = list(Column)[Column.PARAMS :]
    titles = ["", *model.names, tr("Difference"), *(model.title(column) for column in numbers)]
    lines = [[text.replace(THIN, " ") for text in _cells(model, node, numbers)] for node in model.walk()]
    table = as_markdown(titles, lines, right_from=4)
    return f"{model.names[0]} → {model.names[1]}: {comparison.words}\n\n{table}"


def _cells(model: CompareModel, node: Node, numbers: list[Column]) -> list[str]:
    row = node.row
    place = model.text(node, Column.PLACE)
    if row is not None and row.kind is RowKind.BLOCK:
        place = place.replace(place.lstrip("≠+−↔ "), row.side.place)
    sides = [model.text(node, column) for column in (Column.LEFT, Column.RIGHT)]
    what = "" if row is None else row.what
    return [place, *sides, what, *(model.text(node, column).replace("·", "") for column in numbers)]

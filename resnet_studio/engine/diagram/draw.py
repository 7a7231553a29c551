"""Lays a diagram out and gives it as SVG with its hit boxes, or writes it as a file. Knows no window.

The Graphviz in pygraphviz's wheel works in this process and holds the interpreter lock: never call it from the window's.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import cast

import pygraphviz

from resnet_studio.analysis.plan import Plan, analyse
from resnet_studio.design.atomic import write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.engine.diagram.dot import Sketch, sketch
from resnet_studio.engine.diagram.look import FONT, FORMATS, Look
from resnet_studio.engine.diagram.svg import finished
from resnet_studio.language import tr
from resnet_studio.runs.results import Drawn

# Cairo's bitmaps end at 32,767 pixels; Graphviz would then scale by itself, and complain on stderr.
_PNG_DPI, _PNG_PIXELS = 144, 32_000


def draw(source: Design | Plan, look: Look | None = None) -> Drawn:
    """The diagram as SVG text, with what its nodes mean and where they stand."""
    drawing, svg = _laid_out(source, look or Look(), "svg")
    text, boxes, size = finished(svg, look or Look())
    return {
        "svg": text,
        "nodes": drawing.nodes,
        "runs": drawing.runs,
        "boxes": {name: box for name, box in boxes.items() if name in drawing.nodes},
        "size": size,
        "notes": drawing.notes,
    }


def render(
    source: Design | Plan, path: Path, *, look: Look | None = None, format: str | None = None
) -> list[str]:
    """Write the diagram as SVG, PDF or PNG; returns notes on what was drawn otherwise than asked.

    Args:
        source: what to draw.
        path: where to; its suffix says the format unless `format` does.
        look: what is shown and how; the page is always painted.
        format: "svg", "pdf" or "png".

    Raises:
        StudioError: the format is not known, or the file cannot be written.
    """
    kind = (format or path.suffix.lstrip(".")).lower()
    if kind not in FORMATS:
        raise StudioError(
            tr(
                "{path}: a diagram is written as {formats}, not {found}.",
                path=path,
                formats=", ".join(FORMATS),
                found=repr(kind[:20]),
            ),
            tr("Change the suffix."),
        )
    look = replace(look or Look(), page=True)
    drawing, data = _laid_out(source, look, kind)
    if kind == "svg":
        data = _portable(finished(data, look)[0], look).encode()
    write_atomically(path, data)
    return drawing.notes


def _portable(svg: str, look: Look) -> str:
    """For machines that lack the font. Not in the window's own: Qt reads a list of families as the name of one."""
    return svg.replace(f'font-family="{look.font}"', f'font-family="{look.font}, {FONT}"')


def _laid_out(source: Design | Plan, look: Look, kind: str) -> tuple[Sketch, bytes]:
    drawing = sketch(source if isinstance(source, Plan) else analyse(source), look)
    if kind != "png":
        return drawing, _graphviz(drawing.source, kind)
    longest = max(finished(_graphviz(drawing.source, "svg"), look)[2])
    dots = min(_PNG_DPI, math.floor(72 * _PNG_PIXELS / longest))
    if dots < _PNG_DPI:
        drawing.notes.append(
            tr(
                "The PNG has {dots} dots per inch: with more it would be too large. SVG and PDF are sharp.",
                dots=dots,
            )
        )
    return drawing, _graphviz(drawing.source, kind, dpi=str(dots))


def _graphviz(source: str, kind: str, **attributes: str) -> bytes:
    graph = pygraphviz.AGraph(string=source)
    try:
        graph.graph_attr.update(**attributes)
        return cast("bytes", graph.draw(format=kind, prog="dot"))
    except ValueError as error:
        raise StudioError(tr("Graphviz could not lay the diagram out ({error}).", error=error)) from error
    finally:
        graph.close()

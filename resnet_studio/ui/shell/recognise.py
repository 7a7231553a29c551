"""Which named network a drawing is, or is near to, in words for the toolbar's pill. Knows no widget."""

from __future__ import annotations

from typing import NamedTuple

from resnet_studio.analysis.recognition import recognise
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.types import Design
from resnet_studio.language import tr, trn

_MOST_LINES = 10


class Words(NamedTuple):
    """The pill's one line, and all that can be said about it."""

    short: str
    full: str


def recognised(design: Design) -> Words:
    """ "ResNet-50 v1.5, 10 classes"; "near ResNet-50 v1.5 · Stage 2, block 3"; or the drawing's own name."""
    found = recognise(design)
    if found is None:
        # A drawing that began as a preset keeps its name; alone it would read as if it still were that preset.
        began = any(design.name == entry.title for entry in PRESETS.values())
        own = tr("{name} · edited", name=design.name) if began else design.name
        return Words(own, own)
    if found.exact:
        said = ", ".join([found.title, *found.notes])
        return Words(said, said)
    count = len(found.differences)
    where = found.differences[0].partition(":")[0]
    if count != 1:
        where = trn("{count} difference", "{count} differences", count)
    lines = "\n".join(f"· {line}" for line in found.differences[:_MOST_LINES])
    rest = "\n· …" if count > _MOST_LINES else ""
    return Words(
        tr("near {title} · {where}", title=found.title, where=where),
        tr(
            "The nearest named network is {title}. This drawing differs in:\n{lines}{rest}",
            title=found.title,
            lines=lines,
            rest=rest,
        ),
    )

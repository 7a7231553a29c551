"""Which preset a drawing is, or is near to, in words for the toolbar's pill. Knows no widget."""

from __future__ import annotations

from functools import cache

from resnet_studio.design.presets import PRESETS
from resnet_studio.design.types import BlockSpec, Design

_Lanes = tuple[tuple[BlockSpec, ...], ...]


def _lanes(design: Design) -> _Lanes:
    return tuple(tuple(block.spec for block in stage.blocks) for stage in design.stages)


@cache
def _known() -> tuple[tuple[str, Design, _Lanes], ...]:
    made = [(preset.title, preset.make()) for preset in PRESETS.values()]
    return tuple((title, design, _lanes(design)) for title, design in made)


def recognise(design: Design) -> str:
    """ "ResNet-50"; "ResNet-50, 10 classes"; "near ResNet-50 · differs in stage 2"; or the drawing's own name (a preset's with "edited")."""
    lanes = _lanes(design)
    best: tuple[int, str] | None = None
    for title, preset, theirs in _known():
        differing = _differing(design, lanes, preset, theirs)
        if not differing:
            return title + _around(design, preset)
        share = len(differing) / (len(theirs) + 2)
        if share <= 0.4 and (best is None or len(differing) < best[0]):
            best = len(differing), f"near {title} · differs in {' and '.join(differing[:2])}"
            if len(differing) > 2:
                best = len(differing), f"near {title} · edited"
    if best is not None:
        return best[1]
    # A drawing that began as a preset keeps its name; alone it would read as if it still were that preset.
    names = {title for title, _, _ in _known()}
    return f"{design.name} · edited" if design.name in names else design.name


def _differing(design: Design, lanes: _Lanes, preset: Design, theirs: _Lanes) -> list[str]:
    """The places that are unlike the preset; input and number of classes are not what makes a network."""
    places = ["stem"] if design.stem != preset.stem else []
    count = max(len(lanes), len(theirs))
    for index in range(count):
        mine = lanes[index] if index < len(lanes) else None
        other = theirs[index] if index < len(theirs) else None
        if mine is not other and mine != other:
            places.append(f"stage {index + 1}")
    if (design.head is None) != (preset.head is None) or (
        design.head is not None and preset.head is not None and design.head.activate != preset.head.activate
    ):
        places.append("head")
    return places


def _around(design: Design, preset: Design) -> str:
    notes = []
    if design.input != preset.input:
        notes.append(str(design.input).replace("x", "×"))
    if design.head is not None and preset.head is not None and design.head.classes != preset.head.classes:
        notes.append(f"{design.head.classes} classes")
    return "".join(f", {note}" for note in notes)

"""The units of a drawing in their places: stem, blocks and head with names, shapes, receptive field and jump. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from resnet_studio.analysis.layers import Layer, LayerKind, Shape
from resnet_studio.analysis.parts import Part, block_part, head_part, stem_part
from resnet_studio.design.types import Design
from resnet_studio.language import tr

STEM, HEAD, WHOLE = "stem", "head", "design"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A stem, block or head in its place.

    Args:
        id: the block's id, or STEM or HEAD.
        name: prefix of its layers' names ("layer1.0"); empty for stem and head.
        stage: index of its stage, or None.
        position: index within the stage, or None.
        part: what it becomes there.
        receptive: edge of the input window that one output pixel sees, in pixels, along the main path.
        jump: input pixels between two neighbouring output pixels (effective stride).
    """

    id: str
    name: str
    stage: int | None
    position: int | None
    part: Part
    receptive: int
    jump: int

    def full_name(self, layer: Layer) -> str:
        """The layer's name in the state_dict ("layer1.0.conv2")."""
        return f"{self.name}.{layer.name}" if self.name else layer.name


def place_words(unit: Unit) -> str:
    """How people name a unit's place: Stem, "Stage 2, block 1", Head."""
    if unit.stage is None or unit.position is None:
        return tr("Stem") if unit.id == STEM else tr("Head")
    return tr("Stage {stage}, block {block}", stage=unit.stage + 1, block=unit.position + 1)


@lru_cache(maxsize=8192)
def _sight(part: Part) -> tuple[int, int]:
    """(growth of the receptive field in units of the arriving jump, factor on the jump) of the main path."""
    grown, jump = 0, 1
    for row in part.pre + part.body + part.after:
        if row.kind in (LayerKind.CONV, LayerKind.MAX_POOL) and not row.aside:
            grown += row.dilation * (row.kernel - 1) * jump
            jump *= row.stride
    return grown, jump


class _Walk:
    """The shape, receptive field and jump as one walks from input to output."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.receptive = 1
        self.jump = 1
        self._sights: dict[int, tuple[int, int]] = {}

    def place(self, unit_id: str, name: str, part: Part, stage: int | None, position: int | None) -> Unit:
        sight = self._sights.get(id(part))
        if sight is None:
            sight = self._sights[id(part)] = _sight(part)
        self.receptive += sight[0] * self.jump
        self.jump *= sight[1]
        self.shape = part.output
        return Unit(
            id=unit_id, name=name, stage=stage, position=position, part=part, receptive=self.receptive, jump=self.jump
        )  # fmt: skip


def units_of(design: Design) -> Iterator[Unit]:
    """Every unit, from input to output."""
    walk = _Walk(design.input.shape)
    yield walk.place(STEM, "", stem_part(design.stem, walk.shape), None, None)
    spec, shape, part = None, None, None
    for s, stage in enumerate(design.stages):
        prefix = f"layer{s + 1}."
        for b, block in enumerate(stage.blocks):
            # Neighbours in a run share spec and shape: skipping the memo's hash makes deep nets three times faster.
            if part is None or block.spec is not spec or walk.shape != shape:
                spec, shape = block.spec, walk.shape
                part = block_part(spec, shape)
            yield walk.place(block.id, f"{prefix}{b}", part, s, b)
    if design.head is not None:
        yield walk.place(HEAD, "", head_part(design.head, walk.shape), None, None)

"""What the inspector speaks of: some blocks, the stem, the head, a stage or the whole drawing; how its fields are read and
written. Pure functions over Design and Plan; knows no widget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from resnet_studio.analysis.plan import HEAD, STEM, Plan, Unit, place_words
from resnet_studio.design import edits, limits
from resnet_studio.design.types import Block, BlockKind, BlockSpec, Design, Head, Stage, with_new_id
from resnet_studio.ui.format import resolution, thousands
from resnet_studio.ui.inspector.fields import (
    BLOCK_FIELDS,
    DESIGN_FIELDS,
    HEAD_FIELDS,
    STAGE_FIELDS,
    STEM_FIELDS,
    Field,
)

KIND_TITLES = {
    BlockKind.RESIDUAL: "Residual block",
    BlockKind.BOTTLENECK: "Bottleneck block",
    BlockKind.RESNEXT: "ResNeXt block",
}
KIND_PLURALS = {
    BlockKind.RESIDUAL: "residual blocks",
    BlockKind.BOTTLENECK: "bottleneck blocks",
    BlockKind.RESNEXT: "ResNeXt blocks",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A field's value, None where the selection disagrees; a derived hint; the word in place of a value."""

    value: object
    hint: str = ""
    placeholder: str = "mixed"


class Subject(Protocol):
    """Something that has fields. A field that `read` leaves out is not shown."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields, one tuple for each type of subject."""

    def heading(self, plan: Plan) -> tuple[str, str]:
        """(title, place)."""

    def units(self, plan: Plan) -> tuple[Unit, ...]:
        """The units that it is made of."""

    def read(self, plan: Plan) -> dict[str, Reading]:
        """Every field that applies now."""

    def write(self, design: Design, name: str, value: Any) -> Design:
        """The drawing with one field set to a valid value."""


def common(values: Iterable[object]) -> object:
    """The one value that all share, or None."""
    first, *rest = dict.fromkeys(values)
    return None if rest else first


@dataclass(frozen=True)
class Blocks:
    """One block or several."""

    ids: tuple[str, ...]
    fields = BLOCK_FIELDS

    def units(self, plan: Plan) -> tuple[Unit, ...]:
        """The blocks' units, in order."""
        wanted = set(self.ids)
        return tuple(unit for unit in plan.units if unit.id in wanted)

    def heading(self, plan: Plan) -> tuple[str, str]:
        """ "ResNeXt block", "Stage 2, block 1 · layer2.0"; of several their number and the first and last."""
        units, kind = self.units(plan), common(spec.kind for spec in self._specs(plan.design))
        if len(units) == 1 and isinstance(kind, BlockKind):
            return KIND_TITLES[kind], f"{place_words(units[0])} · {units[0].name}"
        words = KIND_PLURALS[kind] if isinstance(kind, BlockKind) else "blocks"
        return f"{len(units)} {words}", f"{units[0].name} to {units[-1].name}"

    def _specs(self, design: Design) -> list[BlockSpec]:
        wanted = set(self.ids)
        return [block.spec for block in design.blocks() if block.id in wanted]

    def read(self, plan: Plan) -> dict[str, Reading]:
        """The block's own fields; ResNeXt shows cardinality and width per group in place of groups and width."""
        specs, units = self._specs(plan.design), self.units(plan)
        names = ("kind", "channels", "order", "shortcut", "activation", "zero_init", "stride")
        found = {name: Reading(common(getattr(spec, name) for spec in specs)) for name in names}
        arriving = common(unit.part.input[0] for unit in units)
        found["channels"] = replace(found["channels"], hint=f"from {arriving}" if arriving else "")
        found["stride"] = replace(found["stride"], hint=_maps(units))
        found["zero_init"] = replace(found["zero_init"], hint="starts as identity")
        if all(spec.kind is BlockKind.RESNEXT for spec in specs):
            found |= _groups(specs)
        else:
            ratio = common(spec.channels / spec.width for spec in specs)
            hint = f"{ratio:g}× out" if isinstance(ratio, float) and ratio != 1 and ratio.is_integer() else ""
            found["width"] = Reading(common(spec.width for spec in specs), hint)
            found["groups"] = Reading(common(spec.groups for spec in specs))
        if all(spec.kind is not BlockKind.RESIDUAL for spec in specs):
            found["stride_first"] = Reading(common(spec.stride_first for spec in specs))
        return found

    def write(self, design: Design, name: str, value: Any) -> Design:
        """Set one field of every block."""
        wanted = set(self.ids)
        return edits.replace_specs(
            design, {b.id: with_field(b.spec, name, value) for b in design.blocks() if b.id in wanted}
        )


def _maps(units: Sequence[Unit]) -> str:
    """ "56² → 28²" where the units agree and the map changes."""
    pairs = {(resolution(unit.part.input), resolution(unit.part.output)) for unit in units}
    if len(pairs) != 1:
        return ""
    before, after = pairs.pop()
    return f"{before} → {after}" if before != after else f"stays {after}"


def _groups(specs: Sequence[BlockSpec]) -> dict[str, Reading]:
    width = common(spec.width for spec in specs)
    exact = all(spec.width % spec.groups == 0 for spec in specs)
    each = common(spec.width // spec.groups for spec in specs) if exact else None
    odd = "mixed" if exact else "uneven"
    return {
        "cardinality": Reading(common(spec.groups for spec in specs), "groups"),
        "group_width": Reading(each, f"→ {width}" if width else "", odd),
    }


def with_field(spec: BlockSpec, name: str, value: Any) -> BlockSpec:
    """A spec with one field of the inspector set. Cardinality keeps the width per group, as the ResNeXt paper counts."""
    if name == "kind":
        return edits.convert(spec, value) if value is not spec.kind else spec
    if name == "cardinality":
        return replace(spec, groups=value, width=max(1, spec.width // spec.groups) * value)
    if name == "group_width":
        return replace(spec, width=spec.groups * value)
    return replace(spec, **{name: value})


class StemSubject:
    """The first convolution and what follows it."""

    fields = STEM_FIELDS

    def units(self, plan: Plan) -> tuple[Unit, ...]:
        """The stem's unit."""
        return plan.units[:1]

    def heading(self, plan: Plan) -> tuple[str, str]:
        """What it is and where."""
        return "Stem", "conv1, the first convolution" + (", and max-pool" if plan.design.stem.pool else "")

    def read(self, plan: Plan) -> dict[str, Reading]:
        """Every field; the activation only where there is one."""
        stem, part = plan.design.stem, plan.units[0].part
        found = {
            "channels": Reading(stem.channels, f"from {part.input[0]}"),
            "kernel": Reading(stem.kernel, f"{stem.kernel}×{stem.kernel}"),
            "stride": Reading(stem.stride, f"{resolution(part.input)} → {resolution(part.body[0].output)}"),
            "pool": Reading(stem.pool, "3×3, stride 2"),
            "activate": Reading(stem.activate, "after the convolution"),
        }
        return found | ({"activation": Reading(stem.activation)} if stem.activate else {})

    def write(self, design: Design, name: str, value: Any) -> Design:
        """Set one field of the stem."""
        return edits.set_stem(design, replace(design.stem, **{name: value}))


class HeadSubject:
    """The pooling and the classifier."""

    fields = HEAD_FIELDS

    def units(self, plan: Plan) -> tuple[Unit, ...]:
        """The head's unit."""
        return plan.units[-1:] if plan.design.head is not None else ()

    def heading(self, plan: Plan) -> tuple[str, str]:
        """What it is."""
        return "Head", "global average pooling and classifier · fc"

    def read(self, plan: Plan) -> dict[str, Reading]:
        """Every field; the activation only where there is one."""
        head = plan.design.head or Head()
        found = {
            "classes": Reading(head.classes, f"from {plan.units[-1].part.input[0]}"),
            "norm": Reading(head.norm, "before the pooling"),
        }
        return found | ({"activation": Reading(head.activation)} if head.norm else {})

    def write(self, design: Design, name: str, value: Any) -> Design:
        """Set one field of the head."""
        return edits.set_head(design, head=replace(design.head or Head(), **{name: value}))


@dataclass(frozen=True)
class StageSubject:
    """A lane with its blocks."""

    id: str
    fields = STAGE_FIELDS

    def _stage(self, design: Design) -> tuple[int, Stage]:
        return next((i, stage) for i, stage in enumerate(design.stages) if stage.id == self.id)

    def units(self, plan: Plan) -> tuple[Unit, ...]:
        """The stage's blocks."""
        index = self._stage(plan.design)[0]
        return tuple(unit for unit in plan.units if unit.stage == index)

    def heading(self, plan: Plan) -> tuple[str, str]:
        """Its name, its blocks and what they do to the map."""
        index, stage = self._stage(plan.design)
        count = len(stage.blocks)
        return stage.name, f"{count} block{'' if count == 1 else 's'} · layer{index + 1}"

    def read(self, plan: Plan) -> dict[str, Reading]:
        """Name and depth; what all blocks share, once there are some."""
        index, stage = self._stage(plan.design)
        found = {"name": Reading(stage.name), "count": Reading(len(stage.blocks), f"layer{index + 1}")}
        specs = [block.spec for block in stage.blocks]
        if specs:
            names = ("kind", "channels", "order", "activation")
            found |= {name: Reading(common(getattr(spec, name) for spec in specs)) for name in names}
            found["stride"] = Reading(specs[0].stride, _maps(self.units(plan)[:1]))
        return found

    def write(self, design: Design, name: str, value: Any) -> Design:
        """Rename, deepen or shorten, or set a field of all its blocks; the stride is the first block's."""
        index, stage = self._stage(design)
        if name == "name":
            return edits.rename_stage(design, stage.id, value)
        if name == "count":
            lanes = list(design.stages)
            lanes[index] = replace(stage, blocks=_resized(design, index, value))
            return replace(design, stages=tuple(lanes))
        ids = tuple(block.id for block in stage.blocks)
        return Blocks(ids[:1] if name == "stride" else ids).write(design, name, value)


def _resized(design: Design, index: int, count: int) -> tuple[Block, ...]:
    blocks = design.stages[index].blocks
    if count <= len(blocks):
        return blocks[:count]
    if not blocks:
        last = [block for stage in design.stages[:index] for block in stage.blocks][-1:]
        kind = last[0].spec.kind if last else BlockKind.RESIDUAL
        design, _ = edits.insert_spec(design, index, 0, edits.fitting_spec(design, index, 0, kind))
        blocks = design.stages[index].blocks
    follower = Block("", edits.as_follower(blocks[-1].spec))
    return blocks + tuple(with_new_id(follower) for _ in range(count - len(blocks)))


class DesignSubject:
    """The whole drawing."""

    fields = DESIGN_FIELDS

    def units(self, plan: Plan) -> tuple[Unit, ...]:
        """Every unit."""
        return plan.units

    def heading(self, plan: Plan) -> tuple[str, str]:
        """Its name; its blocks, stages and weighted layers on the main path, as papers count depth."""
        blocks = sum(unit.stage is not None for unit in plan.units)
        stages = len(plan.design.stages)
        convs = sum(_depth(unit) for unit in plan.units)
        return plan.design.name, (
            f"{blocks} block{'' if blocks == 1 else 's'} in {stages} stage{'' if stages == 1 else 's'} · {convs} layers deep"
        )

    def read(self, plan: Plan) -> dict[str, Reading]:
        """Name and input."""
        spec = plan.design.input
        return {
            "name": Reading(plan.design.name),
            "input_channels": Reading(spec.channels, {1: "grey", 3: "colour"}.get(spec.channels, "")),
            "height": Reading(spec.height, "pixels"),
            "width": Reading(spec.width, "pixels"),
        }

    def write(self, design: Design, name: str, value: Any) -> Design:
        """Rename, or set the input."""
        if name == "name":
            return edits.rename(design, value)
        key = "channels" if name == "input_channels" else name
        return edits.set_input(design, replace(design.input, **{key: value}))


def _depth(unit: Unit) -> int:
    return sum(row.kind.value in ("conv", "linear") for row in unit.part.body)


def refusal(design: Design) -> str:
    """Why a drawing made of single valid values is still none that a file could hold; empty when all is well."""
    widest = max((block.spec.width for block in design.blocks()), default=0)
    if widest > limits.MAX_CHANNELS:
        return f"The inner width would be {thousands(widest)}; {thousands(limits.MAX_CHANNELS)} is the most"
    count = sum(len(stage.blocks) for stage in design.stages)
    if count > limits.MAX_BLOCKS:
        return f"That would make {thousands(count)} blocks; {thousands(limits.MAX_BLOCKS)} are the most"
    return ""


def subject_of(plan: Plan, selection: Sequence[str]) -> Subject:
    """What a selection is about: its blocks (with those of its stages), else its one stage, stem or head, else everything."""
    chosen = set(selection)
    stages = [stage for stage in plan.design.stages if stage.id in chosen]
    loose = [block.id for block in plan.design.blocks() if block.id in chosen]
    inside = {block.id for stage in stages for block in stage.blocks}
    if len(stages) == 1 and inside.issuperset(loose):
        return StageSubject(stages[0].id)
    ids = tuple(b.id for b in plan.design.blocks() if b.id in chosen or b.id in inside)
    makers: tuple[tuple[bool, Callable[[], Subject]], ...] = (
        (bool(ids), lambda: Blocks(ids)),
        (STEM in chosen, StemSubject),
        (HEAD in chosen and plan.design.head is not None, HeadSubject),
    )
    return next((make() for applies, make in makers if applies), DesignSubject())

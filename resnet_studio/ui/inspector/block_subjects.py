"""Blocks and stages as subjects of the inspector: pure functions over Design and Plan. Know no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from resnet_studio.analysis.plan import Plan, Unit, place_words
from resnet_studio.design import edits
from resnet_studio.design.types import Block, BlockKind, BlockSpec, Design, Stage, with_new_id
from resnet_studio.language import tr, trn
from resnet_studio.ui.format import resolution
from resnet_studio.ui.inspector import learn
from resnet_studio.ui.inspector.fields import (
    BLOCK_FIELDS,
    STAGE_FIELDS,
)
from resnet_studio.ui.inspector.learn import Lesson
from resnet_studio.ui.inspector.special import special_readings
from resnet_studio.ui.inspector.subject import Reading, common

KIND_TITLES = {
    BlockKind.RESIDUAL: tr("Residual block"),
    BlockKind.BOTTLENECK: tr("Bottleneck block"),
    BlockKind.RESNEXT: tr("ResNeXt block"),
}


def _counted(kind: object, count: int) -> str:
    """Several blocks, of one kind or of several."""
    match kind:
        case BlockKind.RESIDUAL:
            return trn("{count} residual block", "{count} residual blocks", count)
        case BlockKind.BOTTLENECK:
            return trn("{count} bottleneck block", "{count} bottleneck blocks", count)
        case BlockKind.RESNEXT:
            return trn("{count} ResNeXt block", "{count} ResNeXt blocks", count)
        case _:
            return trn("{count} block", "{count} blocks", count)


@dataclass(frozen=True)
class Blocks:
    """One block or several."""

    ids: tuple[str, ...]
    fields = BLOCK_FIELDS

    @property
    def owner(self) -> str:
        """One block, or how many."""
        count = len(self.ids)
        return tr("this block") if count == 1 else tr("these {count} blocks", count=count)

    def units(self, plan: Plan) -> tuple[Unit, ...]:
        """The blocks' units, in order."""
        wanted = set(self.ids)
        return tuple(unit for unit in plan.units if unit.id in wanted)

    def heading(self, plan: Plan) -> tuple[str, str]:
        """ "ResNeXt block", "Stage 2, block 1 · layer2.0"; of several their number and the first and last."""
        units, kind = self.units(plan), common(spec.kind for spec in self._specs(plan.design))
        if len(units) == 1 and isinstance(kind, BlockKind):
            return KIND_TITLES[kind], f"{place_words(units[0])} · {units[0].name}"
        span = tr("{first} to {last}", first=units[0].name, last=units[-1].name)
        return _counted(kind, len(units)), span

    def _specs(self, design: Design) -> list[BlockSpec]:
        wanted = set(self.ids)
        return [block.spec for block in design.blocks() if block.id in wanted]

    def read(self, plan: Plan) -> dict[str, Reading]:
        """The block's own fields; ResNeXt shows cardinality and width per group in place of groups and width."""
        specs, units = self._specs(plan.design), self.units(plan)
        names = ("kind", "channels", "order", "shortcut", "activation", "stride")
        found = {name: Reading(common(getattr(spec, name) for spec in specs)) for name in names}
        arriving = common(unit.part.input[0] for unit in units)
        found["channels"] = replace(found["channels"], hint=_from(arriving))
        found["stride"] = replace(found["stride"], hint=_maps(units))
        found |= special_readings(specs)
        if all(spec.kind is BlockKind.RESNEXT for spec in specs):
            found |= _groups(specs)
        else:
            found["width"] = Reading(common(spec.width for spec in specs))
            found["groups"] = Reading(common(spec.groups for spec in specs))
        if all(spec.kind is BlockKind.BOTTLENECK for spec in specs):
            found["expansion"] = _expansion(specs)
        if all(spec.kind is not BlockKind.RESIDUAL for spec in specs) and any(s.stride > 1 for s in specs):
            found["stride_first"] = Reading(common(spec.stride_first for spec in specs))
        return found

    def fault(self, design: Design, name: str, value: Any) -> str:
        """An expansion must divide the channels of every block."""
        if name != "expansion":
            return ""
        wrong = next((spec.channels for spec in self._specs(design) if spec.channels % value), None)
        if wrong is None:
            return ""
        return tr("{channels} channels do not divide by {number}", channels=wrong, number=value)

    def write(self, design: Design, name: str, value: Any) -> Design:
        """Set one field of every block."""
        wanted = set(self.ids)
        return edits.replace_specs(
            design, {b.id: with_field(b.spec, name, value) for b in design.blocks() if b.id in wanted}
        )

    def lesson(self, plan: Plan, topic: str) -> Lesson | None:
        """Of blocks of one kind: on the kind, or on the order or shortcut at hand."""
        specs = self._specs(plan.design)
        return learn.lesson(specs[0], topic) if len({spec.kind for spec in specs}) == 1 else None


def _from(arriving: object) -> str:
    return tr("from {channels}", channels=arriving) if arriving else ""


def _maps(units: Sequence[Unit]) -> str:
    """ "56² → 28²" where the units agree and the map changes."""
    pairs = {(resolution(unit.part.input), resolution(unit.part.output)) for unit in units}
    if len(pairs) != 1:
        return ""
    before, after = pairs.pop()
    return f"{before} → {after}" if before != after else tr("stays {size}", size=after)


def _expansion(specs: Sequence[BlockSpec]) -> Reading:
    """Channels out per inner channel, where it is a whole number."""
    exact = all(spec.channels % spec.width == 0 for spec in specs)
    each = common(spec.channels // spec.width for spec in specs) if exact else None
    return Reading(each, tr("× inner width"), tr("mixed") if exact else tr("uneven"))


def _groups(specs: Sequence[BlockSpec]) -> dict[str, Reading]:
    width = common(spec.width for spec in specs)
    exact = all(spec.width % spec.groups == 0 for spec in specs)
    each = common(spec.width // spec.groups for spec in specs) if exact else None
    odd = tr("mixed") if exact else tr("uneven")
    return {
        "cardinality": Reading(common(spec.groups for spec in specs), tr("groups")),
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
    if name == "expansion":
        return replace(spec, width=max(1, spec.channels // value))
    return replace(spec, **{name: value})


@dataclass(frozen=True)
class StageSubject:
    """A lane with its blocks."""

    id: str
    fields = STAGE_FIELDS
    owner = tr("this stage")

    def _stage(self, design: Design) -> tuple[int, Stage]:
        return next((i, stage) for i, stage in enumerate(design.stages) if stage.id == self.id)

    def units(self, plan: Plan) -> tuple[Unit, ...]:
        """The stage's blocks; none where there is no such stage yet."""
        index = next((i for i, stage in enumerate(plan.design.stages) if stage.id == self.id), -1)
        return tuple(unit for unit in plan.units if unit.stage == index)

    def heading(self, plan: Plan) -> tuple[str, str]:
        """Its name, its blocks and what they do to the map."""
        index, stage = self._stage(plan.design)
        count = len(stage.blocks)
        return stage.name, f"{trn('{count} block', '{count} blocks', count)} · layer{index + 1}"

    def read(self, plan: Plan) -> dict[str, Reading]:
        """Name and depth; what all blocks share, once there are some."""
        index, stage = self._stage(plan.design)
        found = {"name": Reading(stage.name), "count": Reading(len(stage.blocks), f"layer{index + 1}")}
        specs = [block.spec for block in stage.blocks]
        if specs:
            names = ("kind", "channels", "order", "activation")
            found |= {name: Reading(common(getattr(spec, name) for spec in specs)) for name in names}
            found["stride"] = Reading(specs[0].stride, _maps(self.units(plan)[:1]))
            special = special_readings(specs)
            found |= {field.name: special[field.name] for field in STAGE_FIELDS if field.name in special}
        return found

    def fault(self, design: Design, name: str, value: Any) -> str:
        """Whatever the limits allow can be set."""
        return ""

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

    def lesson(self, plan: Plan, topic: str) -> Lesson | None:
        """Why channels double where maps halve."""
        return learn.STAGE


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

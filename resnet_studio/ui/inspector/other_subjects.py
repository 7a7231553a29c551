"""Stem, head and the whole drawing as subjects of the inspector: pure functions over Design and Plan. Know no widget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.parts import stem_channels
from resnet_studio.analysis.plan import Plan, Unit
from resnet_studio.design import edits
from resnet_studio.design.types import Design, Head, HeadPool, Stem, StemKind
from resnet_studio.language import tr, trn
from resnet_studio.ui.format import resolution
from resnet_studio.ui.inspector import learn
from resnet_studio.ui.inspector.fields import (
    DESIGN_FIELDS,
    HEAD_FIELDS,
    STEM_FIELDS,
)
from resnet_studio.ui.inspector.learn import Lesson
from resnet_studio.ui.inspector.special import norm_readings
from resnet_studio.ui.inspector.subject import Reading

_WEIGHTED = (LayerKind.CONV, LayerKind.LINEAR)


@dataclass(frozen=True)
class StemSubject:
    """The first convolution and what follows it."""

    fields = STEM_FIELDS
    owner = tr("the stem")

    def units(self, plan: Plan) -> tuple[Unit, ...]:
        """The stem's unit."""
        return plan.units[:1]

    def heading(self, plan: Plan) -> tuple[str, str]:
        """What it is and where."""
        stem = plan.design.stem
        if stem.kind is StemKind.PLAIN:
            words = tr("first convolution and max-pool") if stem.pool else tr("first convolution")
        else:
            words = tr("three convolutions, max-pool") if stem.pool else tr("three convolutions")
        return tr("Stem"), f"{words} · conv1"

    def read(self, plan: Plan) -> dict[str, Reading]:
        """Every field that changes something: a deep stem's kernels are 3×3."""
        stem, part = plan.design.stem, plan.units[0].part
        plain = stem.kind is StemKind.PLAIN
        normed = stem.activate or not plain
        found = {
            "kind": Reading(stem.kind),
            "channels": Reading(stem.channels, self._channels_hint(stem, part.input[0])),
            "stride": Reading(stem.stride, f"{resolution(part.input)} → {resolution(part.body[0].output)}"),
            "pool": Reading(stem.pool, tr("3×3, stride 2")),
            "activate": Reading(stem.activate, tr("after conv1") if plain else tr("after the last one")),
        }
        if plain:
            found["kernel"] = Reading(stem.kernel, f"{stem.kernel}×{stem.kernel}")
        if normed:
            found["activation"] = Reading(stem.activation)
            found |= norm_readings(stem.norm, stem.norm_groups, stem.channels)
        else:
            found["norm"] = Reading(stem.norm)
        return found

    @staticmethod
    def _channels_hint(stem: Stem, arriving: int) -> str:
        if stem.kind is StemKind.PLAIN:
            return tr("from {channels}", channels=arriving)
        return " → ".join(str(channels) for channels in stem_channels(stem))

    def write(self, design: Design, name: str, value: Any) -> Design:
        """Set one field of the stem."""
        return edits.set_stem(design, replace(design.stem, **{name: value}))

    def fault(self, design: Design, name: str, value: Any) -> str:
        """Whatever the limits allow can be set."""
        return ""

    def lesson(self, plan: Plan, topic: str) -> Lesson | None:
        """Why a stem is as large as it is."""
        if plan.design.stem.kind is not StemKind.PLAIN:
            return learn.STEM_DEEP
        return learn.STEM_LARGE if plan.design.stem.pool else learn.STEM_SMALL


@dataclass(frozen=True)
class HeadSubject:
    """The pooling and the classifier."""

    fields = HEAD_FIELDS
    owner = tr("the head")

    def units(self, plan: Plan) -> tuple[Unit, ...]:
        """The head's unit."""
        return plan.units[-1:] if plan.design.head is not None else ()

    def heading(self, plan: Plan) -> tuple[str, str]:
        """What it is."""
        head = plan.design.head or Head()
        words = {
            HeadPool.AVG: tr("global average pooling and classifier"),
            HeadPool.MAX: tr("global maximum pooling and classifier"),
        }[head.pool]
        return tr("Head"), f"{words} · fc"

    def read(self, plan: Plan) -> dict[str, Reading]:
        """Every field; norm and activation only where there are some."""
        head = plan.design.head or Head()
        arriving = plan.units[-1].part.input[0]
        found = {
            "pool": Reading(head.pool),
            "classes": Reading(head.classes, tr("from {channels}", channels=arriving)),
            "dropout": Reading(head.dropout, tr("before fc")),
            "activate": Reading(head.activate, tr("before pooling")),
        }
        if head.activate:
            found["activation"] = Reading(head.activation)
            found |= norm_readings(head.norm, head.norm_groups, arriving)
        return found

    def write(self, design: Design, name: str, value: Any) -> Design:
        """Set one field of the head."""
        return edits.set_head(design, head=replace(design.head or Head(), **{name: value}))

    def fault(self, design: Design, name: str, value: Any) -> str:
        """Whatever the limits allow can be set."""
        return ""

    def lesson(self, plan: Plan, topic: str) -> Lesson | None:
        """What the pooling is for."""
        return learn.HEAD


@dataclass(frozen=True)
class DesignSubject:
    """The whole drawing."""

    fields = DESIGN_FIELDS
    owner = tr("the network")

    def units(self, plan: Plan) -> tuple[Unit, ...]:
        """Every unit."""
        return plan.units

    def heading(self, plan: Plan) -> tuple[str, str]:
        """Its name; its blocks, stages and weighted layers on the main path, as papers count depth."""
        blocks = sum(unit.stage is not None for unit in plan.units)
        stages = len(plan.design.stages)
        convs = _depth(plan)
        found = tr(
            "{blocks} in {stages} · {depth} layers deep",
            blocks=trn("{count} block", "{count} blocks", blocks),
            stages=trn("{count} stage", "{count} stages", stages),
            depth=convs,
        )
        return plan.design.name, found

    def read(self, plan: Plan) -> dict[str, Reading]:
        """Name and input."""
        spec = plan.design.input
        return {
            "name": Reading(plan.design.name),
            "input_channels": Reading(spec.channels, {1: tr("grey"), 3: tr("colour")}.get(spec.channels, "")),
            "height": Reading(spec.height, tr("pixels")),
            "width": Reading(spec.width, tr("pixels")),
        }

    def write(self, design: Design, name: str, value: Any) -> Design:
        """Rename, or set the input."""
        if name == "name":
            return edits.rename(design, value)
        key = "channels" if name == "input_channels" else name
        return edits.set_input(design, replace(design.input, **{key: value}))

    def fault(self, design: Design, name: str, value: Any) -> str:
        """Whatever the limits allow can be set."""
        return ""

    def lesson(self, plan: Plan, topic: str) -> Lesson | None:
        """What depth means, and what to do next."""
        return learn.WHOLE


def _depth(plan: Plan) -> int:
    """Weighted layers along the main path. Equal blocks of a run share one Part, which is counted once."""
    counts: dict[int, int] = {}
    depth = 0
    for unit in plan.units:
        part = unit.part
        if id(part) not in counts:
            counts[id(part)] = sum(row.kind in _WEIGHTED and not row.aside for row in part.body)
        depth += counts[id(part)]
    return depth

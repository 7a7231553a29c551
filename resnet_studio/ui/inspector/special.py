"""The special properties of blocks, stem and head: what applies, and a section's values in few words. Pure; knows no widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from resnet_studio.design.types import Attention, BlockSpec, Norm, ShortcutKind
from resnet_studio.language import tr, trn
from resnet_studio.ui.inspector.field import Section
from resnet_studio.ui.inspector.subject import Reading, common
from resnet_studio.ui.layer_words import ATTENTION_WORDS, rate_words, span_words

MIXED = tr("mixed")


def special_readings(specs: Sequence[BlockSpec]) -> dict[str, Reading]:
    """What blocks can have beside the common properties; what would change nothing is left out."""
    names = ["kernel", "norm", "attention", "dropout"]
    if any(spec.kernel > 1 for spec in specs):
        names.append("dilation")
    if any(spec.norm is Norm.GROUP for spec in specs):
        names.append("norm_groups")
    if any(spec.shortcut is not ShortcutKind.NONE for spec in specs):
        names.append("zero_init")
    if any(spec.attention in (Attention.SE, Attention.CBAM) for spec in specs):
        names.append("reduction")
    if any(spec.shortcut is not ShortcutKind.NONE or spec.drop_path for spec in specs):
        names.append("drop_path")
    found = {name: Reading(common(getattr(spec, name) for spec in specs)) for name in names}
    hints = {
        "kernel": _kernel_hint(found["kernel"].value),
        "zero_init": tr("starts as identity"),
        "dropout": tr("of the numbers"),
        "drop_path": tr("of the branches"),
        "reduction": _squeezed(specs),
        "norm_groups": _per_group(specs),
        "dilation": _reach(specs),
    }
    found = {name: Reading(reading.value, hints.get(name, "")) for name, reading in found.items()}
    return found | {name: _span(specs, name) for name in ("dropout", "drop_path") if _differ(found.get(name))}


def _differ(reading: Reading | None) -> bool:
    return reading is not None and reading.value is None


def _span(specs: Sequence[BlockSpec], name: str) -> Reading:
    """Rates that differ, as from a schedule: the lowest to the highest."""
    rates = [getattr(spec, name) for spec in specs]
    return Reading(None, "", span_words(min(rates), max(rates)))


def _kernel_hint(kernel: object) -> str:
    return f"{kernel}×{kernel}" if isinstance(kernel, int) else ""


def _squeezed(specs: Sequence[BlockSpec]) -> str:
    squeezed = common(max(1, spec.channels // spec.reduction) for spec in specs)
    return f"→ {squeezed}" if squeezed else ""


def _per_group(specs: Sequence[BlockSpec]) -> str:
    """Channels of one group where the block leaves; nothing where they differ or do not divide."""
    each = common(spec.channels / spec.norm_groups for spec in specs)
    return tr("of {channels}", channels=f"{each:g}") if isinstance(each, float) and each.is_integer() else ""


def _reach(specs: Sequence[BlockSpec]) -> str:
    """How far a dilated kernel sees."""
    reach = common(spec.dilation * (spec.kernel - 1) + 1 for spec in specs)
    return (
        tr("sees {size}", size=f"{reach}×{reach}")
        if reach and any(spec.dilation > 1 for spec in specs)
        else ""
    )


def norm_readings(norm: Norm, groups: int, channels: int) -> dict[str, Reading]:
    """The norm of a stem or head whose last norm sees so many channels."""
    found = {"norm": Reading(norm)}
    if norm is Norm.GROUP:
        each = tr("of {channels}", channels=channels // groups) if channels % groups == 0 else ""
        found["norm_groups"] = Reading(groups, each)
    return found


def section_words(section: Section, readings: Mapping[str, Reading]) -> tuple[str, bool]:
    """(the section's values in few words, whether they are unusual)."""
    if section is Section.DROPPING:
        return _dropping(readings)
    maker = {
        Section.CONVOLUTION: _convolution,
        Section.NORM: _norm,
        Section.ATTENTION: _attention,
    }[section]
    return maker({name: reading.value for name, reading in readings.items()})


def _rate_words(reading: Reading | None) -> str:
    """A rate, or the span of several; nothing where it is 0 or absent."""
    if reading is None or reading.value == 0:
        return ""
    return rate_words(reading.value) if isinstance(reading.value, float) else reading.placeholder


def _convolution(values: Mapping[str, Any]) -> tuple[str, bool]:
    kernel, dilation, groups = (values.get(name, 1) for name in ("kernel", "dilation", "groups"))
    if None in (kernel, dilation, groups):
        return MIXED, True
    words = [f"{kernel}×{kernel}"]
    words += [tr("dilation {dilation}", dilation=dilation)] if dilation > 1 else []
    words += [trn("{count} group", "{count} groups", groups)] if groups > 1 else []
    return ", ".join(words), words != ["3×3"]


def _norm(values: Mapping[str, Any]) -> tuple[str, bool]:
    norm, groups, zero = values.get("norm"), values.get("norm_groups", 0), values.get("zero_init", False)
    if norm is None or groups is None or zero is None:
        return MIXED, True
    words = {
        Norm.BATCH: tr("batch norm"),
        Norm.GROUP: tr("group norm, {groups}", groups=groups),
        Norm.NONE: tr("none"),
    }[norm]
    words = ", ".join((words, tr("zero-init"))) if zero else words
    return words, norm is not Norm.BATCH or zero


def _attention(values: Mapping[str, Any]) -> tuple[str, bool]:
    attention, reduction = values.get("attention"), values.get("reduction", 0)
    if attention is None or reduction is None:
        return MIXED, True
    words = ATTENTION_WORDS[attention] or tr("none")
    return words + (f", r {reduction}" if reduction else ""), attention is not Attention.NONE


def _dropping(readings: Mapping[str, Reading]) -> tuple[str, bool]:
    dropout, path = _rate_words(readings.get("dropout")), _rate_words(readings.get("drop_path"))
    words = [tr("dropout {rate}", rate=dropout)] if dropout else []
    words += [tr("drop path {rate}", rate=path)] if path else []
    return ", ".join(words) or tr("none"), bool(words)

"""Which drawing a file's weights belong to: told, written in the file, or known by names and shapes. Opens no file.

The origin's block ids are what lets weights follow their blocks, so it matters more than whether the names fit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import torch

from resnet_studio.analysis.plan import HEAD, analyse
from resnet_studio.design import files
from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import Design
from resnet_studio.engine.weights.pretrained import Pretrained
from resnet_studio.engine.weights.reading import Held
from resnet_studio.engine.weights.slots import Shape, unit_slots

_COUNTER = "num_batches_tracked"
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A drawing and how it was found, in words; `notices` say what the file lacks or holds otherwise."""

    design: Design
    how: str
    notices: tuple[str, ...] = ()


def find_origin(held: Held, target: Design | None, told: Design | None, entry: Pretrained | None) -> Origin:
    """The drawing that the weights belong to.

    Args:
        held: what the file holds.
        target: the drawing that is to get them; None when nobody has named one.
        told: the origin, where somebody said so.
        entry: torchvision's entry, where the file is one of its.

    Raises:
        StudioError: it is not known, or the file does not hold its tensors; the first mismatches are named.
    """
    known = _known(held, told, entry)
    if known is not None:
        design, how = known
        design = _fitted(design, held.shapes)
        return Origin(design=design, how=how, notices=checked(design, held))
    for design, how in _candidates(held, target):
        if not _faults(design, held):
            return Origin(design=design, how=how, notices=checked(design, held))
    raise _unknown(held, target)


def _known(held: Held, told: Design | None, entry: Pretrained | None) -> tuple[Design, str] | None:
    if told is not None:
        return told, "as told"
    if held.design is not None:
        try:
            return files.loads(held.design), "its design lies in the file"
        except StudioError as error:
            raise StudioError(
                f"{held.path}: its design cannot be read: {error.what}", error.remedy
            ) from error
    if entry is not None:
        return preset(entry.preset), "by its name"
    return None


def _candidates(held: Held, target: Design | None) -> Iterator[tuple[Design, str]]:
    """Presets that share blocks with the target come first: where equal blocks changed places, the names cannot tell."""
    counts = stage_counts(held.shapes)
    made = (entry.make() for entry in PRESETS.values())
    presets = [design for design in made if [len(stage.blocks) for stage in design.stages] == counts]
    blocks = tuple(target.blocks()) if target is not None else ()
    # Of those that hold the same tensors (v1 and v1.5, plain and shortcut A), the one that the drawing is.
    presets.sort(key=lambda design: tuple(design.blocks()) != blocks)
    ids = {block.id for block in blocks}
    others = []
    for design in (_fitted(design, held.shapes) for design in presets):
        if ids.isdisjoint(block.id for block in design.blocks()):
            others.append((design, "by names and shapes"))
        else:
            yield design, "by names and shapes"
    if target is not None and not analyse(target).problems:
        yield _fitted(target, held.shapes), "the same network as the drawing, by names and shapes"
    yield from others


def stage_counts(shapes: Mapping[str, Shape]) -> list[int]:
    """Blocks of each stage, as the names tell."""
    blocks = {found.groups() for name in shapes if (found := re.match(r"layer(\d+)\.(\d+)\.", name))}
    counts = Counter(int(stage) for stage, _ in blocks)
    return [counts[stage] for stage in sorted(counts)]


def _fitted(design: Design, shapes: Mapping[str, Shape]) -> Design:
    """The drawing with the file's own number of classes and of input channels."""
    classes = shapes.get("fc.weight", ())
    first = shapes.get("conv1.weight") or shapes.get("conv1.0.weight", ())
    if len(classes) == 2 and design.head is not None:
        design = replace(design, head=replace(design.head, classes=classes[0]))
    if len(first) == 4:
        design = replace(design, input=replace(design.input, channels=first[1]))
    return design


def checked(origin: Design, held: Held) -> tuple[str, ...]:
    """Notices on what may be otherwise; all else must fit.

    Raises:
        StudioError: the file's names, shapes or types are not the origin's; the first few are listed.
    """
    faults = _faults(origin, held)
    if faults:
        more = f" (and {len(faults) - _SHOWN} more)" if len(faults) > _SHOWN else ""
        raise StudioError(
            f"{held.path} does not fit {origin.name}: {'; '.join(faults[:_SHOWN])}{more}.",
            "Name the design or preset that these weights belong to as their origin.",
        )
    return tuple(_notices(origin, held))


def _faults(origin: Design, held: Held) -> list[str]:
    wanted = {slot.name: slot for unit in unit_slots(origin) for slot in unit.slots}
    head = {name for name, slot in wanted.items() if slot.unit == HEAD}
    optional = {name for name in wanted if name.endswith(_COUNTER)}
    if not head & held.tensors.keys():
        optional |= head
    faults = [f"{name} is missing" for name in wanted if name not in held.tensors and name not in optional]
    for name, (dtype, shape) in held.tensors.items():
        slot = wanted.get(name)
        if slot is None:
            faults.append(f"{name} is not known")
        elif slot.shape != shape:
            faults.append(f"{name} is {_words(shape)}, not {_words(slot.shape)}")
        elif not _is_like(held.dtype(name), slot.dtype):
            faults.append(f"{name} is {dtype}, not {str(slot.dtype).removeprefix('torch.')}")
    return faults


def _is_like(found: torch.dtype | None, wanted: torch.dtype) -> bool:
    """Other widths of floating point are converted: torchvision itself publishes halves (wide ResNets, V1)."""
    return found == wanted or (found is not None and found.is_floating_point and wanted.is_floating_point)


def _notices(origin: Design, held: Held) -> Iterator[str]:
    yield from held.notices
    if held.not_finite:
        names = ", ".join(held.not_finite[:_SHOWN]) + (", …" if len(held.not_finite) > _SHOWN else "")
        yield f"NaN or infinity stands in {len(held.not_finite)} tensors: {names}."
    kinds = {dtype for dtype, _ in held.tensors.values() if dtype in ("float16", "bfloat16", "float64")}
    if kinds:
        yield f"Its numbers are {' and '.join(sorted(kinds))}; they become float32."
    wanted = [slot for unit in unit_slots(origin) for slot in unit.slots]
    if not any(slot.name in held.tensors for slot in wanted if slot.unit == HEAD):
        yield "It holds no classifier."
    counters = [slot.name for slot in wanted if slot.name.endswith(_COUNTER)]
    if counters and not any(name in held.tensors for name in counters):
        yield f"It holds no {_COUNTER}, as older files do: the norms count from 0."


def _unknown(held: Held, target: Design | None) -> StudioError:
    against = "" if target is None else f" Against {target.name}: {_first(target, held)}."
    return StudioError(
        f"{held.path} holds {len(held.tensors)} tensors, but of no network that is known here.{against}",
        "Name the design or preset that these weights belong to as their origin.",
    )


def _first(target: Design, held: Held) -> str:
    if analyse(target).problems:
        return "it has problems"
    faults = _faults(_fitted(target, held.shapes), held)
    more = f" (and {len(faults) - _SHOWN} more)" if len(faults) > _SHOWN else ""
    return "; ".join(faults[:_SHOWN]) + more


def _words(shape: Shape) -> str:
    return "x".join(map(str, shape)) or "one number"

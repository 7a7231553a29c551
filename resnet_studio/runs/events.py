"""What a run says while it runs: frozen events, one JSON line each. Knows no torch, no window and no files.

Numbers that are not finite (the loss of a diverged validation) are `null` on the line and NaN in the event.
"""

from __future__ import annotations

import json
import math
from dataclasses import MISSING, dataclass, fields
from types import UnionType
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.spec import TrainSpec, spec_from, spec_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The run starts, or goes on from `start_step` (steps done before).

    Args:
        run: the run's folder.
        design: the design's name.
        spec: the settings.
        device: as torch names it ("cuda:0").
        device_label: as people name it.
        params: learned numbers of the network.
        train_images, val_images: sizes of the two splits.
        steps_per_epoch: optimizer steps in an epoch.
        classes: names of the classes, in the order of the network's outputs.
        start_step: steps done before.
        torch: version of torch.
        gpu_total_bytes: memory of each graphics card that computes on the leader's machine, in the order of their numbers; None
            on a processor, where nobody tells, and in what older versions wrote.
    """

    event: ClassVar[str] = "started"
    run: str
    design: str
    spec: TrainSpec
    device: str
    device_label: str
    params: int
    train_images: int
    val_images: int
    steps_per_epoch: int
    classes: tuple[str, ...]
    start_step: int
    torch: str
    gpu_total_bytes: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Means over the steps since the last Step event; `step` is how many optimizer steps are done, `epoch` counts from 1.

    Accuracy is a fraction of 1 over the training images as augmented; `memory_bytes` is the device's peak, on a CPU the process's.

    Args:
        gpu_percent: in how much of the last while each card of `Started.gpu_total_bytes` computed, 0 to 100; looked at once a
            second. None on a processor, where nobody tells, and in what older versions wrote.
        gpu_memory_bytes: what is used of each card's memory, by whatever programs; None like `gpu_percent`.
    """

    event: ClassVar[str] = "step"
    step: int
    epoch: int
    loss: float
    accuracy: float
    lr: float
    images_per_second: float
    memory_bytes: int
    gpu_percent: tuple[float, ...] | None = None
    gpu_memory_bytes: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """An epoch is done and validated.

    Args:
        best: it has the best validation accuracy so far.
        time_left: seconds for the whole run.
        val_top5: validation images whose class is among the five likeliest, as a fraction of 1; None with fewer than six
            classes, where it says nothing, and in what older versions wrote.
    """

    event: ClassVar[str] = "epoch"
    epoch: int
    step: int
    train_loss: float
    train_accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float
    best: bool
    time_left: float
    val_top5: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpointed:
    """A checkpoint lies on the disk; `path` is relative to the run, `kind` is "last" or "best"."""

    event: ClassVar[str] = "checkpoint"
    path: str
    step: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something people should know; the run goes on."""

    event: ClassVar[str] = "notice"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Behind `step` steps the run does something else than stepping, which takes a while ("Compiling…"); over with the next event."""

    event: ClassVar[str] = "phase"
    step: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Memory ran out behind `step` steps: from there on every batch is taken in `parts` parts of at most `images` images."""

    event: ClassVar[str] = "split"
    step: int
    parts: int
    images: int

    @property
    def text(self) -> str:
        """For people."""
        return tr(
            "Memory ran out at step {step}: from there on each batch is taken in {parts} parts of at most {images} images. Gradients add up to the same; batch norms see a part at a time.",
            step=self.step + 1,
            parts=self.parts,
            images=self.images,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """The run waits, for the disk takes nothing; it goes on when it is told to try again. Said live, never kept in the folder."""

    event: ClassVar[str] = "paused"
    what: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Somebody paused the run: behind `step` steps, in epoch `epoch`, it waits until it is told to go on, or to stop."""

    event: ClassVar[str] = "held"
    step: int
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WentOn:
    """The run goes on behind `step` steps; it was held for so many seconds, which count nowhere."""

    event: ClassVar[str] = "went_on"
    step: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The run ended early because somebody asked; a checkpoint of this step is kept."""

    event: ClassVar[str] = "stopped"
    step: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """All epochs are done."""

    event: ClassVar[str] = "finished"
    step: int
    best_accuracy: float
    best_epoch: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The run cannot go on; what happened and what to do."""

    event: ClassVar[str] = "failed"
    what: str
    remedy: str


Event = (
    Started
    | Step
    | Epoch
    | Checkpointed
    | Notice
    | Phase
    | Split
    | Paused
    | Held
    | WentOn
    | Stopped
    | Finished
    | Failed
)
_KINDS: dict[str, type[Any]] = {kind.event: kind for kind in get_args(Event)}
_TYPES: dict[str, dict[str, Any]] = {
    name: {field.name: get_type_hints(kind)[field.name] for field in fields(kind)}
    for name, kind in _KINDS.items()
}
_LATER: dict[str, dict[str, Any]] = {
    name: {field.name: field.default for field in fields(kind) if field.default is not MISSING}
    for name, kind in _KINDS.items()
}
ENDINGS = (Stopped, Finished, Failed)


def encode(event: Event) -> str:
    """The event as one line of JSON, without the newline; what came later and has nothing to say is left out."""
    body = {"event": event.event}
    later = _LATER[event.event]
    for field in fields(event):
        value = getattr(event, field.name)
        if field.name not in later or value is not None:
            body[field.name] = _plain(value)
    return json.dumps(body, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, TrainSpec):
        return spec_to(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def decode(line: str | bytes) -> Event:
    """The event on a line.

    Raises:
        StudioError: the line is not an event that this program writes.
    """
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise StudioError(tr("This is not an event: {line}.", line=_short(line))) from error
    if not isinstance(value, dict):
        raise StudioError(tr("This is not an event: {line}.", line=_short(line)))
    name = value.pop("event", None)
    if not isinstance(name, str) or name not in _KINDS:
        raise StudioError(
            tr("There is no event called {name}.", name=_short(repr(name))),
            tr("Was it written by a newer version?"),
        )
    types = _TYPES[name]
    # What came later has a value for the events that older versions wrote.
    value = _LATER[name] | value
    if value.keys() != types.keys():
        odd = ", ".join(sorted(str(key)[:40] for key in value.keys() ^ types.keys()))
        raise StudioError(tr("A {name} event has missing or unknown fields: {odd}.", name=name, odd=odd))
    event: Event = _KINDS[name](**{key: _typed(f"{name}.{key}", types[key], value[key]) for key in types})
    return event


def _typed(place: str, wanted: Any, value: Any) -> Any:
    if isinstance(wanted, UnionType):
        return None if value is None else _typed(place, get_args(wanted)[0], value)
    if wanted is float:
        if value is None:
            return math.nan
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300:
            return float(value)
    elif wanted is int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    elif wanted in (str, bool):
        if isinstance(value, wanted):
            return value
    elif wanted is TrainSpec:
        return spec_from(value)
    elif get_origin(wanted) is tuple and isinstance(value, list):
        return tuple(_typed(place, get_args(wanted)[0], item) for item in value)
    raise StudioError(tr("{place} has a wrong value: {value}.", place=place, value=_short(repr(value))))


def _short(text: str | bytes) -> str:
    words = text if isinstance(text, str) else text.decode("utf-8", "replace")
    return words if len(words) <= 80 else words[:77] + "..."

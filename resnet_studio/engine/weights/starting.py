"""From an Initial (a file or torchvision's name) to a network's first weights, with the report of it. Knows no run and no window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from torch import Tensor, nn

from resnet_studio.design import files
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.engine.fetching import Cancelled, Progress
from resnet_studio.engine.weights import pretrained, reading
from resnet_studio.engine.weights.carry import Report, Way, carry, compare
from resnet_studio.engine.weights.deed import witnessed
from resnet_studio.engine.weights.origin import Origin, find_origin
from resnet_studio.engine.weights.pretrained import Pretrained
from resnet_studio.engine.weights.reading import Held
from resnet_studio.runs import wire
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.results import Surveyed

_SUFFIXES = (".pt", ".pth", ".safetensors", ".bin")
_READING = "Reading the weights in a process of their own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What a source holds, by itself. `origin` is None, and `unknown` says why, where its network is not known."""

    title: str
    held: Held
    origin: Origin | None
    unknown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a source holds and where it would go, or went: everything but the numbers."""

    title: str
    held: Held
    origin: Origin
    report: Report

    @property
    def text(self) -> str:
        """All of it in one line."""
        return f"Weights of {self.title} ({self.origin.design.name}): {self.report.text}."


def _silent(_done: int, _total: int, _text: str) -> None:
    """Nobody wants to know."""


def _never() -> bool:
    return False


def located(
    source: str, progress: Progress = _silent, cancelled: Cancelled = _never
) -> tuple[Path, Pretrained | None]:
    """The file of a source, fetched where it is torchvision's; where a name is both, the file is taken.

    Raises:
        StudioError: there is no such file and no such name, or it could not be fetched.
    """
    path = Path(source).expanduser()
    try:
        there = path.exists() and not path.is_dir()
    except (OSError, ValueError):
        there = False
    if there:
        return path, None
    entry = pretrained.find(source)
    if entry is not None:
        return pretrained.ensure(entry, progress, cancelled), entry
    near = pretrained.near_names(source)
    if near:
        hint = f"Did you mean {' or '.join(near)}?"
    elif path.name != source or path.suffix.lower() in _SUFFIXES:
        hint = "Check the path."
    else:
        hint = "The command resnet-studio weights --list lists torchvision's names."
    raise StudioError(f"There is no file and there are no weights called {source[:200]}.", hint)


def holdings(initial: Initial, *, progress: Progress = _silent, cancelled: Cancelled = _never) -> Holdings:
    """What the weights hold, and of which network they are.

    Raises:
        StudioError: the source cannot be fetched or read.
    """
    path, entry = located(initial.source, progress, cancelled)
    progress(0, 0, _READING)
    held = reading.look(path, _waiting(cancelled))
    title = entry.name if entry is not None else path.name
    try:
        origin = find_origin(held, None, initial.origin, entry)
    except StudioError as error:
        return Holdings(title=title, held=held, origin=None, unknown=str(error))
    return Holdings(title=title, held=held, origin=origin)


def survey(
    initial: Initial, target: Design, *, progress: Progress = _silent, cancelled: Cancelled = _never
) -> Survey:
    """What the weights hold and what would be carried into a drawing.

    Raises:
        ProblemsError: the drawing has Problems.
        StudioError: the source cannot be fetched, read, or understood.
    """
    path, entry = located(initial.source, progress, cancelled)
    progress(0, 0, _READING)
    held = reading.look(path, _waiting(cancelled))
    return _surveyed(initial, target, held, entry)


def first_weights(
    initial: Initial,
    target: Design,
    fresh: Mapping[str, Tensor],
    *,
    progress: Progress = _silent,
    cancelled: Cancelled = _never,
) -> tuple[dict[str, Tensor], Survey]:
    """The target's state_dict with the weights carried into it; `fresh` fills what they do not reach.

    Raises:
        ProblemsError: the drawing has Problems.
        StudioError: as `survey`; or the file has changed, or NaN would be carried.
    """
    state, found = _taken(initial, target, progress, cancelled)
    made, _ = carry(found.origin.design, target, state, fresh=fresh, slices=initial.slices)
    return made, found


def put_in(
    network: nn.Module,
    initial: Initial,
    target: Design,
    *,
    progress: Progress = _silent,
    cancelled: Cancelled = _never,
) -> Survey:
    """Carry weights into the fresh network of a drawing, in place; the survey's report is read off the network afterwards.

    Raises:
        ProblemsError: the drawing has Problems.
        StudioError: as `first_weights`; the network is as it was.
    """
    state, found = _taken(initial, target, progress, cancelled)
    before = {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}
    made, foretold = carry(found.origin.design, target, state, fresh=before, slices=initial.slices)
    network.load_state_dict(made)
    return replace(found, report=witnessed(foretold, network.state_dict(), state=state, before=before))


def _taken(
    initial: Initial, target: Design, progress: Progress, cancelled: Cancelled
) -> tuple[dict[str, Tensor], Survey]:
    """The source's tensors, known to be those that were chosen and to hold nothing that would spoil a network."""
    path, entry = located(initial.source, progress, cancelled)
    progress(0, 0, _READING)
    state, held = reading.take(path, _waiting(cancelled))
    if initial.sha256 and held.sha256 != initial.sha256:
        raise StudioError(f"{path} has changed since it was chosen.", "Import the weights again.")
    found = _surveyed(initial, target, held, entry)
    bad = {fate.source for fate in found.report.fates()} & set(held.not_finite)
    if bad:
        raise StudioError(
            f"{path}: {sorted(bad)[0]} holds NaN or infinity, and no network works with that.",
            "Take weights from before the training broke down.",
        )
    return state, found


def _surveyed(initial: Initial, target: Design, held: Held, entry: Pretrained | None) -> Survey:
    origin = find_origin(held, target, initial.origin, entry)
    report = compare(origin.design, target, held.shapes, slices=initial.slices)
    title = entry.name if entry is not None else held.path.name
    return Survey(title=title, held=held, origin=origin, report=report)


def _waiting(cancelled: Cancelled) -> reading.Waiting:
    def wait() -> None:
        if cancelled():
            raise StudioError(wire.CANCELLED)

    return wait


# --- for the window and for JSON --------------------------------------------------------------------------------------


def survey_to_wire(found: Survey) -> Surveyed:
    """A survey as the answer to `look_weights`, in a receipt and in a run's folder."""
    report = found.report
    return {
        "title": found.title,
        "path": str(found.held.path),
        "sha256": found.held.sha256,
        "kind": found.held.kind,
        "tensors": len(found.held.tensors),
        "origin": files.dumps(found.origin.design),
        "origin_name": found.origin.design.name,
        "how": found.origin.how,
        "notices": list(found.origin.notices),
        "target": report.target,
        "text": report.text,
        "carried": report.count(Way.CARRIED),
        "sliced": report.count(Way.SLICED),
        "fresh": report.count(Way.FRESH),
        "offered": report.offered,
        "numbers": report.numbers,
        "kept": report.kept,
        "units": [
            {
                "id": unit.id,
                "name": unit.name,
                "place": unit.place,
                "carried": unit.count(Way.CARRIED),
                "sliced": unit.count(Way.SLICED),
                "fresh": unit.count(Way.FRESH),
                "fates": [
                    {"name": fate.name, "way": fate.way.value, "source": fate.source, "reason": fate.reason}
                    for fate in unit.fates
                ],
            }
            for unit in report.units
        ],
        "unused": list(report.unused),
    }  # fmt: skip

"""What can be exported: the drawing with fresh weights, or the best or last checkpoint of a run. Knows no widget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import dumps
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.formats import PT, Format, of_suffix
from resnet_studio.runs.initial import Initial, initial_to
from resnet_studio.runs.listing import BrokenRun, RunInfo, list_runs
from resnet_studio.ui.run_words import percent
from resnet_studio.ui.runs.names import run_title


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One thing to export.

    Args:
        label: how people choose it.
        note: what they should know about it.
        stem: the file's name, without the ending.
        run: the run, or None for the drawing itself.
        weights: "fresh", "best" or "last".
        design: the drawing that is exported.
        initial: the weights that the drawing begins with; None for fresh ones.
    """

    label: str
    note: str
    stem: str
    run: RunFolder | None
    weights: str
    design: Design
    initial: Initial | None = None

    def arguments(self) -> dict[str, Any]:
        """What the engine's `export` request says of the source."""
        if self.run is None:
            carried = {} if self.initial is None else initial_to(self.initial)
            return {"design": dumps(self.design), "weights": self.weights, **carried}
        return {"run": str(self.run.path), "weights": self.weights}


def slug(name: str) -> str:
    """A name as a file's: "Digits starter" -> "digits-starter"."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "network"


def drawing(design: Design, initial: Initial | None = None) -> Source:
    """The drawing as it is, with fresh weights or those that it begins with."""
    if initial is not None:
        return Source(
            label=tr("{name}, as drawn, with {title}", name=design.name, title=initial.title),
            note=tr("The imported weights, carried into their blocks; what is new in the drawing is fresh."),
            stem=slug(design.name),
            run=None,
            weights="imported",
            design=design,
            initial=initial,
        )
    return Source(
        label=tr("{name}, as drawn (fresh weights)", name=design.name),
        note=tr(
            "Fresh weights: this network has not been trained. The same drawing gives the same weights each time."
        ),
        stem=slug(design.name),
        run=None,
        weights="fresh",
        design=design,
    )


def of_runs(current: Design) -> list[Source]:
    """Best and last of every run that has a checkpoint: runs of the current design first, newest first.

    Reads the runs' folders: call it away from the window's thread.
    """
    found = [source for row in list_runs() for source in _of_run(row, current)]
    return sorted(found, key=lambda source: not same_network(source.design, current))


def same_network(first: Design, second: Design) -> bool:
    """Whether two drawings are the same network, whatever they and their parts are called."""
    return _bare(first) == _bare(second)


def _bare(design: Design) -> object:
    stages = tuple(tuple(block.spec for block in stage.blocks) for stage in design.stages)
    return design.input, design.stem, stages, design.head


def _of_run(row: RunInfo | BrokenRun, current: Design) -> Sequence[Source]:
    if isinstance(row, BrokenRun) or not row.epochs_done:
        return ()
    try:
        design = row.run.design()
    except StudioError:
        return ()  # the list of runs says what is wrong with it
    title = run_title(row.run)
    differs = "" if same_network(design, current) else " " + tr("Its design is not the drawing that is open.")
    name = slug(f"{design.name} {title.rpartition(', ')[2]}")

    def source(weights: str, words: str, note: str) -> Source:
        return Source(
            label=f"{title}: {words}",
            note=note + differs,
            stem=f"{name}-{weights}",
            run=row.run,
            weights=weights,
            design=design,
        )

    best = source(
        "best",
        tr("best, {accuracy} in epoch {epoch}", accuracy=percent(row.best_accuracy), epoch=row.best_epoch),
        tr("The weights of epoch {epoch}, the best on the validation images.", epoch=row.best_epoch),
    )
    last = source(
        "last",
        tr("last, after epoch {epoch}", epoch=row.epochs_done),
        tr("The weights of the newest checkpoint."),
    )
    return (last,) if row.best_epoch is None else (best, last)


def free_target(folder: Path, stem: str, form: Format = PT) -> Path:
    """A file of that name in a folder that does not exist yet: NAME.pt, NAME-2.pt..."""
    path = folder / f"{stem}{form.suffix}"
    number = 2
    while path.exists():
        path = folder / f"{stem}-{number}{form.suffix}"
        number += 1
    return path


def target_of(text: str, form: Format = PT) -> Path:
    """The file that a user named; the format's ending is added where the name has none of a format.

    Raises:
        StudioError: no file can be written there.
    """
    words = text.strip()
    if not words:
        raise StudioError(tr("Name the file to write."))
    try:
        path = Path(words).expanduser().absolute()
        if path.is_dir():
            raise StudioError(tr("This is a folder: name a file."))
        if not path.parent.is_dir():
            raise StudioError(tr("There is no folder {folder}.", folder=path.parent))
        path = path if of_suffix(path) else path.with_name(f"{path.name}{form.suffix}")
        if path.is_dir():
            raise StudioError(tr("This is a folder: name a file."))
    except (OSError, RuntimeError, ValueError) as error:
        raise StudioError(tr("This is no path that can be written ({error}).", error=error)) from error
    return path


def with_ending(text: str, form: Format) -> str:
    """What the user named, with the ending of another format."""
    path = Path(text)
    return text if of_suffix(path) is None else str(path.with_suffix(form.suffix))

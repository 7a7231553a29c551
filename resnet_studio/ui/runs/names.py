"""What people call a run: "digits, run 7". Counted by creation, so a number never changes, not even by a deletion."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import runs_root
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.labels import FILE as LABEL
from resnet_studio.runs.labels import read_label

TRASH = ".trash"
_CHECKPOINT = re.compile(r"(?P<kind>best|last)-\d+-(?P<epoch>\d+)\.pt")


def run_number(run: RunFolder) -> int | None:
    """The run's number among all that were made in its folder, deleted ones included; None for a run elsewhere."""
    place = runs_root()
    if run.path.parent != place:
        return None
    names = {run.name}
    for folder in (place, place / TRASH):
        if folder.is_dir():
            names |= {path.name for path in folder.iterdir() if (path / "run.json").is_file()}
    # Names begin with the time of creation.
    return sorted(names).index(run.name) + 1


def run_title(run: RunFolder) -> str:
    """ "digits, run 7"; a run elsewhere goes by its folder's name."""
    try:
        data = run.spec().data
    except StudioError:
        data = "run"
    number = run_number(run)
    return f"{data}, {run.name}" if number is None else tr("{data}, run {number}", data=data, number=number)


def known_as(run: RunFolder) -> str:
    """The name that somebody gave it, or the program's own."""
    try:
        return read_label(run).name or run_title(run)
    except StudioError:  # told in the list of runs; elsewhere the program's own name does
        return run_title(run)


def weights_title(source: str) -> str:
    """Weights to begin with, from where they are: "digits, run 3, best of epoch 27" for a run's, else a file's last part."""
    try:
        named = (Path(source).parent.parent / LABEL).stat().st_mtime_ns
    except OSError:
        named = 0
    return _title_of_weights(source, named)


@lru_cache(maxsize=16)  # asked at every edit of the drawing
def _title_of_weights(source: str, named: int) -> str:
    del named  # when the run got its name: another name is another title
    path = Path(source)
    found = _CHECKPOINT.fullmatch(path.name)
    if found is None or not (path.parent.parent / "run.json").is_file():
        return Initial(source=source).title
    run, epoch = known_as(RunFolder(path.parent.parent)), int(found["epoch"])
    if found["kind"] == "best":
        return tr("{run}, best of epoch {epoch}", run=run, epoch=epoch)
    return tr("{run}, last of epoch {epoch}", run=run, epoch=epoch)

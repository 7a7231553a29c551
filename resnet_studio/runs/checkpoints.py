"""Which of a run's checkpoints another run can begin with, by names and sums. Knows no torch and opens no checkpoint."""

from __future__ import annotations

from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.initial import Initial

_SUM_BYTES = 200


def initial_of(run: RunFolder) -> Initial:
    """A run's best weights, or where there are none its last, to begin another run with.

    The sum written beside the checkpoint goes along: whoever reads it refuses a file that has changed since.

    Raises:
        StudioError: there is no checkpoint, or the run's design cannot be read.
    """
    for kind in ("best", "last"):
        for path in sorted(run.checkpoints.glob(f"{kind}-*.pt"), reverse=True):
            told = _sum_of(path)
            if told:
                return Initial(source=str(path), origin=run.design(), sha256=told)
    raise StudioError(
        tr("The run {name} has no checkpoint yet.", name=run.name),
        tr("Train it first, at least for one epoch."),
    )


def _sum_of(path: Path) -> str:
    """The sum beside a checkpoint; empty where it is not whole: such a checkpoint does not exist for us."""
    try:
        with path.with_suffix(".sha256").open("rb") as file:
            told = file.read(_SUM_BYTES).decode("ascii", "replace").strip()
    except OSError:
        return ""
    return told if len(told) == 64 and all(letter in "0123456789abcdef" for letter in told) else ""

"""What a run's process is asked by others than its parent, and that it waits: a file in the run's folder for each. Knows no torch.

A file, not a signal: it reaches a run on another machine that shares the disk, all processes of a run on several graphics
cards, and no other program that has the process's number by now. The run looks at every step; who starts it clears
away what is left of earlier times.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder

# A step may take a few milliseconds, and the folder may lie on a slow disk.
SECONDS_BETWEEN_LOOKS = 0.1
_STOP = "stop.request"
_ALONE = "alone.request"
_PAUSE = "pause.request"
_PAUSED = "paused"


def ask_to_stop(run: RunFolder) -> None:
    """Ask a run that trains, whoever started it, to end its step, save and leave.

    Raises:
        StudioError: it does not train, or its folder cannot be written.
    """
    _require_training(run)
    _write(run.path / _STOP)


def ask_to_pause(run: RunFolder) -> None:
    """Ask a run that trains, whoever started it, to end its step and wait, its process and its graphics card kept.

    Raises:
        StudioError: it does not train, or its folder cannot be written.
    """
    _require_training(run)
    _write(run.path / _PAUSE)


def ask_to_go_on(run: RunFolder) -> None:
    """Tell a run that was asked to pause to go on; one that was not goes on as it did.

    Raises:
        StudioError: it does not train, or its folder cannot be written.
    """
    _require_training(run)
    try:
        (run.path / _PAUSE).unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(run.path / _PAUSE, error) from error


def pause_is_asked(run: RunFolder) -> bool:
    """Whether somebody asked it to pause, and nobody to go on."""
    return (run.path / _PAUSE).exists()


def _require_training(run: RunFolder) -> None:
    if not run.is_running():
        raise StudioError(
            tr("{run} is not training.", run=run.name),
            tr("The command resnet-studio runs shows which runs are."),
        )


def seldom(look: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> Callable[[], bool]:
    """A look into the folder that is asked for at every step, taken ten times a second at most; between two, what the last one saw."""
    look_at, seen = -math.inf, False

    def looked() -> bool:
        nonlocal look_at, seen
        if clock() >= look_at:
            look_at, seen = clock() + SECONDS_BETWEEN_LOOKS, look()
        return seen

    return looked


def ask_to_go_on_alone(run: RunFolder) -> None:
    """Tell a run before its window goes that it is to go on without one.

    Raises:
        StudioError: its folder cannot be written.
    """
    _write(run.path / _ALONE)


def _write(path: Path) -> None:
    try:
        path.touch()
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> StudioError:
    return StudioError(
        tr("{path} could not be written ({reason}).", path=path, reason=error.strerror),
        tr("Free some space or mend the rights."),
    )


def stop_is_asked(run: RunFolder) -> bool:
    """Whether somebody asked it to stop."""
    return (run.path / _STOP).exists()


def may_go_on_alone(run: RunFolder) -> bool:
    """Whether it goes on when its window is gone."""
    return (run.path / _ALONE).exists()


@contextmanager
def paused(run: RunFolder) -> Iterator[None]:
    """Let others see that the run waits for room. A full disk takes an empty file; where it does not, nobody sees it."""
    mark = run.path / _PAUSED
    with suppress(OSError):
        mark.touch()
    try:
        yield
    finally:
        with suppress(OSError):
            mark.unlink(missing_ok=True)


def is_paused(run: RunFolder) -> bool:
    """Whether it waits for room."""
    return (run.path / _PAUSED).exists()


def forget_stop(run: RunFolder) -> None:
    """A request to stop or to pause was for the process before this one; nor does that one wait any more."""
    for name in (_STOP, _PAUSE, _PAUSED):
        with suppress(OSError):
            (run.path / name).unlink(missing_ok=True)


def clear(run: RunFolder) -> None:
    """Forget all requests: the run is about to be started."""
    forget_stop(run)
    with suppress(OSError):
        (run.path / _ALONE).unlink(missing_ok=True)

"""Starts what goes on without whoever started it: a run, or the queue. Knows no window and no torch.

A session of its own, no pipe and no terminal: nothing that ends around it can end or block it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs import requests
from resnet_studio.runs.child import alone_command, child_environment, program
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import state_root
from resnet_studio.runs.queue import is_worked_off

Process = subprocess.Popen[bytes]


def start_alone(run: RunFolder, more: Mapping[str, str] | None = None, *, waits: bool = False) -> Process:
    """Start a run, or go on with it, in a process that only signals and requests end.

    Args:
        run: which.
        more: what its environment has beyond ours.
        waits: it waits for room where the disk is full, instead of ending.

    Raises:
        StudioError: no process can be started.
    """
    requests.clear(run)
    return start(alone_command(run, waits=waits), run.log_path, more)


def start(command: Sequence[str], log: Path, more: Mapping[str, str] | None = None) -> Process:
    """Start a command whose stderr is added to `log`.

    Raises:
        StudioError: it cannot be started.
    """
    try:
        with log.open("ab") as errors:
            return subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=child_environment() | dict(more or {}),
                cwd=log.parent,
                start_new_session=os.name == "posix",
            )
    except OSError as error:
        raise StudioError(
            tr("The process could not be started ({reason}).", reason=error.strerror or error),
            tr("Check that {folder} can be written and that memory is free.", folder=log.parent),
        ) from error


def start_queue(*words: str) -> None:
    """Let the queue be worked off in the background, where no process does that already; `words` are `queue run`'s options.

    Raises:
        StudioError: it cannot be started.
    """
    if not is_worked_off():
        let_go(start(program("queue", "run", *words), state_root() / "queue.log"))


def let_go(process: Process) -> None:
    """It goes on without us: nobody here will wait for its end."""
    # Otherwise subprocess warns that a process is left behind, which is just what is wanted.
    process.returncode = 0

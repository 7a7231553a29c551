"""How the training child is called and what is said to it. Starts nothing: the window has QProcess, the tests subprocess."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import resnet_studio
from resnet_studio.runs.folder import RunFolder

STOP = b'{"do":"stop"}\n'
# Said to a run that is Paused: try again to write.
RETRY = b'{"do":"retry"}\n'
# After the polite request the child ends the step and writes a checkpoint; a slow step or disk may need this long.
STOP_GRACE_SECONDS = 20.0
TERMINATE_GRACE_SECONDS = 10.0


def train_command(run: RunFolder) -> list[str]:
    """The command that starts a run, or goes on with it where there is a checkpoint, and speaks events."""
    return program("train", str(run.path), "--events")


def alone_command(run: RunFolder, *, waits: bool = False) -> list[str]:
    """The same without anybody who listens: it ends by itself, by a signal, or by a request in the run's folder.

    `waits`: it waits for room where the disk is full, instead of ending.
    """
    return program("train", str(run.path), "--alone", *(("--on-full-disk", "wait") if waits else ()))


def program(*words: str) -> list[str]:
    """A command line of this program."""
    return [sys.executable, "-m", "resnet_studio", *words]


def child_environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a child: the same program, also when it is not installed; text as UTF-8, unbuffered."""
    environment = dict(os.environ if base is None else base)
    root = str(Path(resnet_studio.__file__).parents[1])
    known = [part for part in environment.get("PYTHONPATH", "").split(os.pathsep) if part and part != root]
    environment["PYTHONPATH"] = os.pathsep.join([root, *known])
    environment["PYTHONUTF8"] = "1"
    environment["PYTHONUNBUFFERED"] = "1"
    return environment


def is_stop(line: bytes) -> bool:
    """Whether a line on the child's stdin asks it to stop; anything else is ignored."""
    return _asked(line) == "stop"


def is_retry(line: bytes) -> bool:
    """Whether a line on the child's stdin asks it to try again."""
    return _asked(line) == "retry"


def _asked(line: bytes) -> object:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value.get("do") if isinstance(value, dict) else None

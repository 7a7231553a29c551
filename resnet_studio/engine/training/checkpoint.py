"""Checkpoints on the disk: written whole, summed, checked; the last two and the best are kept. Knows no loop and no network.

`last-<step>-<epochs>.pt` and `best-<step>-<epochs>.pt`, and `initial-...` of a run that did not begin with fresh weights, each with its sha256 beside it, written after it. torch does not notice a
flipped bit, so a file without the right sum does not exist for us.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from resnet_studio.design.atomic import write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.engine.weights.file import UNREADABLE, walk_zip
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder

FORMAT = 1
_KEPT = {"last": 2, "best": 1, "initial": 1}
# What training itself writes.
KINDS = ("last", "best")


@dataclass(frozen=True, slots=True)
class Found:
    """A checkpoint whose sum held: its path and its contents."""

    path: Path
    contents: dict[str, Any]


def save(run: RunFolder, kind: str, contents: dict[str, Any], *, step: int, epochs: int) -> Path:
    """Write a checkpoint, then its sum, then remove what is not kept any more.

    Raises:
        StudioError: the disk does not take it; the older ones are untouched.
    """
    buffer = io.BytesIO()
    torch.save({"format": FORMAT} | contents, buffer)
    data = buffer.getvalue()
    path = path_of(run, kind, step=step, epochs=epochs)
    _sum_path(path).unlink(missing_ok=True)
    write_atomically(path, data)
    # On the disk before the older ones go: a best whose sum is lost with the power has none before it.
    write_atomically(_sum_path(path), hashlib.sha256(data).hexdigest().encode() + b"\n")
    _forget(run, kind, path)
    return path


def path_of(run: RunFolder, kind: str, *, step: int, epochs: int) -> Path:
    """Where a checkpoint stands."""
    return run.checkpoints / f"{kind}-{step:09d}-{epochs:05d}.pt"


def _sum_path(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _files(run: RunFolder, kind: str) -> list[Path]:
    """The checkpoints of a kind, newest first, whether or not their sums hold."""
    return sorted(run.checkpoints.glob(f"{kind}-*.pt"), reverse=True)


def _forget(run: RunFolder, kind: str, written: Path) -> None:
    """Keep the file just written and those before it. What is newer is damaged, or of a course that a resume gave up."""
    files = _files(run, kind)
    at = files.index(written)
    for path in [*files[:at], *files[at + _KEPT[kind] :]]:
        _sum_path(path).unlink(missing_ok=True)
        path.unlink(missing_ok=True)


def clear_leftovers(run: RunFolder) -> None:
    """Remove what a kill in the middle of writing left behind: temporary files, and sums without their file."""
    # By our own names only: the folder may be a link to one with other people's files.
    for kind in _KEPT:
        for path in run.checkpoints.glob(f".{kind}-*.tmp"):
            path.unlink(missing_ok=True)
        for path in run.checkpoints.glob(f"{kind}-*.sha256"):
            if not path.with_suffix(".pt").exists():
                path.unlink(missing_ok=True)


def newest(run: RunFolder, kind: str) -> Found | None:
    """The newest checkpoint whose sum holds; None when there is none."""
    for path in _files(run, kind):
        data = _sound_bytes(path)
        if data is not None:
            return Found(path, _loaded(path, data))
    return None


def is_sound(run: RunFolder, kind: str) -> bool:
    """Whether there is a checkpoint of the kind whose sum holds."""
    return any(_sound_bytes(path) is not None for path in _files(run, kind))


def damaged(run: RunFolder) -> list[Path]:
    """The checkpoints whose sum does not hold, for a notice."""
    return [path for kind in _KEPT for path in _files(run, kind) if _sound_bytes(path) is None]


def _sound_bytes(path: Path) -> bytes | None:
    try:
        wanted = _sum_path(path).read_text(encoding="ascii", errors="replace").strip()
        data = path.read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == wanted else None


def _loaded(path: Path, data: bytes) -> dict[str, Any]:
    try:
        walk_zip(io.BytesIO(data))
        contents = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except UNREADABLE as error:
        raise StudioError(
            tr("{path} is not a checkpoint.", path=path), tr("Remove it, then resume.")
        ) from error
    if not isinstance(contents, dict) or contents.get("format") != FORMAT:
        raise StudioError(
            tr("{path} is a checkpoint of another format.", path=path),
            tr("This ResNet Studio reads format {format}.", format=FORMAT),
        )
    return contents


def load_weights(run_path: str | os.PathLike[str], which: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The weights of a run's "best" or "last" checkpoint, on the CPU, and what belongs to them.

    The second value holds step, epoch, design (text), classes, input (shape, mean, std), metrics, torch (version).

    Raises:
        StudioError: there is no such checkpoint whose sum holds.
    """
    if which not in _KEPT:
        raise StudioError(
            tr("There is no kind of weights called {which}.", which=repr(which)), tr("Take best or last.")
        )
    run = RunFolder.open(Path(run_path))
    found = newest(run, which)
    if found is None:
        raise StudioError(
            tr("The run {path} has no {which} checkpoint that is sound.", path=run.path, which=which),
            tr("Train it first, at least for one epoch."),
        )
    weights, about = found.contents.get("model"), found.contents.get("about")
    if not isinstance(weights, dict) or not isinstance(about, dict):
        raise StudioError(tr("{path} holds no weights.", path=found.path), tr("Train it again."))
    return weights, about | {"path": str(found.path)}

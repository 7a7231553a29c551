"""Copies of unsaved drawings in the state folder, and finding those that a dead window left. Knows no widget.

Each window writes one file and holds a lock beside it, which ends with its process however that ends.
"""

from __future__ import annotations

import json
import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from resnet_studio.design.atomic import write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import dumps, loads
from resnet_studio.design.limits import MAX_FILE_BYTES
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.runs.home import state_root
from resnet_studio.runs.lock import held, is_held

_FORMAT = 1


def autosave_root() -> Path:
    """Where the copies lie."""
    return state_root() / "autosave"


@dataclass(frozen=True, slots=True)
class Recovered:
    """A copy that a dead window left.

    Args:
        copy: the file it lies in.
        design: the drawing.
        path: the file it belongs to, or None for one that was never saved.
        known: hash of that file when it was opened or saved last (see files.stamp).
        written: when the copy was made.
    """

    copy: Path
    design: Design
    path: Path | None
    known: str
    written: datetime

    @property
    def saved(self) -> datetime | None:
        """When its file was written last; None when there is none."""
        try:
            return datetime.fromtimestamp(self.path.stat().st_mtime) if self.path is not None else None
        except OSError:
            return None

    def discard(self) -> None:
        """Delete the copy."""
        _remove(self.copy)


class AutosaveFile:
    """This window's copy and its lock.

    Raises:
        StudioError: the state folder cannot be written.
    """

    def __init__(self, root: Path | None = None) -> None:
        folder = root or autosave_root()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StudioError(
                tr(
                    "{folder} cannot be made ({reason}): drawings are not autosaved.",
                    folder=folder,
                    reason=error.strerror,
                ),
                tr("Set RESNET_STUDIO_HOME to a folder that can be written."),
            ) from error
        self.path = folder / f"{os.getpid()}-{os.urandom(4).hex()}.json"
        self._lock: AbstractContextManager[None] | None = held(self.path.with_suffix(".lock"))
        self._lock.__enter__()

    def write(self, design: Design, path: Path | None, known: str) -> None:
        """Replace the copy.

        Raises:
            StudioError: it cannot be written.
        """
        value = {
            "recovery": _FORMAT,
            "path": str(path) if path is not None else None,
            "known": known,
            "written": datetime.now().isoformat(),
            "design": dumps(design),
        }
        write_atomically(self.path, json.dumps(value).encode("ascii"))

    def clear(self) -> None:
        """There is nothing to recover."""
        self.path.unlink(missing_ok=True)

    def close(self, *, keep: bool = False) -> None:
        """The window closes in order: nothing is left, unless the copy is kept for the next start."""
        if self._lock is not None:
            if not keep:
                # Before the lock goes: a window that starts just now must not offer it.
                self.clear()
            self._lock.__exit__(None, None, None)
            self._lock = None
            if not keep:
                _remove(self.path)


def orphans(root: Path | None = None) -> list[Recovered]:
    """The copies that dead windows left, the newest first; locks without a copy are tidied away."""
    folder = root or autosave_root()
    found: list[Recovered] = []
    for lock in sorted(folder.glob("*.lock")):
        if is_held(lock):
            continue
        copy = lock.with_suffix(".json")
        if copy.exists():
            recovered = _read(copy)
            if recovered is not None:
                found.append(recovered)
        else:
            lock.unlink(missing_ok=True)
    return sorted(found, key=lambda recovered: recovered.written, reverse=True)


def _read(copy: Path) -> Recovered | None:
    """The copy in a file; an unreadable one is put aside under another name, for it may still be of use to somebody."""
    try:
        with copy.open("rb") as file:
            value = json.loads(file.read(2 * MAX_FILE_BYTES))
        path = value["path"]
        return Recovered(
            copy=copy,
            design=loads(value["design"]),
            path=Path(path) if path is not None else None,
            known=str(value["known"]),
            written=datetime.fromisoformat(value["written"]),
        )
    except OSError:
        return None
    except (StudioError, ValueError, KeyError, TypeError):
        copy.replace(copy.with_suffix(".broken"))
        copy.with_suffix(".lock").unlink(missing_ok=True)
        return None


def _remove(copy: Path) -> None:
    copy.unlink(missing_ok=True)
    copy.with_suffix(".lock").unlink(missing_ok=True)

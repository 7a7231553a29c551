"""The queue: runs that wait for their turn, one file for the window and the command line. Starts nothing, knows no torch.

A run that waits is a run's folder like any other: what is drawn or set after it was queued does not touch it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from resnet_studio.design.atomic import write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs import lock
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import state_root

FORMAT = 1
_MAX_BYTES = 4 << 20
# Whoever changes the file has it for milliseconds.
_PATIENCE_SECONDS = 20.0


class Turn(StrEnum):
    """How an entry stands."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One run in the queue.

    Args:
        run: its folder.
        turn: whether it waits, trains, or has ended.
        slot: the device that it was given, while it trains.
        good: whether it did what it was asked to.
        said: how it ended, in words.
    """

    run: Path
    turn: Turn = Turn.WAITING
    slot: str = ""
    good: bool = True
    said: str = ""

    @property
    def folder(self) -> RunFolder:
        """The run."""
        return RunFolder(self.run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The entries in their order, and whether the next one begins when there is room."""

    going: bool = False
    entries: tuple[Entry, ...] = ()

    def of(self, turn: Turn) -> tuple[Entry, ...]:
        """Those that stand so."""
        return tuple(entry for entry in self.entries if entry.turn is turn)

    def entry(self, run: Path) -> Entry | None:
        """The run's entry."""
        return next((entry for entry in self.entries if entry.run == run), None)

    @property
    def is_busy(self) -> bool:
        """Whether a run trains, or will without anybody's doing."""
        return bool(self.of(Turn.RUNNING)) or (self.going and bool(self.of(Turn.WAITING)))


# --- changes, each a function from queue to queue ------------------------------------------------------------------------


def added(queue: Queue, run: RunFolder) -> Queue:
    """With this run at the end.

    Raises:
        StudioError: it waits or trains already.
    """
    there = queue.entry(run.path)
    if there is not None and there.turn is not Turn.ENDED:
        raise StudioError(tr("{run} is in the queue already.", run=run.name))
    if run.is_running():
        raise StudioError(tr("{run} is training already.", run=run.name), tr("Queue it when it has ended."))
    others = tuple(entry for entry in queue.entries if entry.run != run.path)
    return replace(queue, entries=(*others, Entry(run=run.path)))


def removed(queue: Queue, run: Path) -> Queue:
    """Without this run, which must not train.

    Raises:
        StudioError: it is not there, or trains.
    """
    entry = queue.entry(run)
    if entry is None:
        raise StudioError(
            tr("{run} is not in the queue.", run=run.name),
            tr("The command resnet-studio queue list shows what is."),
        )
    if entry.turn is Turn.RUNNING:
        raise StudioError(tr("{run} is training.", run=run.name), tr("Stop it: the next one begins then."))
    return replace(queue, entries=tuple(other for other in queue.entries if other.run != run))


def moved(queue: Queue, run: Path, to: int) -> Queue:
    """With this run at another place among those that wait; places count from 0, too far is the end.

    Raises:
        StudioError: it does not wait.
    """
    waiting = list(queue.of(Turn.WAITING))
    entry = next((one for one in waiting if one.run == run), None)
    if entry is None:
        raise StudioError(tr("{run} does not wait in the queue.", run=run.name))
    waiting.remove(entry)
    waiting.insert(max(0, to), entry)
    others = tuple(one for one in queue.entries if one.turn is not Turn.WAITING)
    return replace(queue, entries=(*others, *waiting))


def begun(queue: Queue, run: Path, slot: str) -> Queue:
    """With this run training on that device."""
    return _with(queue, run, turn=Turn.RUNNING, slot=slot, good=True, said="")


def ended(queue: Queue, run: Path, *, good: bool, said: str) -> Queue:
    """With this run ended so."""
    return _with(queue, run, turn=Turn.ENDED, slot="", good=good, said=said)


def _with(queue: Queue, run: Path, **changes: Any) -> Queue:
    entries = (replace(entry, **changes) if entry.run == run else entry for entry in queue.entries)
    return replace(queue, entries=tuple(entries))


def cleared(queue: Queue) -> Queue:
    """Without those that have ended; their runs stay in the list of runs."""
    return replace(queue, entries=(*queue.of(Turn.RUNNING), *queue.of(Turn.WAITING)))


# --- the file -------------------------------------------------------------------------------------------------------------


def queue_path() -> Path:
    """queue.json of the state folder."""
    return state_root() / "queue.json"


def runner_lock() -> Path:
    """Held by the process that works the queue off."""
    return state_root() / "queue-runner.lock"


def is_worked_off() -> bool:
    """Whether a process works the queue off now."""
    return lock.is_held(runner_lock())


def read_queue() -> Queue:
    """The queue as it is; empty where there is no file.

    Raises:
        StudioError: the file cannot be read.
    """
    try:
        with queue_path().open("rb") as file:
            value = json.loads(file.read(_MAX_BYTES))
        return _queue_from(value)
    except FileNotFoundError:
        return Queue()
    except OSError as error:
        raise StudioError(
            tr("{path} could not be read ({reason}).", path=queue_path(), reason=error.strerror)
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StudioError(
            tr("{path} is no queue.", path=queue_path()), tr("It was damaged: delete it; the runs are kept.")
        ) from error


def change_queue(change: Callable[[Queue], Queue]) -> Queue:
    """Put what `change` makes of the queue in its place, whoever else wants to change it; returns it.

    Raises:
        StudioError: `change` refuses, or the file cannot be read or written.
    """
    root = state_root()
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            tr("{root} could not be made ({reason}).", root=root, reason=error.strerror)
        ) from error
    busy = StudioError(tr("The queue is being changed by another process."), tr("Try again in a moment."))
    with lock.held(root / "queue.lock", busy=busy, patience=_PATIENCE_SECONDS):
        before = read_queue()
        after = change(before)
        if after != before:
            write_atomically(queue_path(), (json.dumps(_plain(after), indent=1) + "\n").encode())
    return after


def _plain(queue: Queue) -> dict[str, Any]:
    entries = [
        {"run": str(one.run), "turn": one.turn.value, "slot": one.slot, "good": one.good, "said": one.said}
        for one in queue.entries
    ]
    return {"format": FORMAT, "going": queue.going, "entries": entries}


def _queue_from(value: dict[str, Any]) -> Queue:
    if value["format"] != FORMAT or not isinstance(value["going"], bool):
        raise ValueError(tr("another format"))
    return Queue(going=value["going"], entries=tuple(_entry_from(entry) for entry in value["entries"]))


def _entry_from(value: dict[str, Any]) -> Entry:
    run, slot, good, said = value["run"], value["slot"], value["good"], value["said"]
    if not (
        isinstance(run, str) and isinstance(slot, str) and isinstance(good, bool) and isinstance(said, str)
    ):
        raise TypeError(tr("not an entry"))
    return Entry(run=Path(run), turn=Turn(value["turn"]), slot=slot, good=good, said=said)

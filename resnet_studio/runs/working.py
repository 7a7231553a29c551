"""Works the queue off: one run on each device at a time, the next when one has ended, however it ended. Knows no torch.

It keeps nothing that the file and the runs' folders do not say: killed, it is started again and finds its runs where they are.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.events import Failed
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.following import log_tail, outcome_of
from resnet_studio.runs.home import runs_root
from resnet_studio.runs.outcome import Outcome
from resnet_studio.runs.queue import Entry, Queue, Turn, begun, change_queue, ended, read_queue
from resnet_studio.runs.starting import start_alone

# AMD's driver heeds the second where it is set, and the first otherwise.
_CARDS, _AMD_CARDS = "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES"
_PATIENCE_SECONDS = 30.0


class Process(Protocol):
    """What is needed of a run's process."""

    def poll(self) -> int | None: ...


Start = Callable[[RunFolder, Mapping[str, str]], Process]


class Worker:
    """Works the queue off, look by look.

    Args:
        slots: the devices, each for one run at a time: "cuda:0", "cuda:1", or "cpu".
        start: starts a run with these variables more in its environment.
        patience: seconds that a run which an earlier worker has begun may need until it holds its lock.
    """

    def __init__(
        self, slots: Sequence[str], start: Start = start_alone, *, patience: float = _PATIENCE_SECONDS
    ) -> None:
        self._slots = tuple(slots)
        self._start = start
        self._until = time.monotonic() + patience
        self._processes: dict[Path, Process] = {}

    def look(self) -> bool:
        """Take note of what has ended, and begin what there is room for. Returns whether there is anything left to do.

        Raises:
            StudioError: the queue cannot be read or written.
        """
        queue = read_queue()
        for entry in queue.of(Turn.RUNNING):
            outcome = self._outcome(entry)
            if outcome is not None:
                queue = self._note(entry.run, outcome)
        if queue.going:
            queue = self._begin(queue)
        if queue.going and not queue.is_busy:
            # Worked off: what is put in later waits until somebody starts the queue again.
            queue = change_queue(_at_rest)
        return queue.is_busy

    # --- ends ---------------------------------------------------------------------------------------------------------

    def _outcome(self, entry: Entry) -> Outcome | None:
        """How it ended; None while it trains."""
        process = self._processes.get(entry.run)
        if process is None:
            # Begun by a worker before this one, maybe only just: then it is still loading torch.
            if entry.folder.is_running():
                return None
            told = _told(entry.folder)
            return told if told.last is not None or time.monotonic() > self._until else None
        code = process.poll()
        if code is None:
            return None
        del self._processes[entry.run]
        told = _told(entry.folder)
        # The folder tells how it ended in words, unless the process could write none.
        known = isinstance(told.last, Failed) if code == 1 else code in (0, 2)
        return told if told.last is not None and known else Outcome.of(code, log=told.log)

    @staticmethod
    def _note(run: Path, outcome: Outcome) -> Queue:
        words = f"{outcome.title} {outcome.advice}".strip()
        return change_queue(lambda queue: ended(queue, run, good=outcome.ok, said=words))

    # --- beginnings ---------------------------------------------------------------------------------------------------

    def _begin(self, queue: Queue) -> Queue:
        if not queue.of(Turn.WAITING) or not (free := self._free(queue)):
            return queue
        for entry in queue.of(Turn.WAITING):
            try:
                wanted = RunFolder.open(entry.run).spec().device
            except StudioError as error:
                queue = change_queue(_failing(entry.run, error))
                continue
            taken = self._taken(wanted, free)
            if wanted == "all" and not taken:
                # It needs all of them at once: what comes behind it must not keep it waiting for ever.
                break
            if taken:
                queue = self._launch(entry.run, wanted, taken)
                free = _less(free, taken)
        return queue

    def _launch(self, run: Path, wanted: str, taken: Sequence[str]) -> Queue:
        def take(queue: Queue) -> Queue:
            entry = queue.entry(run)
            # Somebody may have taken it out, or paused the queue, since it was read.
            free = entry is not None and entry.turn is Turn.WAITING and queue.going
            return begun(queue, run, ", ".join(taken)) if free else queue

        queue = change_queue(take)
        entry = queue.entry(run)
        if entry is None or entry.turn is not Turn.RUNNING:
            return queue
        try:
            self._processes[run] = self._start(RunFolder(run), _environment(wanted, taken[0]))
        except StudioError as error:
            return change_queue(_failing(run, error))
        return queue

    def _free(self, queue: Queue) -> list[str]:
        """The devices on which nobody trains, runs that others have started included."""
        free = list(self._slots)
        for entry in queue.of(Turn.RUNNING):
            free = _less(free, entry.slot.split(", "))
        mine = {entry.run for entry in queue.of(Turn.RUNNING)}
        for run in _running():
            if run.path not in mine:
                free = _less(free, self._taken(_device(run), self._slots))
        return free

    def _taken(self, wanted: str, free: Sequence[str]) -> list[str]:
        """What of these a run with this setting takes; nothing where there is no room for it."""
        if wanted == "all":
            cards = [slot for slot in self._slots if _is_card(slot)] or list(self._slots[:1])
            return cards if all(slot in free for slot in cards) else []
        if wanted == "auto":
            # The processor is for those that ask for it, where there is a graphics card.
            fitting = [slot for slot in free if _is_card(slot) or not any(map(_is_card, self._slots))]
        else:
            wanted = "cuda:0" if wanted == "cuda" else wanted
            # A device that is not there: the run itself says so.
            fitting = [slot for slot in free if slot == wanted] if wanted in self._slots else list(free)
        return fitting[:1]


def _less(slots: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Without these, each once: two runs on two processors take both."""
    left = list(slots)
    for slot in taken:
        if slot in left:
            left.remove(slot)
    return left


def _is_card(slot: str) -> bool:
    return slot.startswith(("cuda", "mps"))


def _environment(wanted: str, slot: str) -> dict[str, str]:
    """A run that takes any card sees only its own; its settings stay as they were made."""
    if wanted != "auto" or not slot.startswith("cuda"):
        return {}
    number = int(slot.partition(":")[2] or 0)
    names = [_CARDS, _AMD_CARDS] if os.environ.get(_AMD_CARDS) else [_CARDS]
    seen = {name: [one for one in os.environ.get(name, "").split(",") if one] for name in names}
    return {name: those[number] if number < len(those) else str(number) for name, those in seen.items()}


def _running() -> list[RunFolder]:
    try:
        folders = [RunFolder(path) for path in runs_root().iterdir()]
    except OSError:
        return []
    return [run for run in folders if run.is_running()]


def _device(run: RunFolder) -> str:
    try:
        return run.spec().device
    except StudioError:
        return "auto"


def _told(run: RunFolder) -> Outcome:
    try:
        return outcome_of(run)
    except StudioError as error:
        return Outcome(code=None, log=f"{error}\n{log_tail(run)}")


def _failing(run: Path, error: StudioError) -> Callable[[Queue], Queue]:
    return lambda queue: ended(queue, run, good=False, said=str(error))


def _at_rest(queue: Queue) -> Queue:
    return queue if queue.is_busy else Queue(going=False, entries=queue.entries)

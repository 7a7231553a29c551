"""The command `queue`: runs that wait for their turn, and the process that works them off. Loads no torch itself."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from textwrap import shorten
from typing import Any

from resnet_studio.cli import text
from resnet_studio.cli.asking import add_on_full_disk
from resnet_studio.cli.making import add_making, run_from
from resnet_studio.cli.parser import Parser, UsageError
from resnet_studio.cli.sources import existing_run
from resnet_studio.design.errors import StudioError
from resnet_studio.runs import lock
from resnet_studio.runs.child import child_environment
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.home import state_root
from resnet_studio.runs.listing import describe_run
from resnet_studio.runs.patience import NoPatience, OnFullDisk, Patience, WaitsForRoom, log, persist
from resnet_studio.runs.queue import (
    Entry,
    Queue,
    Turn,
    added,
    change_queue,
    cleared,
    is_worked_off,
    moved,
    read_queue,
    removed,
    runner_lock,
)
from resnet_studio.runs.spec_words import spec_words
from resnet_studio.runs.starting import start_alone, start_queue
from resnet_studio.runs.working import Worker

_LOOK_SECONDS = 0.5
_MAX_SLOTS = 64
_PROBE = (
    "from resnet_studio.engine.device import list_devices; print(*(d.name for d in list_devices()), sep=',')"
)


def run_queue(words: list[str]) -> int:
    """Change, show or work off the queue."""
    deed = words[0] if words else "list"
    if deed in ("-h", "--help"):
        print(_help())
        return ExitCode.DONE
    if deed.startswith("-"):
        return _list(words)
    if deed not in _DEEDS:
        raise UsageError(f"The queue knows no {deed!r}.", "`resnet-studio queue --help` shows what it does.")
    return _DEEDS[deed][0](words[1:])


def _add(words: list[str]) -> int:
    parser = Parser(
        "queue add",
        "Put a run at the end of the queue: a new one, made as `train` makes it, or one that can go on. "
        "What is drawn or set later does not touch it.",
    )
    add_making(parser)
    parser.flag("--start", action="store_true", help="and let the queue be worked off in the background")
    parser.flag("--json", action="store_true", help="print the queue as JSON")
    values = parser.read(words)
    run, _ = run_from(values, quiet=values.json, here=False)
    queue = change_queue(lambda queue: added(queue, run))
    if values.start:
        return _start([])
    if values.json:
        return _show(queue, as_json=True)
    hint = "" if queue.going else " `resnet-studio queue start` begins it, `queue run` does so here."
    print(f"{run.path} is number {len(queue.of(Turn.WAITING))} of those that wait.{hint}")
    return ExitCode.DONE


def _list(words: list[str]) -> int:
    parser = Parser("queue list", "Show the queue in its order.")
    parser.flag("--json", action="store_true", help="print JSON")
    return _show(read_queue(), as_json=parser.read(words).json)


def _remove(words: list[str]) -> int:
    parser = Parser("queue remove", "Take a run out of the queue; the run itself is kept.")
    parser.add_argument("source", metavar="RUN")
    run = _named(parser.read(words).source)
    change_queue(lambda queue: removed(queue, run))
    print(f"{run.name} waits no more.")
    return ExitCode.DONE


def _move(words: list[str]) -> int:
    parser = Parser("queue move", "Give a run that waits another place among those that wait.")
    parser.add_argument("source", metavar="RUN")
    parser.add_argument("place", metavar="PLACE", help="1 is the next to begin")
    values = parser.read(words)
    if not values.place.isdigit() or not 1 <= int(values.place) <= 10**6:
        raise UsageError(f"A place is a number from 1, not {values.place[:20]!r}.")
    run = _named(values.source)
    return _show(change_queue(lambda queue: moved(queue, run, int(values.place) - 1)), as_json=False)


def _start(words: list[str]) -> int:
    parser = Parser("queue start", "Let the queue be worked off in the background.")
    add_on_full_disk(parser, asks=False)
    how = parser.read(words).on_full_disk
    if how != OnFullDisk.STOP and is_worked_off():
        log("The queue is being worked off already: what it does on a full disk stays as it was said then.")
    queue = change_queue(lambda queue: replace(queue, going=True))
    start_queue("--on-full-disk", how)
    print(f"The queue goes on: {_count(queue)}.")
    return ExitCode.DONE


def _pause(words: list[str]) -> int:
    Parser("queue pause", "Begin no other run; what trains goes on.").read(words)
    change_queue(lambda queue: replace(queue, going=False))
    print("The queue is paused; what trains goes on.")
    return ExitCode.DONE


def _clear(words: list[str]) -> int:
    Parser("queue clear", "Forget those that have ended; their runs are kept.").read(words)
    print(f"The queue: {_count(change_queue(cleared))}.")
    return ExitCode.DONE


# --- working it off -------------------------------------------------------------------------------------------------------


def _run(words: list[str]) -> int:
    parser = Parser(
        "queue run",
        "Work the queue off, one run on each graphics card at a time, and end when it is empty. Runs that train when this is "
        "interrupted go on; started again it finds them.",
    )
    parser.flag(
        "--devices",
        metavar="A,B",
        help="the devices, each for one run at a time (default: all that are here)",
    )
    add_on_full_disk(parser, asks=False)
    values = parser.read(words)
    slots = _slots(values.devices)
    waits = values.on_full_disk == OnFullDisk.WAIT
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    change_queue(lambda queue: replace(queue, going=True))
    worker, teller = Worker(slots, partial(start_alone, waits=waits)), _Teller()
    patience: Patience = (
        WaitsForRoom(state_root(), partial(_waits_until, ending), log) if waits else NoPatience()
    )
    while not ending.is_set():
        busy = StudioError("The queue is being worked off already.", "`resnet-studio queue list` shows it.")
        with lock.held(runner_lock(), busy=busy):
            while persist(worker.look, patience.ask) and not ending.is_set():
                patience.goes_on()
                teller.tell(read_queue())
                ending.wait(_LOOK_SECONDS)
        teller.tell(read_queue())
        # What was put in between the last look and the end of the lock is ours: whoever did so saw us still at work.
        if not read_queue().is_busy:
            break
    return ExitCode.DONE


def _waits_until(ending: threading.Event, holds: Callable[[], bool]) -> bool:
    """Wait until something holds; False when the end comes first."""
    while not holds():
        if ending.wait(_LOOK_SECONDS):
            return False
    return True


class _Teller:
    """Prints what is new in the queue."""

    def __init__(self) -> None:
        self._told: dict[Path, Turn] = {one.run: one.turn for one in read_queue().of(Turn.ENDED)}

    def tell(self, queue: Queue) -> None:
        """One line for each run that began or ended."""
        for entry in queue.entries:
            if entry.turn is not Turn.WAITING and self._told.get(entry.run) is not entry.turn:
                words = f"begins on {entry.slot}" if entry.turn is Turn.RUNNING else entry.said
                print(text.harmless(f"{entry.run.name}: {words}"), flush=True)
                self._told[entry.run] = entry.turn


def _slots(named: str | None) -> list[str]:
    """The devices of the pool; those of the machine are asked of torch in a process of its own, which then goes."""
    if named is not None:
        slots = [slot.strip() for slot in named.split(",") if slot.strip()]
        if not 1 <= len(slots) <= _MAX_SLOTS:
            raise UsageError("--devices names the devices, as in cuda:0,cuda:1.")
        return slots
    found = subprocess.run(
        [sys.executable, "-c", _PROBE], env=child_environment(), capture_output=True, text=True, check=False
    )
    if found.returncode:
        last = (found.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise StudioError(
            f"The devices of this machine could not be found: {last}", "Name them with --devices."
        )
    names = found.stdout.strip().split(",")
    return [*(name for name in names if name != "cpu"), "cpu"]


# --- showing it -----------------------------------------------------------------------------------------------------------


def _named(source: str) -> Path:
    """The run's folder, also where it is gone from the disk but not from the queue."""
    for entry in read_queue().entries:
        if source in (entry.run.name, str(entry.run)):
            return entry.run
    return existing_run(source).absolute()


def _show(queue: Queue, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(_json(queue), indent=1))
    elif not queue.entries:
        print("The queue is empty.")
    else:
        rows = [_row(number, entry) for number, entry in enumerate(queue.entries, start=1)]
        print(text.harmless("\n".join(text.table(("", "run", "design", "state", "settings"), rows, left=5))))
        print(f"The queue {'goes on' if queue.going else 'is paused'}: {_count(queue)}.")
    return ExitCode.DONE


def _row(number: int, entry: Entry) -> tuple[str, ...]:
    state = f"{entry.turn.value} on {entry.slot}" if entry.slot else entry.turn.value
    state = state if entry.good else shorten(f"failed: {entry.said}", 60, placeholder="…")
    try:
        info = describe_run(entry.folder)
    except StudioError as error:
        return str(number), entry.run.name, "", state, str(error)
    done = f" (epoch {info.epochs_done}/{info.spec.epochs})" if entry.turn is Turn.RUNNING else ""
    return str(number), entry.run.name, info.design, state + done, spec_words(info.spec)


def _json(queue: Queue) -> dict[str, Any]:
    entries = [
        {"run": str(one.run), "state": one.turn.value, "device": one.slot, "good": one.good, "said": one.said}
        for one in queue.entries
    ]
    return {"going": queue.going, "entries": entries}


def _count(queue: Queue) -> str:
    counts = [(len(queue.of(turn)), turn.value) for turn in (Turn.RUNNING, Turn.WAITING, Turn.ENDED)]
    return ", ".join(f"{count} {word}" for count, word in counts if count) or "nothing in it"


_DEEDS: dict[str, tuple[Callable[[list[str]], int], str, str]] = {
    "add": (_add, "add FILE|PRESET|RUN ...", "put a run at its end; flags as for `train`"),
    "list": (_list, "list [--json]", "show it"),
    "run": (_run, "run [--devices A,B]", "work it off here, until it is empty"),
    "start": (_start, "start", "work it off in the background"),
    "pause": (_pause, "pause", "begin no other run; what trains goes on"),
    "move": (_move, "move RUN PLACE", "give a run another place"),
    "remove": (_remove, "remove RUN", "take a run out; the run is kept"),
    "clear": (_clear, "clear", "forget those that have ended"),
}


def _help() -> str:
    rows = [f"  {usage:26} {purpose}" for _, usage, purpose in _DEEDS.values()]
    return "\n".join(
        [
            "usage: resnet-studio queue DEED ...",
            "",
            "Several runs one after another, or one on each graphics card at a time. The window shows the same queue.",
            "",
            *rows,
            "",
            "`resnet-studio queue DEED --help` shows a deed's options.",
        ]
    )

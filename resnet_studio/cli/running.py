"""The commands on runs that other processes train: `stop`, `follow`, and what `train --detach` does. Load no torch."""

from __future__ import annotations

import json
import shutil
import time

from resnet_studio.cli.brought import show_brought
from resnet_studio.cli.parser import Parser
from resnet_studio.cli.progress import RunView, result_json
from resnet_studio.cli.sources import add_run, named_run
from resnet_studio.design.errors import StudioError
from resnet_studio.runs import requests
from resnet_studio.runs.brought import read_brought
from resnet_studio.runs.ending import end_at_once
from resnet_studio.runs.events import Event, Failed, Finished, Started, Stopped, encode
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.following import EventReader, Pauses, log_tail, outcome_of
from resnet_studio.runs.listing import describe_run
from resnet_studio.runs.outcome import Outcome
from resnet_studio.runs.starting import let_go, start_alone

_LOOK_SECONDS = 0.2


def detach(run: RunFolder, *, as_json: bool, new: bool = False, waits: bool = False) -> int:
    """Start a run that goes on without us; comes back when it has begun. A new one that never began leaves no folder.

    `waits`: it waits for room where the disk is full, instead of ending.

    Raises:
        StudioError: it trains already, or ended before it began.
    """
    if run.is_running():
        raise StudioError(f"{run.name} is training already.", f"`resnet-studio follow {run.path}` shows it.")
    reader = EventReader(run)
    reader.read()
    process = start_alone(run, waits=waits)
    said: list[Event] = []
    # Until it has begun, the folder, the settings, the data or torch may be at fault.
    while not any(isinstance(event, Started) for event in said):
        code = process.poll()
        said += reader.read()[0]
        if code is not None:
            return _ended_early(run, code, said, new=new)
        time.sleep(_LOOK_SECONDS / 4)
    let_go(process)
    if as_json:
        print(json.dumps({"run": str(run.path), "state": "running", "pid": process.pid}, indent=1))
    else:
        print(f"run {run.path}\nIt trains in the background.")
        show_brought(run)
        print(f"`resnet-studio follow {run.name}` shows it, `resnet-studio stop {run.name}` stops it.")
    return ExitCode.DONE


def _ended_early(run: RunFolder, code: int, said: list[Event], *, new: bool) -> int:
    """A run so short, or so wrong, that it was over before anybody looked."""
    outcome = Outcome.of(code, said[-1] if said else None, log_tail(run))
    if outcome.ok:
        print(f"run {run.path}\n{outcome.title}")
        return ExitCode.DONE
    if new and not any(isinstance(event, Started) for event in said):
        # It would only be in the way of the next try.
        shutil.rmtree(run.path, ignore_errors=True)
    raise StudioError(outcome.title, outcome.advice if said else outcome.log_end)


def run_stop(words: list[str]) -> int:
    """Ask a run to stop, and wait for its checkpoint."""
    parser = Parser(
        "stop", "Ask a run that trains anywhere to end its step, save and leave; waits until it has."
    )
    add_run(parser)
    parser.flag(
        "--now", action="store_true", help="end it at once; what it learned since the last checkpoint is lost"
    )
    run = named_run((values := parser.read(words)).source)
    if values.now and run.is_running():
        end_at_once(run)
    else:
        requests.ask_to_stop(run)
    while run.is_running():
        time.sleep(_LOOK_SECONDS / 2)
    outcome = outcome_of(run)
    if isinstance(outcome.last, Failed):
        raise StudioError(outcome.title, outcome.advice)
    done = isinstance(outcome.last, Finished)
    words_of = "It had finished." if done else "It stopped." if outcome.last else "It was ended."
    print(f"{run.name}: {words_of}" + ("" if done else f" `resnet-studio resume {run.name}` goes on."))
    return ExitCode.DONE


def run_follow(words: list[str]) -> int:
    """Show a run that another process trains, until it ends."""
    parser = Parser(
        "follow",
        "Show what a run has said and says, until it ends. Leaving with Ctrl+C does not touch the run.",
    )
    add_run(parser)
    parser.flag("--events", action="store_true", help="events as JSON lines")
    parser.flag("--json", action="store_true", help="print the result as JSON")
    values = parser.read(words)
    run = named_run(values.source)
    _follow(run, events=values.events, quiet=values.json)
    outcome = outcome_of(run)
    if values.json and outcome.last is not None:
        told = result_json(run, outcome.last, describe_run(run)) | {"weights": read_brought(run)}
        print(json.dumps(told, indent=1))
    if isinstance(outcome.last, Failed) or outcome.last is None:
        raise StudioError(outcome.title, outcome.advice)
    return ExitCode.INTERRUPTED if isinstance(outcome.last, Stopped) else ExitCode.DONE


def _follow(run: RunFolder, *, events: bool, quiet: bool) -> None:
    reader, view, pauses, over = EventReader(run), RunView(quiet=quiet), Pauses(run), False
    try:
        while True:
            said, _ = reader.read()
            for event in [*said, *pauses.look(said)]:
                if events:
                    print(encode(event), flush=True)
                else:
                    view.show(event)
                    if isinstance(event, Started) and not event.start_step and not quiet:
                        show_brought(run)
            if over:
                return
            # One more round after its end: what it wrote last came before it let go.
            over = not run.is_running()
            if not over:
                time.sleep(_LOOK_SECONDS)
    finally:
        view.close()

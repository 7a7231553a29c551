"""The command `pause`, and what `resume` does with a run that waits: it goes on in its own process. Train nothing, load no torch."""

from __future__ import annotations

import time

from resnet_studio.cli.parser import Parser
from resnet_studio.cli.sources import add_run, named_run
from resnet_studio.design.errors import StudioError
from resnet_studio.runs import requests
from resnet_studio.runs.events import Held
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.following import EventReader, outcome_of

_LOOK_SECONDS = 0.1


def run_pause(words: list[str]) -> int:
    """Ask a run to wait between two steps, and come back when it does."""
    parser = Parser(
        "pause",
        "Let a run that trains anywhere wait between two steps. Its process keeps its memory and its graphics card, so that "
        "`resume` goes on at once; a checkpoint is written before. `stop` gives all of it back.",
    )
    add_run(parser)
    run = named_run(parser.read(words).source)
    requests.ask_to_pause(run)
    reader = EventReader(run)
    while run.is_running():
        said, _ = reader.read()
        if said and isinstance(said[-1], Held):
            print(f"{run.name} is paused. `resnet-studio resume {run.name}` goes on.")
            return ExitCode.DONE
        if not requests.pause_is_asked(run):
            raise StudioError(f"{run.name} goes on: somebody has told it to.")
        time.sleep(_LOOK_SECONDS)
    raise StudioError(f"{run.name} ended before it paused.", outcome_of(run).title)


def let_go_on(run: RunFolder) -> bool:
    """Tell a run that was paused to go on; False where it is none."""
    if not (run.is_running() and requests.pause_is_asked(run)):
        return False
    requests.ask_to_go_on(run)
    print(f"{run.name} goes on in its own process. `resnet-studio follow {run.name}` shows it.")
    return True

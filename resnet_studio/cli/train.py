"""The commands `train` and `resume`: a run's events to the terminal, or to whoever reads its folder. Train nothing themselves."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from resnet_studio.cli.brought import show_brought
from resnet_studio.cli.making import add_making, run_from
from resnet_studio.cli.parser import Parser
from resnet_studio.cli.progress import RunView, result_json
from resnet_studio.cli.running import detach
from resnet_studio.cli.sources import existing_run
from resnet_studio.design.errors import StudioError
from resnet_studio.runs.brought import read_brought
from resnet_studio.runs.datasets import KNOWN
from resnet_studio.runs.events import Event, Failed, Finished, Started, Stopped
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import describe_run
from resnet_studio.runs.spec import TrainSpec

INTERRUPTED = 130


def run_train(words: list[str]) -> int:
    """Start a run of a file or preset; start or go on with a run's folder."""
    parser = Parser(
        "train",
        "Train a design. A run is a folder with design, settings, events and checkpoints. Given a run without settings, "
        "start it or go on with it; given a run with settings, start a new one of its design with those changed.",
    )
    add_making(parser)
    _add_views(parser)
    values = parser.read(words)
    quiet = values.json or values.events or values.alone
    run, new = run_from(values, quiet=quiet, here=not values.detach)
    return _drive(run, values, new=new)


def run_resume(words: list[str]) -> int:
    """Go on with a run where it stopped."""
    parser = Parser("resume", "Go on with a run from its newest sound checkpoint.")
    parser.add_argument(
        "source", metavar="RUN", help="the run's folder, or its name among the program's runs"
    )
    _add_views(parser)
    values = parser.read(words)
    return _drive(RunFolder.open(existing_run(values.source)), values)


def _add_views(parser: Parser) -> None:
    parser.flag(
        "--events", action="store_true", help="events as JSON lines; stops when stdin ends or says so"
    )
    parser.flag(
        "--detach", action="store_true", help="train in the background; `follow` and `stop` reach the run"
    )
    # What --detach and the queue start: no terminal, no window.
    parser.flag("--alone", action="store_true", help=argparse.SUPPRESS)
    parser.flag("--json", action="store_true", help="print the result as JSON")


# --- watching it --------------------------------------------------------------------------------------------------------


def _drive(run: RunFolder, values: argparse.Namespace, *, new: bool = False) -> int:
    if values.events or values.alone:
        from resnet_studio.engine.training.child import train_child

        return train_child(run, alone=values.alone)
    if values.detach:
        return detach(run, as_json=values.json, new=new)
    return _watch(run, as_json=values.json, new=new)


def _watch(run: RunFolder, *, as_json: bool, new: bool) -> int:
    from resnet_studio.engine.training.command import run_training
    from resnet_studio.engine.training.stop import StopListener
    from resnet_studio.engine.training.world import join
    from resnet_studio.runs.event_file import Throttle

    world = join()
    if not world.leads:
        return _follow(run)
    run_spec = run.spec()
    stop, view, started = StopListener(run), RunView(quiet=as_json), False
    stop.listen_to_signals()

    def take(event: Event) -> None:
        nonlocal started
        started |= isinstance(event, Started)
        try:
            view.show(event)
            if isinstance(event, Started) and not event.start_step and not as_json:
                show_brought(run)
        except OSError:
            # `train ... | head`: the run keeps a checkpoint first; what is printed at its end meets the same error.
            stop.ask("Nobody reads the output any more.")

    try:
        last = run_training(run, Throttle(take), stop)
    finally:
        view.close()
    never_began = new and not started
    if never_began:
        # It never began (data missing, no such device): a folder would only be in the way of the next try.
        shutil.rmtree(run.path, ignore_errors=True)
    if as_json:
        info = None if never_began else describe_run(run)
        told = result_json(run, last, info) | {"weights": None if never_began else read_brought(run)}
        print(json.dumps(told, indent=1))
    elif isinstance(last, Finished):
        print(f"`resnet-studio export {run.path} -o OUT.pt` writes the best weights.")
    if isinstance(last, Failed):
        raise StudioError(last.what, _remedy(last, run_spec))
    if isinstance(last, Stopped):
        if not as_json:
            print(f"`resnet-studio resume {run.path}` goes on.")
        # torchrun would take the code for a failure, and start the run again that was to stop.
        return INTERRUPTED if world.alone else 0
    return 0


def _follow(run: RunFolder) -> int:
    """Train with the first process, which shows and says everything."""
    from resnet_studio.engine.training.command import run_training
    from resnet_studio.engine.training.stop import StopListener

    stop = StopListener(run)
    stop.listen_to_signals()
    last = run_training(run, lambda _event: None, stop)
    return 2 if isinstance(last, Failed) else 0


def _remedy(last: Failed, spec: TrainSpec) -> str:
    """What to do about a failure; where the data is missing, the flags that bring it."""
    if not KNOWN[spec.data].download_bytes:
        return last.remedy
    from resnet_studio.engine.data.known import missing_files
    from resnet_studio.runs.home import data_root

    if missing_files(spec.data, Path(spec.root) if spec.root else data_root()):
        return "Add --download to fetch it, or name with --root the folder that holds it in torchvision's layout."
    return last.remedy

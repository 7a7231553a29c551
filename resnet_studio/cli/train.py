"""The commands `train` and `resume`: a run's events to the terminal, or to whoever reads its folder. Train nothing themselves."""

from __future__ import annotations

import argparse
import json
import shutil
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from resnet_studio.cli.asking import Question, add_on_full_disk, somebody_is_there
from resnet_studio.cli.brought import show_brought
from resnet_studio.cli.making import add_making, run_from
from resnet_studio.cli.parser import Parser, UsageError
from resnet_studio.cli.pausing import let_go_on
from resnet_studio.cli.progress import RunView, result_json
from resnet_studio.cli.running import detach
from resnet_studio.cli.sources import add_run, named_run
from resnet_studio.design.errors import StudioError
from resnet_studio.runs.brought import read_brought
from resnet_studio.runs.datasets import KNOWN
from resnet_studio.runs.events import Event, Failed, Finished, Started, Stopped
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import describe_run
from resnet_studio.runs.patience import NoPatience, OnFullDisk, Patience, WaitsForRoom, log, seen, told_to
from resnet_studio.runs.spec import TrainSpec

if TYPE_CHECKING:
    from resnet_studio.engine.training.stop import StopListener


def run_train(words: list[str]) -> int:
    """Start a run of a file or preset; start or go on with a run's folder."""
    parser = Parser(
        "train",
        "Train a design. A run is a folder with design, settings, events and checkpoints. Given a run without settings, "
        "start it or go on with it; given a run with settings, start a new one of its design with those changed.",
    )
    add_making(parser)
    _add_views(parser)
    values = _read(parser, words)
    quiet = values.json or values.events or values.alone
    run, new = run_from(values, quiet=quiet, here=not values.detach)
    return _drive(run, values, new=new)


def run_resume(words: list[str]) -> int:
    """Go on with a run where it stopped."""
    parser = Parser(
        "resume", "Go on with a run from its newest sound checkpoint; one that is paused goes on where it is."
    )
    add_run(parser)
    _add_views(parser)
    values = _read(parser, words)
    run = named_run(values.source)
    return ExitCode.DONE if _may_wait(values) and let_go_on(run) else _drive(run, values)


def _may_wait(values: argparse.Namespace) -> bool:
    """Whether a person asks to go on, who may mean a run that waits; a window that starts a process means this one."""
    from resnet_studio.engine.training.parting import is_one_of_several

    return not (values.events or values.alone or is_one_of_several())


def _add_views(parser: Parser) -> None:
    parser.flag(
        "--events", action="store_true", help="events as JSON lines; stops when stdin ends or says so"
    )
    parser.flag(
        "--detach", action="store_true", help="train in the background; `follow` and `stop` reach the run"
    )
    add_on_full_disk(parser)
    # What --detach and the queue start: no terminal, no window.
    parser.flag("--alone", action="store_true", help=argparse.SUPPRESS)
    parser.flag("--json", action="store_true", help="print the result as JSON")


def _read(parser: Parser, words: list[str]) -> argparse.Namespace:
    values = parser.read(words)
    if values.events and values.on_full_disk != OnFullDisk.ASK:
        raise UsageError(
            "--on-full-disk is not for --events: a paused event asks whoever reads.",
            'Answer {"do":"retry"} or {"do":"stop"}.',
        )
    return values


# --- watching it --------------------------------------------------------------------------------------------------------


def _drive(run: RunFolder, values: argparse.Namespace, *, new: bool = False) -> int:
    waits = values.on_full_disk == OnFullDisk.WAIT
    code = None if values.detach else _by_all_cards(run, values, new=new)
    if code is not None:
        return code
    if values.events or values.alone:
        from resnet_studio.engine.training.child import train_child

        return train_child(run, alone=values.alone, waits=waits)
    if values.detach:
        return detach(run, as_json=values.json, new=new, waits=waits)
    how = OnFullDisk(values.on_full_disk)
    return _parted(lambda: _watch(run, as_json=values.json, new=new, on_full_disk=how))


def _by_all_cards(run: RunFolder, values: argparse.Namespace, *, new: bool) -> int | None:
    """Train with a process for each graphics card, where the run wants all and there are several; None where one process does."""
    if run.spec().device != "all":
        return None
    from resnet_studio.engine.training.together import train_together, wants_together

    if not wants_together(run):
        return None
    if values.events:
        return train_together(run, ["train", str(run.path), "--events"], watched=True)
    how = f"--on-full-disk={values.on_full_disk}"
    if values.alone:
        return train_together(run, ["train", str(run.path), "--alone", how], watched=False)
    code = train_together(
        run, ["resume", str(run.path), how, *(["--json"] if values.json else [])], watched=False
    )
    said = run.events()
    if new and not any(isinstance(event, Started) for event in said):
        _forget(run)
    stopped = bool(said) and isinstance(said[-1], Stopped)
    return ExitCode.INTERRUPTED if code == ExitCode.DONE and stopped else code


def _forget(run: RunFolder) -> None:
    """It never began (data missing, no such device): a folder would only be in the way of the next try."""
    shutil.rmtree(run.path, ignore_errors=True)


def _parted(watch: Callable[[], int]) -> int:
    """The exit code of watching a run; one process of several, where not all is well, ends at once and waits for no others."""
    from resnet_studio.engine.children import end_with_parent
    from resnet_studio.engine.training.parting import is_one_of_several, quit_at_once

    if not is_one_of_several():
        return watch()
    end_with_parent()
    try:
        code = watch()
    except StudioError as error:
        log(f"resnet-studio: {error}")
        code = ExitCode.FAILED
    except Exception:  # noqa: BLE001 - told as Python tells it, before the process ends without Python's own end
        traceback.print_exc()
        code = ExitCode.BUG
    if code != ExitCode.DONE:
        quit_at_once(code)
    return code


def _watch(run: RunFolder, *, as_json: bool, new: bool, on_full_disk: OnFullDisk) -> int:
    from resnet_studio.engine.training.command import run_training
    from resnet_studio.engine.training.meeting import join
    from resnet_studio.engine.training.stop import StopListener
    from resnet_studio.runs.event_file import Throttle

    world = join()
    if not world.leads:
        return _follow(run)
    run_spec = run.spec()
    stop, view, started = StopListener(run), RunView(quiet=as_json), False
    stop.listen_to_signals()
    patience = _patience(on_full_disk, run, stop, view, as_json=as_json)

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
        last = run_training(run, told_to(patience, Throttle(take)), stop, seen(run, patience.ask))
    finally:
        view.close()
    never_began = new and not started
    if never_began:
        _forget(run)
    _tell_end(run, last, as_json=as_json, never_began=never_began)
    if isinstance(last, Failed):
        given_up = isinstance(patience, Question) and patience.given_up and not never_began
        later = f"Make room; `resnet-studio resume {run.path}` goes on from the last checkpoint."
        raise StudioError(last.what, later if given_up else _remedy(last, run_spec))
    # torchrun would take the code for a failure, and start the run again that was to stop.
    return ExitCode.INTERRUPTED if isinstance(last, Stopped) and world.alone else ExitCode.DONE


def _patience(
    how: OnFullDisk, run: RunFolder, stop: StopListener, view: RunView, *, as_json: bool
) -> Patience:
    """What the run does when the disk is full."""
    if how is OnFullDisk.WAIT:

        def tell(words: str) -> None:
            view.close()
            log(words)

        return WaitsForRoom(run.path, stop.waits_until, tell)
    if how is OnFullDisk.ASK and not as_json and somebody_is_there():
        return Question(run.path, stop, view.close)
    return NoPatience()


def _tell_end(run: RunFolder, last: Event, *, as_json: bool, never_began: bool) -> None:
    if as_json:
        info = None if never_began else describe_run(run)
        told = result_json(run, last, info) | {"weights": None if never_began else read_brought(run)}
        print(json.dumps(told, indent=1))
    elif isinstance(last, Finished):
        print(f"`resnet-studio export {run.path} -o OUT.pt` writes the best weights.")
    elif isinstance(last, Stopped):
        print(f"`resnet-studio resume {run.path}` goes on.")


def _follow(run: RunFolder) -> int:
    """Train with the first process, which shows and says everything."""
    from resnet_studio.engine.training.command import run_training
    from resnet_studio.engine.training.stop import StopListener

    stop = StopListener(run)
    stop.listen_to_signals()
    last = run_training(run, lambda _event: None, stop)
    return ExitCode.FAILED if isinstance(last, Failed) else ExitCode.DONE


def _remedy(last: Failed, spec: TrainSpec) -> str:
    """What to do about a failure; where the data is missing, the flags that bring it."""
    if not KNOWN[spec.data].download_bytes:
        return last.remedy
    from resnet_studio.engine.data.known import missing_files
    from resnet_studio.runs.home import data_root

    if missing_files(spec.data, Path(spec.root) if spec.root else data_root()):
        return "Add --download to fetch it, or name with --root the folder that holds it in torchvision's layout."
    return last.remedy

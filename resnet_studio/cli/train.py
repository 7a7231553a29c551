"""The commands `train` and `resume`: flags to a run's folder, and a run's events to the terminal. Train nothing themselves."""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from resnet_studio.cli import text
from resnet_studio.cli.brought import put_in_lines
from resnet_studio.cli.parser import Parser, UsageError
from resnet_studio.cli.progress import Bar, RunView, result_json
from resnet_studio.cli.sources import design_of, existing_run, run_of, sound
from resnet_studio.cli.weights import SOURCE, add_carrying, initial_of, settled
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.runs.brought import read_brought
from resnet_studio.runs.datasets import KNOWN, adapted, fit
from resnet_studio.runs.events import Event, Failed, Finished, Started, Stopped
from resnet_studio.runs.fields import FIELDS, FieldKind, SettingField
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.listing import describe_run
from resnet_studio.runs.recipes import RECIPES, Recipe, recipe
from resnet_studio.runs.spec import TrainSpec, checked, default_spec

INTERRUPTED = 130


def run_train(words: list[str]) -> int:
    """Start a run of a file or preset; start or go on with a run's folder."""
    parser = Parser(
        "train",
        "Train a design. A run is a folder with design, settings, events and checkpoints. Given a run without settings, "
        "start it or go on with it; given a run with settings, start a new one of its design with those changed.",
    )
    parser.add_argument("source", metavar="FILE|PRESET|RUN")
    parser.flag(
        "--recipe",
        metavar="NAME|FILE.toml",
        help=f"begin with a recipe's settings ({', '.join(RECIPES)}, or a file of your own); flags change them",
    )
    for field in FIELDS:
        _add_setting(parser, field)
    parser.flag(
        "--weights",
        metavar=SOURCE,
        help="begin with these instead of fresh ones (see `resnet-studio weights`)",
    )
    add_carrying(parser)
    parser.flag("--run", metavar="DIR", help="the new run's folder (default: one in the program's own runs)")
    parser.flag("--adapt", action="store_true", help="make the design fit the data: input and classes")
    parser.flag("--download", action="store_true", help="download the data set first where it is missing")
    _add_views(parser)
    values = parser.read(words)
    settings = {field.name: _given(field, getattr(values, field.name)) for field in FIELDS}
    settings = {name: value for name, value in settings.items() if value is not None}
    if values.recipe is not None:
        settings = dict(_recipe(values.recipe).changes) | settings
    run = run_of(values.source)
    if run is not None and not settings and values.run is None and values.weights is None:
        return _drive(RunFolder.open(run), values)
    return _new_run(values, settings, None if run is None else RunFolder.open(run))


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
    parser.flag("--json", action="store_true", help="print the result as JSON")


def _add_setting(parser: Parser, field: SettingField) -> None:
    if field.kind is FieldKind.FLAG:
        parser.flag(field.flag, action=argparse.BooleanOptionalAction, help=field.meaning)
        return
    choices = f" ({', '.join(field.choices)})" if field.choices else ""
    limits = f" ({field.low:g} to {field.high:g})" if field.kind in (FieldKind.INT, FieldKind.FLOAT) else ""
    # A bare % would be argparse's own.
    words = f"{field.meaning}{choices}{limits}".replace("%", "%%")
    parser.flag(field.flag, metavar=field.kind.value.upper(), help=words)


def _given(field: SettingField, value: Any) -> Any:
    """A flag's text as the setting's value; None where the flag was not given."""
    if value is None or isinstance(value, bool):
        return value
    try:
        if field.kind is FieldKind.INT:
            value = int(value)
        elif field.kind is FieldKind.FLOAT:
            value = float(value)
    except ValueError:
        raise UsageError(f"{field.flag} must be a number, not {value[:40]!r}.", field.meaning) from None
    fault = field.fault(value)
    if fault:
        near = get_close_matches(str(value), field.choices, n=1)
        raise UsageError(f"{field.flag} {fault}.", f"Did you mean {near[0]}?" if near else field.meaning)
    return value


def _recipe(name: str) -> Recipe:
    try:
        return recipe(name)
    except StudioError as error:
        raise UsageError(error.what, error.remedy) from error


# --- a new run ----------------------------------------------------------------------------------------------------------


def _new_run(values: argparse.Namespace, settings: dict[str, Any], old: RunFolder | None) -> int:
    design = old.design() if old is not None else design_of(values.source)
    spec = _spec(settings, old)
    if values.download:
        _download(spec)
    design = sound(_fitting(design, spec, adapt=values.adapt), values.source)
    # Before the folder is made: where torch is missing or broken, none is left behind.
    from resnet_studio.engine.training import command as _  # noqa: F401

    initial = _initial(values, design, old)
    return _drive(_created(values.run, design, spec, initial), values, new=True)


def _created(named: str | None, design: Design, spec: TrainSpec, initial: Initial | None) -> RunFolder:
    """The new run's folder; where several processes train it together, the first one makes it."""
    from resnet_studio.engine.training.world import join

    world = join()
    if not world.leads:
        return RunFolder.open(Path(world.share("")))
    if named is not None:
        run = RunFolder.create_at(Path(named), design, spec, initial=initial)
    else:
        run = RunFolder.create(design, spec, initial=initial)
    world.share(str(run.path))
    return run


def _initial(values: argparse.Namespace, design: Design, old: RunFolder | None) -> Initial | None:
    """The weights that a new run begins with: those that were named, or those of the run it is made from."""
    if values.weights is not None:
        return settled(initial_of(values.weights, values), design, quiet=values.json or values.events)
    if values.origin is not None or values.slice:
        raise UsageError("--origin and --slice say how weights are carried.", "Name them with --weights.")
    return None if old is None else old.initial()


def _spec(settings: dict[str, Any], old: RunFolder | None) -> TrainSpec:
    base = old.spec() if old is not None else default_spec(settings.get("data", "digits"))
    if settings.get("data", base.data) != base.data:
        base = replace(base, root=None)  # where the old data lies, the other does not
    if settings.get("root") is not None:
        # The run may be resumed from another place.
        settings["root"] = str(Path(settings["root"]).expanduser().absolute())
    try:
        return checked(replace(base, **settings))
    except StudioError as error:
        raise UsageError(error.what, error.remedy) from error


def _fitting(design: Design, spec: TrainSpec, *, adapt: bool) -> Design:
    """The design as it will be trained.

    Raises:
        UsageError: it does not fit the data, and nobody asked to adapt it.
    """
    known = KNOWN[spec.data]
    if known.shape is not None and known.classes is not None:
        shape, classes = known.shape, known.classes
    elif adapt:
        from resnet_studio.engine.data.opening import probe

        found = probe(spec.data, spec.root)
        shape, classes = found.shape, len(found.classes)
    else:
        return design
    if adapt:
        return adapted(design, shape, classes)
    differences = fit(design, shape, classes).differences
    if differences:
        what = f"{design.name} and {known.title} do not fit: {'; '.join(differences)}."
        raise UsageError(what, "Add --adapt to make the design fit the data.")
    return design


def _download(spec: TrainSpec) -> None:
    from resnet_studio.engine.data import opening

    bar = Bar()
    try:
        opening.download(spec.data, None if spec.root is None else Path(spec.root), bar.tell, lambda: False)
    finally:
        bar.clear()


# --- watching it --------------------------------------------------------------------------------------------------------


def _drive(run: RunFolder, values: argparse.Namespace, *, new: bool = False) -> int:
    if values.events:
        from resnet_studio.engine.training.child import train_child

        return train_child(run)
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
    stop, view, started = StopListener(), RunView(quiet=as_json), False
    stop.listen_to_signals()

    def take(event: Event) -> None:
        nonlocal started
        started |= isinstance(event, Started)
        try:
            view.show(event)
            if isinstance(event, Started) and not event.start_step and not as_json:
                _show_brought(run)
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


def _show_brought(run: RunFolder) -> None:
    """What was found in the network after weights from elsewhere had been put in; nothing where it begins fresh."""
    found = read_brought(run)
    if found is not None:
        print(text.harmless("\n".join(put_in_lines(found))), flush=True)


def _follow(run: RunFolder) -> int:
    """Train with the first process, which shows and says everything."""
    from resnet_studio.engine.training.command import run_training
    from resnet_studio.engine.training.stop import StopListener

    stop = StopListener()
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

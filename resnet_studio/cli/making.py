"""A run's folder made from flags: design, settings, first weights. Trains nothing."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from resnet_studio.cli.parser import Parser, UsageError
from resnet_studio.cli.progress import Bar
from resnet_studio.cli.sources import design_of, run_of, sound
from resnet_studio.cli.weights import SOURCE, add_carrying, initial_of, settled
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.runs.datasets import KNOWN, Shape, adapted, fit, suited
from resnet_studio.runs.fields import FIELDS, FieldKind, SettingField
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.recipes import RECIPES, Recipe, recipe
from resnet_studio.runs.spec import TrainSpec, checked, default_spec


class Intent(NamedTuple):
    """A run before it has a folder: what is trained, how, and which weights it begins with (None for fresh ones)."""

    design: Design
    spec: TrainSpec
    initial: Initial | None


def add_making(parser: Parser) -> None:
    """The arguments of a command that makes a run, or takes one that is there."""
    add_intent(parser)
    parser.flag("--run", metavar="DIR", help="the new run's folder (default: one in the program's own runs)")


def add_intent(parser: Parser) -> None:
    """All that decides how a run goes: design, settings, first weights, and what is done where data is missing or does not fit."""
    add_settings(parser)
    parser.flag(
        "--weights",
        metavar=SOURCE,
        help="begin with these instead of fresh ones (see `resnet-studio weights`)",
    )
    add_carrying(parser)
    add_adapting(parser)
    parser.flag("--download", action="store_true", help="download the data set first where it is missing")


def add_settings(parser: Parser) -> None:
    """The design, and every setting of a run."""
    parser.add_argument("source", metavar="FILE|PRESET|RUN")
    parser.flag(
        "--recipe",
        metavar="NAME|FILE.toml",
        help=f"begin with a recipe's settings ({', '.join(RECIPES)}, or a file of your own); flags change them",
    )
    for field in FIELDS:
        _add_setting(parser, field)


def add_adapting(parser: Parser) -> None:
    """What is done where design and data do not fit."""
    parser.flag("--adapt", action="store_true", help="make the design fit the data: input and classes")
    parser.flag(
        "--adapt-stem", action="store_true", help="as --adapt, and give it a stem for images of this size"
    )


def run_from(values: argparse.Namespace, *, quiet: bool, here: bool) -> tuple[RunFolder, bool]:
    """The run that the arguments name, and whether it was made just now.

    Args:
        values: the arguments.
        quiet: say nothing.
        here: whether this process will train it; if so it loads torch, maybe as one of several.

    Raises:
        StudioError: the arguments are wrong, or the run cannot be made.
    """
    settings = _settings(values)
    run = run_of(values.source)
    if run is not None and not settings and values.run is None and values.weights is None:
        return RunFolder.open(run), False
    return _new_run(
        values, settings, None if run is None else RunFolder.open(run), quiet=quiet, here=here
    ), True


def intended(values: argparse.Namespace, *, quiet: bool) -> Intent:
    """The run that would be made of `add_intent`'s arguments; nothing is made but what is to be downloaded.

    Args:
        values: the arguments.
        quiet: say nothing.

    Raises:
        StudioError: as `run_from`.
    """
    run = run_of(values.source)
    old = None if run is None else RunFolder.open(run)
    return _intended(values, _settings(values), old, quiet=quiet)


def _intended(
    values: argparse.Namespace, settings: dict[str, Any], old: RunFolder | None, *, quiet: bool
) -> Intent:
    spec = _spec(settings, old)
    if values.download:
        _download(spec)
    design = _design(values, spec, old)
    return Intent(design, spec, _initial(values, design, old, quiet=quiet))


def planned(values: argparse.Namespace) -> tuple[Design, TrainSpec]:
    """The design and the settings as they would be trained; nothing is made.

    Raises:
        StudioError: the arguments are wrong, or the design has problems or does not fit the data.
    """
    run = run_of(values.source)
    old = None if run is None else RunFolder.open(run)
    spec = _spec(_settings(values), old)
    return _design(values, spec, old), spec


def _settings(values: argparse.Namespace) -> dict[str, Any]:
    """What was said of the settings, flags over a recipe."""
    settings = {field.name: _given(field, getattr(values, field.name)) for field in FIELDS}
    settings = {name: value for name, value in settings.items() if value is not None}
    return settings if values.recipe is None else dict(_recipe(values.recipe).changes) | settings


def _design(values: argparse.Namespace, spec: TrainSpec, old: RunFolder | None) -> Design:
    """The design as it will be trained, sound and fitting."""
    design = old.design() if old is not None else design_of(values.source)
    adapt = suited if values.adapt_stem else adapted if values.adapt else None
    return sound(_fitting(design, spec, adapt), values.source)


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


def _new_run(
    values: argparse.Namespace, settings: dict[str, Any], old: RunFolder | None, *, quiet: bool, here: bool
) -> RunFolder:
    design, spec, initial = _intended(values, settings, old, quiet=quiet)
    if not here:
        return _made(values.run, design, spec, initial)
    # Before the folder is made: where torch is missing or broken, none is left behind.
    from resnet_studio.engine.training import command as _  # noqa: F401

    return _created(values.run, design, spec, initial)


def _created(named: str | None, design: Design, spec: TrainSpec, initial: Initial | None) -> RunFolder:
    """The new run's folder; where several processes train it together, the first one makes it."""
    from resnet_studio.engine.training.meeting import join

    world = join()
    if not world.leads:
        return RunFolder.open(Path(world.share("")))
    run = _made(named, design, spec, initial)
    world.share(str(run.path))
    return run


def _made(named: str | None, design: Design, spec: TrainSpec, initial: Initial | None) -> RunFolder:
    if named is not None:
        return RunFolder.create_at(Path(named), design, spec, initial=initial)
    return RunFolder.create(design, spec, initial=initial)


def _initial(
    values: argparse.Namespace, design: Design, old: RunFolder | None, *, quiet: bool
) -> Initial | None:
    """The weights that a new run begins with: those that were named, or those of the run it is made from."""
    if values.weights is not None:
        return settled(initial_of(values.weights, values), design, quiet=quiet)
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


Adapt = Callable[[Design, Shape, int], Design]


def _fitting(design: Design, spec: TrainSpec, adapt: Adapt | None) -> Design:
    """The design as it will be trained.

    Raises:
        UsageError: it does not fit the data, and nobody asked to adapt it.
    """
    known = KNOWN[spec.data]
    if known.shape is not None and known.classes is not None:
        shape, classes = known.shape, known.classes
    elif adapt is not None:
        from resnet_studio.engine.data.opening import probe

        found = probe(spec.data, spec.root)
        shape, classes = found.shape, len(found.classes)
    else:
        return design
    if adapt is not None:
        return adapt(design, shape, classes)
    differences = fit(design, shape, classes).differences
    if differences:
        what = f"{design.name} and {known.title} do not fit: {'; '.join(differences)}."
        raise UsageError(what, "Add --adapt to make the design fit the data (or --adapt-stem, its stem too).")
    return design


def _download(spec: TrainSpec) -> None:
    from resnet_studio.engine.data import opening

    bar = Bar()
    try:
        opening.download(spec.data, None if spec.root is None else Path(spec.root), bar.tell, lambda: False)
    finally:
        bar.clear()

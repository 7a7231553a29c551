"""Turns what people write for a network (a file, a preset, a run) into a Design. Knows no command and no output."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from resnet_studio.analysis.plan import analyse
from resnet_studio.cli.parser import Parser, Refused, UsageError
from resnet_studio.design.carried import read_drawing
from resnet_studio.design.files import read_design
from resnet_studio.design.presets import PRESETS, find
from resnet_studio.design.types import Design, Head, InputSpec
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import runs_root


def design_of(text: str) -> Design:
    """The Design of a file, a run or a preset; the preset only where no file has its name.

    A file is a design, or an exported one that carries its drawing.

    Raises:
        StudioError: there is none, or the file is no design.
    """
    run = run_of(text)
    if run is not None:
        return read_design(run / "design.json")
    path = Path(text)
    if _there(path) and not path.is_dir():
        return read_drawing(path)
    found = find(text)
    if found is not None:
        return found.make()
    if _there(path):
        return read_design(path)  # which says that a folder is no design
    raise not_found(text, "file or preset")


def sound(design: Design, source: str) -> Design:
    """The same drawing, known to have no Problems.

    Raises:
        Refused: it has some; the first is named.
    """
    problems = analyse(design).problems
    if not problems:
        return design
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    raise Refused(
        f"{design.name} has a problem. {problems[0]}{more}.", f"`resnet-studio check {source}` lists all."
    )


def run_of(text: str) -> Path | None:
    """The folder of a run, or None where the text names something else."""
    path = Path(text)
    return path if _there(path / "run.json") else None


def add_run(parser: Parser) -> None:
    """The argument `source` of a command on a run; `named_run` opens it."""
    parser.add_argument(
        "source", metavar="RUN", help="the run's folder, or its name among the program's runs"
    )


def named_run(text: str) -> RunFolder:
    """The run of that path, or of that name among the program's runs.

    Raises:
        StudioError: there is none.
    """
    return RunFolder.open(existing_run(text))


def existing_run(text: str) -> Path:
    """The folder of a run, by its path or by its name among the program's runs.

    Raises:
        UsageError: there is none.
    """
    found = run_of(text)
    if found is not None:
        return found
    named = runs_root() / text
    if Path(text).name == text and (named / "run.json").is_file():
        return named
    if Path(text).exists():
        raise UsageError(f"{text} is not a run: it has no run.json.", "Name the folder of a run.")
    raise not_found(text, f"run (here or in {runs_root()})")


def _there(path: Path) -> bool:
    try:
        return path.exists() or path.is_symlink()
    except OSError:  # a name that is too long for the system, or a folder that may not be entered
        return False


def not_found(text: str, what: str) -> UsageError:
    """The error that names what is missing, and near misses among the presets and the files beside it."""
    path = Path(text)
    beside = path.parent if path.parent.is_dir() else None
    near = get_close_matches(text, [*PRESETS, *_files(beside, path)], n=2, cutoff=0.7)
    if near:
        hint = f"Did you mean {' or '.join(near)}?"
    elif beside is None:
        hint = f"The folder {path.parent} does not exist either."
    else:
        listing = "runs" if what.startswith("run") else "presets"
        hint = f"`resnet-studio {listing}` lists the {listing}."
    return UsageError(f"There is no {what} called {text[:200]}.", hint)


def _files(folder: Path | None, path: Path) -> list[str]:
    if folder is None:
        return []
    try:
        return [str(path.with_name(entry.name)) for entry in folder.iterdir()]
    except OSError:  # a folder that may not be read offers no near misses
        return []


def adapted(design: Design, *, shape: InputSpec | None, classes: int | None) -> Design:
    """The drawing with another input or number of classes, where asked for."""
    if shape is not None:
        design = replace(design, input=shape)
    if classes is not None:
        design = replace(design, head=replace(design.head or Head(), classes=classes))
    return design

"""Turns what people write for a network (a file, a preset's name) into a Design. Knows no command and no output."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from resnet_studio.cli.parser import UsageError
from resnet_studio.design.files import read_design
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import Design, Head, InputSpec


def design_of(text: str) -> Design:
    """The Design of a file or a preset; the file where there are both.

    Raises:
        StudioError: there is neither, or the file is no design.
    """
    path = Path(text)
    if path.exists() or path.is_symlink():
        return read_design(path)
    if text in PRESETS:
        return preset(text)
    raise not_found(text, "file or preset")


def not_found(text: str, what: str) -> UsageError:
    """The error that names what is missing, and near misses among the presets and the files beside it."""
    path = Path(text)
    beside = path.parent if path.parent.is_dir() else None
    files = [str(path.with_name(entry.name)) for entry in beside.iterdir()] if beside else []
    near = get_close_matches(text, [*PRESETS, *files], n=2, cutoff=0.7)
    if near:
        hint = f"Did you mean {' or '.join(near)}?"
    elif beside is None:
        hint = f"The folder {path.parent} does not exist either."
    else:
        hint = "`resnet-studio presets` lists the presets."
    return UsageError(f"There is no {what} called {text}.", hint)


def adapted(design: Design, *, shape: InputSpec | None, classes: int | None) -> Design:
    """The drawing with another input or number of classes, where asked for."""
    if shape is not None:
        design = replace(design, input=shape)
    if classes is not None:
        design = replace(design, head=replace(design.head or Head(), classes=classes))
    return design

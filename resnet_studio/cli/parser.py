"""An argument parser whose complaints are one line with a remedy, and the readers of single arguments. Knows no command."""

from __future__ import annotations

import argparse
import re
import shutil
import textwrap
from difflib import get_close_matches
from typing import NoReturn

from resnet_studio.design import limits
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import InputSpec
from resnet_studio.runs.exit_code import ExitCode


class UsageError(StudioError):
    """The command line was used wrongly."""


class Refused(StudioError):
    """What was asked for would be wrong: the drawing has problems."""

    exit_code = ExitCode.PROBLEMS


class Parser(argparse.ArgumentParser):
    """argparse without abbreviations, that raises UsageError instead of printing its usage and leaving."""

    def __init__(self, command: str, description: str, *, more: str = "") -> None:
        super().__init__(
            prog=f"resnet-studio {command}", description=_folded(description), epilog=more, allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        self._command = command
        self._flags: list[str] = ["--help"]

    def flag(self, name: str, *more: str, **settings: object) -> None:
        """Add an option; as add_argument, and known to the search for near misses."""
        self._flags += [name, *more]
        self.add_argument(name, *more, **settings)  # type: ignore[arg-type]  # argparse's own overloads differ per action

    def read(self, words: list[str]) -> argparse.Namespace:
        """The values of a command line.

        Raises:
            UsageError: it is not one that this command understands.
        """
        values, unknown = self.parse_known_args(words)
        if unknown:
            raise UsageError(f"{unknown[0]} is not understood.", self._hint(unknown[0]))
        return values

    def _hint(self, word: str) -> str:
        near = get_close_matches(word.partition("=")[0], self._flags, n=1)
        if word.startswith("-") and near:
            return f"Did you mean {near[0]}?"
        return f"`{self.prog} --help` shows what there is."

    def error(self, message: str) -> NoReturn:
        """Called by argparse for everything that it does not understand."""
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"`{self.prog} --help` shows what there is.")


def _folded(text: str) -> str:
    """As argparse folds it by itself where no table stands below."""
    return "\n".join(textwrap.wrap(text, max(40, shutil.get_terminal_size().columns - 2)))


def input_spec(text: str) -> InputSpec:
    """CxHxW, as in 3x224x224.

    Raises:
        UsageError: it is none, or beyond what may be drawn.
    """
    found = re.fullmatch(r"(\d{1,9})[x×](\d{1,9})[x×](\d{1,9})", text, re.ASCII)
    if not found:
        raise UsageError(
            f"--input must be channels x height x width, like 3x224x224, not {text!r}.", "Write it as CxHxW."
        )
    channels, height, width = map(int, found.groups())
    for what, value, high in (
        ("channels", channels, limits.MAX_CHANNELS),
        ("height", height, limits.MAX_IMAGE),
        ("width", width, limits.MAX_IMAGE),
    ):
        if not 1 <= value <= high:
            raise UsageError(f"--input: {what} must be from 1 to {high}, not {value}.", "Write it as CxHxW.")
    return InputSpec(channels=channels, height=height, width=width)


def classes(text: str) -> int:
    """A number of classes.

    Raises:
        UsageError: it is none, or beyond what may be drawn.
    """
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not 1 <= int(text) <= limits.MAX_CLASSES:
        raise UsageError(f"--classes must be a whole number from 1 to {limits.MAX_CLASSES}, not {text!r}.")
    return int(text)

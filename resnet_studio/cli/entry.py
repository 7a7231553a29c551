"""Finds the command, runs it, and turns what went wrong into one line on stderr and an exit code. Knows no command's work.

What the codes mean is said in `runs/exit_code.py`.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from resnet_studio.cli.parser import UsageError
from resnet_studio.cli.text import harmless
from resnet_studio.design.errors import StudioError
from resnet_studio.runs.exit_code import MEANINGS, ExitCode


class _Command(NamedTuple):
    module: str
    usage: str
    purpose: str


COMMANDS = {
    "presets": _Command("show", "presets [--json]", "list the named networks"),
    "new": _Command("show", "new PRESET -o FILE", "write a preset as a design file"),
    "summary": _Command("summary", "summary FILE|PRESET", "every layer with its shapes, parameters and multiply-adds"),
    "verify": _Command("verify", "verify [NAME ...]", "published figures beside what is counted, and by torchinfo"),
    "check": _Command("show", "check FILE|PRESET", "list what is wrong with a drawing"),
    "compare": _Command("compare", "compare A B [--json]", "two files, presets or runs side by side, block by block"),
    "code": _Command("code", "code FILE|PRESET [-o OUT.py]", "write it as Python that imports only torch"),
    "diagram": _Command("output", "diagram FILE|PRESET -o OUT.svg", "draw it with Graphviz: .svg, .pdf or .png"),
    "data": _Command("data", "data NAME|FOLDER [--json]", "what a data set holds, and what is wrong with it"),
    "fit": _Command("fit", "fit FILE|PRESET --data DATA [--json]", "the memory that training would need, and which batch would fit"),
    "train": _Command("train", "train FILE|PRESET|RUN --data DATA", "train it; a run is a folder"),
    "resume": _Command("train", "resume RUN", "go on with a run where it stopped, or waits"),
    "runs": _Command("runs", "runs [--json]", "list the runs with their settings and best figures"),
    "queue": _Command("queue", "queue add|list|run|...", "several runs one after another, or one on each graphics card"),
    "follow": _Command("running", "follow RUN", "show a run that trains elsewhere, until it ends"),
    "pause": _Command("pausing", "pause RUN", "let a run that trains wait, its process kept; resume goes on"),
    "stop": _Command("running", "stop RUN", "ask a run that trains elsewhere to save and leave"),
    "evaluate": _Command("evaluate", "evaluate RUN [--json]", "per-class accuracy and confusion matrix on the validation images"),
    "rates": _Command("rates", "rates FILE|PRESET|RUN --data DATA", "try learning rates on a network that is thrown away"),
    "export": _Command("output", "export FILE|PRESET|RUN -o OUT", "write it for others: .pt, .safetensors, .onnx, .pt2, .ts, .py"),
    "weights": _Command("weights", "weights FILE|NAME [--into FILE|PRESET]", "what a file of weights holds, and where each tensor would go"),
    "serve": _Command("serve", "serve", "answer the window: JSON lines on stdin and stdout"),
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (sys.argv's by default); returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that the terminal cannot write is shown escaped, and ends nothing.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _dispatch(words)
        sys.stdout.flush()
    except StudioError as error:
        _complain(words, str(error))
        # A drawing with problems and a comparison that failed say 1 of themselves.
        return int(getattr(error, "exit_code", ExitCode.FAILED))
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("", "resnet_studio"):
            raise
        _complain(words, f"The package {missing} is not installed here. `./run` sets up what is missing.")
        return ExitCode.FAILED
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # `resnet-studio summary resnet152 | head`: silence.
        _forget_stdout()
        return ExitCode.NO_READER
    except OSError as error:
        # Errors of files carry their name, and were turned into StudioErrors where they happened: this is the output itself.
        if error.filename is not None:
            raise
        _forget_stdout()
        _complain(words, f"The output could not be written ({error.strerror}).")
        return ExitCode.FAILED
    return code


def _forget_stdout() -> None:
    """Let nobody complain a second time: the interpreter flushes at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _dispatch(words: list[str]) -> int:
    first = words[0] if words else ""
    if first in COMMANDS:
        if first == "serve" or "--events" in words:
            _speak()  # what these say is shown in the window
        module = import_module(f"resnet_studio.cli.{COMMANDS[first].module}")
        command = getattr(module, f"run_{first}")
        return int(command(words[1:]))
    if first in ("-h", "--help", "help"):
        print(_help())
        return ExitCode.DONE
    if first in ("-V", "--version"):
        print(f"resnet-studio {_version()}")
        return ExitCode.DONE
    if first.startswith("-") and first != "--":
        raise UsageError(f"{first} is no option here.", "`resnet-studio --help` shows the commands.")
    return _window([word for word in words if word != "--"])


def _window(files: list[str]) -> int:
    """Open the window, with a design file where one is named."""
    file = Path(files[0]) if files else None
    if file is not None and (len(files) > 1 or not file.exists()):
        raise _no_such_command(file, files)
    _need_screen()
    _speak()
    from resnet_studio.ui.app import main as window

    return int(window(file))


def _speak() -> None:
    """Take the user's language: before the modules are loaded whose tables of texts are made in it."""
    from resnet_studio.language import speak_users

    speak_users()


def _need_screen() -> None:
    """Say what is missing where Qt would only abort: a server, a container, a plain ssh."""
    places = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in places):
        remedy = (
            "Log in to a desktop, or use `ssh -X`; the commands of `resnet-studio --help` work without one."
        )
        raise StudioError("There is no screen to open the window on.", remedy)


def _no_such_command(file: Path, files: list[str]) -> UsageError:
    from resnet_studio.design.presets import find

    if file.exists():
        return UsageError(f"The window opens one file, not {len(files)}.", "Name one.")
    if find(str(file)) is not None:
        hint = f"It is a preset: `resnet-studio new {file} -o FILE` makes a file of it."
        return UsageError(f"There is no file called {file}.", hint)
    near = get_close_matches(str(file), COMMANDS, n=1)
    if near:
        return UsageError(
            f"{file} is no command.", f"Did you mean `resnet-studio {COMMANDS[near[0]].usage}`?"
        )
    hint = "`resnet-studio --help` shows the commands."
    return UsageError(f"There is no file and no command called {file}.", hint)


def _complain(words: list[str], message: str) -> None:
    command = f" {words[0]}" if words and words[0] in COMMANDS else ""
    # One line, whatever a path or a library put into it.
    print(f"resnet-studio{command}: {harmless(' '.join(message.split()))}", file=sys.stderr)


def _version() -> str:
    try:
        return version("resnet-studio")
    except PackageNotFoundError:
        return "(not installed, run from a checkout)"


def _help() -> str:
    width = max(len(command.usage) for command in COMMANDS.values())
    rows = [f"  {command.usage:{width}}  {command.purpose}" for command in COMMANDS.values()]
    return "\n".join(
        [
            "usage: resnet-studio [FILE]",
            "       resnet-studio COMMAND ...",
            "",
            "Draw residual networks, see what every change costs, train them, export what you made.",
            "Without a command it opens the window, with FILE where one is named.",
            "",
            "commands:",
            *rows,
            "",
            "`resnet-studio COMMAND --help` shows a command's options. --version prints the version.",
            "Where a name is both a file and a preset, the file is taken.",
            "",
            *_exit_codes(),
        ]
    )


def _exit_codes() -> list[str]:
    """Each with what it means, under one heading."""
    heading = "exit codes: "
    rows = [f"{code:>3} {words}" for code, words in MEANINGS.items()]
    return [heading + rows[0], *(" " * len(heading) + row for row in rows[1:])]

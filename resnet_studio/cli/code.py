"""The command that writes a drawing as Python: text, without weights, and without loading torch."""

from __future__ import annotations

from pathlib import Path

from resnet_studio.analysis.plan import analyse
from resnet_studio.analysis.source import source_of
from resnet_studio.cli.parser import Parser, UsageError
from resnet_studio.cli.sources import design_of, sound
from resnet_studio.design.atomic import write_atomically
from resnet_studio.runs.exit_code import ExitCode


def run_code(words: list[str]) -> int:
    """Print the source of a network, or write it to a file."""
    parser = Parser(
        "code",
        "Write a network as one Python file that imports only torch. `resnet-studio export -o NAME.py` puts its "
        "weights beside it.",
    )
    parser.add_argument("source", metavar="FILE|PRESET|RUN")
    parser.flag("-o", "--output", metavar="OUT.py", help="the file to write; without it the code is printed")
    parser.flag("--force", action="store_true", help="replace OUT.py where it exists")
    values = parser.read(words)
    target = None if values.output is None else Path(values.output)
    if target is not None and target.suffix.lower() != ".py":
        raise UsageError(f"{target} would be Python, which its name does not say.", "End its name in .py.")
    made = source_of(analyse(sound(design_of(values.source), values.source)))
    if target is None:
        print(made.text, end="")
        return ExitCode.DONE
    if target.is_file() and not values.force:
        # Code is made to be changed by hand, and that work is nowhere else.
        raise UsageError(f"{target} exists.", "Choose another name, or add --force to replace it.")
    write_atomically(target, made.text.encode())
    print(f"{target}: class {made.network}, {len(made.text.splitlines())} lines")
    return ExitCode.DONE

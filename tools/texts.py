"""Collects the interface's texts for translators, and makes catalogues of what they return; Babel reads and writes the files.

    python -m tools.texts            writes resources/languages/resnet-studio.pot: every text, for a translator to begin with
    python -m tools.texts de.po      writes resources/languages/de/LC_MESSAGES/resnet-studio.mo

The template is not kept with the source, of which it is a copy: it is made when somebody translates.
A text is the first literal of `tr`, the first two of `trn` (one, many). Nothing else is looked at, and a call without a literal is
an error: such a text could never be found by a translator. So is a translation that names what its text does not give it.
"""

from __future__ import annotations

import ast
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "resnet_studio"
FOLDER = ROOT / "resources" / "languages"
DOMAIN = "resnet-studio"
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
_KEYWORDS = {"tr": None, "trn": (1, 2)}
_ITSELF = PACKAGE / "language.py"


def sources() -> list[Path]:
    """Every module that may hold texts, by name."""
    return sorted(path for path in PACKAGE.rglob("*.py") if path != _ITSELF)


def unfindable(path: Path) -> Iterator[int]:
    """The lines at which a text is not written whole and literally, with {names} for what changes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _KEYWORDS:
            wanted = node.args[: 1 if node.func.id == "tr" else 2]
            if not wanted or not all(
                isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in wanted
            ):
                yield node.lineno


def collect() -> Catalog:
    """Every text of the program, once each, with the files where it is used.

    Raises:
        SystemExit: a text cannot be found by reading.
    """
    found = Catalog(project="ResNet Studio", charset="utf-8", fuzzy=False)
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        lost = [f"{name}:{line}" for line in unfindable(path)]
        if lost:
            raise SystemExit(f"{', '.join(lost)}: tr() wants its text whole and literal")
        for _, message, _, _ in extract_from_file("python", path, keywords=_KEYWORDS):
            # Without lines, which every edit would move. Signs of percent are no formats here.
            found.add(message, locations=[(name, 0)]).flags.discard("python-format")
    return found


def names_in(text: str) -> set[str]:
    """The names in a text's braces; what has none that str.format understands has no names."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return set()


def mistakes(message: Message) -> list[str]:
    """What a translation asks of its text and does not get: it would fail when it is shown."""
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    told = [message.string] if isinstance(message.string, str) else list(message.string or ())
    given = set[str]().union(*map(names_in, ids))
    return [
        f"{ids[0]!r}: {{{name}}} is not given to it" for text in told for name in names_in(text or "") - given
    ]


def read(po: Path) -> Catalog:
    """A translator's file.

    Raises:
        SystemExit: a translation would fail when it is shown.
    """
    with po.open("rb") as file:
        catalog = read_po(file)
    wrong = [mistake for message in catalog if message.id for mistake in mistakes(message)]
    if wrong:
        raise SystemExit("\n".join([f"{po}:", *wrong]))
    return catalog


def install(po: Path, folder: Path = FOLDER) -> Path:
    """Make a catalogue of a .po that is called by its language; returns where it stands. Fuzzy and empty entries stay English."""
    catalog = read(po)
    target = folder / po.stem / "LC_MESSAGES" / f"{DOMAIN}.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_mo(file, catalog)
    return target


def write_template(target: Path = TEMPLATE) -> Path:
    """The .pot; returns where it stands."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_po(file, collect(), include_lineno=False, sort_output=True, width=120)
    return target


def main(arguments: list[str]) -> int:
    """Do what the module's first lines say."""
    if arguments:
        for name in arguments:
            print(install(Path(name)))
        return 0
    made = write_template()
    with made.open("rb") as file:
        print(f"{len(read_po(file))} texts in {made}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Collects the interface's texts for translators, and makes catalogues of what they return.

    python -m tools.texts            writes resources/languages/resnet-studio.pot: every text, for a translator to begin with
    python -m tools.texts de.po      writes resources/languages/de/LC_MESSAGES/resnet-studio.mo

The template is not kept with the source, of which it is a copy: it is made when somebody translates.
A text is the first literal of `tr`, the first two of `trn` (one, many). Nothing else is looked at, and a call without a literal is
an error: such a text could never be found by a translator.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "resnet_studio"
FOLDER = ROOT / "resources" / "languages"
DOMAIN = "resnet-studio"
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
_ITSELF = PACKAGE / "language.py"
_HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
_MAGIC = 0x950412DE
_HEAD = 28


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One text: where it is used, its words, and its plural where it has one."""

    file: str
    line: int
    one: str
    many: str = ""


def _literal(node: ast.expr, place: str) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise SystemExit(f"{place}: tr() wants its text whole and literal, with {{names}} for what changes")


def texts_of(path: Path) -> Iterator[Text]:
    """The texts of one module."""
    name = path.relative_to(ROOT).as_posix()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        place = f"{name}:{node.lineno}"
        if node.func.id == "tr":
            yield Text(name, node.lineno, _literal(node.args[0], place))
        elif node.func.id == "trn":
            one, many = (_literal(arg, place) for arg in node.args[:2])
            yield Text(name, node.lineno, one, many)


def texts() -> list[Text]:
    """Every text of the program, by file and line."""
    return sorted(text for path in PACKAGE.rglob("*.py") if path != _ITSELF for text in texts_of(path))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def template(found: list[Text]) -> str:
    """The .pot: each text once, with the files where it is used; without lines, which every edit would move."""
    places: dict[tuple[str, str], list[str]] = {}
    for text in found:
        files = places.setdefault((text.one, text.many), [])
        if text.file not in files:
            files.append(text.file)
    parts = [_HEADER]
    for (one, many), files in places.items():
        lines = [f"#: {file}" for file in files]
        lines += ["#, python-brace-format"] if "{" in one + many else []
        lines.append(f"msgid {_quoted(one)}")
        lines += [f"msgid_plural {_quoted(many)}", 'msgstr[0] ""', 'msgstr[1] ""'] if many else ['msgstr ""']
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


# --- catalogues -------------------------------------------------------------------------------------------------------

_ENTRY = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d+\])?) (".*")$')


def read_po(text: str) -> dict[str, str]:
    """Key and translation of each entry as gettext keeps them: a plural's parts joined by NUL; fuzzy and empty ones left out."""
    messages: dict[str, str] = {}
    for entry in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        at = ""
        for line in entry.split("\n"):
            found = _ENTRY.match(line)
            if found is not None:
                at = found[1]
                fields[at] = ast.literal_eval(found[2])
            elif line.startswith('"') and at:
                fields[at] += ast.literal_eval(line)
        key = "\0".join(fields[name] for name in ("msgid", "msgid_plural") if name in fields)
        told = "\0".join(words for name, words in fields.items() if name.startswith("msgstr"))
        fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in entry.split("\n"))
        if fields and told.replace("\0", "") and not fuzzy:
            messages[key] = told
    return messages


def mo(messages: dict[str, str]) -> bytes:
    """A catalogue in gettext's binary form, its keys sorted as it must be."""
    rows = sorted((key.encode(), told.encode()) for key, told in messages.items())
    starts, data = [], b""
    at = _HEAD + 16 * len(rows)
    for column in (0, 1):
        for row in rows:
            starts.append((len(row[column]), at + len(data)))
            data += row[column] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(rows), _HEAD, _HEAD + 8 * len(rows), 0, 0)
    return head + b"".join(struct.pack("<2I", *start) for start in starts) + data


def install(po: Path, folder: Path = FOLDER) -> Path:
    """Make a catalogue of a .po that is called by its language; returns where it stands."""
    target = folder / po.stem / "LC_MESSAGES" / f"{DOMAIN}.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(mo(read_po(po.read_text(encoding="utf-8"))))
    return target


def main(arguments: list[str]) -> int:
    """Do what the module's first lines say."""
    if arguments:
        for name in arguments:
            print(install(Path(name)))
        return 0
    made = template(texts())
    FOLDER.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_text(made, encoding="utf-8")
    print(f"{made.count('msgid ') - 1} texts in {TEMPLATE}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

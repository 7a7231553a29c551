"""What people write on a run: a name, a note, tags, kept in label.json beside run.json. Knows no torch and no window.

A file of its own: run.json never changes once a run is made, and what people write must not be able to spoil it.
"""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from typing import Any

from resnet_studio.design.atomic import write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder

FORMAT = 1
FILE = "label.json"
MAX_NAME, MAX_NOTE, MAX_TAG, MAX_TAGS = 80, 4000, 32, 16
_MAX_BYTES = 64 * 1024
_FIELDS = {"format", "name", "note", "tags"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name of one's own (empty: the program's), a note, and tags in their order."""

    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()


def checked(label: Label) -> Label:
    """The same label, known to be sound.

    Raises:
        StudioError: a part is too long, or holds what no line may hold.
    """
    fault = _fault(label)
    if fault:
        raise StudioError(fault, tr("Write less."))
    return label


def _fault(label: Label) -> str:
    if not _is_line(label.name, MAX_NAME):
        return tr("A run's name must be one line of at most {most} characters.", most=MAX_NAME)
    if len(label.note) > MAX_NOTE or "\0" in label.note:
        return tr("A note must have at most {most} characters.", most=MAX_NOTE)
    if len(label.tags) > MAX_TAGS or len(set(label.tags)) != len(label.tags):
        return tr("A run has at most {most} tags, each once.", most=MAX_TAGS)
    if not all(
        tag and "," not in tag and tag == tag.strip() and _is_line(tag, MAX_TAG) for tag in label.tags
    ):
        return tr(
            "A tag must be a word or a few, of at most {most} characters, without a comma.", most=MAX_TAG
        )
    return ""


def _is_line(text: str, most: int) -> bool:
    return len(text) <= most and all(letter.isprintable() for letter in text)


def tags_in(text: str) -> tuple[str, ...]:
    """The tags in a line that separates them by commas, each once."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def read_label(run: RunFolder) -> Label:
    """What is written on a run; nothing where the file is missing.

    Raises:
        StudioError: the file cannot be read, or is no label.
    """
    path = run.path / FILE
    try:
        # Looked at first: opening a FIFO would wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            raise StudioError(tr("{path} is not a regular file.", path=path))
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise StudioError(tr("{path} is larger than any label.", path=path), tr("Remove it."))
        return _label_from(json.loads(data.decode()))
    except FileNotFoundError:
        return Label()
    except OSError as error:
        raise StudioError(
            tr("{path} could not be read ({reason}).", path=path, reason=error.strerror)
        ) from error
    except (ValueError, RecursionError) as error:
        raise StudioError(
            tr("{path} is no label ({error}).", path=path, error=str(error)[:100]), tr("Mend or remove it.")
        ) from error


def _label_from(value: Any) -> Label:
    if not isinstance(value, dict) or value.keys() != _FIELDS:
        raise ValueError(tr("it must be an object of {fields}", fields=", ".join(sorted(_FIELDS))))
    if type(value["format"]) is not int or value["format"] != FORMAT:
        raise ValueError(
            tr("it has format {format}, not {wanted}", format=str(value["format"])[:20], wanted=FORMAT)
        )
    name, note, tags = value["name"], value["note"], value["tags"]
    if not isinstance(name, str) or not isinstance(note, str):
        raise ValueError(tr("name and note must be texts"))
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise ValueError(tr("tags must be texts"))
    label = Label(name=name, note=note, tags=tuple(tags))
    fault = _fault(label)
    if fault:
        raise ValueError(fault)
    return label


def write_label(run: RunFolder, label: Label) -> None:
    """Keep what is written on a run.

    Raises:
        StudioError: the label is not sound, or the disk does not take it; the old one stays.
    """
    checked(label)
    value = {"format": FORMAT, "name": label.name, "note": label.note, "tags": list(label.tags)}
    write_atomically(run.path / FILE, (json.dumps(value, indent=1) + "\n").encode())

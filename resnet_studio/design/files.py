"""The design file: JSON with `format`, read strictly and written whole. Knows no meaning of a drawing.

Older formats migrate by the pure functions of `migrations`; each version keeps a golden file in the tests for ever.
"""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from resnet_studio.design import limits
from resnet_studio.design.atomic import write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.design.migrations import FORMAT, migrated
from resnet_studio.design.schema import design_from, design_to, spec_to
from resnet_studio.design.schema_fields import SchemaError
from resnet_studio.design.types import BlockSpec, Design, Stage
from resnet_studio.language import tr

SUFFIX = ".resnet.json"
_REMEDY = tr("Choose a file that ResNet Studio wrote, or mend this one in a text editor.")


# Compact: the standard library's indentation is thirty times slower, and the window writes this text at every edit.
_encode = json.JSONEncoder(ensure_ascii=False).encode


def dumps(design: Design) -> str:
    """The text of a design file, ending in a newline; one line a block, so that versions compare well."""
    whole = design_to(replace(design, stages=()))
    head = whole.pop("head")
    del whole["stages"]
    fields = ",\n".join(
        f" {_encode(name)}: {_encode(item)}" for name, item in ({"format": FORMAT} | whole).items()
    )
    stages = _on_lines([_stage_text(stage) for stage in design.stages], indent=" ")
    return f"""{{\n{fields},\n "stages": [{stages}],\n "head": {_encode(head)}\n}}\n"""


def _stage_text(stage: Stage) -> str:
    blocks = [f"""   {{"id": {_encode(block.id)}, {_spec_text(block.spec)}""" for block in stage.blocks]
    return f"""  {{"id": {_encode(stage.id)}, "name": {_encode(stage.name)}, "blocks": [{_on_lines(blocks, indent="  ")}]}}"""


@lru_cache(maxsize=4096)
def _spec_text(spec: BlockSpec) -> str:
    """The fields of a spec and the brace that closes its block."""
    return _encode(spec_to(spec)).removeprefix("{")


def _on_lines(items: list[str], *, indent: str) -> str:
    return "\n" + ",\n".join(items) + f"\n{indent}" if items else ""


def loads(text: str) -> Design:
    """The Design in a file's text.

    Raises:
        StudioError: the text is not a design that this program reads; the message names the first wrong value.
    """
    try:
        value = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except RecursionError:
        raise StudioError(tr("It is nested too deeply to be a design.")) from None
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError):
            raise StudioError(
                tr(
                    "It is not JSON: {fault} at line {line}.",
                    fault=error.msg.removesuffix(" at"),
                    line=error.lineno,
                )
            ) from error
        raise StudioError(tr("It is not a design: {error}.", error=error)) from error
    if not isinstance(value, dict) or "format" not in value:
        raise StudioError(tr("It is JSON, but not a ResNet Studio design: it has no “format”."))
    return design_from(_todays(value))


def _todays(value: dict[str, Any]) -> dict[str, Any]:
    version = value.pop("format")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise SchemaError(tr("format must be a whole number from 1."))
    if version > FORMAT:
        shown = str(version)[:20]
        raise StudioError(
            tr(
                "It has format {shown}; this ResNet Studio reads up to format {format}.",
                shown=shown,
                format=FORMAT,
            ),
            tr("Open it with a newer ResNet Studio that reads format {shown}.", shown=shown),
        )
    return migrated(value, version)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError(tr("a field stands there twice"))
    return result


def _no_constant(name: str) -> float:
    raise ValueError(tr("{name} is not a number in JSON", name=name))


def read_design(path: Path) -> Design:
    """Read a design file.

    Raises:
        StudioError: not a regular file, unreadable, too large, not UTF-8, or not a design; the path is named.
    """
    try:
        text = _read_text(path)
        return loads(text)
    except StudioError as error:
        raise type(error)(f"{path}: {error.what}", error.remedy or _REMEDY) from error


def _read_text(path: Path) -> str:
    try:
        # Looked at before it is opened: opening a FIFO would wait for ever.
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise StudioError(tr("This is a folder."), tr("Choose a design file."))
        if not stat.S_ISREG(status.st_mode):
            raise StudioError(tr("This is not a regular file."), tr("Choose a design file."))
        with path.open("rb") as file:
            data = file.read(limits.MAX_FILE_BYTES + 1)
    except OSError as error:
        raise StudioError(
            tr("It could not be read ({reason}).", reason=error.strerror or error),
            tr("Check the path and its rights."),
        ) from error
    except ValueError as error:
        raise StudioError(tr("This is no path ({error}).", error=error)) from error
    if len(data) > limits.MAX_FILE_BYTES:
        raise StudioError(
            tr(
                "It is larger than {megabytes} MB, which no design is.",
                megabytes=limits.MAX_FILE_BYTES // 2**20,
            )
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StudioError(tr("It is not UTF-8 text, so it is not a design.")) from error


def write_design(path: Path, design: Design) -> None:
    """Write a design file, whole or not at all.

    Raises:
        StudioError: the target cannot be written; the old file is untouched.
    """
    write_atomically(path, dumps(design).encode())

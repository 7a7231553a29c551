"""The drawing inside an exported file: its text is taken out as data, nothing is unpickled or run. Knows no torch.

A `.pt` is a zip with a pickle in it. That pickle is read as a list of instructions of which only those that make plain
values are known here; what stands for a tensor becomes a blank. A `.safetensors` begins with JSON.
"""

from __future__ import annotations

import json
import os
import pickletools
import stat
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from resnet_studio.design import files
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.language import tr

SUFFIXES = (".pt", ".pth", ".safetensors")
_FORMAT = "resnet-studio"
# A network of 2,048 blocks needs 8 MB of pickle and 4 MB of header.
_MAX_TEXT = 32 * 1024 * 1024
_MAX_DIRECTORY = 16 * 1024 * 1024
# The format's own words are texts alone: what is more is JSON.
_AS_JSON = ("version", "classes", "input", "metrics")
_REMEDY = tr(
    "Only .pt and .safetensors that ResNet Studio exported carry their drawing. "
    "Weights alone come in by File > Import weights, or by --weights."
)
_PROGRAMS = {
    ".onnx": tr("an ONNX file"),
    ".pt2": tr("a torch.export program"),
    ".ts": tr("a TorchScript program"),
}


_DAMAGED = (
    ValueError, LookupError, TypeError, EOFError, OverflowError, RuntimeError, struct.error, zipfile.BadZipFile,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """What an exported file says beside its weights: the drawing, and the other fields as they stand there."""

    design: Design
    fields: Mapping[str, Any]


def is_carrier(path: Path) -> bool:
    """Whether a file is one of weights, in which a drawing may lie: as its first bytes say, whatever it is called."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as file:
            start = file.read(9)
    except (OSError, ValueError):
        return False
    return start.startswith(b"PK\x03\x04") or _is_header(start)


def _is_header(start: bytes) -> bool:
    return len(start) == 9 and start[4:] == b"\0\0\0\0{"


def read_drawing(path: Path) -> Design:
    """The Design of a design file, or the one that an exported file carries.

    Raises:
        StudioError: it is neither; the path is named.
    """
    if path.suffix.lower() in _PROGRAMS and path.is_file():
        raise StudioError(
            tr(
                "{path} is {program}: it carries no drawing, and is never opened here.",
                path=path,
                program=_PROGRAMS[path.suffix.lower()],
            ),
            _REMEDY,
        )
    return read_carried(path) if is_carrier(path) else files.read_design(path)


def read_carried(path: Path) -> Design:
    """The Design that an exported `.pt` or `.safetensors` carries.

    Raises:
        StudioError: it carries none, or is damaged; the path is named.
    """
    return read_words(path).design


def read_words(path: Path) -> Words:
    """All that an exported `.pt` or `.safetensors` says beside its weights.

    Raises:
        StudioError: it carries no drawing, or is damaged; the path is named.
    """
    try:
        with path.open("rb") as file:
            told = _of_safetensors(file) if _is_header(file.read(9)) else _of_zip(file)
        if (
            not isinstance(told, dict)
            or told.get("format") != _FORMAT
            or not isinstance(told.get("design"), str)
        ):
            raise ValueError(tr("it holds weights alone"))
    except OSError as error:
        raise StudioError(
            tr("{path} could not be read ({reason}).", path=path, reason=error.strerror or error),
            tr("Check the path."),
        ) from error
    except _DAMAGED as error:
        reason = (
            str(error)[:200] if isinstance(error, ValueError | zipfile.BadZipFile) else tr("it is damaged")
        )
        raise StudioError(
            tr("{path} carries no drawing: {reason}.", path=path, reason=reason), _REMEDY
        ) from error
    try:
        return Words(files.loads(told["design"]), told)
    except StudioError as error:
        raise StudioError(
            tr("{path}: its drawing cannot be read: {what}", path=path, what=error.what),
            error.remedy or _REMEDY,
        ) from error


# --- safetensors ------------------------------------------------------------------------------------------------------


def _of_safetensors(file: IO[bytes]) -> object:
    file.seek(0)
    length = int.from_bytes(file.read(8), "little")
    if length > _MAX_TEXT:
        raise ValueError(tr("its header is larger than any network's"))
    value = json.loads(file.read(length))
    told = value.get("__metadata__") if isinstance(value, dict) else None
    if not isinstance(told, dict):
        raise ValueError(tr("it holds weights alone"))
    return {name: json.loads(text) if name in _AS_JSON else text for name, text in told.items()}


# --- the zip of torch.save --------------------------------------------------------------------------------------------


def _of_zip(file: IO[bytes]) -> object:
    _check_directory(file)
    with zipfile.ZipFile(file) as archive:
        pickles = [member for member in archive.infolist() if member.filename.count("/") == 1]
        names = {member.filename.partition("/")[2] for member in pickles}
        for telling, kind in (("constants.pkl", ".ts"), ("archive_format", ".pt2")):
            if telling in names:
                raise ValueError(tr("it is {programs}, which is never opened here", programs=_PROGRAMS[kind]))
        found = [member for member in pickles if member.filename.endswith("/data.pkl")]
        if len(found) != 1 or found[0].compress_type != zipfile.ZIP_STORED:
            raise ValueError(tr("it is a zip, but none that torch.save wrote"))
        if found[0].file_size > _MAX_TEXT:
            raise ValueError(tr("its list of weights is larger than any network's"))
        return _plain_values(archive.read(found[0]))


def _check_directory(file: IO[bytes]) -> None:
    """Before the zip module reads its list of members into memory: is that list of a sane size?"""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - 65_557)
    file.seek(start)
    tail = file.read()
    end = tail.rfind(b"PK\5\6")
    if end < 0 or end + 22 > len(tail):
        raise ValueError(tr("it is cut off"))
    told = struct.unpack_from("<I", tail, end + 12)[0]
    sizes = [told] if told != 0xFFFFFFFF else []
    if end >= 20 and tail[end - 20 : end - 16] == b"PK\6\7":
        file.seek(struct.unpack_from("<Q", tail, end - 12)[0])
        record = file.read(56)
        sizes.append(struct.unpack_from("<Q", record, 40)[0])
    if not sizes or max(sizes) > _MAX_DIRECTORY:
        raise ValueError(tr("it has more members than any network's weights"))


class _Blank:
    """Stands where something stood that is no plain value: a tensor, its type, its storage."""


_BLANK = _Blank()
_MARK = object()
_LITERALS: dict[str, Any] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_NUMBERS_AND_TEXTS = {"BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE"}
_EMPTY = {"EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple}
_SHORT_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


def _plain_values(data: bytes) -> object:
    """What a pickle of plain values holds; nothing is imported and nothing is called.

    Raises:
        ValueError, KeyError, IndexError: an instruction that plain values do not need, or a wrong one.
    """
    stack: list[Any] = []
    memo: dict[Any, Any] = {}
    for code, argument, _ in pickletools.genops(data):
        if code.name == "STOP":
            return stack.pop()
        _step(code.name, argument, stack, memo)
    raise ValueError(tr("it ends too early"))


def _step(name: str, argument: Any, stack: list[Any], memo: dict[Any, Any]) -> None:
    if name in _NUMBERS_AND_TEXTS:
        stack.append(argument)
    elif name in ("BINPUT", "LONG_BINPUT"):
        memo[argument] = stack[-1]
    elif name in ("BINGET", "LONG_BINGET"):
        stack.append(memo[argument])
    elif name in _LITERALS:
        stack.append(_LITERALS[name])
    elif name in _EMPTY:
        stack.append(_EMPTY[name]())
    elif name == "MARK":
        stack.append(_MARK)
    elif name == "GLOBAL":
        stack.append(_BLANK)
    elif name in _SHORT_TUPLES:
        stack[-_SHORT_TUPLES[name] :] = [tuple(stack[-_SHORT_TUPLES[name] :])]
    elif name not in ("PROTO", "FRAME"):
        _combine(name, stack)


def _combine(name: str, stack: list[Any]) -> None:
    """The instructions that make one value of several."""
    if name == "BINPERSID":
        stack[-1] = _BLANK
    elif name in ("REDUCE", "BUILD"):
        stack[-2:] = [_BLANK if name == "REDUCE" else stack[-2]]
    elif name == "SETITEM":
        value, key = stack.pop(), stack.pop()
        _put(stack[-1], [key, value])
    elif name == "APPEND":
        value = stack.pop()
        _extend(stack[-1], [value])
    elif name in ("SETITEMS", "APPENDS", "TUPLE"):
        items = _since_mark(stack)
        if name == "TUPLE":
            stack.append(tuple(items))
        else:
            (_put if name == "SETITEMS" else _extend)(stack[-1], items)
    else:
        raise ValueError(tr("it holds more than plain values ({name})", name=name))


def _since_mark(stack: list[Any]) -> list[Any]:
    items: list[Any] = []
    while (value := stack.pop()) is not _MARK:
        items.append(value)
    return items[::-1]


def _put(target: object, items: list[Any]) -> None:
    if isinstance(target, dict):
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, str | int):
                raise ValueError(tr("a name in it is no text"))
            target[key] = value
    elif target is not _BLANK:
        raise ValueError(tr("it is damaged"))


def _extend(target: object, items: list[Any]) -> None:
    if isinstance(target, list):
        target.extend(items)
    elif target is not _BLANK:
        raise ValueError(tr("it is damaged"))

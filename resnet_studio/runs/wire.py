"""The words between the window and the engine process: one JSON object a line, each way. Knows no torch and no Qt.

A request is `{"id": 7, "do": "confirm", ...arguments}`; every answer carries the id and one of `result`, `error`,
`progress`. The engine says `{"id": 0, "result": {"ready": true, ...}}` by itself when it is ready. What a result holds is said in
`runs/results.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from resnet_studio.design.errors import StudioError

READY_ID = 0
MAX_LINE = 16 * 1024 * 1024

HELLO = "hello"
CONFIRM = "confirm"
DIAGRAM = "diagram"
VERIFY = "verify"
RENDER = "render"
EXPORT = "export"
DATASETS = "datasets"
PROBE_DATA = "probe_data"
SURVEY_DATA = "survey_data"
MEMORY = "memory"
DOWNLOAD = "download"
PRETRAINED = "pretrained"
LOOK_WEIGHTS = "look_weights"
EVALUATE = "evaluate"
RATES = "rates"
CANCEL = "cancel"
SHUTDOWN = "shutdown"
# A newer one of these makes an older one that waits pointless.
SUPERSEDING = (CONFIRM, DIAGRAM)

SUPERSEDED = "superseded"
CANCELLED = "Cancelled."


class WireError(StudioError):
    """A line that is no request or no answer."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the window asks. `args` is everything beside `id` and `do`."""

    id: int
    do: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """The last answer to a request that went well."""

    id: int
    value: Mapping[str, Any] | list[Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """The last answer to a request that did not: what happened, what to do."""

    id: int
    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A word in between; `total` is 0 when nobody knows it. `value` is what is known of the result so far, where that is of use."""

    id: int
    done: int
    total: int
    text: str = ""
    value: Mapping[str, Any] | None = None


Answer = Result | Failure | Progress


def encode_request(request: Request) -> bytes:
    """One line, newline included."""
    return _line({"id": request.id, "do": request.do, **request.args})


def decode_request(line: bytes | str) -> Request:
    """The request in one line.

    Raises:
        WireError: it is none.
    """
    value = _object(line)
    number, do = value.pop("id", None), value.pop("do", None)
    if not _is_id(number) or not isinstance(do, str):
        raise WireError("A request needs a whole number as `id` and a text as `do`.")
    return Request(number, do, value)


def encode_answer(answer: Answer) -> bytes:
    """One line, newline included."""
    match answer:
        case Result():
            return _line({"id": answer.id, "result": answer.value})
        case Failure():
            return _line({"id": answer.id, "error": {"what": answer.what, "remedy": answer.remedy}})
        case Progress():
            told = {"done": answer.done, "total": answer.total, "text": answer.text}
            known = {} if answer.value is None else {"value": answer.value}
            return _line({"id": answer.id, "progress": {**told, **known}})


def decode_answer(line: bytes | str) -> Answer:
    """The answer in one line.

    Raises:
        WireError: it is none.
    """
    value = _object(line)
    number = value.get("id")
    if not _is_id(number):
        raise WireError("An answer needs a whole number as `id`.")
    try:
        if "error" in value:
            return Failure(number, str(value["error"]["what"]), str(value["error"]["remedy"]))
        if "progress" in value:
            return _progress(number, value["progress"])
        result = value["result"]
    except (KeyError, TypeError, ValueError) as error:
        raise WireError(f"An answer is not whole: {error!r}.") from error
    if not isinstance(result, dict | list):
        raise WireError("An answer's result must be an object or a list.")
    return Result(number, result)


def _progress(number: int, told: Any) -> Progress:
    done, total, text = int(told["done"]), int(told["total"]), str(told["text"])
    value = told.get("value")
    if not isinstance(value, dict | None):
        raise TypeError("its value is no object")
    return Progress(number, done, total, text, value)


def _is_id(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _line(value: Mapping[str, Any]) -> bytes:
    # ASCII: a lone surrogate in a path must not break the pipe, and no reader splits at U+2028.
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


def _object(line: bytes | str) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise WireError(f"A line has {len(line)} bytes; {MAX_LINE} are the most.")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise WireError(f"A line is not JSON: {str(error)[:200]}.") from error
    if not isinstance(value, dict):
        raise WireError("A line must hold one JSON object.")
    return value

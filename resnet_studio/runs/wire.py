"""The words between the window and the engine process: one JSON object a line, each way. Knows no torch and no Qt.

A request is `{"id": 7, "do": "confirm", ...arguments}`; every answer carries the id and one of `result`, `error`,
`progress`. The engine says `{"id": 0, "result": {"ready": true, ...}}` by itself when it is ready.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict, TypeGuard

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


class Device(TypedDict):
    """One thing to compute on: its torch name, and how people know it."""

    name: str
    label: str


class Ready(TypedDict):
    """The result of `hello`, and the first line of all."""

    ready: bool
    torch: str
    devices: list[Device]


class Memory(TypedDict):
    """The result of `memory`: the device that a setting (`device`) means here, and its bytes; `free` is None where nobody tells.

    `count` devices share each batch.
    """

    name: str
    label: str
    free: int | None
    total: int | None
    count: int


class RatesTried(TypedDict):
    """The result of `rates`: (learning rate, smoothed loss) of each step, rates rising; `suggestion` is None where the loss never fell.

    The request says `design` and `spec`, the settings as an object.
    """

    points: list[tuple[float, float]]
    suggestion: float | None


class RateTried(TypedDict):
    """What `rates` says beside how far it is: the step just done; no rate is going to be above `highest`."""

    rate: float
    loss: float
    highest: float


class Row(TypedDict):
    """One layer as torchinfo counted it; `name` is the plan's."""

    name: str
    params: int
    macs: int
    output: list[int]


class Confirmed(TypedDict):
    """The result of `confirm`, over the units that can be built.

    `skipped` holds the ids of the units that have Problems; `text` says all of it in one line.
    """

    agrees: bool
    params: int
    macs: int
    rows: list[Row]
    differences: list[str]
    skipped: list[str]
    text: str


class Verified(TypedDict):
    """The result of `verify`: torchinfo's counts of the preset `network`, multiply-adds by the papers' convention."""

    params: int
    macs: int


class Drawn(TypedDict):
    """The result of `diagram`. Boxes are [x, y, width, height] in the SVG's own units, y downwards; `nodes` maps the
    SVG's group ids to unit ids (of a folded run, the first block's; `runs` has them all)."""

    svg: str
    nodes: dict[str, str]
    runs: dict[str, list[str]]
    boxes: dict[str, list[float]]
    size: list[float]
    notes: list[str]


class Difference(TypedDict):
    """The largest difference between a file's outputs and the original's, for images so many at a time."""

    batch: int
    difference: float


class Receipt(TypedDict):
    """The result of `export`: what was written, and how far its outputs are from the original's.

    A difference says little without the size of what differs: fresh weights of a deep network give outputs of millions.
    Those of a very deep one overflow: `largest_output` is None then, and the differences say nothing.

    The request says `path`, `format` (of runs.formats.FORMATS; by default what the path's ending means), `state_dict`, and
    what is exported: `design`, or `run` and `weights`. `brought` is there where weights from elsewhere were put in; `run` is
    the folder of the run whose weights they are.
    """

    path: str
    format: str
    bytes: int
    params: int
    max_difference: float
    largest_output: float | None
    differences: list[Difference]
    weights: str
    notes: list[str]
    brought: NotRequired[Surveyed]
    run: NotRequired[str]


class PretrainedEntry(TypedDict):
    """One of torchvision's weights in the result of `pretrained`; `here` when its file lies in torch's cache."""

    name: str
    preset: str
    title: str
    bytes: int
    top1: float
    here: bool
    default: bool


class TensorFate(TypedDict):
    """What becomes of one tensor of a drawing: "carried", "sliced" or "fresh", from which of the file's, and why."""

    name: str
    way: str
    source: str
    reason: str


class UnitFates(TypedDict):
    """The tensors of one block, of the stem or the head, with counts of each way."""

    id: str
    name: str
    place: str
    carried: int
    sliced: int
    fresh: int
    fates: list[TensorFate]


class Surveyed(TypedDict):
    """The result of `look_weights`: what a file of weights holds, whose it is, and where each tensor would go.

    In a receipt and in a run's folder: where each went, read off the network after they were put in.

    `origin` is a design's text; `offered` counts tensors that could be sliced, were it allowed; `kept` of the drawing's
    `numbers` come from the file; `unused` names those of its tensors that go nowhere.
    """

    title: str
    path: str
    sha256: str
    kind: str
    tensors: int
    origin: str
    origin_name: str
    how: str
    notices: list[str]
    target: str
    text: str
    carried: int
    sliced: int
    fresh: int
    offered: int
    numbers: int
    kept: int
    units: list[UnitFates]
    unused: list[str]


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

"""What the engine's answers hold: a shape for the result of each request, as it crosses the pipe. Knows no lines and no requests."""

from __future__ import annotations

from typing import NotRequired, TypedDict


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

    The request says `design`, `spec`, the settings as an object, and `initial`, the weights to begin with as one, or null.
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

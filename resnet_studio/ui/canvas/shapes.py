"""The values that a Layout is made of: rectangles, cards, lanes, drop places. Knows no Qt and no drawing rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from resnet_studio.analysis.layers import Layer
from resnet_studio.analysis.plan import Problem, Unit

Wrap = Callable[[str, float, int], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in the scene's units, y downwards."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.h

    @property
    def cx(self) -> float:
        """The middle across."""
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        """The middle down."""
        return self.y + self.h / 2

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies in it; left and upper edges belong to it."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def overlaps(self, other: Rect) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def moved(self, x: float, y: float) -> Rect:
        """The same size, shifted."""
        return Rect(self.x + x, self.y + y, self.w, self.h)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Measures that depend on the font: the view fills them in, tests take these."""

    card: float = 132
    narrow: float = 118
    title: float = 18
    row: float = 16
    small: float = 14
    button: float = 22


class Role(Enum):
    """What a card stands for."""

    BLOCK = auto()
    STEM = auto()
    HEAD = auto()
    NO_HEAD = auto()
    EMPTY = auto()


@dataclass(slots=True, kw_only=True)
class Card:
    """One card: a block, a folded run of equal blocks, a layer of stem or head, or a place that invites.

    A value like the others, and never changed; not frozen, because that makes six hundred of them three times slower.

    Args:
        key: stays the same while the card means the same: the first block's id, "stem/conv1", ...
        role: what it stands for.
        ids: what a click selects.
        rect: where it stands.
        unit: its first unit; None for places that invite.
        layer: the layer of a stem or head card.
        count: blocks folded into it.
        run, index: blocks in its run of equals, and its number in it; run is 1 where there is no run.
        position: first block's position in its stage.
        first: nothing stands above it in its column.
        tags: discreet words on what is unusual in it.
        marks: what later papers added to it (attention, another norm, what training leaves out), wrapped.
        message: the problem's words, wrapped.
        problem: what is wrong with it.
        badge, button: where to click to fold or unfold, and to repair; relative to the card.
        arc: whether a shortcut leads around it.
        grip: whether its lower edge can be dragged to repeat it.
    """

    key: str
    role: Role
    ids: tuple[str, ...]
    rect: Rect
    unit: Unit | None = None
    layer: Layer | None = None
    count: int = 1
    run: int = 1
    index: int = 0
    position: int = 0
    first: bool = False
    tags: str = ""
    marks: tuple[str, ...] = ()
    message: tuple[str, ...] = ()
    problem: Problem | None = None
    badge: Rect | None = None
    button: Rect | None = None
    arc: bool = False
    grip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A lane: the stem's, a stage's (with its index), the head's, or the one that invites a first stage.

    Its cards stand in columns of `rows`; `last` is the unit whose output leaves it. `form` is the shape of that output as
    (height, width) of a slab: its map's edge and its channels, each as a part of the drawing's largest; 0 for no map.
    """

    key: str
    title: str
    stage: int | None
    rect: Rect
    header: Rect
    cards: tuple[Card, ...]
    rows: int
    last: Unit | None = None
    form: tuple[float, float] = (0.0, 0.0)


class Spot(Enum):
    """What lies under the pointer."""

    NOTHING = auto()
    LANE = auto()
    HEADER = auto()
    CARD = auto()
    BADGE = auto()
    BUTTON = auto()
    GRIP = auto()


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under a point, with the lane and the card where there is one."""

    spot: Spot
    lane: Lane | None = None
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class BlockPlace:
    """Where blocks may go: before `position` of `stage`; the line to draw runs from (x, y) to the right by `w`."""

    stage: int
    position: int
    x: float
    y: float
    w: float


@dataclass(frozen=True, slots=True)
class StagePlace:
    """Where a stage may go: before `index`; the line to draw runs from (x, y) downwards by `h`."""

    index: int
    x: float
    y: float
    h: float


@dataclass(frozen=True, slots=True)
class Style:
    """Fixed measures of the drawing."""

    margin: float = 12
    gap: float = 6
    pad: float = 8
    header: float = 34
    above: float = 16
    arc: float = 17
    sheet: float = 3
    plus: float = 9
    below: float = 16
    inner: float = 9
    stripe: float = 4
    grip: float = 14
    edge: float = 5


STYLE = Style()
SPINE = STYLE.plus * 2 + 6

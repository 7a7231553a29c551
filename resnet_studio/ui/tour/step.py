"""What a tour is made of: chapters of steps, what a step points at, what it asks, and what its figures look at. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from resnet_studio.analysis.plan import Plan
from resnet_studio.design.types import Design
from resnet_studio.language import tr

if TYPE_CHECKING:
    from resnet_studio.ui.document import Document


class Where(Enum):
    """What kind of thing a step points at."""

    WIDGET = auto()
    CARD = auto()
    LANE = auto()
    FIELD = auto()
    TAB = auto()


@dataclass(frozen=True, slots=True)
class Spot:
    """A thing in the window: a widget by its object name, a block's card or a stage's lane by id, a property, a tab."""

    where: Where
    name: str


def widget(name: str) -> Spot:
    """Any widget, by its object name."""
    return Spot(Where.WIDGET, name)


def card(block_id: str) -> Spot:
    """The card on which a block, the stem or the head is drawn."""
    return Spot(Where.CARD, block_id)


def lane(stage_id: str) -> Spot:
    """A stage's lane."""
    return Spot(Where.LANE, stage_id)


def prop(name: str) -> Spot:
    """A property in the inspector, by its field's name."""
    return Spot(Where.FIELD, name)


def tab(name: str) -> Spot:
    """A view at the bottom; it comes to the front."""
    return Spot(Where.TAB, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """How a run of the tour stands: whether it trains, validated epochs, the best accuracy in percent, whether it has ended."""

    running: bool = False
    epochs: int = 0
    best: float | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a step's figures and its task may look at.

    Args:
        plan: the drawing now and what it means.
        begun: the drawing as the step began.
        training: the run that was started since the chapter began.
        exporting: whether the export dialog is open.
    """

    plan: Plan
    begun: Design
    training: Training = Training()
    exporting: bool = False

    @property
    def design(self) -> Design:
        """The drawing now."""
        return self.plan.design


class Hands(Protocol):
    """With what the tour does a task for the user: the commands of the program, and its buttons."""

    document: Document

    def train(self) -> object: ...
    def stop_training(self) -> object: ...
    def export(self) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something for the user to do.

    Args:
        ask: what to do, as a demand.
        done: whether it is.
        show: does it, as one undoable step where it changes the drawing.
        offer: what the button says that does it.
        needed: whether later steps build on it: then going on does it, too.
    """

    ask: str
    done: Callable[[Moment], bool]
    show: Callable[[Hands], object]
    offer: str = tr("Show me")
    needed: bool = True


Figures = Callable[[Moment], Mapping[str, str]]
Rows = tuple[tuple[str, ...], ...]


def _no_figures(moment: Moment) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One card of the tour.

    Args:
        key: names it, once in the whole tour.
        title: a few words.
        text: two or three sentences; figures stand in it as {names}.
        formula: a line that stands by itself, with figures too.
        figures: gives the names their values, from the drawing as it is.
        table: rows of words, the first one their heading.
        source: the paper, and where in it.
        address: where to read it, without scheme.
        spots: what it points at, the most important first.
        select: what is selected as it begins; None leaves the selection.
        against: a drawing to lay beside the open one, and its name.
        task: what the user is asked to do.
    """

    key: str
    title: str
    text: str
    formula: str = ""
    figures: Figures = _no_figures
    table: Callable[[Moment], Rows] | None = None
    source: str = ""
    address: str = ""
    spots: tuple[Spot, ...] = ()
    select: tuple[str, ...] | None = None
    against: tuple[Callable[[], Design], str] | None = None
    task: Task | None = None

    def told(self, moment: Moment) -> tuple[str, str]:
        """(text, formula) with their figures."""
        values = self.figures(moment)
        return self.text.format(**values), self.formula.format(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Some steps over one drawing.

    Args:
        key: names it.
        title: what it is about.
        drawing: makes the drawing with which it begins.
        steps: in their order.
    """

    key: str
    title: str
    drawing: Callable[[], Design]
    steps: tuple[Step, ...] = field(default=())

"""What every subject of the inspector can do: say what it is, read its fields, write one. Knows no widget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from resnet_studio.analysis.plan import Plan, Unit
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.ui.inspector.field import Field
from resnet_studio.ui.inspector.learn import Lesson


@dataclass(frozen=True, slots=True)
class Reading:
    """A field's value, None where the selection disagrees; a derived hint; the word in place of a value."""

    value: object
    hint: str = ""
    placeholder: str = field(default_factory=lambda: tr("mixed"))


class Subject(Protocol):
    """Something that has fields. A field that `read` leaves out is not shown."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields, one tuple for each type of subject."""

    @property
    def owner(self) -> str:
        """Whose the costs are: "this block", "the network"."""

    def heading(self, plan: Plan) -> tuple[str, str]:
        """(title, place)."""

    def units(self, plan: Plan) -> tuple[Unit, ...]:
        """The units that it is made of."""

    def read(self, plan: Plan) -> dict[str, Reading]:
        """Every field that applies now."""

    def write(self, design: Design, name: str, value: Any) -> Design:
        """The drawing with one field set to a valid value."""

    def fault(self, design: Design, name: str, value: Any) -> str:
        """Why a field cannot be set to a value that its limits allow; empty when it can."""

    def lesson(self, plan: Plan, topic: str) -> Lesson | None:
        """What there is to learn; `topic` is the field that the user is at."""


def common(values: Iterable[object]) -> object:
    """The one value that all share, or None."""
    first, *rest = dict.fromkeys(values)
    return None if rest else first

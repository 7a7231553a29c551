"""What a family of networks is: parameters with limits and meaning, a name for every member, and its outline. Knows no family.

A form, a command line and recognition all read the same description. Named tuples, since the window imports this before its
first picture: a dataclass costs it five times as long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets.outline import Outline
from resnet_studio.design.types import Design
from resnet_studio.language import tr

Value = int | str
Values = Mapping[str, Value]


class Parameter(NamedTuple):
    """One number or choice that tells the members of a family apart.

    Args:
        name: short stable name ("depth").
        label: what a form writes beside the field.
        meaning: one line on it.
        default: the value to begin with.
        low, high: bounds of a number, both included.
        step: allowed numbers are low, low + step, low + 2 step...
        rule: the same in words ("6n+2"); empty where every number is allowed.
        choices: the allowed values of a choice, each with its words; empty for a number.
    """

    name: str
    label: str
    meaning: str
    default: Value
    low: int = 0
    high: int = 0
    step: int = 1
    rule: str = ""
    choices: tuple[tuple[Value, str], ...] = ()

    def fault(self, value: Value) -> StudioError | None:
        """Why this value is none of the allowed ones; None where it is one."""
        if self.choices:
            if any(value == choice for choice, _ in self.choices):
                return None
            allowed = ", ".join(str(choice) for choice, _ in self.choices)
            return StudioError(
                tr("{label} {value} does not exist here.", label=self.label, value=value),
                tr("Take one of {allowed}.", allowed=allowed),
            )
        assert isinstance(value, int)
        if not self.low <= value <= self.high:
            return StudioError(
                tr("{label} {value} is out of bounds.", label=self.label, value=value),
                tr("Take one from {low} to {high}.", low=self.low, high=self.high),
            )
        below = value - (value - self.low) % self.step
        if below != value:
            near = str(below)
            if below + self.step <= self.high:
                near = tr("{below} or {above}", below=below, above=below + self.step)
            return StudioError(
                tr("{label} {value} is not {rule}.", label=self.label, value=value, rule=self.rule),
                tr("Take {near}.", near=near),
            )
        return None


class Named(NamedTuple):
    """How a member is called.

    Args:
        name: what the command line says ("resnet50").
        title: what people read ("ResNet-50").
        formal: the title that leaves no doubt ("ResNet-50 v1.5").
        note: one line on what it is.
        source: where it comes from.
    """

    name: str
    title: str
    formal: str
    note: str
    source: str


class Family(NamedTuple):
    """Networks that differ by a few parameters.

    Args:
        name: short stable name.
        title: what people read.
        about: one line on what its members share.
        parameters: what tells them apart.
        form: the shape of their names, for people: "wrn_DEPTH_WIDEN".
        pattern: regular expression of the names of members, and of those that would be if their parameters were allowed.
        read: the parameters in a match of that pattern.
        call: how the member of some allowed values is called.
        draw: its outline.
        also: what is wrong with values that are allowed one by one, or None.
        guess: the values of the member that an outline is, if it is one; nearly right ones where it is none.
    """

    name: str
    title: str
    about: str
    parameters: tuple[Parameter, ...]
    form: str
    pattern: str
    read: Callable[[re.Match[str]], dict[str, Value]]
    call: Callable[[Values], Named]
    draw: Callable[[Values], Outline]
    guess: Callable[[Outline], dict[str, Value] | None]
    also: Callable[[Values], StudioError | None] = lambda _values: None

    def defaults(self) -> dict[str, Value]:
        """The member to begin with."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    def fault(self, values: Values) -> StudioError | None:
        """Why there is no such member; None where there is one."""
        for parameter in self.parameters:
            fault = parameter.fault(values[parameter.name])
            if fault is not None:
                return StudioError(f"{self.title}: {fault.what}", fault.remedy)
        return self.also(values)

    def parse(self, name: str) -> dict[str, Value] | None:
        """The values in a member's name, allowed or not; None where it is no name of this family."""
        found = re.fullmatch(self.pattern, name, re.ASCII)
        return None if found is None else self.defaults() | self.read(found)

    def preset(self, values: Values, *, group: str = "", featured: bool = False) -> Preset:
        """The member of these values.

        Raises:
            StudioError: there is none; it says which values are allowed.
        """
        fault = self.fault(values)
        if fault is not None:
            raise fault
        kept = dict(values)
        return Preset(
            called=self.call(kept),
            draw=lambda: self.draw(kept),
            group=group or self.title,
            featured=featured,
            family=self.name,
        )


class Preset(NamedTuple):
    """A named network.

    Args:
        called: how it is called.
        draw: makes its outline.
        group: under which heading it is listed.
        featured: whether it stands on the start page.
        family: the family that it is of; empty for one of its own kind.
    """

    called: Named
    draw: Callable[[], Outline]
    group: str
    featured: bool = False
    family: str = ""

    @property
    def name(self) -> str:
        """What the command line says."""
        return self.called.name

    @property
    def title(self) -> str:
        """What people read."""
        return self.called.title

    @property
    def note(self) -> str:
        """One line on what it is."""
        return self.called.note

    @property
    def source(self) -> str:
        """Where it comes from."""
        return self.called.source

    def make(self) -> Design:
        """The drawing."""
        return self.draw().design(self.title)

"""The pairs of text and ground that a style sheet makes: a small cascade over its own rules, so that no list by hand can forget one."""

import re
from dataclasses import dataclass

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_PART = re.compile(
    r"^(?P<base>[A-Za-z#*][\w#]*)(?P<attributes>(?:\[[^\]]*\])*)(?:::(?P<sub>[\w-]+))?(?P<states>(?::[\w!-]+)*)$"
)


@dataclass(frozen=True)
class Target:
    """What a selector's last part names."""

    before: str
    base: str
    attributes: frozenset[str]
    sub: str
    states: frozenset[str]


@dataclass(frozen=True)
class Pair:
    """Text on a ground, and for whom."""

    target: Target
    ink: str
    ground: str

    @property
    def disabled(self) -> bool:
        return "disabled" in self.target.states


def _target(selector: str) -> Target | None:
    *before, last = selector.replace(">", " ").split()
    found = _PART.match(last)
    if found is None:
        return None
    attributes = frozenset(re.findall(r"\[[^\]]*\]", found["attributes"] or ""))
    states = frozenset(filter(None, (found["states"] or "").split(":")))
    return Target(" ".join(before), found["base"], attributes, found["sub"] or "", states)


def rules(sheet: str) -> list[tuple[Target, dict[str, str]]]:
    """Every selector of a sheet with what it says, in order."""
    found = []
    for selectors, body in _RULE.findall(sheet):
        said = dict(re.findall(r"([\w-]+)\s*:\s*([^;]+);?", body))
        for selector in selectors.split(","):
            target = _target(selector.strip())
            if target is not None:
                found.append((target, {name: value.strip() for name, value in said.items()}))
    return found


def pairs(sheet: str, *, ink: str, ground: str) -> list[Pair]:
    """Text and ground of all that the sheet dresses; `ink` and `ground` where it says nothing."""
    said = rules(sheet)
    made = []
    for target, _ in said:
        if target.sub and target.sub not in ("item", "tab", "section", "title"):
            continue  # arrows, handles and boxes have no text
        colours = {"color": ink, "background": ground}
        matching = [
            (len(rule.attributes) + len(rule.states) + bool(rule.before), number, values)
            for number, (rule, values) in enumerate(said)
            if rule.base == target.base
            and rule.sub == target.sub
            and rule.before in ("", target.before)
            and rule.attributes <= target.attributes
            and rule.states <= target.states
        ]
        for _, _, values in sorted(matching, key=lambda entry: entry[:2]):
            if "color" in values:
                colours["color"] = values["color"]
            if "background" in values:
                colours["background"] = (
                    ground if values["background"] == "transparent" else values["background"]
                )
        made.append(Pair(target, colours["color"], colours["background"]))
    return made

"""How a diagram looks: what is shown, in which direction, in which colours. Knows no design."""

from __future__ import annotations

import re
from dataclasses import dataclass

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import BlockKind
from resnet_studio.language import tr

# Pango would read a comma as a list, and DOT a quote as its end.
_FAMILY = re.compile(r"[\w][\w .+-]{0,63}")
DETAILS = ("blocks", "layers")
DIRECTIONS = ("LR", "TB")
FORMATS = ("svg", "pdf", "png")
# The one name that fontconfig, Pango, Qt and browsers all resolve, and on one machine to the same font.
FONT = "sans-serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """One theme, as #rrggbb: Qt's SVG and Graphviz know different colour names."""

    page: str
    lane: str
    lane_line: str
    card: str
    text: str
    quiet: str
    wire: str
    neutral: str
    residual: str
    bottleneck: str
    resnext: str
    problem: str
    problem_card: str

    def of(self, kind: BlockKind) -> str:
        """The colour of a block kind."""
        return {
            BlockKind.RESIDUAL: self.residual,
            BlockKind.BOTTLENECK: self.bottleneck,
            BlockKind.RESNEXT: self.resnext,
        }[kind]


LIGHT = Colours(
    page="#ffffff", lane="#f6f7f9", lane_line="#d9dde5", card="#ffffff", text="#1a1f29", quiet="#5a6372",
    wire="#7d8696", neutral="#667085", residual="#12805c", bottleneck="#1f63e0", resnext="#7d1d74",
    problem="#a85a00", problem_card="#fff2dc",
)  # fmt: skip
DARK = Colours(
    page="#14161b", lane="#1a1d24", lane_line="#343a46", card="#22262f", text="#e9ebef", quiet="#a3abba",
    wire="#8a93a3", neutral="#98a1b2", residual="#3dba8c", bottleneck="#5b97ff", resnext="#e29ad2",
    problem="#f2a93b", problem_card="#3a2c12",
)  # fmt: skip
THEMES = {"light": LIGHT, "dark": DARK}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is shown and how.

    Args:
        detail: "blocks" (one card a block) or "layers" (every layer).
        fold: runs of equal blocks become one card, "×5".
        theme: "light" or "dark".
        direction: "LR" or "TB".
        page: paint the theme's background; without it the picture is transparent.
        font: the letters' family; where a machine does not have it, its own sans serif stands in.

    Raises:
        StudioError: a value is none of these.
    """

    detail: str = "blocks"
    fold: bool = True
    theme: str = "light"
    direction: str = "LR"
    page: bool = False
    font: str = FONT

    def __post_init__(self) -> None:
        if not _FAMILY.fullmatch(self.font):
            words = tr(
                "A diagram's font is named by letters, digits and blanks, not {name}.",
                name=repr(self.font[:40]),
            )
            raise StudioError(words)
        for name, value, known in (
            ("detail", self.detail, DETAILS),
            ("theme", self.theme, tuple(THEMES)),
            ("direction", self.direction, DIRECTIONS),
        ):
            if value not in known:
                raise StudioError(
                    tr(
                        "A diagram's {name} must be {choices}, not {value}.",
                        name=name,
                        choices=" or ".join(known),
                        value=repr(value[:40]),
                    )
                )

    @property
    def colours(self) -> Colours:
        """The theme's colours."""
        return THEMES[self.theme]

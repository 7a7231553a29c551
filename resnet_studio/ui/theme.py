"""Colours and type of the window, light and dark, as tokens named by role. Knows no widget.

Whoever paints takes colours from `ThemeManager.theme` and repaints on `changed`; the style sheet is in `style`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication

from resnet_studio.design.types import BlockKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One set of tokens; every colour is "#rrggbb", and text on its ground has a contrast of at least 4.5 to 1.

    Args:
        dark: which of the two it is.
        window: panels, menus, bars.
        canvas: the ground behind the lanes.
        lane: a stage's lane.
        card: a block's card.
        field: input fields and quiet buttons.
        line: borders and dividers.
        line_strong: borders of things that can be operated, at hover.
        grid: faint lines in tables and plots.
        text, text_soft, text_faint: text by importance; faint is still readable.
        accent, accent_text: the one accent, and text on it.
        accent_soft: ground of selections and pills.
        residual, bottleneck, resnext, neutral: the block kinds, and stem and head.
        good, warn, bad: deltas down and confirmations; problems; failures.
        warn_soft, bad_soft: their grounds.
        train_curve, val_curve: the two curves of every plot.
    """

    dark: bool
    window: str
    canvas: str
    lane: str
    card: str
    field: str
    line: str
    line_strong: str
    grid: str
    text: str
    text_soft: str
    text_faint: str
    accent: str
    accent_text: str
    accent_soft: str
    residual: str
    bottleneck: str
    resnext: str
    neutral: str
    good: str
    warn: str
    bad: str
    warn_soft: str
    bad_soft: str
    train_curve: str
    val_curve: str

    def kind(self, kind: BlockKind | None) -> str:
        """The colour of a block kind; None is stem and head."""
        return {
            BlockKind.RESIDUAL: self.residual,
            BlockKind.BOTTLENECK: self.bottleneck,
            BlockKind.RESNEXT: self.resnext,
            None: self.neutral,
        }[kind]


LIGHT = Theme(
    dark=False, window="#ffffff", canvas="#f7f8fa", lane="#fdfdfe", card="#ffffff", field="#f6f7f9",
    line="#dde1e8", line_strong="#b9c1cd", grid="#eceff4", text="#1c2430", text_soft="#5f6b7c", text_faint="#667180",
    accent="#1f66e0", accent_text="#ffffff", accent_soft="#e7f0fe", residual="#147a53", bottleneck="#2f66d0",
    resnext="#7d1d74", neutral="#667080", good="#147a53", warn="#955900", bad="#bf2f37", warn_soft="#fff3dc",
    bad_soft="#fdeaea", train_curve="#2f66d0", val_curve="#b8690b",
)  # fmt: skip
DARK = Theme(
    dark=True, window="#1d2026", canvas="#121419", lane="#191c22", card="#1d2026", field="#23272f",
    line="#30353f", line_strong="#4a5261", grid="#262b33", text="#e6e9ef", text_soft="#98a1b0", text_faint="#8e97a6",
    accent="#4c8dff", accent_text="#0d1320", accent_soft="#1a2840", residual="#3fb487", bottleneck="#5a8dee",
    resnext="#e29ad2", neutral="#8a93a3", good="#3fb487", warn="#f0a93b", bad="#f0797f", warn_soft="#3a2d16",
    bad_soft="#3b1f22", train_curve="#5a8dee", val_curve="#f0a93b",
)  # fmt: skip

# Sizes of the letters in percent that the window offers; every length that holds letters goes along.
TEXT_SIZES = (80, 90, 100, 110, 125, 150, 175, 200)
_text = 100

_FAMILIES = ("Inter", "SF Pro Text", "Segoe UI", "Noto Sans", "DejaVu Sans")


class ThemeChoice(StrEnum):
    """What the user asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class ThemeManager(QObject):
    """The theme in force, the system's or the one chosen, and how large letters are. One per application.

    Signals:
        changed: colours or sizes are others.
    """

    changed = Signal()

    def __init__(
        self, choice: ThemeChoice = ThemeChoice.SYSTEM, parent: QObject | None = None, *, text: int = 100
    ) -> None:
        super().__init__(parent)
        _set_text(text)
        self._choice = choice
        self._theme = self._wanted()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._refresh)

    @property
    def theme(self) -> Theme:
        """The tokens in force."""
        return self._theme

    @property
    def choice(self) -> ThemeChoice:
        """What the user asked for."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Follow the system, or stay light or dark."""
        self._choice = choice
        self._refresh()

    @property
    def text(self) -> int:
        """How large letters are, in percent."""
        return _text

    def resize_text(self, percent: int) -> None:
        """Make all letters as large as this, one of TEXT_SIZES, at once."""
        if percent != _text:
            _set_text(percent)
            self.changed.emit()

    def _wanted(self) -> Theme:
        if self._choice is ThemeChoice.SYSTEM:
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            return DARK if dark else LIGHT
        return DARK if self._choice is ThemeChoice.DARK else LIGHT

    def _refresh(self) -> None:
        wanted = self._wanted()
        if wanted is not self._theme:
            self._theme = wanted
            self.changed.emit()


def color(token: str, alpha: float = 1.0) -> QColor:
    """A token as QColor, alpha from 0 (clear) to 1."""
    result = QColor(token)
    result.setAlphaF(alpha)
    return result


def _set_text(percent: int) -> None:
    global _text  # noqa: PLW0603  # fonts are asked for where no manager is at hand, and there is one application
    _text = min(TEXT_SIZES, key=lambda size: abs(size - percent))


def text_scale() -> float:
    """What lengths that hold letters are multiplied with: 1 at 100 %."""
    return _text / 100


def px(length: float) -> int:
    """A length that holds letters, given for 100 %, in pixels at the size in force."""
    return round(length * _text / 100)


@cache  # every paint asks
def family() -> str:
    """The first of our families that this machine has, else the platform's own."""
    # Asked one by one: the list of all families is long, and making it is felt at the start.
    return next((name for name in _FAMILIES if QFontDatabase.hasFamily(name)), QFont().family())


def font(size: int = 13, *, bold: bool = False, grows: bool = True) -> QFont:
    """The interface's font, in one of two weights, with tabular figures.

    Args:
        size: in pixels where text stands at 100 %.
        bold: the heavier weight.
        grows: whether it follows the size of the text; what is painted under a transform that does must not.
    """
    # A copy shares what Qt found out about the first one: a new font is matched anew at every paint.
    return QFont(_font(px(size) if grows else size, bold))


def verbatim(like: QFont) -> QFont:
    """The same font, which draws every character as itself: Inter shows the x of "32x4d" as a multiplication sign."""
    result = QFont(like)
    result.setFeature(QFont.Tag("calt"), 0)
    return result


@cache
def _font(size: int, bold: bool) -> QFont:
    result = QFont(family())
    result.setPixelSize(size)
    result.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result

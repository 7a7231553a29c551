"""Fonts, pens and measured texts for the canvas, made once for a theme. Knows no layout."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPixmap,
)

from resnet_studio.design.types import BlockKind
from resnet_studio.language import tr
from resnet_studio.ui.canvas.look import MIDDLE
from resnet_studio.ui.canvas.shapes import STYLE, Sizes
from resnet_studio.ui.face import LEFT, Face
from resnet_studio.ui.theme import Theme, color

INSIDE = STYLE.stripe + STYLE.inner * 2


@dataclass(slots=True)
class Stamp:
    """A card painted once, for one zoom and screen; while a zoom goes on, also scaled to the one that is shown."""

    alike: object  # what all that look so share; kept here, its id stays theirs
    pixels: QPixmap
    zoom: float
    ratio: float
    shown: QPixmap
    shown_zoom: float


class Ink:
    """Everything that painting takes from theme and font."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.kinds = {kind: theme.kind(kind) for kind in (None, *BlockKind)}
        self.title = Face(13, bold=True, grows=False)
        self.body = Face(12, grows=False)
        self.small = Face(11, grows=False)
        self.small_bold = Face(11, bold=True, grows=False)
        self.tiny = Face(10, grows=False)
        self.large = Face(26, bold=True, grows=False)
        # By identity of what the cards have in common, which is kept with the stamp: no other object gets its number.
        self.stamps: dict[int, Stamp] = {}
        self.alikes: dict[object, object] = {}
        self._ratio = 1.0
        self.far = MIDDLE  # below this zoom a card is a block of colour
        self.moving = False  # a zoom goes on: what was painted a moment ago is scaled
        self._mixed: dict[tuple[str, str, float], QColor] = {}  # shares are told in steps: it stays small
        self._pens: dict[tuple[str, float, bool], QPen] = {}
        self._brushes: dict[tuple[str, float], QBrush] = {}
        self._stripes: dict[float, QPainterPath] = {}
        self._arcs: dict[tuple[tuple[float, float, float, float], bool], QPainterPath] = {}

    def pen(self, token: str, width: float = 1.0, *, dashed: bool = False) -> QPen:
        """A pen in a token's colour."""
        found = self._pens.get((token, width, dashed))
        if found is None:
            found = QPen(color(token), width)
            found.setCapStyle(Qt.PenCapStyle.FlatCap if dashed else Qt.PenCapStyle.RoundCap)
            found.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            if dashed:
                found.setDashPattern([3.2 / width, 2.6 / width])
            self._pens[token, width, dashed] = found
        return found

    def brush(self, token: str, alpha: float = 1.0) -> QBrush:
        """A brush in a token's colour."""
        found = self._brushes.get((token, alpha))
        if found is None:
            found = self._brushes[token, alpha] = QBrush(color(token, alpha))
        return found

    def stripe(self, high: float) -> QPainterPath:
        """The coloured left edge of a card of this height, its outer corners round."""
        found = self._stripes.get(high)
        if found is None:
            box = QPainterPath()
            box.addRoundedRect(QRectF(0, 0, 40, high), 6, 6)
            edge = QPainterPath()
            edge.addRect(QRectF(0, 0, STYLE.stripe, high))
            found = self._stripes[high] = box.intersected(edge)
        return found

    def arc(self, shape: tuple[float, float, float, float], *, dashed: bool) -> QPainterPath:
        """The outline of a shortcut's line, from (x of the fork and the plus, x of the way down, y of the plus, fork's height).

        Kept, for dashing a line anew takes longer than painting the whole card.
        """
        found = self._arcs.get((shape, dashed))
        if found is None:
            if len(self._arcs) > 500:
                self._arcs.clear()
            stroker = QPainterPathStroker(self.pen(self.theme.line, 1.6, dashed=dashed))
            found = self._arcs[shape, dashed] = stroker.createStroke(_arc_line(*shape))
        return found

    def text(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        *,
        face: Face,
        token: str,
        align: int = LEFT,
    ) -> None:
        """Write one line, shortened to its box: no text ever leaves its card."""
        painter.setPen(self.pen(token))
        face.write(painter, box, text, align)

    def paint_at(self, ratio: float) -> None:
        """Paint for a screen of this scale from now on: what was stamped for another one is of no use."""
        if ratio != self._ratio:
            self._ratio = ratio
            self.stamps.clear()

    def mix(self, ground: str, token: str, part: float) -> QColor:
        """A colour between two tokens."""
        found = self._mixed.get((ground, token, part))
        if found is None:
            one, two = QColor(ground), QColor(token)
            found = self._mixed[ground, token, part] = QColor(
                round(one.red() + (two.red() - one.red()) * part),
                round(one.green() + (two.green() - one.green()) * part),
                round(one.blue() + (two.blue() - one.blue()) * part),
            )
        return found

    @cached_property
    def base(self) -> Sizes:
        """What this font needs, so that the longest ordinary texts fit."""
        return Sizes(
            card=self._wide,
            narrow=self._narrow,
            title=ceil(self.title.metrics.height()) + 1,
            row=ceil(self.body.metrics.height()),
            small=ceil(self.small.metrics.height()),
            button=ceil(self.small_bold.metrics.height()) + 8,
        )

    @cached_property
    def _wide(self) -> float:
        rows = [
            self.body.width("1024→2048") + 8 + self.body.width("112²"),
            self.title.width(tr("Bottleneck")) + 8 + self.title.width("×36"),
            self.small.width(tr("Mult-adds")) + 8 + self.small.width("1003 M"),
        ]
        return max(128, ceil(max(rows)) + INSIDE)

    @cached_property
    def _narrow(self) -> float:
        rows = [
            self.body.width("2048→1000"),
            self.title.width("Max-pool 3×3"),
            self.small.width(tr("Mult-adds")) + 8 + self.small.width("118 M"),
            self.body.width("3→64") + 8 + self.body.width("s2 · 112²"),
        ]
        return max(112, ceil(max(rows)) + INSIDE)

    def wrap(self, text: str, width: float, most: int) -> tuple[str, ...]:
        """Break a text to at most so many lines of the small face; the last one is shortened."""
        lines, rest = list[str](), text.split(" ")  # firm spaces hold
        while rest and len(lines) < most - 1:
            line = rest.pop(0)
            while rest and self.small.width(f"{line} {rest[0]}") <= width:
                line = f"{line} {rest.pop(0)}"
            lines.append(self.small.short(line, width))
        if rest:
            lines.append(self.small.short(" ".join(rest), width))
        return tuple(lines)


def _arc_line(x: float, right: float, down: float, fork: float) -> QPainterPath:
    bend = 7.0
    path = QPainterPath(QPointF(x, -fork))
    path.lineTo(right - bend, -fork)
    path.quadTo(right, -fork, right, -fork + bend)
    path.lineTo(right, down - bend)
    path.quadTo(right, down, right - bend, down)
    path.lineTo(x + STYLE.plus, down)
    return path


def plus_sign(painter: QPainter, ink: Ink, *, at: QPointF, token: str, radius: float) -> None:
    """The circled plus of the addition."""
    painter.setPen(ink.pen(token, 1.6))
    painter.setBrush(ink.brush(ink.theme.card))
    painter.drawEllipse(at, radius - 1, radius - 1)
    arm = radius * 0.45
    painter.drawLine(QPointF(at.x() - arm, at.y()), QPointF(at.x() + arm, at.y()))
    painter.drawLine(QPointF(at.x(), at.y() - arm), QPointF(at.x(), at.y() + arm))


def grip_marks(painter: QPainter, ink: Ink, box: QRectF) -> None:
    """Two strokes across the lower right corner: here it can be dragged."""
    painter.setPen(ink.pen(ink.theme.accent, 1.6))
    for reach in (4.0, 8.0):
        painter.drawLine(
            QPointF(box.right() - 2 - reach, box.bottom() - 2),
            QPointF(box.right() - 2, box.bottom() - 2 - reach),
        )

"""A whole drawing in little: bars from input to output whose height tells resolution, in the kinds' colours. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap

from resnet_studio.analysis.plan import Plan
from resnet_studio.design.types import BlockKind
from resnet_studio.ui.theme import Theme, color

_ARC_FROM = 6.0
_GAP, _SMALL_GAP = 5.0, 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One block of a silhouette: place and height from 0 to 1, kind (None: stem, head), whether a shortcut spans it."""

    x: float
    width: float
    height: float
    kind: BlockKind | None
    arc: bool


def silhouette(plan: Plan, width: float, gap: float = _GAP) -> list[Bar]:
    """Bars from input to output: height tells resolution; as wide as fits, with a gap between stages."""
    units = plan.units
    gaps = gap * (len(plan.design.stages) + 1)
    step = min(15.0, (width - gaps) / max(1, len(units)))
    top = log2(max(2, *units[0].part.output[1:]))
    bars: list[Bar] = []
    x = (width - gaps - step * len(units)) / 2
    before: int | None = -1
    for unit in units:
        if unit.stage != before:
            x += gap if bars else 0.0
            before = unit.stage
        side = max(unit.part.output[1:], default=1)
        height = 0.16 + 0.84 * log2(max(1, side)) / top
        kind = None
        if unit.stage is not None and unit.position is not None:
            kind = plan.design.stages[unit.stage].blocks[unit.position].spec.kind
        bars.append(Bar(x, step, height, kind, kind is not None and step >= _ARC_FROM))
        x += step
    return bars


def paint_silhouette(painter: QPainter, plan: Plan, area: QRectF, theme: Theme, *, arcs: bool = True) -> None:
    """A whole drawing as bars, with its shortcuts over them where there is room for them."""
    tall = area.height() - (10 if arcs else 0)
    # One path a colour: a call for each of a hundred bars would be felt at the start.
    paths: dict[str, QPainterPath] = {}
    over: dict[str, QPainterPath] = {}
    for bar in silhouette(plan, area.width(), _GAP if arcs else _SMALL_GAP):
        ink = theme.kind(bar.kind)
        slim = bar.width - (3.0 if bar.width >= _ARC_FROM else 0.6 if bar.width > 1.5 else 0.0)
        height = bar.height * tall
        box = QRectF(area.left() + bar.x, area.bottom() - height, max(slim, 0.4), height)
        path = paths.setdefault(ink, QPainterPath())
        if bar.width >= _ARC_FROM:
            path.addRoundedRect(box, 2, 2)
        else:
            path.addRect(box)
        if bar.arc and arcs:
            _add_arc(over.setdefault(ink, QPainterPath()), box)
    for ink, path in paths.items():
        painter.fillPath(path, color(ink, 0.55 if ink == theme.neutral else 0.85))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, path in over.items():
        painter.strokePath(path, QPen(color(ink), 1.2))


def _add_arc(path: QPainterPath, bar: QRectF) -> None:
    """A shortcut over a bar."""
    lift = min(8.0, bar.width() * 0.8)
    path.moveTo(bar.left() + 1, bar.top() - 2)
    left, right, top = bar.left() + 1, bar.right() - 1, bar.top() - lift
    path.cubicTo(left, top, right, top, right, bar.top() - 2)


def thumbnail(plan: Plan, size: QSize, ratio: float, theme: Theme) -> QPixmap:
    """The same for a row of a table; `ratio` is the screen's."""
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_silhouette(painter, plan, QRectF(0, 0, size.width(), size.height()), theme, arcs=False)
    painter.end()
    return picture

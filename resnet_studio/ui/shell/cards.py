"""The start page's cards, painted: a preset with its silhouette and cost. Knows no window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log2

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from resnet_studio.analysis.plan import Plan, analyse
from resnet_studio.design.presets import PRESETS, Preset
from resnet_studio.design.types import BlockKind
from resnet_studio.language import tr
from resnet_studio.ui.format import si
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import Theme, ThemeManager, color, font, px, text_scale
from resnet_studio.ui.view_state import ViewState

_CARD = QSize(196, 150)
_ARC_FROM = 6.0


@cache
def plan_of(name: str) -> Plan:
    """The Plan of a preset."""
    return analyse(PRESETS[name].make())


@dataclass(frozen=True, slots=True)
class Bar:
    """One block of a silhouette: place and height from 0 to 1, kind (None: stem, head), whether a shortcut spans it."""

    x: float
    width: float
    height: float
    kind: BlockKind | None
    arc: bool


def silhouette(plan: Plan, width: float) -> list[Bar]:
    """Bars from input to output: height tells resolution; as wide as fits, with a gap between stages."""
    units = plan.units
    gap = 5.0
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


class CardButton(QAbstractButton):
    """A card that is pressed: ground, border, hover and focus."""

    def __init__(self, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses it too; the arrow keys belong to the page."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def ground(self, painter: QPainter) -> None:
        """The card itself, lit under the pointer and with the keyboard's ring."""
        theme = self._theme.theme
        lit = self.isEnabled() and (self.underMouse() or self.hasFocus())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(color(theme.accent_soft if self.isDown() else theme.card))
        wide = 2.0 if self.hasFocus() else 1.0
        edge = theme.accent if self.hasFocus() else theme.line_strong if lit else theme.line
        painter.setPen(QPen(color(edge), wide))
        inset = wide / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 8, 8)

    def words(
        self, painter: QPainter, area: QRectF, text: str, ink: str, *, size: int = 13, bold: bool = False
    ) -> None:
        painter.setFont(font(size, bold=bold))
        painter.setPen(QColor(ink))
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def cost_of(plan: Plan, state: ViewState) -> str:
    """ "25.6 M params · 4.09 GMACs", a plus where more than convolutions and classifier counts."""
    work = si(state.of_plan(plan), "FLOPs" if state.flops else "MACs")
    more = "+" if state.convention.items else ""
    return tr("{count} params · {work}", count=si(plan.totals.params), work=f"{work}{more}")


class PresetCard(CardButton):
    """A preset: its silhouette, title, parameters and multiply-adds."""

    def __init__(self, preset: Preset, theme: ThemeManager, parent: QWidget, state: ViewState) -> None:
        super().__init__(theme, parent)
        self._state = state
        state.changed.connect(self.update)
        self.preset = preset
        self.setObjectName(f"preset_{preset.name}")
        self.setAccessibleName(preset.title)
        self.setToolTip(f"{preset.title}: {preset.note}\n{preset.source}")
        sized(self, height=_CARD.height(), least_width=_CARD.width() - 28)
        self._counted = False

    def sizeHint(self) -> QSize:
        return _CARD * text_scale()

    def cost(self) -> str:
        """ "25.6 M params · 4.09 GMACs", or as the window counts."""
        return cost_of(plan_of(self.preset.name), self._state)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme.theme
        painter = QPainter(self)
        self.ground(painter)
        box = QRectF(self.rect())
        words = QRectF(14, box.height() - px(56), box.width() - 28, px(20))
        self.words(painter, words, self.preset.title, theme.text, bold=True)
        if self._counted:
            area = QRectF(14, 14, box.width() - 28, box.height() - px(78))
            paint_silhouette(painter, plan_of(self.preset.name), area, theme)
            self._paint_cost(painter, words.translated(0, px(22)), theme)
        else:
            # The window's first picture does not wait for a dozen networks to be counted.
            QTimer.singleShot(0, self, self._count)
        painter.end()

    def _paint_cost(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        painter.setFont(font(12))
        cost = self.cost()
        if painter.fontMetrics().horizontalAdvance(cost) > area.width():
            cost = cost.replace(" params", "")
        self.words(painter, area, cost, theme.text_soft, size=12)

    def _count(self) -> None:
        self._counted = True
        self.setAccessibleDescription(self.cost())
        self.update()


def paint_silhouette(painter: QPainter, plan: Plan, area: QRectF, theme: Theme) -> None:
    """A whole drawing as bars with its shortcuts over them."""
    tall = area.height() - 10
    # One path a colour: a call for each of a hundred bars would be felt at the start.
    paths: dict[str, QPainterPath] = {}
    arcs: dict[str, QPainterPath] = {}
    for bar in silhouette(plan, area.width()):
        ink = theme.kind(bar.kind)
        slim = bar.width - (3.0 if bar.width >= _ARC_FROM else 0.6 if bar.width > 1.5 else 0.0)
        height = bar.height * tall
        box = QRectF(area.left() + bar.x, area.bottom() - height, max(slim, 0.4), height)
        path = paths.setdefault(ink, QPainterPath())
        if bar.width >= _ARC_FROM:
            path.addRoundedRect(box, 2, 2)
        else:
            path.addRect(box)
        if bar.arc:
            _add_arc(arcs.setdefault(ink, QPainterPath()), box)
    for ink, path in paths.items():
        painter.fillPath(path, color(ink, 0.55 if ink == theme.neutral else 0.85))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, path in arcs.items():
        painter.strokePath(path, QPen(color(ink), 1.2))


def _add_arc(path: QPainterPath, bar: QRectF) -> None:
    """A shortcut over a bar."""
    lift = min(8.0, bar.width() * 0.8)
    path.moveTo(bar.left() + 1, bar.top() - 2)
    left, right, top = bar.left() + 1, bar.right() - 1, bar.top() - lift
    path.cubicTo(left, top, right, top, right, bar.top() - 2)


def in_order(presets: Sequence[Preset]) -> list[Preset]:
    """As they are listed, those that the start page has room for."""
    return [entry for entry in presets if entry.featured]

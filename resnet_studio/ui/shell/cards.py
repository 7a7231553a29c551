"""The start page's cards, painted: a preset with its silhouette and cost. Knows no window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from resnet_studio.analysis.plan import Plan, analyse
from resnet_studio.design.presets import PRESETS, Preset
from resnet_studio.language import tr
from resnet_studio.ui.format import si
from resnet_studio.ui.silhouette import paint_silhouette
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import Theme, ThemeManager, color, font, px, text_scale
from resnet_studio.ui.view_state import ViewState

_CARD = QSize(196, 150)


@cache
def plan_of(name: str) -> Plan:
    """The Plan of a preset."""
    return analyse(PRESETS[name].make())


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


def in_order(presets: Sequence[Preset]) -> list[Preset]:
    """As they are listed, those that the start page has room for."""
    return [entry for entry in presets if entry.featured]

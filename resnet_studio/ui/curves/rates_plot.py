"""Loss over the learning rate, on a logarithmic axis, with one rate marked. Knows numbers and colours, no engine.

Painted here and not by pyqtgraph: a hundred points do not pay for its import, which would hold the window for half a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from resnet_studio.language import tr
from resnet_studio.ui.run_words import number, short
from resnet_studio.ui.theme import ThemeManager, color, font, px

Point = tuple[float, float]
_MARGINS = (52.0, 12.0, 16.0, 40.0)
_LINES = 5
# Of the highest loss.
_LEAST_SPAN = 0.2


def readable(rate: float) -> float:
    """A rate with two digits."""
    return float(f"{rate:.2g}")


def even_values(low: float, high: float, most: int) -> list[float]:
    """Round values from `low` to `high`, a step of 1, 2 or 5 times a power of ten apart; at most so many and one."""
    if not high > low:
        return []
    power = 10.0 ** floor(log10((high - low) / most))
    step = next(f * power for f in (1, 2, 5, 10) if (high - low) / (f * power) <= most)
    return [index * step for index in range(ceil(low / step), floor(high / step) + 1)]


class RatesPlot(QWidget):
    """The curve.

    Signals:
        picked(float): the user pointed at a rate.
    """

    picked = Signal(float)

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ratesPlot")
        self.setAccessibleName(tr("Loss over learning rate"))
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._theme = theme
        self._points: tuple[Point, ...] = ()
        # While it grows: how far the axis goes, so that it stands still.
        self._until: float | None = None
        self._marked: float | None = None
        self._pointed: Point | None = None
        theme.changed.connect(self.update)
        self._describe()

    def minimumSizeHint(self) -> QSize:
        """Room for a curve."""
        return QSize(px(280), px(160))

    @property
    def points(self) -> tuple[Point, ...]:
        """(rate, loss) of each step that is drawn."""
        return self._points

    @property
    def marked(self) -> float | None:
        """The rate that is marked."""
        return self._marked

    def show_points(self, points: Sequence[Point], marked: float | None) -> None:
        """Draw these losses, and mark a rate."""
        self._points, self._pointed, self._until = tuple(points), None, None
        self.mark(marked)

    def show_growing(self, points: Sequence[Point], until: float) -> None:
        """Draw what is known of a curve that grows; its last rate will not be above `until`."""
        self._points, self._until = tuple(points), until
        self.mark(None)

    def mark(self, rate: float | None) -> None:
        """Mark another rate, or none."""
        self._marked = rate
        self._describe()
        self.update()

    def _describe(self) -> None:
        if not self._points:
            self.setAccessibleDescription(tr("No values yet."))
            return
        rate, loss = min(self._points, key=lambda point: point[1])
        words = tr(
            "The loss begins at {first} and is lowest at a rate of {rate}: {lowest}.",
            first=number(round(self._points[0][1], 3)),
            rate=number(readable(rate)),
            lowest=number(round(loss, 3)),
        )
        if self._marked is not None:
            words += " " + tr("Marked: {rate}.", rate=number(self._marked))
        self.setAccessibleDescription(words)

    # --- places -------------------------------------------------------------------------------------------------------

    @property
    def area(self) -> QRectF:
        """Where the curve is."""
        left, top, right, bottom = (px(value) for value in _MARGINS)
        return QRectF(self.rect()).adjusted(left, top, -right, -bottom)

    def _rates(self) -> tuple[float, float]:
        beside = [rate for rate in (self._marked, self._until) if rate]
        rates = [rate for rate, _ in self._points] + beside
        return log10(min(rates)), max(log10(max(rates)), log10(min(rates)) + 0.1)

    def _losses(self) -> tuple[float, float]:
        losses = [loss for _, loss in self._points]
        low, high = min(losses), max(losses)
        # A span of nothing would make mountains of the noise that every curve begins with.
        room = max((high - low) * 0.06, (_LEAST_SPAN * high - (high - low)) / 2, 1e-6)
        return low - room, high + room

    def across(self, rate: float) -> float:
        """Where a rate is, in pixels."""
        low, high = self._rates()
        return self.area.left() + (log10(rate) - low) / (high - low) * self.area.width()

    def _down(self, loss: float) -> float:
        low, high = self._losses()
        return self.area.bottom() - (loss - low) / (high - low) * self.area.height()

    def _nearest(self, x: float) -> Point | None:
        return min(self._points, key=lambda point: abs(self.across(point[0]) - x), default=None)

    # --- pointing -----------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell rate and loss under the pointer."""
        self._pointed = self._nearest(event.position().x())
        self.update()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mark the rate under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pointed = self._nearest(event.position().x())
            self._choose()

    def _choose(self) -> None:
        if self._pointed is not None:
            self.picked.emit(readable(self._pointed[0]))

    def leaveEvent(self, event: object) -> None:
        """Nobody points any more."""
        del event
        self._pointed = None
        self.update()

    # --- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axes, curve, marks."""
        painter = QPainter(self)
        painter.setFont(font(11))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._points:
            self._paint_axes(painter)
            self._paint_curve(painter)
            self._paint_mark(painter)
            self._paint_pointed(painter)

    def _paint_axes(self, painter: QPainter) -> None:
        theme, area = self._theme.theme, self.area
        grid, faint = QPen(color(theme.grid)), QPen(color(theme.text_faint))
        lines: list[tuple[QPointF, QPointF, QRectF, str]] = []
        low, high = self._rates()
        for power in range(ceil(low - 1e-9), floor(high + 1e-9) + 1):
            x = self.across(10.0**power)
            box = QRectF(x - px(40), area.bottom() + px(3), px(80), px(16))
            lines.append((QPointF(x, area.top()), QPointF(x, area.bottom()), box, short(10.0**power)))
        for loss in even_values(*self._losses(), _LINES):
            y = self._down(loss)
            box = QRectF(0, y - px(8), area.left() - px(6), px(16))
            lines.append((QPointF(area.left(), y), QPointF(area.right(), y), box, short(round(loss, 6))))
        for start, end, box, words in lines:
            painter.setPen(grid)
            painter.drawLine(start, end)
            painter.setPen(faint)
            beside = start.y() == end.y()
            across = Qt.AlignmentFlag.AlignRight if beside else Qt.AlignmentFlag.AlignHCenter
            painter.drawText(box, across | Qt.AlignmentFlag.AlignVCenter, words)
        painter.setPen(faint)
        below = QRectF(area.left(), self.height() - px(18), area.width(), px(16))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, tr("Learning rate"))
        painter.drawText(QRectF(0, 0, area.left() - px(6), px(14)), Qt.AlignmentFlag.AlignRight, tr("Loss"))

    def _paint_curve(self, painter: QPainter) -> None:
        painter.setPen(QPen(color(self._theme.theme.train_curve), 2))
        places = [QPointF(self.across(rate), self._down(loss)) for rate, loss in self._points]
        painter.drawPolyline(QPolygonF(places))
        if self._until is not None:
            # Where it has come to.
            painter.setBrush(color(self._theme.theme.train_curve))
            painter.drawEllipse(places[-1], px(2), px(2))
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_mark(self, painter: QPainter) -> None:
        if not self._marked:
            return
        theme, x = self._theme.theme, self.across(self._marked)
        painter.setPen(QPen(color(theme.good), 2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, self.area.top()), QPointF(x, self.area.bottom()))
        self._paint_words(painter, x, number(self._marked), theme.good, self.area.top())

    def _paint_pointed(self, painter: QPainter) -> None:
        if self._pointed is None:
            return
        rate, loss = self._pointed
        theme, at = self._theme.theme, QPointF(self.across(rate), self._down(loss))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.train_curve))
        painter.drawEllipse(at, px(4), px(4))
        words = tr("{rate}: loss {loss}", rate=number(readable(rate)), loss=f"{loss:.3f}")
        above = at.y() - px(26) if at.y() - px(26) > self.area.top() + px(20) else at.y() + px(6)
        self._paint_words(painter, at.x(), words, theme.text, above)

    def _paint_words(self, painter: QPainter, x: float, words: str, ink: str, top: float) -> None:
        """Beside a place, on the side where there is room, on a ground of their own."""
        room = painter.fontMetrics().horizontalAdvance(words) + px(10)
        left = x + px(4) if x + px(4) + room <= self.area.right() else x - px(4) - room
        box = QRectF(left, top + px(2), room, px(18))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._theme.theme.window))
        painter.drawRect(box)
        painter.setPen(color(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

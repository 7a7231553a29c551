"""The line above a plot: its name, and its curves' values beside samples of their colours. It is the legend too."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager, color, font, px

_HEIGHT = 22
_SAMPLE, _GAP = 12, 5
_BETWEEN = 12


class Sample(Enum):
    """How a curve is drawn."""

    LINE = auto()
    DOTS = auto()
    DASHES = auto()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the line says: values as text (empty: none yet), and where they stand when the pointer asks for them."""

    train: str = ""
    val: str = ""
    five: str = ""
    where: str = ""


class PlotCaption(QWidget):
    """Paints title, position and values; drops words before it drops values when it is narrow."""

    def __init__(self, title: str, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._theme = title, theme
        self._reading = Reading()
        sized(self, height=_HEIGHT)
        self.setAccessibleName(title)
        theme.changed.connect(self.update)

    @property
    def reading(self) -> Reading:
        """What it says now."""
        return self._reading

    def show_title(self, title: str) -> None:
        """Be the caption of another quantity."""
        self._title = title
        self.setAccessibleName(title)
        self.update()

    def show_reading(self, reading: Reading) -> None:
        """Say other values."""
        if reading != self._reading:
            self._reading = reading
            five = f", top-5 {reading.five}" if reading.five else ""
            self.setAccessibleDescription(
                f"training {reading.train}, validation {reading.val}{five} {reading.where}"
            )
            self.update()

    def minimumSizeHint(self) -> QSize:
        """Room for the title."""
        return QSize(px(60), px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title at the left, readings at the right."""
        theme = self._theme.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(12, bold=True))
        painter.setPen(color(theme.text))
        area = QRectF(self.rect())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._title)
        title = QFontMetricsF(painter.font()).horizontalAdvance(self._title)
        painter.setFont(font(12))
        room = area.width() - title - _BETWEEN
        self._paint_readings(painter, room)

    def _paint_readings(self, painter: QPainter, room: float) -> None:
        reading = self._reading
        metrics = QFontMetricsF(painter.font())
        full = [
            ("train", reading.train, Sample.LINE),
            ("val", reading.val, Sample.DOTS),
            ("top-5", reading.five, Sample.DASHES),
        ]
        parts = [(f"{word} {text}", sample) for word, text, sample in full if text]
        if self._width(metrics, parts, reading.where) > room:
            # The first two are told apart by their colours; the third has the second's.
            parts = [(text, sample) for _, text, sample in full[:2] if text]
        where = reading.where if self._width(metrics, parts, reading.where) <= room else ""
        right = float(self.width())
        for text, sample in reversed(parts):
            right = self._paint_part(painter, text, right, sample) - _BETWEEN
        if where:
            painter.setPen(color(self._theme.theme.text_faint))
            painter.drawText(
                QRectF(0, 0, right, self.height()),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                where,
            )

    def _width(self, metrics: QFontMetricsF, parts: list[tuple[str, Sample]], where: str) -> float:
        each = sum(metrics.horizontalAdvance(text) + _SAMPLE + _GAP + _BETWEEN for text, _ in parts)
        return each + (metrics.horizontalAdvance(where) + _BETWEEN if where else 0)

    def _paint_part(self, painter: QPainter, text: str, right: float, sample: Sample) -> float:
        theme = self._theme.theme
        width = QFontMetricsF(painter.font()).horizontalAdvance(text)
        painter.setPen(color(theme.text_soft))
        painter.drawText(
            QRectF(right - width, 0, width, self.height()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            text,
        )
        left, middle = right - width - _GAP - _SAMPLE, self.height() / 2
        ink = color(theme.train_curve if sample is Sample.LINE else theme.val_curve)
        pen = QPen(ink, 2 if sample is not Sample.DASHES else 1.2)
        if sample is Sample.DASHES:
            pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(left, middle), QPointF(left + _SAMPLE, middle))
        if sample is Sample.DOTS:
            painter.setBrush(ink)
            painter.drawEllipse(QPointF(left + _SAMPLE / 2, middle), 2.2, 2.2)
        return left

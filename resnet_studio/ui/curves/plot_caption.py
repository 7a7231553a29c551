"""The line above a plot: its name, and its curves' values beside samples of their colours. It is the legend too."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from resnet_studio.language import tr
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager, color, font, px

_HEIGHT, _TWO_LINES = 22, 38
_SAMPLE, _GAP = 12, 5
_BETWEEN = 12


class Sample(Enum):
    """How a curve is drawn."""

    LINE = auto()
    DOTS = auto()
    DASHES = auto()


Part = tuple[str, str, Sample]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the line says: values as text (empty: none yet), and where they stand when the pointer asks for them."""

    train: str = ""
    val: str = ""
    five: str = ""
    where: str = ""
    learned: bool = True

    @property
    def parts(self) -> list[Part]:
        """(word, value, sample) of each curve that there is; an only curve needs no word beside the title."""
        if not self.learned:
            return [("", self.train, Sample.LINE)] if self.train else []
        all_ = [
            (tr("train"), self.train, Sample.LINE),
            (tr("val"), self.val, Sample.DOTS),
            (tr("top-5"), self.five, Sample.DASHES),
        ]
        return [part for part in all_ if part[1]]


class PlotCaption(QWidget):
    """Paints title, position and values; drops words before it drops values when it is narrow."""

    def __init__(self, title: str, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._theme = title, theme
        self._reading = Reading()
        self._two_lines = self._needs_two = False
        self._beside: PlotCaption | None = None
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
        self._needs_two = False
        self._fit()
        self.update()

    def stand_beside(self, other: PlotCaption) -> None:
        """Take as many lines as another caption, and it as many as this: plots beside each other are equally high."""
        self._beside, other._beside = other, self
        self._fit()

    def show_reading(self, reading: Reading) -> None:
        """Say other values."""
        if reading != self._reading:
            before, self._reading = self._reading, reading
            # Ten times a second is too often for a screen reader: not each step's value, but each epoch's.
            if (before.val, before.where) != (reading.val, reading.where):
                said = f"{_said(reading)} {reading.where}".strip()
                self.setAccessibleDescription(said)
                self.setToolTip(said)
            self._fit()
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
        if self._two_lines:
            area.setHeight(area.height() / 2 + 1)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._title)
        title = QFontMetricsF(painter.font()).horizontalAdvance(self._title)
        painter.setFont(font(12))
        beside = area.adjusted(title + _BETWEEN, 0, 0, 0)
        if not self._two_lines:
            self._paint_readings(painter, beside, self._reading.parts)
            return
        below = area.translated(0, self.height() - area.height())
        parts = self._reading.parts
        if self._width(QFontMetricsF(painter.font()), _labelled(parts), "") > below.width():
            # The third curve has the second's colour: its word stays, and stands beside the title.
            self._paint_readings(painter, beside, parts[2:])
            parts = parts[:2]
        self._paint_readings(painter, below, parts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: one line again, if that will do."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._needs_two = False
            self._fit()

    def _fit(self) -> None:
        """Where title and readings have no room beside each other, these go below."""
        metrics = QFontMetricsF(font(12))
        title = QFontMetricsF(font(12, bold=True)).horizontalAdvance(self._title)
        needed = title + _BETWEEN + self._width(metrics, _labelled(self._reading.parts), "")
        # Never back before the width is another: with each value's width the plot would jump.
        self._needs_two = self._needs_two or needed > self.width()
        self._share_lines()
        if self._beside is not None:
            self._beside._share_lines()

    def _share_lines(self) -> None:
        two = self._needs_two or (self._beside is not None and self._beside._needs_two)
        if two != self._two_lines:
            self._two_lines = two
            sized(self, height=_TWO_LINES if two else _HEIGHT)
            self.update()

    def _paint_readings(self, painter: QPainter, area: QRectF, told: list[Part]) -> None:
        if not told:
            return
        metrics, room = QFontMetricsF(painter.font()), area.width()
        parts = _labelled(told)
        if self._width(metrics, parts, "") > room:
            # Two are told apart by their colours; dashes need their word more than their value.
            parts = [(word if sample is Sample.DASHES else text, sample) for word, text, sample in told]
        at = self._reading.where if told[0][2] is Sample.LINE else ""
        where = at if self._width(metrics, parts, at) <= room else ""
        right = area.right()
        for text, sample in reversed(parts):
            place = QRectF(area.left(), area.top(), right - area.left(), area.height())
            right = self._paint_part(painter, text, place, sample) - _BETWEEN
        if where:
            painter.setPen(color(self._theme.theme.text_faint))
            place = QRectF(area.left(), area.top(), right - area.left(), area.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, where)

    def _width(self, metrics: QFontMetricsF, parts: list[tuple[str, Sample]], where: str) -> float:
        each = sum(metrics.horizontalAdvance(text) + _SAMPLE + _GAP + _BETWEEN for text, _ in parts)
        return each + (metrics.horizontalAdvance(where) + _BETWEEN if where else 0)

    def _paint_part(self, painter: QPainter, text: str, area: QRectF, sample: Sample) -> float:
        theme, right = self._theme.theme, area.right()
        width = QFontMetricsF(painter.font()).horizontalAdvance(text)
        painter.setPen(color(theme.text_soft))
        painter.drawText(
            QRectF(right - width, area.top(), width, area.height()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            text,
        )
        left, middle = right - width - _GAP - _SAMPLE, area.center().y()
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


def _labelled(parts: list[Part]) -> list[tuple[str, Sample]]:
    return [(f"{word} {text}".lstrip(), sample) for word, text, sample in parts]


def _said(reading: Reading) -> str:
    if not reading.learned:
        return reading.train
    if not reading.five:
        return tr("training {train}, validation {val}", train=reading.train, val=reading.val)
    return tr(
        "training {train}, validation {val}, top-5 {five}",
        train=reading.train,
        val=reading.val,
        five=reading.five,
    )

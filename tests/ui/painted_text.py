"""Every line that Python code paints while one looks: its words, its pen, and the ground that lies under it."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from tests.ui.colours import contrast


@dataclass(frozen=True)
class Line:
    """One painted line: `ink` and `ground` as "#rrggbb"."""

    text: str
    ink: str
    ground: str


@dataclass
class _Seen:
    text: str
    ink: QColor
    box: QRectF
    image: QImage | None  # of a cache that is painted; None is the window's own


@contextmanager
def watched(monkeypatch: Any) -> Iterator[list[_Seen]]:
    """Note what is painted meanwhile; `lines` makes sense of it."""
    seen: list[_Seen] = []
    draw, draw_static = QPainter.drawText, QPainter.drawStaticText

    def note(painter: QPainter, text: str, box: QRectF) -> None:
        ink = QColor(painter.pen().color())
        ink.setAlphaF(ink.alphaF() * painter.opacity())
        device = painter.device()
        image = device.toImage() if isinstance(device, QPixmap) else None
        seen.append(_Seen(text, ink, painter.deviceTransform().mapRect(box), image))

    def draw_text(painter: QPainter, *said: Any) -> Any:
        text = next(part for part in said if isinstance(part, str))
        place = said[0]
        metrics = painter.fontMetrics()
        if isinstance(place, QRect | QRectF):
            flags = next((part for part in said[1:] if not isinstance(part, str)), 0)
            box = QRectF(painter.boundingRect(QRectF(place), int(getattr(flags, "value", flags)), text))
        elif isinstance(place, QPoint | QPointF):
            box = QRectF(metrics.boundingRect(text)).translated(QPointF(place))
        else:
            box = QRectF(metrics.boundingRect(text)).translated(float(said[0]), float(said[1]))
        note(painter, text, box)
        return draw(painter, *said)

    def draw_static_text(painter: QPainter, place: QPointF, laid: Any, *more: Any) -> Any:
        note(painter, laid.text(), QRectF(QPointF(place), laid.size()))
        return draw_static(painter, place, laid, *more)

    with monkeypatch.context() as patch:
        patch.setattr(QPainter, "drawText", draw_text)
        patch.setattr(QPainter, "drawStaticText", draw_static_text)
        yield seen


def _pixels(image: QImage, box: QRect) -> Counter[int]:
    inside = box & image.rect()
    if inside.width() < 2 or inside.height() < 2:
        return Counter()
    part = image.copy(inside).convertToFormat(QImage.Format.Format_RGB32)
    return Counter(array("I", bytes(part.constBits())))


def common(image: QImage, box: QRect) -> QColor | None:
    """The colour that most of an area has; None where there is none of it."""
    pixels = _pixels(image, box)
    return QColor.fromRgb(pixels.most_common(1)[0][0]) if pixels else None


def lines(seen: list[_Seen], window: QImage) -> set[Line]:
    """Each different line that was painted, with the ground that it stands on."""
    found = set()
    for entry in seen:
        image = entry.image if entry.image is not None else window
        ground = common(image, entry.box.toAlignedRect())
        if ground is None or not entry.text.strip():
            continue
        share = entry.ink.alphaF()
        ink = QColor(
            *(
                round(one * share + two * (1 - share))
                for one, two in zip(entry.ink.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
            )
        )
        found.add(Line(entry.text, ink.name(), ground.name()))
    return found


def extremes(image: QImage, widget: QWidget, window: QWidget) -> tuple[QColor, QColor] | None:
    """(text, ground) of a widget that Qt paints: the most common colour, and the one that stands out most from it."""
    corner = widget.mapTo(window, QPoint(3, 3))
    pixels = _pixels(image, QRect(corner, widget.size()).adjusted(0, 0, -6, -6))
    if not pixels:
        return None
    ground = QColor.fromRgb(pixels.most_common(1)[0][0])
    return max((QColor.fromRgb(pixel) for pixel in pixels), key=lambda ink: contrast(ink, ground)), ground

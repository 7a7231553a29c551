"""A curve that is as thick on a fine screen, and in a picture in twice its size, as on any other. Knows no values' meaning.

Importing this module imports pyqtgraph.
"""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtGui import QPainter, QPen


class CurveLine(pg.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Cosmetic pens, which no zoom makes thicker, count the pixels of what is painted on, however fine they are."""

    def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
        """With a pen for these pixels."""
        pen = self.opts["pen"]
        fine = QPen(pen)
        fine.setWidthF(pen.widthF() * _pixels_a_point(painter))
        self.opts["pen"] = fine
        try:
            super().paint(painter, option, widget)
        finally:
            self.opts["pen"] = pen


def _pixels_a_point(painter: QPainter) -> float:
    """How many pixels of what is painted on are a point across."""
    across = painter.worldTransform().m11()
    return abs(painter.deviceTransform().m11() / across) if across else 1.0

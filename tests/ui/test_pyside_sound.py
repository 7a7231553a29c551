"""Guards against Qt bindings that lose a reference to None with every call (PySide6 6.12.0 on Python 3.11)."""

import sys

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage, QPainter


def test_void_calls_keep_none_alive(qapp: object) -> None:
    thing, image = QObject(), QImage(8, 8, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    before = sys.getrefcount(None)
    for _ in range(1_000):
        thing.setObjectName("x")
        painter.drawLine(0, 0, 7, 7)
    after = sys.getrefcount(None)
    painter.end()
    assert after - before > -100, (
        "calls that return nothing drop references to None: the interpreter will abort"
    )

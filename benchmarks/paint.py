"""Panning, zooming and dragging on the canvas of the deepest drawing: frame by frame, beside the time that 60 Hz leave for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent
from PySide6.QtWidgets import QApplication

from benchmarks.edit import frames, settle, window_with
from benchmarks.measure import Result
from resnet_studio.design.presets import preset
from resnet_studio.design.types import BlockKind
from resnet_studio.ui.block_text import KIND_MIME
from resnet_studio.ui.canvas.view import CanvasView

DEEPEST = "cifar_resnet1202"
FRAME = 1 / 60
# Each level of detail of a card, and what lies between.
ZOOMS = (0.1, 0.2, 0.3, 0.45, 0.55, 0.75, 1.0, 1.5, 2.0, 3.0)
_TIMES = 6
_PAN = 24  # pixels, as a mouse moves in a sixtieth of a second


def _panning(canvas: CanvasView) -> Iterator[Callable[[], object]]:
    for turn in range(_TIMES):
        bar = (canvas.verticalScrollBar(), canvas.horizontalScrollBar())[turn % 2]
        way = -_PAN if bar.value() > bar.maximum() // 2 else _PAN
        yield partial(bar.setValue, bar.value() + way)


def _zooming(canvas: CanvasView, zoom: float) -> Iterator[Callable[[], object]]:
    for turn in range(_TIMES):
        to = zoom * (1.05 if turn % 2 else 1.0)
        yield partial(canvas.zooming.to, to)


def _dragging(canvas: CanvasView) -> Iterator[Callable[[], object]]:
    """A block from the palette over the lanes, far from the borders that scroll."""
    data = QMimeData()
    data.setData(KIND_MIME, BlockKind.RESIDUAL.value.encode())
    view, both = canvas.viewport(), Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    held, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    middle = view.rect().center()
    QApplication.sendEvent(view, QDragEnterEvent(middle, both, data, held, plain))
    for turn in range(2 * _TIMES):
        at = middle + QPoint(turn * _PAN - _TIMES * _PAN, turn * _PAN // 2 - _TIMES * _PAN // 2)
        yield partial(QApplication.sendEvent, view, QDragMoveEvent(at, both, data, held, plain))
    QApplication.sendEvent(view, QDragLeaveEvent())


def _worst(app: QApplication, canvas: CanvasView, *, unfolded: bool) -> list[Result]:
    pans, zooms, drags = [], [], []
    for zoom in ZOOMS:
        canvas.zooming.to(zoom)
        settle(app)
        pans.append((frames(app, _panning(canvas)), zoom))
        zooms.append((frames(app, _zooming(canvas, zoom)), zoom))
        settle(app)
        drags.append((frames(app, _dragging(canvas)), zoom))
    found = []
    for word, taken in (("pan", pans), ("zoom", zooms), ("drag", drags)):
        ours, at = max(taken)
        what = f"{word} at {at:.0%}, {preset(DEEPEST).name}, {'unfolded' if unfolded else 'folded'}"
        found.append(
            Result(
                what=what, reference="a frame at 60 Hz", ours=ours, theirs=FRAME,
                ratio=ours / FRAME, goal="<= 1", met=ours <= FRAME,
            )
        )  # fmt: skip
    return found


def measure() -> list[Result]:
    """The slowest zoom of each, folded and with every card by itself."""
    results = []
    with window_with(DEEPEST) as (app, window):
        canvas = window.findChild(CanvasView)
        assert isinstance(canvas, CanvasView)
        results += _worst(app, canvas, unfolded=False)
        canvas.folding.unfold_all()
        results += _worst(app, canvas, unfolded=True)
    return results

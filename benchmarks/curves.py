"""The curves of a run with a million points: live, zoomed, panned, read, smoothed; how long the window is away, beside 16 milliseconds."""

from __future__ import annotations

import math
import statistics
import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

# Sets the platform before Qt is loaded.
from benchmarks.edit import settle
from benchmarks.measure import Result

# isort: split

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from resnet_studio.runs.events import Epoch, Started, Step
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.app import make_application
from resnet_studio.ui.curves.curve_plot import CurvePlot
from resnet_studio.ui.curves.history import History
from resnet_studio.ui.curves.plot_pair import PlotPair
from resnet_studio.ui.theme import ThemeChoice, ThemeManager

POINTS, PER_EPOCH = 1_000_000, 10_000
FRAME = 0.016
SIZE = (1400, 330)
_TIMES = 15
_QUIET_TURNS = 3
_IDLE_TURN = 0.0002  # a turn of the event loop that did nothing takes a tenth of this


def _history() -> History:
    """Of a run that told every step; the loss falls, with noise that no two points share."""
    spec = default_spec("cifar10")
    history = History()
    history.add(
        Started(
            run="run", design="D", spec=spec, device="cpu", device_label="CPU", params=1, train_images=640_000,
            val_images=100, steps_per_epoch=PER_EPOCH, classes=("a",), start_step=0, torch="",
        )
    )  # fmt: skip
    # By the columns: a million events of which nothing else is asked would take longer than everything that is measured.
    numbers = range(1, POINTS + 1)
    history.steps.extend(numbers)
    history.at.extend(number / PER_EPOCH for number in numbers)
    noise = array("d", (math.sin(number * 12.9898) * 43758.5453 % 1.0 for number in numbers))
    history.loss.extend(
        2 / (1 + number / 1e5) + 0.3 * part for number, part in zip(numbers, noise, strict=True)
    )
    history.accuracy.extend(100 - 20 * value for value in history.loss)
    for column in (history.rates, history.speeds):
        column.extend(history.loss)
    for column in (history.cards, history.memories):
        column.extend(array("d", [math.nan]) * POINTS)
    for number in range(1, POINTS // PER_EPOCH + 1):
        history.add(
            Epoch(
                epoch=number, step=number * PER_EPOCH, train_loss=1.0, train_accuracy=0.5, val_loss=1 / number,
                val_accuracy=1 - 1 / (number + 1), seconds=1.0, best=True, time_left=1.0,
            )
        )  # fmt: skip
    return history


@dataclass(frozen=True, slots=True)
class _Move:
    """What somebody does, and when both plots show it; where that is not said, when nothing is left to do."""

    do: Callable[[], object]
    shown: Callable[[], bool] = lambda: True


def _end(plot: CurvePlot) -> float:
    """The epoch to which the curve is drawn."""
    return float(plot.items.thick.getData()[0][-1])


def _lives(pair: PlotPair, history: History) -> Iterator[_Move]:
    """Something is new: either plot is redrawn in its turn, by the pair's own timer."""
    pair.set_live(True)
    for number in range(_TIMES):
        step = Step(
            step=POINTS + number + 1, epoch=POINTS // PER_EPOCH + 1, loss=0.3, accuracy=0.9, lr=0.1,
            images_per_second=1e3, memory_bytes=1,
        )  # fmt: skip
        # Both curves reach to the newest value.
        yield _Move(
            partial(history.add, step), lambda: all(_end(plot) == history.at[-1] for plot in pair.plots)
        )
    pair.set_live(False)


def _moves(pair: PlotPair) -> dict[str, Callable[[int], object]]:
    """What somebody does for the first, second, ... time."""
    loss = pair.plots[0]
    epochs = POINTS / PER_EPOCH

    def look(low: float, high: float) -> None:
        # As pyqtgraph does when the mouse has moved, which points too, or the wheel has turned.
        loss.hovered.emit((low + high) / 2)
        loss.view_box.setXRange(low, high, padding=0)
        loss.view_box.sigRangeChangedManually.emit(loss.view_box.mouseEnabled())

    return {
        "zoom": lambda turn: look(0.0, epochs * 0.75**turn),
        "pan": lambda turn: look(turn, turn + epochs / 2),
        "the pointer's values": lambda turn: loss.hovered.emit((turn + 1) * epochs / (_TIMES + 2)),
        "another smoothing": lambda turn: pair.smoothing.setValue(10 + 5 * turn),
        "logarithmic axes and back": lambda turn: pair.show_log(turn % 2 == 0),
        "learning rate, throughput and back": lambda turn: pair.show_rates(turn % 2 == 0),
    }


def _turns(app: QApplication, move: _Move) -> tuple[float, float]:
    """Seconds of the longest turn of the event loop, and from the move until both plots are painted.

    The move is made by the event loop too, as if the mouse had. It is away for no longer than one turn: then it takes what the mouse
    and the keys have done meanwhile, and what was painted is seen.
    """
    QTimer.singleShot(0, move.do)
    began = last = time.perf_counter()
    longest, quiet = 0.0, 0
    while quiet < _QUIET_TURNS or not move.shown():
        before = time.perf_counter()
        app.processEvents()
        taken = time.perf_counter() - before
        longest = max(longest, taken)
        quiet = quiet + 1 if taken < _IDLE_TURN else 0
        last = last if quiet else before + taken
    return longest, last - began


def _results(app: QApplication, name: str, moves: Iterator[_Move], *, whole: bool = True) -> list[Result]:
    taken = [_turns(app, move) for move in moves]
    frame, both = (statistics.median(part) for part in zip(*taken, strict=True))
    longest = Result(
        what=f"{name}, {POINTS:,} points: longest turn of the event loop", reference="a frame of 16 ms",
        ours=frame, theirs=FRAME, ratio=frame / FRAME, goal="<= 1", met=frame <= FRAME,
    )  # fmt: skip
    until = Result(
        what=f"{name}: until both plots are painted", reference="a frame of 16 ms",
        ours=both, theirs=FRAME, ratio=both / FRAME,
    )  # fmt: skip
    return [longest, until] if whole else [longest]


def measure() -> list[Result]:
    """The median of each."""
    app = make_application()
    themes = ThemeManager(ThemeChoice.LIGHT)
    pair, history = PlotPair(themes), _history()
    pair.resize(*SIZE)
    pair.show()
    pair.show_history(history, live=False)
    while not pair.plots:
        app.processEvents()
    settle(app)
    # How long a new value waits is the timer's matter.
    results = _results(app, "a new value, live", _lives(pair, history), whole=False)
    for name, do in _moves(pair).items():
        results += _results(app, name, (_Move(partial(do, turn)) for turn in range(_TIMES)))
        pair.plots[0].hovered.emit(None)
        pair.show_log(False)
        pair.show_rates(False)
        pair.reset_view()
        settle(app)
    pair.close()
    return results

"""The curves of a run with a million points: live, zoomed, panned, read by the pointer; frame by frame, beside 16 milliseconds."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterator
from functools import partial

# Sets the platform before Qt is loaded.
from benchmarks.edit import frames, settle
from benchmarks.measure import Result

# isort: split

from resnet_studio.runs.events import Epoch, Started, Step
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.app import make_application
from resnet_studio.ui.curves.history import History
from resnet_studio.ui.curves.plot_pair import PlotPair
from resnet_studio.ui.theme import ThemeChoice, ThemeManager

POINTS, PER_EPOCH = 1_000_000, 10_000
FRAME = 0.016
SIZE = (1400, 330)
_TIMES = 15


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


def _lives(pair: PlotPair, history: History) -> Iterator[Callable[[], object]]:
    """Something is new: either plot is redrawn in turn, as its timer does."""
    for number in range(_TIMES):
        history.add(
            Step(
                step=POINTS + number + 1, epoch=POINTS // PER_EPOCH + 1, loss=0.3, accuracy=0.9, lr=0.1,
                images_per_second=1e3, memory_bytes=1,
            )
        )  # fmt: skip
        yield pair._refresh_one


def _moves(pair: PlotPair) -> dict[str, Iterator[Callable[[], object]]]:
    loss = pair.plots[0]
    epochs = POINTS / PER_EPOCH

    def look(low: float, high: float) -> None:
        loss.view_box.setXRange(low, high, padding=0)

    def zooms() -> Iterator[Callable[[], object]]:
        for turn in range(_TIMES):
            extent = epochs * 0.75**turn
            yield partial(look, 0.0, extent)

    def pans() -> Iterator[Callable[[], object]]:
        for turn in range(_TIMES):
            yield partial(look, turn, turn + epochs / 2)

    def points() -> Iterator[Callable[[], object]]:
        for turn in range(_TIMES):
            yield partial(loss.hovered.emit, (turn + 1) * epochs / (_TIMES + 2))

    def smooths() -> Iterator[Callable[[], object]]:
        for turn in range(_TIMES):
            yield partial(pair.smoothing.setValue, 10 + 5 * turn)

    return {"zoom": zooms(), "pan": pans(), "the pointer's values": points(), "another smoothing": smooths()}


def measure() -> list[Result]:
    """The median frame of each."""
    app = make_application()
    themes = ThemeManager(ThemeChoice.LIGHT)
    pair, history = PlotPair(themes), _history()
    pair.resize(*SIZE)
    pair.show()
    pair.show_history(history, live=False)
    while not pair.plots:
        app.processEvents()
    settle(app)
    found = {"a new value, live": frames(app, _lives(pair, history))}
    for name, moves in _moves(pair).items():
        pair.reset_view()
        settle(app)
        found[name] = frames(app, moves)
    pair.close()
    return [
        Result(
            what=f"{name}, both plots, {POINTS:,} points", reference="a frame of 16 ms", ours=taken, theirs=FRAME,
            ratio=taken / FRAME, goal="<= 1", met=taken <= FRAME,
        )
        for name, taken in found.items()
    ]  # fmt: skip

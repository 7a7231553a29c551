"""The curves of a run: what is remembered, what is drawn of it, and that a million points stay few on the screen."""

import csv
import re
from array import array
from collections.abc import Callable
from dataclasses import replace
from math import inf, nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QWheelEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QGraphicsView, QMenu
from pytestqt.qtbot import QtBot

from resnet_studio.runs.events import Epoch, Event, Finished, Notice, Phase, Split, Started, Step
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.curves.curves import Mirror
from resnet_studio.ui.curves.history import History
from resnet_studio.ui.curves.measures import LOSS
from resnet_studio.ui.curves.plot_pair import PlotPair
from resnet_studio.ui.curves.plot_range import tick_text, ticks
from resnet_studio.ui.curves.plot_saving import MARGIN, file_stem, png_of
from resnet_studio.ui.curves.reduce import extremes, smoothed, visible
from resnet_studio.ui.theme import DARK, LIGHT, ThemeChoice, ThemeManager
from resnet_studio.ui.training.progress import progress_words
from resnet_studio.ui.widgets import file_dialog

PER_EPOCH = 10
STARTED = Started(
    run="run", design="D", spec=default_spec(), device="cpu", device_label="CPU", params=1, train_images=640,
    val_images=100, steps_per_epoch=PER_EPOCH, classes=("a",), start_step=0, torch="2.10",
)  # fmt: skip


def step(number: int, loss: float = 1.0, speed: float = 640.0) -> Step:
    return Step(
        step=number, epoch=(number - 1) // PER_EPOCH + 1, loss=loss, accuracy=0.5, lr=0.1, images_per_second=speed,
        memory_bytes=1,
    )  # fmt: skip


def epoch(number: int, accuracy: float, *, best: bool) -> Epoch:
    return Epoch(
        epoch=number, step=number * PER_EPOCH, train_loss=1.0, train_accuracy=0.5, val_loss=1.0,
        val_accuracy=accuracy, seconds=1.0, best=best, time_left=1.0,
    )  # fmt: skip


def run_of(epochs: int, resumed_at: int = 0) -> list[Event]:
    events: list[Event] = [replace(STARTED, start_step=resumed_at)]
    for number in range(resumed_at // PER_EPOCH + 1, epochs + 1):
        first = max(resumed_at, (number - 1) * PER_EPOCH) + 1
        events += [step(k, loss=1 / k) for k in range(first, number * PER_EPOCH + 1)]
        events.append(epoch(number, 0.5 + number / 100, best=True))
    return events


# --- what is remembered -------------------------------------------------------------------------------------------------


@given(st.integers(0, 49))
def test_a_resumed_run_has_the_curves_of_an_uninterrupted_one(checkpoint: int) -> None:
    whole = History(run_of(5))
    resumed = History(run_of(5))
    for event in run_of(5, resumed_at=checkpoint):
        resumed.add(event)
    assert list(resumed.steps) == list(whole.steps)
    assert list(resumed.loss) == list(whole.loss)
    assert resumed.epochs == whole.epochs
    assert resumed.best == whole.best


def test_progress_and_time_left_follow_the_steps() -> None:
    history = History([STARTED])
    assert (history.progress, history.time_left) == (0.0, None)
    total = PER_EPOCH * STARTED.spec.epochs
    history.add(step(total // 4, speed=64.0))
    assert history.progress == 0.25
    assert history.time_left == pytest.approx(0.75 * STARTED.spec.epochs * 640 / 64)
    history.add(Finished(step=total, best_accuracy=1.0, best_epoch=1, seconds=1.0))
    assert history.progress == 1.0


def test_images_that_grow_take_longer_later_and_the_time_left_knows_it() -> None:
    spec = replace(STARTED.spec, epochs=4, start_size=0.5, grow_epochs=2)
    history = History([replace(STARTED, spec=spec)])
    history.add(step(PER_EPOCH, speed=640.0))
    # An epoch of a quarter of the area took a second; 9/16, 1 and 1 of the whole area are left.
    assert history.time_left == pytest.approx((9 + 16 + 16) / 4)


def test_what_a_run_does_instead_of_steps_is_said_until_it_steps() -> None:
    history = History([STARTED, Phase(step=0, text="Compiling…")])
    assert progress_words(history) == f"epoch 1/{STARTED.spec.epochs} · Compiling…"
    history.add(Notice(text="Compiled"))
    history.add(step(1))
    assert "Compiling" not in progress_words(history)
    history.add(Split(step=1, parts=4, images=32))
    assert "in 4 parts" in history.notices[-1]
    assert history.ending is None


def test_the_best_epoch_is_the_one_that_the_run_marked() -> None:
    history = History(
        [STARTED, epoch(1, 0.9, best=True), epoch(2, nan, best=False), epoch(3, 0.8, best=False)]
    )
    assert history.best is not None
    assert history.best.epoch == 1


# --- what is drawn ------------------------------------------------------------------------------------------------------

values = st.lists(st.floats(-1e6, 1e6) | st.just(nan), min_size=1, max_size=400)


@given(values, st.integers(1, 50))
def test_extremes_keep_every_spike_in_few_points(listed: list[float], columns: int) -> None:
    y = np.array(listed)
    x = np.arange(len(y), dtype=float)
    short_x, short_y = extremes(x, y, columns)
    assert len(short_x) == len(short_y) <= max(2 * columns, 1) + (len(y) if len(y) <= 2 * columns else 0)
    assert (np.diff(short_x) >= 0).all()
    finite = y[np.isfinite(y)]
    if len(finite):
        assert np.nanmax(short_y) == finite.max()
        assert np.nanmin(short_y) == finite.min()


@given(st.floats(-1e3, 1e3), st.integers(1, 3000), st.floats(0, 1))
def test_smoothing_leaves_a_constant_alone_and_stays_short(value: float, count: int, strength: float) -> None:
    x, y = smoothed(np.arange(count, dtype=float), np.full(count, value), strength)
    assert len(x) == len(y) <= 1000
    assert y == pytest.approx(np.full(len(y), value))
    assert x[-1] == count - 1


@given(values, st.floats(0, 1))
def test_a_smoothed_curve_stays_within_the_values(listed: list[float], strength: float) -> None:
    y = np.array(listed)
    _, smooth = smoothed(np.arange(len(y), dtype=float), y, strength)
    finite = y[np.isfinite(y)]
    assert np.isfinite(smooth).all()
    if len(finite):
        assert smooth.min() >= finite.min() - 1e-6
        assert smooth.max() <= finite.max() + 1e-6


def test_a_mirror_follows_what_grows_and_what_is_cut_back() -> None:
    mirror, source = Mirror(), array("d")
    for count in (3, 5000, 5001):
        source.extend(float(number) for number in range(len(source), count))
        assert mirror.of(source, 0).tolist() == source.tolist()
    seen = mirror.of(source, 0)
    # Resumed at an earlier checkpoint: as long as before, and other values.
    del source[10:]
    source.extend([7.0] * 4991)
    assert mirror.of(source, 1).tolist() == source.tolist()
    source.append(8.0)
    assert mirror.of(source, 1)[-1] == 8.0
    assert len(seen) == 5001
    assert mirror.of(array("d", [1.0]), 1).tolist() == [1.0]


def test_no_smoothing_is_the_curve_itself() -> None:
    y = np.array([3.0, 1.0, 2.0])
    assert smoothed(np.arange(3.0), y, 0.0)[1].tolist() == y.tolist()


def test_the_visible_part_reaches_over_both_edges() -> None:
    x = np.arange(10.0)
    assert visible(x, 3.5, 5.5) == slice(3, 7)
    assert visible(x, -9, 99) == slice(0, 10)


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e6), st.integers(1, 12))
def test_ticks_are_inside_evenly_spaced_and_not_too_many(low: float, extent: float, most: int) -> None:
    high = low + extent
    found = ticks(low, high, most)
    assert len(found) <= most
    assert all(low - extent * 1e-6 <= value <= high + extent * 1e-6 for value in found)
    gaps = np.diff(found)
    assert len(gaps) < 2 or np.allclose(gaps, gaps[0], rtol=1e-3)


@pytest.mark.parametrize(
    ("low", "high", "most", "words"),
    [
        (0, 100, 5, ["0", "25", "50", "75", "100"]),
        (0, 2.3, 5, ["0.0", "0.5", "1.0", "1.5", "2.0"]),
        (0, 9, 4, ["0.0", "2.5", "5.0", "7.5"]),
        (0.2, 0.21, 3, ["0.200", "0.205", "0.210"]),
    ],
)
def test_ticks_have_just_the_digits_that_they_need(
    low: float, high: float, most: int, words: list[str]
) -> None:
    found = ticks(low, high, most)
    assert [tick_text(value, found[1] - found[0]) for value in found] == words


@pytest.mark.parametrize(("low", "high"), [(nan, 1.0), (0.0, inf), (1.0, 1.0), (2.0, 1.0)])
def test_no_range_has_no_ticks(low: float, high: float) -> None:
    assert ticks(low, high, 5) == []


# --- the plots themselves -----------------------------------------------------------------------------------------------


@pytest.fixture
def open_plots(qtbot: QtBot) -> Callable[..., PlotPair]:
    themes = ThemeManager(ThemeChoice.LIGHT)

    def make(history: History, *, live: bool = False) -> PlotPair:
        pair = PlotPair(themes)
        themes.setParent(pair)
        qtbot.addWidget(pair)
        pair.resize(700, 260)
        pair.show()
        pair.show_history(history, live=live)
        qtbot.waitUntil(lambda: bool(pair.plots), timeout=60_000)
        return pair

    return make


def test_the_pointer_reads_the_curves_in_both_plots(
    open_plots: Callable[..., PlotPair], qtbot: QtBot
) -> None:
    history = History(run_of(3))
    pair = open_plots(history)
    loss, accuracy = pair.plots
    assert loss.caption.reading.val == "1.000"
    pair.smoothing.setValue(0)
    pair.refresh()
    loss.hovered.emit(2.0)
    assert loss.caption.reading.train == f"{1 / 20:.3f}"
    qtbot.waitUntil(lambda: "2.0" in accuracy.caption.reading.where)
    assert accuracy.caption.reading.val == "52.0\u202f%"
    # From the one to the other in no time.
    loss.hovered.emit(1.0)
    loss.hovered.emit(None)
    accuracy.hovered.emit(3.0)
    qtbot.waitUntil(lambda: "3.0" in loss.caption.reading.where)
    assert "3.0" in accuracy.caption.reading.where
    accuracy.hovered.emit(None)
    assert accuracy.caption.reading.where == ""
    qtbot.waitUntil(lambda: loss.caption.reading.where == "")


def test_another_smoothing_and_a_resume_show_what_a_fresh_plot_shows(
    open_plots: Callable[..., PlotPair],
) -> None:
    history = History(run_of(6))
    pair = open_plots(history)
    for change in (lambda: pair.smoothing.setValue(80), lambda: [history.add(e) for e in run_of(5, 40)]):
        change()
        pair.refresh()
        other = open_plots(history)
        other.smoothing.setValue(pair.smoothing.value())
        other.refresh()
        for mine, fresh in zip(pair.plots, other.plots, strict=True):
            for item in ("raw", "thick", "val"):
                ours, theirs = (getattr(plot.items, item).getData() for plot in (mine, fresh))
                assert [part.tolist() for part in ours] == [part.tolist() for part in theirs]


def test_another_smoothing_draws_both_plots_but_not_in_one_turn(
    open_plots: Callable[..., PlotPair], qtbot: QtBot
) -> None:
    events = [
        replace(event, accuracy=event.step % 7 / 7) if isinstance(event, Step) else event
        for event in run_of(6)
    ]
    pair = open_plots(History(events))
    before = [plot.items.thick.getData()[1].tolist() for plot in pair.plots]

    def redrawn() -> list[bool]:
        now = [plot.items.thick.getData()[1].tolist() for plot in pair.plots]
        return [mine != old for mine, old in zip(now, before, strict=True)]

    for strength in (70, 90):
        pair.smoothing.setValue(strength)
    assert redrawn().count(True) == 1
    qtbot.waitUntil(lambda: redrawn() == [True, True] and not pair._redraws.is_due)
    last = [plot.items.thick.getData()[1].tolist() for plot in pair.plots]
    fresh = open_plots(History(events))
    fresh.smoothing.setValue(90)
    fresh.refresh()
    assert [plot.items.thick.getData()[1].tolist() for plot in fresh.plots] == last


def test_no_picture_is_taken_of_a_half_drawn_pair(open_plots: Callable[..., PlotPair], qtbot: QtBot) -> None:
    history = History(run_of(6))
    for event in run_of(6)[10:20]:
        history.add(event)
    pair = open_plots(history)
    qtbot.waitUntil(lambda: pair.plots[0].view_box.sceneBoundingRect().width() > 200, timeout=10_000)
    for change in (
        lambda: pair.smoothing.setValue(95),
        lambda: pair.show_rates(True),
        lambda: pair.show_log(True),
        lambda: pair.plots[1].hovered.emit(2.5),
    ):
        was = pair.grab().toImage()
        change()
        at_once = pair.grab().toImage()
        qtbot.waitUntil(lambda: not pair._redraws.is_due)
        assert at_once == pair.grab().toImage()
        assert at_once != was


def test_the_first_five_are_a_curve_of_the_accuracy_where_a_run_tells_them(
    open_plots: Callable[..., PlotPair],
) -> None:
    events = run_of(3)
    told = [
        replace(event, val_top5=0.9 + event.epoch / 100)
        if isinstance(event, Epoch) and event.epoch > 1
        else event
        for event in events
    ]
    pair = open_plots(History(told))
    loss, accuracy = pair.plots
    assert accuracy.caption.reading.five == "93.0\u202f%"
    assert "top-5 93.0" in accuracy.caption.accessibleDescription()
    assert loss.caption.reading.five == ""
    assert accuracy.y_range[1] >= 93
    pair.show_history(History(events), live=False)
    assert accuracy.caption.reading.five == ""


def test_a_live_run_is_drawn_when_something_is_new_and_seen(
    open_plots: Callable[..., PlotPair], qtbot: QtBot
) -> None:
    events = run_of(3)
    history = History(events[:12])
    pair = open_plots(history, live=True)
    whole = pair.plots[0].x_range
    for event in events[12:]:
        history.add(event)
    qtbot.waitUntil(lambda: pair.plots[0].x_range[1] > whole[1] * 2, timeout=10_000)
    pair.hide()
    before = pair.plots[0].x_range
    for event in run_of(9, resumed_at=30):
        history.add(event)
    pair.refresh()
    assert pair.plots[0].x_range == before
    pair.show()
    assert pair.plots[0].x_range[1] > 9
    pair.set_live(False)


class Paints(QObject):
    """Counts the paint events of what it filters."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_new_values_paint_each_plot_once(open_plots: Callable[..., PlotPair]) -> None:
    events = run_of(6)
    history = History(events[:12])
    pair = open_plots(history)
    paints = Paints(pair)
    for event in events[12:]:
        history.add(event)
        pair.refresh()
        for _ in range(5):
            QApplication.processEvents()
        if event is events[20]:
            # The axes have their widths by now.
            for plot in pair.plots:
                plot.findChild(QGraphicsView).viewport().installEventFilter(paints)  # type: ignore[union-attr]
    assert paints.count == 2 * len(events[21:])


def test_wheel_drag_and_double_click_work_on_both_plots(
    open_plots: Callable[..., PlotPair], qtbot: QtBot
) -> None:
    pair = open_plots(History(run_of(6)))
    loss, accuracy = pair.plots
    view = loss.findChild(QGraphicsView)
    assert view is not None
    qtbot.waitUntil(lambda: loss.view_box.sceneBoundingRect().width() > 200, timeout=10_000)
    pair.grab()  # pyqtgraph knows where things are once they have been painted
    place, port = QPoint(160, 60), view.viewport()
    whole = loss.x_range
    turned = QWheelEvent(
        QPointF(place), QPointF(port.mapToGlobal(place)), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(port, turned)
    assert whole[0] < loss.x_range[0] < loss.x_range[1] < whole[1]
    qtbot.waitUntil(lambda: accuracy.x_range == pytest.approx(loss.x_range))
    zoomed = loss.x_range
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseMove(port, place + QPoint(60, 0))
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=place + QPoint(60, 0))
    assert loss.x_range[0] < zoomed[0]
    qtbot.waitUntil(lambda: accuracy.x_range == pytest.approx(loss.x_range))
    qtbot.mouseDClick(port, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: all(plot.x_range == pytest.approx(whole) for plot in pair.plots))


def test_zoom_holds_both_plots_until_everything_is_asked_for(
    open_plots: Callable[..., PlotPair], qtbot: QtBot
) -> None:
    pair = open_plots(History(run_of(6)))
    loss, accuracy = pair.plots
    loss.view_box.setXRange(1.0, 2.0, padding=0)
    loss.zoomed.emit()
    qtbot.waitUntil(lambda: accuracy.x_range == pytest.approx((1.0, 2.0)))
    assert pair.show_all.isVisible()
    pair.show_all.click()
    qtbot.waitUntil(lambda: min(plot.x_range[1] for plot in pair.plots) > 6)
    assert not pair.show_all.isVisible()


def test_values_are_copied_as_csv_and_the_picture_is_a_picture(
    open_plots: Callable[..., PlotPair], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = open_plots(History(run_of(2)))
    menu = pair.findChild(QMenu)
    assert menu is not None
    actions = {action.text(): action for action in menu.actions()}
    actions["Copy values as CSV"].trigger()
    rows = list(csv.DictReader(QGuiApplication.clipboard().text().splitlines()))
    assert len(rows) == 2 * PER_EPOCH + 2
    assert [float(row["train_loss"]) for row in rows if row["train_loss"]] == pytest.approx(
        [1 / k for k in range(1, 21)]
    )
    assert [(row["step"], row["val_accuracy"]) for row in rows if row["val_accuracy"]] == [
        ("10", "0.51"),
        ("20", "0.52"),
    ]
    monkeypatch.setattr(file_dialog, "save_name", lambda *_, **__: str(tmp_path / "curves"))
    actions["Save as PNG…"].trigger()
    assert QImage(str(tmp_path / "curves.png")).width() == 2 * (
        pair.plots[0].parentWidget().width() + 2 * MARGIN
    )


def titles(pair: PlotPair) -> list[str]:
    return [plot.caption.accessibleName() for plot in pair.plots]


def test_learning_rate_and_throughput_take_the_plots_and_give_them_back(
    open_plots: Callable[..., PlotPair], qtbot: QtBot
) -> None:
    events: list[Event] = [STARTED, *(replace(step(k, speed=100.0 * k), lr=0.1 / k) for k in range(1, 21))]
    pair = open_plots(History(events))
    menu = pair.findChild(QMenu)
    assert menu is not None
    rates = next(action for action in menu.actions() if action.isCheckable())
    rates.trigger()
    qtbot.waitUntil(lambda: titles(pair) == ["Learning rate", "Images a second"])
    assert [plot.accessibleName() for plot in pair.plots] == [
        "Learning rate by epoch", "Images a second by epoch",
    ]  # fmt: skip
    assert list(pair.plots[0]._curves.y) == [0.1 / k for k in range(1, 21)]
    assert list(pair.plots[1]._curves.y) == [100.0 * k for k in range(1, 21)]
    rates.trigger()
    qtbot.waitUntil(lambda: titles(pair) == ["Loss", "Accuracy"])
    assert list(pair.plots[0]._curves.y) == [1.0] * 20


def test_values_and_a_drawing_are_saved(
    open_plots: Callable[..., PlotPair], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = open_plots(History(run_of(2)))
    menu = pair.findChild(QMenu)
    assert menu is not None
    actions = {action.text(): action for action in menu.actions()}
    monkeypatch.setattr(file_dialog, "save_name", lambda *_, **__: str(tmp_path / "curves"))
    actions["Save values as CSV…"].trigger()
    rows = list(csv.DictReader((tmp_path / "curves.csv").read_text().splitlines()))
    assert {row["learning_rate"] for row in rows if row["train_loss"]} == {"0.1"}
    assert {row["images_per_second"] for row in rows if row["train_loss"]} == {"640"}
    actions["Save as SVG…"].trigger()
    text = (tmp_path / "curves.svg").read_text()
    drawing = QSvgRenderer(str(tmp_path / "curves.svg"))
    assert drawing.isValid()
    assert drawing.viewBox().size() == pair.plots[0].parentWidget().size() + QSize(2 * MARGIN, 2 * MARGIN)
    # Curves as lines and numbers as words, not one picture of all.
    assert text.count("<polyline") + text.count("<path") > 4
    assert ">0.5<" in text or ">100<" in text
    # The ground of each plot is a picture, the points are none: they would be coarse when it is printed.
    curves = re.findall(r'<(?:polyline|path)[^>]* (?:points|d)="([^"]*)"', text)
    assert max(map(len, curves)) > 100
    assert text.count("<image") == 2


def test_a_saved_file_is_called_by_the_run_and_told_of(
    open_plots: Callable[..., PlotPair], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    pair = open_plots(History(run_of(2)))
    pair.name = "digits, run 3"
    offered: list[str] = []

    def answer(_parent: object, _title: str, suggestion: str, _kinds: str) -> str:
        offered.append(suggestion)
        return str(tmp_path / suggestion)

    monkeypatch.setattr(file_dialog, "save_name", answer)
    menu = pair.findChild(QMenu)
    assert menu is not None
    with qtbot.waitSignal(pair.told) as told:
        next(action for action in menu.actions() if action.text() == "Save as PNG…").trigger()
    assert offered == ["digits-run-3-curves.png"]
    assert told.args == [f"Saved {tmp_path / offered[0]}"]
    assert file_stem("../A/Ünïque  net") == "a-ünïque-net-curves"
    assert file_stem("…") == "curves"
    long = file_stem("дообучение и ещё " * 30)
    assert len(long.encode()) < 255 - len(".csv")
    assert long.startswith("дообучение-и-ещё-дообучение")


def test_points_of_epochs_that_would_be_a_chain_are_left_out(
    open_plots: Callable[..., PlotPair], qtbot: QtBot
) -> None:
    pair = open_plots(History(run_of(5)))
    # They have their places by then.
    qtbot.waitUntil(lambda: all(plot.view_box.width() > 200 for plot in pair.plots), timeout=10_000)
    assert all(plot.items.points.isVisible() for plot in pair.plots)
    pair.show_history(History(run_of(300)), live=False)
    assert not any(plot.items.points.isVisible() for plot in pair.plots)
    # Looked at closely they stand apart again.
    loss = pair.plots[0]
    loss.view_box.setXRange(100.0, 108.0, padding=0)
    assert loss.items.points.isVisible()


def in_both(
    pair: PlotPair, qtbot: QtBot, item: Any, inked: Callable[["np.ndarray[Any, Any]"], int]
) -> list[int]:
    """How much of an item of the accuracy's plot is seen on the screen, and in a saved picture of twice the size.

    `inked` counts in pixels, (N, 4) as blue, green, red and nothing.
    """
    box = pair.plots[1].view_box
    qtbot.waitUntil(lambda: box.sceneBoundingRect().width() > 200, timeout=10_000)

    def counted(image: QImage) -> int:
        pixels = np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), dtype=np.uint8)
        return inked(pixels.reshape(-1, 4).astype(int))

    sizes = []
    for take in (
        lambda: pair.grab().toImage(),
        lambda: QImage.fromData(png_of(pair._picture(), LIGHT.window)),
    ):
        item.setVisible(True)
        with_item = counted(take())
        item.setVisible(False)
        sizes.append(with_item - counted(take()))
    return sizes


def away_from(pixels: "np.ndarray[Any, Any]", ink: str) -> "np.ndarray[Any, Any]":
    """How far each pixel's colour is from an ink."""
    wanted = QColor(ink)
    return np.abs(pixels[:, :3] - (wanted.blue(), wanted.green(), wanted.red())).sum(1)


def test_points_of_epochs_are_as_large_in_a_saved_picture_as_on_the_screen(
    open_plots: Callable[..., PlotPair], qtbot: QtBot
) -> None:
    pair = open_plots(History(run_of(12)))
    points = pair.plots[1].items.points
    seen, saved = in_both(
        pair, qtbot, points, lambda pixels: int((away_from(pixels, LIGHT.val_curve) == 0).sum())
    )
    assert seen > 11 * 8
    # Twice as wide and twice as high; at the rims pixels are mixed, of small dots the more.
    assert 3 < saved / seen < 10


def test_curves_are_as_thick_in_a_saved_picture_as_on_the_screen(
    open_plots: Callable[..., PlotPair], qtbot: QtBot
) -> None:
    pair = open_plots(History(run_of(12)))
    curve = pair.plots[1].items.thick
    # Rather of the curve's colour than of the ground's.
    seen, saved = in_both(
        pair, qtbot, curve, lambda pixels: int((away_from(pixels, LIGHT.train_curve) < 120).sum())
    )
    assert seen > 200
    # Twice as long and twice as thick.
    assert 3.2 < saved / seen < 4.8


def test_a_small_loss_is_not_told_as_nothing() -> None:
    assert [LOSS.text(value) for value in (0.0, 0.00031, 0.0123, 2.5)] == [
        "0.000", "3.1e\u22124", "0.012", "2.500",
    ]  # fmt: skip


def test_a_spike_and_a_loss_that_is_not_finite_flatten_nothing(open_plots: Callable[..., PlotPair]) -> None:
    history = History([STARTED])
    for number in range(1, 1001):
        history.add(step(number, loss={500: 1e9, 700: nan}.get(number, 1.0)))
    pair = open_plots(history)
    pair.smoothing.setValue(100)
    pair.refresh()
    low, high = pair.plots[0].y_range
    assert low < 1.0 < high
    assert np.isfinite(high)


def test_the_curves_follow_the_theme(open_plots: Callable[..., PlotPair], qtbot: QtBot) -> None:
    themes = ThemeManager(ThemeChoice.LIGHT)
    pair = PlotPair(themes)
    themes.setParent(pair)
    qtbot.addWidget(pair)
    pair.show()
    pair.show_history(History(run_of(2)), live=False)
    qtbot.waitUntil(lambda: bool(pair.plots), timeout=60_000)
    for choice, theme in ((ThemeChoice.DARK, DARK), (ThemeChoice.LIGHT, LIGHT)):
        themes.choose(choice)
        image = pair.plots[0].grab().toImage()
        colors = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert theme.train_curve in colors
        assert theme.val_curve in colors
